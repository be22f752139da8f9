//! What to do differently.

use super::{counted, figure, quoted};
use crate::analysis::Heard;
use crate::types::{
    Advice, Analysis, Caution, CautionKind, Covered, FilledPauseVerdict, Judged, LengthVerdict, PaceVerdict, StarPart,
    StarPartFound,
};

/// Everything worth doing differently, the most valuable first.
///
/// The order is that of what costs an answer most: no result, a result without a number, no action of one's own, a
/// long set-up; then the bottom line, the length, one's own points; then how it was said.
pub(super) fn all(heard: &Heard, analysis: &Analysis) -> Vec<Advice> {
    let found = [
        missing_result(analysis),
        result_without_number(analysis),
        missing_own_action(analysis),
        long_set_up(analysis),
        missing_set_up(analysis),
        bottom_line(analysis),
        length(analysis),
        missed_point(analysis),
        blame(analysis),
        filled_pauses(analysis),
        markers(analysis),
        pace(analysis),
        weakening(analysis),
        no_numbers(heard, analysis),
    ];
    found.into_iter().flatten().collect()
}

/// The only advice on an answer of a few words.
pub(super) fn too_little(heard: &Heard, analysis: &Analysis) -> Advice {
    let heard_speech = heard.sound.is_some_and(|sound| !sound.speech.is_empty());
    let (title, why) = match (analysis.length.words, heard_speech) {
        (0, false) => ("Nothing was heard", "No speech and no words".to_owned()),
        (0, true) => ("No words were understood", "There was speech, but the transcript is empty".to_owned()),
        (words, _) => ("Say more", format!("{}: too few to judge", counted(words, "word", "words"))),
    };
    let try_saying = "The short version is this: I did …, and because of it … changed. Here is how it went.";
    Advice { title: title.to_owned(), why, try_saying: try_saying.to_owned() }
}

fn advice(title: &str, why: String, try_saying: impl Into<String>) -> Option<Advice> {
    Some(Advice { title: title.to_owned(), why, try_saying: try_saying.into() })
}

fn is_missing(analysis: &Analysis, part: StarPart) -> bool {
    analysis.star.judged == Judged::Yes && analysis.star.missing.contains(&part)
}

fn told(analysis: &Analysis, part: StarPart) -> Option<&StarPartFound> {
    analysis.star.parts.get(&part).filter(|found| analysis.star.judged == Judged::Yes && found.present)
}

fn missing_result(analysis: &Analysis) -> Option<Advice> {
    if !is_missing(analysis, StarPart::Result) {
        return None;
    }
    let why = "No outcome was heard: the story stops before it says what changed".to_owned();
    advice("Say how it ended", why, "As a result, … went from … to … within …, and what I took from it is …")
}

fn result_without_number(analysis: &Analysis) -> Option<Advice> {
    let result = told(analysis, StarPart::Result).filter(|_| analysis.evidence.quantified_result == Some(false))?;
    advice("Put a number on your result", quoted(&result.quote), "That took … from … to …, which saved us … a month.")
}

fn missing_own_action(analysis: &Analysis) -> Option<Advice> {
    let try_saying = "First I …. Then I decided to …, because …. When that met resistance, I ….";
    if is_missing(analysis, StarPart::Action) {
        return advice("Say what you did", "No steps of your own were heard".to_owned(), try_saying);
    }
    let action = told(analysis, StarPart::Action)?;
    let in_action = analysis.ownership.in_action;
    if in_action.i > 0 || in_action.we < 2 {
        return None;
    }
    let why = format!("\"we\" {}, \"I\" never: {}", counted(in_action.we, "time", "times"), quoted(&action.quote));
    advice("Say which part was yours", why, "The team did …; my part was to …, and I decided ….")
}

/// Situation and Task should take up to 30 % (University of Washington); this much over is worth a word.
const LONG_SET_UP: f64 = 0.40;

fn long_set_up(analysis: &Analysis) -> Option<Advice> {
    let share: f64 = [StarPart::Situation, StarPart::Task]
        .iter()
        .filter_map(|part| told(analysis, *part))
        .map(|found| found.share)
        .sum();
    if share <= LONG_SET_UP {
        return None;
    }
    let why = format!("Situation and Task took {:.0} % of the answer; up to 30 % is enough", share * 100.0);
    advice("Shorten the set-up", why, "In one sentence: we had …, and I was asked to …. So I ….")
}

fn missing_set_up(analysis: &Analysis) -> Option<Advice> {
    if is_missing(analysis, StarPart::Task) {
        let why = "It was not heard what was yours to do".to_owned();
        return advice("Say what was asked of you", why, "I was responsible for …, and success meant … by ….");
    }
    if is_missing(analysis, StarPart::Situation) {
        let why = "It was not heard where and when this was".to_owned();
        return advice("Set the scene in a sentence", why, "In …, at …, we had … and it mattered because ….");
    }
    None
}

fn bottom_line(analysis: &Analysis) -> Option<Advice> {
    let bluf = &analysis.bluf;
    if bluf.up_front != Some(false) {
        return None;
    }
    let Some(quote) = bluf.quote.as_deref().filter(|quote| !quote.is_empty()) else {
        let why = "No sentence states the outcome or your position".to_owned();
        return advice("Open with the bottom line", why, "The short answer: I …, and it … by ….");
    };
    let place = match (bluf.at_s, bluf.sentence) {
        (Some(at), _) => format!("It came after {:.0} s: ", at.0),
        (None, Some(sentence)) => format!("It came in sentence {}: ", sentence + 1),
        (None, None) => String::new(),
    };
    advice(
        "Open with the bottom line",
        format!("{place}{}", quoted(quote)),
        format!("Begin with it: {}", quoted(quote)),
    )
}

