//! How practice goes over time, against oneself: the week, each measure with its own spread, questions, stories, sessions.

use jiff::Zoned;
use jiff::civil::Date;

use super::framed;
use crate::practice::day_in_words;
use crate::report::pages::{Markup, html, words};
use crate::report::trends::{figure, name};
use crate::types::{Felt, Plan, Session, Stories, Story, Trend};

/// What is known of somebody's practice.
pub struct OverTime<'a> {
    /// Now.
    pub now: &'a Zoned,
    /// Every session, the newest first.
    pub sessions: &'a [Session],
    /// Each measure over the last takes.
    pub trends: &'a [Trend],
    /// What is due, and how it stands with each.
    pub plan: &'a Plan,
    /// The stories that were told.
    pub stories: &'a Stories,
    /// Of takes that were judged before the report was seen: how they felt, and what the report makes of them.
    pub felt: &'a [(Felt, Felt)],
    /// What the person should know.
    pub notices: &'a [String],
}

/// So many sessions are listed.
const LISTED: usize = 60;

/// The page.
pub fn page(over: &OverTime) -> String {
    let body = html! {
        header.title { h1 { "Over time" } }
        @if over.sessions.is_empty() {
            p { "Nothing has been recorded yet. " a href="/" { "Rehearse a question" } " and it begins here." }
        } @else {
            (week(over))
            (trends(over.trends))
            (felt(over.felt))
            (questions(over))
            (stories(over.stories))
            (sessions(over))
        }
        (super::notices(over.notices))
    };
    framed("Over time", "/over-time", &body)
}

/// The last seven days, a bar each, by takes.
fn week(over: &OverTime) -> Markup {
    let today = over.now.date();
    let days: Vec<Date> =
        (0..7).rev().filter_map(|back| today.checked_sub(jiff::Span::new().days(back)).ok()).collect();
    let day_of = |session: &Session| session.started_at.to_zoned(over.now.time_zone().clone()).date();
    let takes = |day: &Date| -> usize {
        over.sessions.iter().filter(|session| day_of(session) == *day).map(|session| session.answers.len()).sum()
    };
    let counts: Vec<usize> = days.iter().map(takes).collect();
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let all: usize = counts.iter().sum();
    html! {
        section aria-labelledby="week" {
            h2 #week { "This week" }
            p { (counted(all, "take", "takes")) " on " (counted(counts.iter().filter(|count| **count > 0).count(), "day", "days")) " of the last seven." }
            ul.week {
                @for (day, count) in days.iter().zip(&counts) {
                    li {
                        svg.bar viewBox="0 0 10 40" preserveAspectRatio="none" aria-hidden="true" {
                            @let height = 38 * count / most + 2;
                            rect.day width="10" y=(40 - height) height=(height) {}
                        }
                        span { (day.strftime("%a")) } " " span.quiet { (count) }
                    }
                }
            }
        }
    }
}

fn trends(trends: &[Trend]) -> Markup {
    html! {
        section aria-labelledby="trends" {
            h2 #trends { "Against yourself" }
            p.quiet { "What is usual of your last takes, and how far they lie from it by themselves. A change is told only where it is larger than that." }
            @if trends.is_empty() { p { "There is nothing to measure yet: the demo's answers and probes do not count." } }
            @else { div.scroll tabindex="0" role="region" aria-labelledby="trends" {
                table.trends {
                    thead { tr { th scope="col" { "Measure" } th scope="col" { "Usual" } th scope="col" { "Spread" } th scope="col" { "Last takes" } th scope="col" { "Change" } } }
                    tbody { @for trend in trends { (one(trend)) } }
                }
            } }
        }
    }
}

/// How well somebody judges themselves.
fn felt(felt: &[(Felt, Felt)]) -> Markup {
    let count = |is: fn(&(Felt, Felt)) -> bool| felt.iter().filter(|pair| is(pair)).count();
    html! {
        @if !felt.is_empty() {
            section aria-labelledby="felt" {
                h2 #felt { "How you judge yourself" }
                p {
                    "Of " (counted(felt.len(), "take", "takes")) " you judged before the report, "
                    (count(|(felt, report)| felt == report)) " went as you said, "
                    (count(|(felt, report)| felt < report)) " better, and "
                    (count(|(felt, report)| felt > report)) " not as well."
                }
            }
        }
    }
}

