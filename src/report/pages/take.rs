//! The page of one take.

use super::markup::{Markup, html, words};
use super::shell::{Assets, Link, page};
use super::{comparison, findings, first, player, words as said};
use crate::types::{Peak, Report, TakeComparison};

/// What stands on the page of a take.
#[derive(Clone, Copy, Debug)]
pub struct TakePage<'a> {
    /// Which take it is, in a few words: `Take 2, 30 November 2026`.
    pub name: &'a str,
    /// The report, as its person sees it.
    pub report: &'a Report,
    /// What the person remarked on the take.
    pub remarks: &'a [String],
    /// The sound; `None` where there is none, or none is to be given away.
    pub sound: Option<Sound<'a>>,
    /// Other takes of the question, to go to.
    pub others: &'a [Link],
    /// Another take beside it.
    pub beside: Option<&'a TakeComparison>,
    /// Where the person's own remarks and marks go; `None` where nobody can take them.
    pub forms: Option<&'a Forms>,
    /// The places of the program around it.
    pub around: &'a [Link],
    /// Where its look and its script are.
    pub assets: Assets<'a>,
}

/// A recording that can be played on the page.
#[derive(Clone, Copy, Debug)]
pub struct Sound<'a> {
    /// Its address, which may be a `data:` one.
    pub address: &'a str,
    /// Its shape, in as many stretches of equal length as are to be drawn.
    pub peaks: &'a [Peak],
}

/// Addresses that take what a person says of a take; forms post to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forms {
    /// Takes a remark: `text`.
    pub note: String,
    /// Takes whether a point was made: `point`, its number among the person's own from 1, and `made`, which is `yes`, `no`
    /// or `unsaid`.
    pub point: String,
    /// Takes what is no filler: `filler`, its number among the report's from 1.
    pub filler: String,
}

impl TakePage<'_> {
    /// The page.
    pub fn render(&self) -> String {
        let asked = self.report.question.as_ref().map_or("An answer", |question| question.text.as_str());
        page(&format!("{} \u{b7} {asked}", self.name), self.assets, &self.body(asked))
    }

    fn body(&self, asked: &str) -> Markup {
        let report = self.report;
        html! {
            a.skip href="#words" { "To the transcript" }
            @if !self.around.is_empty() {
                nav.around aria-label="Greenroom" { (links(self.around)) }
            }
            main {
                header.title {
                    p.kicker { (words(self.name)) }
                    h1 { (words(asked)) }
                    @if !self.others.is_empty() {
                        nav.others aria-label="Other takes of this question" { (links(self.others)) }
                    }
                }
                (first::screen(report, self.forms))
                @if let Some(sound) = &self.sound { (player::player(report, sound)) }
                div.beside {
                    (said::transcript(report, self.sound.is_some()))
                    (findings::panel(report, self.forms))
                }
                @if let Some(beside) = self.beside { (comparison::blocks(beside)) }
                (self.remarks())
            }
            p #announced.unseen role="status" aria-live="polite" {}
        }
    }

    fn remarks(&self) -> Markup {
        html! {
            @if !self.remarks.is_empty() || self.forms.is_some() {
                section.remarks aria-labelledby="remarks" {
                    h2 #remarks { "Your remarks" }
                    @for remark in self.remarks { p.remark { (words(remark)) } }
                    @if let Some(forms) = self.forms {
                        form method="post" action=(forms.note) {
                            label for="note" { "A remark on this take" }
                            textarea #note name="text" rows="3" required {}
                            button { "Keep it" }
                        }
                    }
                }
            }
        }
    }
}

pub(super) fn links(links: &[Link]) -> Markup {
    html! {
        ul {
            @for link in links { li { a href=(link.address) { (words(&link.text)) } } }
        }
    }
}