fn length(analysis: &Analysis) -> Option<Advice> {
    let duration = analysis.length.duration_s?;
    let [lo, hi] = analysis.length.target_s;
    let why = format!("{:.0} s; {lo} to {hi} s were wanted", duration.0);
    match analysis.length.verdict? {
        LengthVerdict::Long => {
            advice("Make it shorter", why, "The two things that mattered were … and …. I can go deeper into either.")
        }
        LengthVerdict::Short => advice("Say more", why, "Let me give you one example of what I did and why: …."),
        LengthVerdict::OnTarget => None,
    }
}

fn missed_point(analysis: &Analysis) -> Option<Advice> {
    let missed: Vec<_> = analysis.points.iter().filter(|point| point.covered == Covered::No).collect();
    // Whether a question was answered is little more than a guess, so a statement is preferred.
    let named = missed.iter().find(|point| !point.asks()).or(missed.first())?;
    let made = analysis.points.len() - missed.len();
    let why =
        format!("{made} of {} of your points were heard; missing: {}", analysis.points.len(), quoted(&named.text));
    let try_saying = if named.asks() {
        format!("Answer this in one sentence: {}", named.text.trim())
    } else {
        format!("Next time, say: {}", named.text.trim())
    };
    advice("Make the point you meant to make", why, try_saying)
}

fn cautions(analysis: &Analysis, kind: CautionKind) -> Vec<&Caution> {
    analysis.cautions.iter().filter(|caution| caution.kind == kind).collect()
}

fn blame(analysis: &Analysis) -> Option<Advice> {
    let first = *cautions(analysis, CautionKind::Blame).first()?;
    let try_saying = "We saw it differently. What I could change was my side of it, so I ….";
    advice("Leave out whose fault it was", quoted(&first.quote), try_saying)
}

fn filled_pauses(analysis: &Analysis) -> Option<Advice> {
    let pauses = &analysis.fillers.filled_pauses;
    let (verdict, rate) = (pauses.verdict?, pauses.per_minute?);
    if verdict == FilledPauseVerdict::Harmless {
        return None;
    }
    let why = format!("{} a minute; up to 5 does no harm, 12 is noticed", figure(rate));
    advice("Let a pause be silent", why, "Close your mouth, breathe in, and begin the next sentence with \"I\".")
}

/// Markers are worth a word above this share of the words, per hundred...
const MANY_MARKERS: f64 = 3.0;
/// ... or where one phrase was said more often than this.
const OFTEN: usize = 4;

fn markers(analysis: &Analysis) -> Option<Advice> {
    let markers = &analysis.fillers.markers;
    let (term, times) = markers.by_term.iter().max_by_key(|(_, times)| **times)?;
    let rate = markers.per_100_words?;
    if rate <= MANY_MARKERS && *times <= OFTEN {
        return None;
    }
    let why = format!("\"{term}\" {}; {} fillers per 100 words", counted(*times, "time", "times"), figure(rate));
    advice(
        &format!("Drop \"{term}\""),
        why,
        format!("Say one sentence again without \"{term}\": stop where it would stand."),
    )
}

fn pace(analysis: &Analysis) -> Option<Advice> {
    let (verdict, wpm) = (analysis.pace.verdict?, analysis.pace.wpm?);
    let spoken = analysis.pace.articulation_wpm.map(|rate| format!(", {rate:.0} without pauses")).unwrap_or_default();
    let why = format!("{wpm:.0} words a minute{spoken}; 120 to 170 is easy to follow");
    match verdict {
        PaceVerdict::Fast => {
            advice("Slow down", why, "Say the number of your result alone, and stop for a breath after it.")
        }
        PaceVerdict::Slow => {
            advice("Pick up the pace", why, "Say the first sentence as if you had said it before: I ….")
        }
        PaceVerdict::SlightlySlow | PaceVerdict::Good | PaceVerdict::SlightlyFast => None,
    }
}

/// Weakening phrases: what, how many are too many, title, what to say instead. The most telling first.
const WEAKENING: [(CautionKind, usize, &str, &str); 6] = [
    (CautionKind::Ramble, 1, "Stop when you have said it", "So, in one sentence: …. Shall I go deeper anywhere?"),
    (CautionKind::Negative, 1, "Say it without bitterness", "It was hard because …, and that is why I …."),
    (CautionKind::Hedge, 3, "Say it as a fact", "I … (without \"maybe\", \"I guess\" or \"I think\")."),
    (CautionKind::Vague, 2, "Name it", "To be specific: …, … and …."),
    (CautionKind::Repetition, 1, "Say it once", "Say it once, and use the time for one more fact: …."),
    (CautionKind::Restart, 5, "Begin a sentence when you know its end", "Breathe in, then say the whole sentence: …."),
];

fn weakening(analysis: &Analysis) -> Option<Advice> {
    WEAKENING.iter().find_map(|(kind, too_many, title, try_saying)| {
        let found = cautions(analysis, *kind);
        let first = found.first().filter(|_| found.len() >= *too_many)?;
        let times = if found.len() > 1 { format!("{} times, such as ", found.len()) } else { String::new() };
        advice(title, format!("{times}{}", quoted(&first.quote)), *try_saying)
    })
}

/// A story-less answer, such as a plan, without a single number.
fn no_numbers(heard: &Heard, analysis: &Analysis) -> Option<Advice> {
    if analysis.star.judged == Judged::Yes || heard.question.is_none() || !analysis.evidence.numbers.is_empty() {
        return None;
    }
    let why = "There is no number in the whole answer".to_owned();
    advice("Add one figure", why, "For a team of …, I would expect … within … weeks.")
}