fn one(trend: &Trend) -> Markup {
    let figure = |value: f64| figure(trend.measure, value);
    html! {
        tr {
            th scope="row" { (name(trend.measure)) }
            td { (figure(trend.usual)) }
            td { @match trend.spread { Some(spread) => { "\u{b1} " (figure(spread)) } None => "not known yet" } }
            td { (line(trend)) }
            td {
                @match &trend.change {
                    Some(change) => span.mark data-tone=[change.better.map(|better| if better { "good" } else { "watch" })] {
                        @match change.better { Some(true) => "better: ", Some(false) => "worse: ", None => "" }
                        (figure(change.before)) " \u{2192} " (figure(change.after)) ", " (counted(change.takes, "take", "takes")) " ago"
                    },
                    None => span.quiet { "none that is more than chance" },
                }
            }
        }
    }
}

/// The last takes as a line, with the band of what is usual behind it.
fn line(trend: &Trend) -> Markup {
    let figures: Vec<f64> = trend.last.iter().map(|dated| dated.figure).collect();
    let spread = trend.spread.unwrap_or_default();
    let low = figures.iter().copied().fold(trend.usual - spread, f64::min);
    let high = figures.iter().copied().fold(trend.usual + spread, f64::max);
    let y = |value: f64| if high > low { 36.0 - (value - low) / (high - low) * 32.0 } else { 20.0 };
    let step = 156.0 / (figures.len().max(2) - 1) as f64;
    let points: Vec<(f64, f64)> =
        figures.iter().enumerate().map(|(at, value)| (2.0 + at as f64 * step, y(*value))).collect();
    let path: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
    let told = format!("{} of the last {} takes", name(trend.measure), figures.len());
    html! {
        svg.spark viewBox="0 0 160 40" width="160" height="40" role="img" aria-label=(told) {
            rect.band x="0" width="160" y=(format!("{:.1}", y(trend.usual + spread))) height=(format!("{:.1}", (y(trend.usual - spread) - y(trend.usual + spread)).max(1.0))) {}
            polyline points=(path.join(" ")) {}
            @if let Some((x, y)) = points.last() { circle cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="3" {} }
        }
    }
}

fn questions(over: &OverTime) -> Markup {
    html! {
        section aria-labelledby="due" {
            h2 #due { "Questions, and when they are due" }
            @let practised: Vec<_> = over.plan.questions.iter().filter_map(|planned| Some((planned, planned.standing.as_ref()?))).collect();
            @if practised.is_empty() { p.quiet { "No question that was practised is due." } }
            ul.due {
                @for (planned, standing) in practised {
                    li {
                        p { (words(&planned.question.text)) }
                        p.quiet {
                            "due " (day_in_words(standing.due, over.now.date())) " \u{b7} last "
                            a href={ "/takes/" (standing.last_take.session) "/" (standing.last_take.take) } { (day_in_words(standing.last_day, over.now.date())) }
                            @if !planned.why.is_empty() { " \u{b7} " (words(&planned.why)) }
                        }
                    }
                }
            }
            @if let Some(next) = &over.plan.next {
                p.quiet { "After these, " (day_in_words(next.due, over.now.date())) ": " (words(&next.question.text)) }
            }
        }
    }
}

fn stories(stories: &Stories) -> Markup {
    html! {
        @if !stories.stories.is_empty() {
            section aria-labelledby="stories" {
                h2 #stories { "Your stories" }
                ul.due { @for story in &stories.stories { li { (self::story(story)) } } }
            }
        }
    }
}

fn story(story: &Story) -> Markup {
    html! {
        p { (words(&story.name)) @if let Some(line) = &story.bottom_line { ": " q { (words(line)) } } }
        p.quiet {
            "told " (counted(story.tellings.len(), "time", "times")) " for " (counted(story.questions, "question", "questions"))
            @if story.over_used { " \u{b7} " span.mark data-tone="watch" { "over-used: interviewers compare notes" } }
        }
        @for conflict in &story.conflicts {
            p.mark data-tone="watch" {
                "told differently: "
                @for (at, told) in [&conflict.before, &conflict.after].into_iter().enumerate() {
                    @if at > 0 { " \u{b7} " }
                    a href={ "/takes/" (told.take.session) "/" (told.take.take) } { q { (words(&told.quote)) } }
                }
            }
        }
    }
}

fn sessions(over: &OverTime) -> Markup {
    html! {
        section aria-labelledby="sessions" {
            h2 #sessions { "Sessions" }
            @for session in over.sessions.iter().take(LISTED) {
                h3 { (words(&session.id)) }
                ul.due {
                    @for answer in &session.answers {
                        li { a href={ "/takes/" (session.id) "/" (answer.take) } { (words(&answer.question.text)) } }
                    }
                }
            }
            @if over.sessions.len() > LISTED { p.quiet { "And " (over.sessions.len() - LISTED) " earlier ones: find them by searching." } }
        }
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
