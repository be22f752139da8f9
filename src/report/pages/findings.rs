//! What was found, beside the words that show it.

use super::first::named;
use super::markup::{Markup, html, shown, words};
use super::take::Forms;
use super::words::{certainty, kind, time};
use crate::report::page::Tone;
use crate::report::terminal::{Row, caution, chosen, clock, rows};
use crate::types::{Covered, Filler, Report, Transcript, WordRange};

/// The findings that the first screen has no room for, each with the words it stands on.
pub(super) fn panel(report: &Report, forms: Option<&Forms>) -> Markup {
    if report.analysis.length.words == 0 {
        return html! {};
    }
    html! {
        aside.findings aria-label="Findings" {
            (figures(report))
            (strengths(report))
            (bottom_line(report))
            (fillers(report, forms))
            (cautions(report))
            (numbers(report))
            (looked_for(report))
            (frameworks(report))
            (moves(report))
            (more_advice(report))
        }
    }
}

/// Words of the answer, in quotation marks.
fn quoted(text: &str) -> Markup {
    html! { q { (words(text.trim())) } }
}

/// Words by their places, for the script: `12-18 40-44`, half open.
fn places(ranges: &[WordRange]) -> String {
    let places: Vec<String> = ranges.iter().map(|range| format!("{}-{}", range.first, range.end)).collect();
    places.join(" ")
}

/// A finding that can be heard: a button that plays from its first word, and lights its words as long as it is pointed at.
fn finding(transcript: &Transcript, ranges: &[WordRange], text: &Markup) -> Markup {
    let start = ranges.first().and_then(|range| transcript.span(*range)).map(|span| span.start_s);
    html! {
        button.find type="button" data-words=(places(ranges)) data-start=[start.map(time)] {
            (text)
            @if let Some(start) = start { " " span.at { (clock(start)) } }
        }
    }
}

/// A quote that stands on these words; one that stands on none can only be read.
pub(super) fn found_at(report: &Report, quote: &str, ranges: &[WordRange]) -> Markup {
    if ranges.is_empty() {
        html! { p { (quoted(quote)) } }
    } else {
        finding(&report.transcript, ranges, &quoted(quote))
    }
}

/// A quote that is known by its words alone.
fn found_by_words(report: &Report, quote: &str) -> Markup {
    let ranges: Vec<WordRange> = report.transcript.find(quote).into_iter().collect();
    found_at(report, quote, &ranges)
}

/// The figures that do not stand on the first screen.
fn figures(report: &Report) -> Markup {
    let shown: Vec<&str> = chosen(report).iter().map(|row| row.label).collect();
    let more: Vec<Row> = rows(report).into_iter().filter(|row| !shown.contains(&row.label)).collect();
    html! {
        @if !more.is_empty() {
            h2 { "Figures" }
            dl.figures.narrow {
                @for row in more {
                    div data-tone=[named(row.tone)] { dt { (row.label) } dd { (words(&row.text)) } }
                }
            }
        }
    }
}

fn strengths(report: &Report) -> Markup {
    html! {
        @if !report.strengths.is_empty() {
            h2 { "What was good" }
            @for strength in &report.strengths {
                p.strength data-tone=[named(Tone::Good)] { (words(&strength.title)) }
                @if !strength.why.is_empty() { p { (words(&strength.why)) } }
            }
        }
    }
}

fn bottom_line(report: &Report) -> Markup {
    let bluf = &report.analysis.bluf;
    html! {
        @if let Some(up_front) = bluf.up_front {
            h2 { "Bottom line" }
            p { @if up_front { "Up front." } @else if bluf.quote.is_some() { "Late." } @else { "It was not heard." } }
            @if let Some(quote) = &bluf.quote {
                (found_at(report, quote, bluf.words.as_slice()))
            }
        }
    }
}

