//! Two takes beside each other, on a page of their own or under a take.

use super::first::{bar, named};
use super::markup::{Markup, html, words};
use super::shell::{Assets, Link, page};
use crate::report::comparison::{counted, values, verdict};
use crate::report::marked::letter;
use crate::report::terminal::percent;
use crate::types::{Became, PartChange, SentenceChange, StarPart, TakeComparison};

/// A page with two takes beside each other; `around` are places of the program, `takes` the pages of both.
pub fn comparison_page(found: &TakeComparison, around: &[Link], takes: &[Link], assets: Assets) -> String {
    let asked = found.now.question.as_ref().map_or("Two takes", |asked| asked.text.as_str());
    let body = html! {
        @if !around.is_empty() { nav.around aria-label="Greenroom" { (super::take::links(around)) } }
        main {
            header.title {
                p.kicker { "Two takes" }
                h1 { (words(asked)) }
                @if !takes.is_empty() { nav.others aria-label="The takes" { (super::take::links(takes)) } }
            }
            (blocks(found))
        }
    };
    page(&format!("Two takes \u{b7} {asked}"), assets, &body)
}

/// What is different between two takes.
pub(super) fn blocks(found: &TakeComparison) -> Markup {
    html! {
        section.compared aria-labelledby="compared" {
            h2 #compared { (words(&found.before.name)) " beside " (words(&found.now.name)) }
            @if !found.same_question {
                p data-tone="watch" { "These answer different questions: nothing is called better or worse." }
            }
            (figures(found))
            (parts(&found.parts))
            (points(found))
            (sentences(&found.sentences))
            (word_for_word(found))
        }
    }
}

fn figures(found: &TakeComparison) -> Markup {
    html! {
        dl.figures {
            @for figure in &found.figures {
                @let (said, tone) = verdict(figure);
                div data-tone=[named(tone)] {
                    dt { (figure.name) }
                    dd { (values(figure).replace("->", "\u{2192}")) @if !said.is_empty() { " " span.said { (said) } } }
                }
            }
        }
    }
}

fn parts(parts: &[PartChange]) -> Markup {
    html! {
        @if !parts.is_empty() {
            h3 { "The story, before and now" }
            ul.story.two {
                @for change in parts {
                    li data-part=(letter(change.part)) {
                        span.badge aria-hidden="true" { (letter(change.part)) }
                        span.part { (change.part.name()) }
                        div { (share(change.part, "before", change.before)) (share(change.part, "now", change.now)) }
                    }
                }
            }
        }
    }
}

fn share(part: StarPart, when: &str, share: Option<f64>) -> Markup {
    html! {
        p.when {
            span.quiet { (when) }
            @match share {
                Some(share) => { (bar(part, share)) span.share { (percent(share)) } }
                None => span { "not heard" },
            }
        }
    }
}

fn points(found: &TakeComparison) -> Markup {
    html! {
        @if !found.points.is_empty() {
            h3 { "Your points" }
            ul.points {
                @for point in &found.points {
                    @let (mark, tone) = match point.became {
                        Became::Won => ("won", Some("good")),
                        Became::Lost => ("lost", Some("watch")),
                        Became::Kept => ("kept", None),
                        Became::Missing => ("missing", Some("quiet")),
                    };
                    li { span.mark data-tone=[tone] { (mark) } p { (words(&point.text)) } }
                }
            }
        }
    }
}

fn sentences(sentences: &[SentenceChange]) -> Markup {
    html! {
        h3 { "Sentences: " (counted(sentences)) }
        ul.sentences {
            @for sentence in sentences {
                li {
                    @match (sentence.became, &sentence.before, &sentence.now) {
                        (Became::Lost, Some(before), _) => {
                            span.mark data-tone="watch" { "dropped" }
                            p { (words(before)) }
                        }
                        (Became::Won, _, Some(now)) => {
                            span.mark data-tone="good" { "new" }
                            p { (words(now)) }
                        }
                        (_, before, now) => {
                            span.mark { "kept" }
                            div {
                                @if let Some(now) = now { p { (words(now)) } }
                                @if let Some(before) = before.as_ref().filter(|before| Some(*before) != now.as_ref()) {
                                    p.quiet { "before: " (words(before)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn word_for_word(found: &TakeComparison) -> Markup {
    html! {
        @if !found.words.is_empty() {
            h3 { "Word for word" }
            p.diff {
                @for run in &found.words {
                    @match run.became {
                        Became::Lost => del { (words(&run.text)) },
                        Became::Won => ins { (words(&run.text)) },
                        Became::Kept | Became::Missing => (words(&run.text)),
                    }
                    " "
                }
            }
        }
    }
}
