//! What was good.

use super::{SURE, counted, figure, quoted, told};
use crate::types::{Analysis, Covered, FilledPauseVerdict, Judged, LengthVerdict, PaceVerdict, StarPart, Strength};

/// Everything worth praise, the most telling first.
pub(super) fn all(analysis: &Analysis) -> Vec<Strength> {
    let found = [
        quantified_result(analysis),
        bottom_line(analysis),
        own_action(analysis),
        own_points(analysis),
        specifics(analysis),
        few_filled_pauses(analysis),
        pace(analysis),
        length(analysis),
    ];
    found.into_iter().flatten().collect()
}

fn strength(title: &str, why: String) -> Option<Strength> {
    Some(Strength { title: title.to_owned(), why })
}

fn quantified_result(analysis: &Analysis) -> Option<Strength> {
    told(analysis, StarPart::Result).filter(|result| result.confidence >= SURE)?;
    let numbers: Vec<&str> = analysis.evidence.in_result.iter().map(|number| number.text.as_str()).take(3).collect();
    if numbers.is_empty() {
        return None;
    }
    strength("Your result has a number in it", numbers.join(", "))
}

fn bottom_line(analysis: &Analysis) -> Option<Strength> {
    let bluf = &analysis.bluf;
    let quote = bluf.quote.as_ref().filter(|_| bluf.up_front == Some(true) && bluf.confidence >= SURE_UP_FRONT)?;
    strength("You said the bottom line first", quoted(quote))
}

/// From this confidence on, nine in ten bottom lines that are called up front are.
const SURE_UP_FRONT: f64 = 0.9;

/// The share of an answer that its Action should have at least (University of Washington: 60 %).
const GOOD_ACTION_SHARE: f64 = 0.45;

fn own_action(analysis: &Analysis) -> Option<Strength> {
    let action = told(analysis, StarPart::Action).filter(|action| {
        action.share >= GOOD_ACTION_SHARE && action.confidence >= SURE && analysis.star.confidence >= SURE
    })?;
    let in_action = analysis.ownership.in_action;
    if in_action.i <= in_action.we {
        return None;
    }
    let why = format!("{:.0} % of the answer, \"I\" {}", action.share * 100.0, counted(in_action.i, "time", "times"));
    strength("What you did yourself is clear", why)
}

fn own_points(analysis: &Analysis) -> Option<Strength> {
    let made: Vec<_> = analysis.own_points().filter(|point| point.covered == Covered::Yes).collect();
    let (count, of) = (made.len(), analysis.own_points().count());
    // Praise needs more than one point, and more than half of them.
    if count < 2 || count * 2 < of {
        return None;
    }
    let first = made.first().map(|point| quoted(&point.quote)).unwrap_or_default();
    strength("You made your points", format!("{count} of {of}, such as {first}"))
}

fn specifics(analysis: &Analysis) -> Option<Strength> {
    let numbers = &analysis.evidence.numbers;
    // Of a story the numbers of its result count, and these have their own praise.
    if numbers.len() < 3 || analysis.star.judged == Judged::Yes {
        return None;
    }
    let shown: Vec<&str> = numbers.iter().map(|number| number.text.as_str()).take(3).collect();
    strength("You were specific", format!("{} numbers, such as {}", numbers.len(), shown.join(", ")))
}

fn few_filled_pauses(analysis: &Analysis) -> Option<Strength> {
    let pauses = &analysis.fillers.filled_pauses;
    let rate = pauses.per_minute.filter(|_| pauses.verdict == Some(FilledPauseVerdict::Harmless))?;
    strength("Few filled pauses", format!("{} a minute; up to 5 does no harm", figure(rate)))
}

fn pace(analysis: &Analysis) -> Option<Strength> {
    let wpm = analysis.pace.wpm.filter(|_| analysis.pace.verdict == Some(PaceVerdict::Good))?;
    strength("A pace that is easy to follow", format!("{wpm:.0} words a minute"))
}

fn length(analysis: &Analysis) -> Option<Strength> {
    let duration = analysis.length.duration_s.filter(|_| analysis.length.verdict == Some(LengthVerdict::OnTarget))?;
    let [lo, hi] = analysis.length.target_s;
    strength("The right length", format!("{:.0} s; {lo} to {hi} s were wanted", duration.0))
}