fn fillers(report: &Report, forms: Option<&Forms>) -> Markup {
    let items = &report.analysis.fillers.items;
    html! {
        @if !items.is_empty() {
            h2 { "Fillers" }
            ol.fillers {
                @for (filler, number) in items.iter().zip(1..) {
                    li { (filler_found(report, filler)) @if let Some(forms) = forms { (no_filler(forms, filler, number)) } }
                }
            }
        }
    }
}

fn filler_found(report: &Report, filler: &Filler) -> Markup {
    let text = html! { mark class=(certainty(filler)) { (words(&filler.text)) } " " span.quiet { (kind(filler)) } };
    match filler.words {
        Some(range) => finding(&report.transcript, &[range], &text),
        None => html! {
            button.find type="button" data-start=[filler.start_s.map(time)] {
                (text) @if let Some(start) = filler.start_s { " " span.at { (clock(start)) } }
            }
        },
    }
}

fn no_filler(forms: &Forms, filler: &Filler, number: usize) -> Markup {
    html! {
        form.small method="post" action=(forms.filler) {
            input type="hidden" name="filler" value=(number);
            button aria-label={ "\"" (shown(&filler.text)) "\" is no filler" } { "No filler" }
        }
    }
}

fn cautions(report: &Report) -> Markup {
    html! {
        @if !report.analysis.cautions.is_empty() {
            h2 { "Phrases to watch" }
            @for found in &report.analysis.cautions {
                @let text = html! { span.quiet { (caution(found.kind)) } " " (quoted(&found.quote)) };
                (finding(&report.transcript, &[found.words], &text))
            }
        }
    }
}

fn numbers(report: &Report) -> Markup {
    html! {
        @if !report.analysis.evidence.numbers.is_empty() {
            h2 { "Numbers" }
            @for number in &report.analysis.evidence.numbers {
                (finding(&report.transcript, &[number.words], &words(&number.text)))
            }
        }
    }
}

fn looked_for(report: &Report) -> Markup {
    let looked_for = report.analysis.looked_for();
    html! {
        @if !looked_for.is_empty() {
            h2 { "What the interviewer looks for" }
            @for point in looked_for {
                p { (words(&point.text)) }
                @if point.covered != Covered::No && !point.quote.is_empty() {
                    (found_by_words(report, &point.quote))
                }
            }
        }
    }
}

fn frameworks(report: &Report) -> Markup {
    html! {
        @for framework in &report.analysis.frameworks {
            h2 { (words(&framework.name)) }
            dl.figures.narrow {
                @for part in &framework.parts {
                    div data-tone=[named(if part.present { Tone::Good } else { Tone::Watch })] {
                        dt { (if part.present { "yes" } else { "no" }) }
                        dd { (words(&part.name)) @if !part.quote.is_empty() { (found_by_words(report, &part.quote)) } }
                    }
                }
            }
        }
    }
}

fn moves(report: &Report) -> Markup {
    let of_best = report.analysis.moves.iter().filter(|found| found.best.is_some());
    let of_best: Vec<_> = of_best.collect();
    html! {
        @if !of_best.is_empty() {
            h2 { "Moves of the best answer" }
            dl.figures.narrow {
                @for found in of_best {
                    div data-tone=[named(if found.made { Tone::Good } else { Tone::Watch })] {
                        dt { (if found.made { "yes" } else { "no" }) }
                        dd {
                            (words(&found.name))
                            @if found.made { (found_by_words(report, &found.quote)) }
                            @else if let Some(best) = &found.best { p.quiet { "the best answer: " (quoted(best)) } }
                        }
                    }
                }
            }
        }
    }
}

fn more_advice(report: &Report) -> Markup {
    html! {
        @if report.advice.len() > 1 {
            h2 { "After that" }
            @for advice in report.advice.iter().skip(1) {
                p.strength { (words(&advice.title)) }
                @if !advice.why.is_empty() { p { (words(&advice.why)) } }
                @if !advice.try_saying.is_empty() { p.try { "Try: " (words(&advice.try_saying)) } }
            }
        }
    }
}
