//! The first page: what is asked next, and why.

use jiff::civil::Date;

use super::{framed, notices};
use crate::audio::devices::Device;
use crate::practice::day_in_words;
use crate::report::pages::{Markup, html, words};
use crate::types::{Bank, Plan, PlannedQuestion, PracticeState};

/// What there is to choose from.
pub struct Choosing<'a> {
    /// What is due, then what is new.
    pub plan: &'a Plan,
    /// The day it was made for.
    pub today: Date,
    /// Every bank.
    pub banks: &'a [Bank],
    /// The model that hears; `None` where there is none yet.
    pub model: Option<&'a str>,
    /// Whether a session is being played.
    pub is_on_air: bool,
    /// What the person should know.
    pub notices: &'a [String],
}

/// The page.
pub fn page(choosing: &Choosing) -> String {
    let body = html! {
        header.title {
            h1 { "What do you want to say tonight?" }
        }
        @if choosing.is_on_air {
            p.next { "A session is running. " a href="/rehearse" { "Go back to it" } }
        }
        @if choosing.model.is_none() {
            (super::model::offer())
        }
        form.choose method="post" action="/rehearse" {
            (tonight(choosing))
            (microphone())
            (other(choosing))
            (manner())
            @if let Some(model) = choosing.model {
                p.quiet { "Written down by " (label(model)) ". " a href="/model" { "Other models" } }
            }
            p { button.main { "Begin" } }
        }
        (notices(choosing.notices))
    };
    framed("Rehearse", "/", &body)
}

fn tonight(choosing: &Choosing) -> Markup {
    let plan = choosing.plan;
    html! {
        fieldset {
            legend { "Questions" }
            label.option {
                input type="radio" name="what" value="tonight" checked;
                span { "What is due, then what is new" }
            }
            @if plan.questions.is_empty() {
                p.quiet { "Nothing is due." }
            } @else {
                ol.plan {
                    @for planned in &plan.questions { (question(planned)) }
                }
            }
            @if let Some(next) = &plan.next {
                p.quiet { "After these, " (day_in_words(next.due, choosing.today)) ": " (words(&next.question.text)) }
            }
        }
    }
}

fn question(planned: &PlannedQuestion) -> Markup {
    let is_due = planned.state == PracticeState::Due;
    html! {
        li {
            span { (words(&planned.question.text)) }
            @if !planned.why.is_empty() {
                span.why data-tone=[is_due.then_some("watch")] { (words(&planned.why)) }
            }
        }
    }
}

fn other(choosing: &Choosing) -> Markup {
    html! {
        fieldset {
            legend { "Or something else" }
            label.option { input type="radio" name="what" value="bank"; span { "From a bank" } }
            p.inner {
                label for="bank" { "Bank or question" }
                select #bank name="bank" data-chooses="bank" {
                    option value="" { "Choose \u{2026}" }
                    @for bank in choosing.banks {
                        optgroup label=(label(&bank.name)) {
                            option value=(bank.name) { "All of " (bank.name) }
                            @for question in &bank.questions {
                                option value={ (bank.name) "/" (question.id) } { (short(&question.text)) }
                            }
                        }
                    }
                }
            }
            label.option { input type="radio" name="what" value="own"; span { "A question of my own" } }
            p.inner {
                label for="own" { "The question" }
                input #own type="text" name="words" data-chooses="own" maxlength="600" autocomplete="off";
            }
        }
    }
}

fn label(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).collect()
}

/// A question in a list: its beginning, where it is long.
fn short(text: &str) -> String {
    let mut short: String = text.chars().filter(|c| !c.is_control()).take(90).collect();
    if text.chars().count() > 90 {
        short.push('\u{2026}');
    }
    short
}

fn manner() -> Markup {
    html! {
        details {
            summary { "How it is asked" }
            div.grid {
                p { label for="count" { "How many questions" } input #count type="number" name="count" min="1" max="50" placeholder="3"; }
                p { label for="mode" { "Reports" } select #mode name="mode" {
                    option value="study" { "after each answer" }
                    option value="real" { "at the end, as in a real interview" }
                } }
                p { label for="drill" { "Drill" } select #drill name="drill" {
                    option value="" { "none" }
                    option value="ladder" { "the same answer, ever shorter" }
                    option value="bluf" { "the bottom line alone" }
                    option value="interrupt" { "the interviewer breaks in" }
                } }
                p { label for="think" { "Time to think" } input #think type="text" name="think" placeholder="20s" autocomplete="off"; }
                p { label for="target" { "Length of an answer" } input #target type="text" name="target" placeholder="90s or 60-120" autocomplete="off"; }
                p { label for="follow_ups" { "Follow-ups by themselves" } input #follow_ups type="number" name="follow_ups" min="0" max="5" placeholder="0"; }
                p { label for="auto_stop" { "End after silence of" } input #auto_stop type="text" name="auto_stop" placeholder="never" autocomplete="off"; }
            }
        }
    }
}

fn microphone() -> Markup {
    html! {
        div.microphone {
            p.row { button.main { "Begin" } button #check type="button" data-check="/microphone" { "Check the microphone" } }
            p #heard role="status" {}
            p {
                label for="device" { "Microphone" }
                select #device name="device" data-options="/microphones" { option value="" { "As in the settings" } }
            }
            label.option { input type="checkbox" name="keep_device" value="yes"; span { "Use this one from now on" } }
            label.option { input type="checkbox" name="unchecked" value="yes"; span { "Begin even if it gives nothing" } }
        }
    }
}

/// The microphones that can be chosen, the one of the settings first.
pub fn microphones(of_settings: Option<&str>, found: &[Device]) -> String {
    let used =
        found.iter().find(|device| device.is_used(of_settings)).map(|device| device.name.as_str()).or(of_settings);
    let options = html! {
        option value="" { "As in the settings" @if let Some(used) = used { ": " (label(used)) } }
        @for device in found { option value=(device.id) { (label(&device.name)) } }
    };
    options.into_string()
}
