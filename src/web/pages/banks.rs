//! Question banks: read, and how each line of one was understood.

use super::framed;
use crate::content::{LineMeaning, Reading, doubts_in_words};
use crate::report::pages::{Markup, html, words};
use crate::types::{Bank, Question};

/// Every bank there is.
pub fn list(banks: &[Bank], own: usize, notices: &[String]) -> String {
    let body = html! {
        header.title { h1 { "Banks" } }
        section aria-labelledby="import" {
            h2 #import { "Your own notes" }
            form.drop method="post" action="/banks" enctype="multipart/form-data" data-drop {
                label for="file" { "A file of questions and notes: Markdown, text, org, or a table as CSV. Drop it here, or choose it." }
                input #file type="file" name="file" required accept=".md,.markdown,.mdx,.txt,.org,.csv,text/*";
                p { button { "Import it" } }
            }
        }
        (named("Yours", &banks[..own]))
        (named("Ours", &banks[own..]))
        (super::notices(notices))
    };
    framed("Banks", "/banks", &body)
}

fn named(title: &str, banks: &[Bank]) -> Markup {
    html! {
        @if !banks.is_empty() {
            section {
                h2 { (title) }
                ul.due {
                    @for bank in banks {
                        li { a href={ "/banks/" (crate::web::banks::in_address(&bank.name)) } { (words(&bank.name)) } " " span.quiet { (bank.questions.len()) " questions" } }
                    }
                }
            }
        }
    }
}

/// One bank.
pub fn one(bank: &Bank, checked: Option<&str>) -> String {
    let body = html! {
        header.title {
            p.kicker { "Bank" }
            h1 { (words(&bank.name)) }
            @if let Some(address) = checked { p { a href=(address) { "How each line was understood" } } }
        }
        @for question in &bank.questions { (self::question(bank, question)) }
    };
    framed(&bank.name, "/banks", &body)
}

fn question(bank: &Bank, question: &Question) -> Markup {
    html! {
        article.question {
            h2 { (words(&question.text)) }
            @if let Some(theme) = &question.theme { p.quiet { (words(theme)) } }
            @if let Some(situation) = &question.situation { p { (words(situation)) } }
            @if !question.criteria.is_empty() { (entries("What is really asked", &question.criteria)) }
            @if !question.notes.is_empty() { (entries("Your points", &question.notes)) }
            @if !question.answers.is_empty() {
                details {
                    summary { "Example answers: " (question.answers.len()) }
                    @for answer in &question.answers { p { (words(&answer.text)) } }
                }
            }
            form method="post" action="/rehearse" {
                input type="hidden" name="what" value="bank";
                input type="hidden" name="bank" value={ (bank.name) "/" (question.id) };
                button { "Rehearse this" }
            }
        }
    }
}

fn entries(title: &str, texts: &[String]) -> Markup {
    html! { p.quiet { (title) } ul.plain { @for text in texts { li { (words(text)) } } } }
}

/// How each line of a bank was understood.
pub fn check(name: &str, reading: &Reading) -> String {
    let doubts = doubts_in_words(reading);
    let body = html! {
        header.title { p.kicker { "How each line was understood" } h1 { (words(name)) } }
        @for doubt in &doubts { p.verdict data-tone="watch" { (words(doubt)) } }
        @if doubts.is_empty() && reading.is_sure() && !reading.bank.questions.is_empty() { p.verdict data-tone="good" { "Everything was understood." } }
        div.scroll tabindex="0" role="region" aria-label="The lines" {
            table.lines {
                thead { tr { th scope="col" { "Line" } th scope="col" { "Understood as" } th scope="col" { "Text" } } }
                tbody {
                    @for (note, line) in reading.lines.iter().zip(reading.text.lines()) {
                        @if !matches!(note.meaning, LineMeaning::Blank | LineMeaning::Layout) || note.remark.is_some() {
                            tr {
                                td.at { (note.line) }
                                td { (note.meaning.to_string()) }
                                td { (words(line.trim())) @if let Some(remark) = &note.remark { " " span.quiet { "(" (words(remark)) ")" } } }
                            }
                        }
                    }
                }
            }
        }
    };
    framed(name, "/banks", &body)
}
