//! The first screen of a report: what the terminal says first, in the same order.

use super::findings::found_at;
use super::markup::{Markup, html, words};
use super::take::Forms;
use crate::analysis::MIN_WORDS;
use crate::report::marked::letter;
use crate::report::page::Tone;
use crate::report::terminal::{asking, chosen, is_doubtful, percent, seconds, verdict};
use crate::types::{Covered, Judged, Point, Report, StarPart, StarPartFound, WordRange};

/// The verdict, the figures that matter, the story, the person's points, and one thing to do next.
pub(crate) fn screen(report: &Report, forms: Option<&Forms>) -> Markup {
    if report.analysis.length.words == 0 {
        return nothing(report);
    }
    let (said, tone) = verdict(report);
    html! {
        section.first aria-label="The report" {
            p.verdict data-tone=[named(tone)] { (said) }
            dl.figures {
                @for row in chosen(report) {
                    div data-tone=[named(row.tone)] { dt { (row.label) } dd { (words(&row.text)) } }
                }
            }
            (story(report))
            (points(report, forms))
            (next(report))
            @for notice in &report.notices { p.notice { (words(notice)) } }
        }
    }
}

fn nothing(report: &Report) -> Markup {
    let length = report.recording.as_ref().map(|recording| seconds(recording.duration_s));
    html! {
        section.first aria-label="The report" {
            p.verdict data-tone="watch" {
                @match length {
                    Some(length) => { "Nothing was heard in " (length) " of recording." }
                    None => "Nothing was heard: the answer has no words.",
                }
            }
            @for notice in &report.notices { p.notice { (words(notice)) } }
        }
    }
}

/// How the style names a tone; a plain one has no name.
pub(super) fn named(tone: Tone) -> Option<&'static str> {
    match tone {
        Tone::Good => Some("good"),
        Tone::Watch => Some("watch"),
        Tone::Quiet => Some("quiet"),
        Tone::Plain | Tone::Heading | Tone::Try | Tone::Of(_) => None,
    }
}

/// How much of the answer each part of the story is.
fn story(report: &Report) -> Markup {
    let star = &report.analysis.star;
    html! {
        @if star.judged == Judged::Yes {
            h2 { "The story" }
            ul.story {
                @for part in StarPart::ALL {
                    @match star.shown(part) {
                        Some(found) => (told(report, part, found)),
                        None => li data-part=(letter(part)) {
                            (badge(part)) span.part { (part.name()) }
                            @if star.missing.contains(&part) { p data-tone="watch" { "not told" } }
                            @else { p { "not heard. " (asking(part)) } }
                        },
                    }
                }
            }
            @if !star.order_ok { p.quiet { "The parts do not come in their usual order." } }
        }
    }
}

fn told(report: &Report, part: StarPart, found: &StarPartFound) -> Markup {
    html! {
        li data-part=(letter(part)) {
            (badge(part)) span.part { (part.name()) }
            (bar(part, found.share))
            span.share { (percent(found.share)) }
            div {
                @if is_doubtful(found) { span.quiet { "not sure: " } }
                @if !found.quote.is_empty() { (found_at(report, &found.quote, &found.words)) }
            }
        }
    }
}

fn badge(part: StarPart) -> Markup {
    html! { span.badge aria-hidden="true" { (letter(part)) } }
}

/// A share as a bar, whose length is an attribute: no style stands in a page.
pub(super) fn bar(part: StarPart, share: f64) -> Markup {
    let width = format!("{:.0}", share.clamp(0.0, 1.0) * 100.0);
    html! {
        svg.bar data-part=(letter(part)) viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" {
            rect.ground width="100" height="8" {}
            rect.part width=(width) height="8" {}
        }
    }
}

/// The person's own points, and what was heard of each.
fn points(report: &Report, forms: Option<&Forms>) -> Markup {
    let points: Vec<&Point> = report.analysis.own_points().collect();
    let of = |covered| points.iter().filter(|point| point.covered == covered).count();
    html! {
        @if !points.is_empty() {
            h2 {
                "Your points: " (of(Covered::Yes)) " of " (points.len()) " made"
                @if of(Covered::Partly) > 0 { ", " (of(Covered::Partly)) " maybe" }
            }
            ul.points {
                @for (point, number) in points.into_iter().zip(1..) {
                    (self::point(report, point, number, forms))
                }
            }
        }
    }
}

fn point(report: &Report, point: &Point, number: usize, forms: Option<&Forms>) -> Markup {
    let (mark, tone) = match point.covered {
        Covered::Yes => ("yes", Some("good")),
        Covered::Partly => ("maybe", None),
        Covered::No if point.marked => ("no", Some("watch")),
        Covered::No => ("not heard", Some("watch")),
    };
    let found: Vec<WordRange> = report.transcript.find(&point.quote).into_iter().collect();
    html! {
        li {
            span.mark data-tone=[tone] { (mark) }
            div {
                p { (words(&point.text)) }
                @if !point.quote.is_empty() {
                    div.quiet {
                        @if point.covered == Covered::Partly { "closest: " }
                        (found_at(report, &point.quote, &found))
                    }
                }
                @if let Some(forms) = forms {
                    form.small method="post" action=(forms.point) {
                        input type="hidden" name="point" value=(number);
                        @if point.covered != Covered::Yes || !point.marked {
                            button name="made" value="yes" { "I made it" }
                        }
                        @if point.covered != Covered::No || !point.marked {
                            button name="made" value="no" { "I did not" }
                        }
                        @if point.marked { button name="made" value="unsaid" { "Let the words decide" } }
                    }
                }
            }
        }
    }
}

/// The one thing to do next.
fn next(report: &Report) -> Markup {
    html! {
        @if let Some(advice) = report.advice.first().filter(|_| report.analysis.length.words >= MIN_WORDS) {
            div.next {
                h2 { "Next time: " (words(&advice.title)) }
                @if !advice.why.is_empty() { p { (words(&advice.why)) } }
                @if !advice.try_saying.is_empty() { p.try { "Try: " (words(&advice.try_saying)) } }
            }
        }
    }
}
