//! What to do differently.

use super::{SURE, counted, figure, quoted, told, wording};
use crate::analysis::answer::Heard;
use crate::content::frameworks::{Frameworks, JudgedBy};
use crate::types::{
    Advice, Analysis, Caution, CautionKind, Covered, FilledPauseVerdict, FrameworkCoverage, Judged, LengthVerdict,
    PaceVerdict, StarPart,
};

/// Everything worth doing differently, the most valuable first.
///
/// The order is that of what costs an answer most: no result, a result without a number, no action of one's own, a
/// long set-up; then the bottom line, one's own points, the length; then how it was said.
pub(super) fn all(heard: &Heard, analysis: &Analysis) -> Vec<Advice> {
    let found = [
        missing_result(analysis),
        result_without_number(analysis),
        missing_own_action(analysis),
        long_set_up(analysis),
        missing_set_up(analysis),
        untold_part(analysis),
        bottom_line(analysis),
        missed_point(analysis),
        length(analysis),
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
    let try_saying = "What happened, what did you do, and what came of it? A few sentences each.";
    Advice { title: title.to_owned(), why, try_saying: try_saying.to_owned() }
}

fn advice(title: &str, why: String, try_saying: impl Into<String>) -> Option<Advice> {
    Some(Advice { title: title.to_owned(), why, try_saying: try_saying.into() })
}

fn is_missing(analysis: &Analysis, part: StarPart) -> bool {
    analysis.star.judged == Judged::Yes && analysis.star.missing.contains(&part)
}

fn quote_of(analysis: &Analysis, part: StarPart) -> Option<&str> {
    told(analysis, part).map(|found| found.quote.as_str()).filter(|quote| !quote.is_empty())
}

fn missing_result(analysis: &Analysis) -> Option<Advice> {
    if !is_missing(analysis, StarPart::Result) {
        return None;
    }
    let why = "No outcome was heard: the story stops before it says what changed".to_owned();
    let try_saying = match quote_of(analysis, StarPart::Action) {
        Some(action) => {
            format!("After {}: what was different then? Say it in one sentence, as your last.", quoted(action))
        }
        None => "What was different afterwards? Say it in one sentence, as your last.".to_owned(),
    };
    advice("Say how it ended", why, try_saying)
}

fn result_without_number(analysis: &Analysis) -> Option<Advice> {
    let result = told(analysis, StarPart::Result).filter(|_| analysis.evidence.quantified_result == Some(false))?;
    if result.confidence < SURE {
        return None;
    }
    advice("Put a number on your result", quoted(&result.quote), wording::asked_number(&result.quote))
}

fn missing_own_action(analysis: &Analysis) -> Option<Advice> {
    if is_missing(analysis, StarPart::Action) {
        let try_saying = match quote_of(analysis, StarPart::Task) {
            Some(task) => format!("After {}: what did you do first, and what then?", quoted(task)),
            None => "What did you do first, and what then? Begin each sentence with \"I\".".to_owned(),
        };
        return advice("Say what you did", "No steps of your own were heard".to_owned(), try_saying);
    }
    let action = told(analysis, StarPart::Action).filter(|action| action.confidence >= SURE)?;
    let in_action = analysis.ownership.in_action;
    if in_action.i > 0 || in_action.we < 2 {
        return None;
    }
    let why = format!("\"we\" {}, \"I\" never: {}", counted(in_action.we, "time", "times"), quoted(&action.quote));
    advice("Say which part was yours", why, format!("If it was you: {}", quoted(&wording::by_one(&action.quote))))
}

/// Situation and Task should take up to 30 % (University of Washington); this much over is worth a word.
const LONG_SET_UP: f64 = 0.40;

/// Of a reading of this mean probability a long set-up is one, nine times in ten.
const SURE_SHARES: f64 = 0.87;

fn long_set_up(analysis: &Analysis) -> Option<Advice> {
    let star = &analysis.star;
    let share: f64 = [StarPart::Situation, StarPart::Task]
        .iter()
        .filter_map(|part| told(analysis, *part))
        .map(|found| found.share)
        .sum();
    // Where the reading is unsure, a long set-up may be an Action that was not understood.
    if share <= LONG_SET_UP || star.confidence < SURE_SHARES || !(star.missing.is_empty() && star.unsure.is_empty()) {
        return None;
    }
    let why = format!("Situation and Task took {:.0} % of the answer; up to 30 % is enough", share * 100.0);
    let from =
        quote_of(analysis, StarPart::Action).map(|action| format!("One sentence of each, then {}", quoted(action)));
    advice("Shorten the set-up", why, from.unwrap_or_default())
}

fn missing_set_up(analysis: &Analysis) -> Option<Advice> {
    let before = quote_of(analysis, StarPart::Action).map(|action| format!("Before {}: ", quoted(action)));
    let before = before.unwrap_or_default();
    if is_missing(analysis, StarPart::Task) {
        let why = "Your own task was not heard".to_owned();
        return advice("Say what was asked of you", why, format!("{before}who wanted what from you, and by when?"));
    }
    if is_missing(analysis, StarPart::Situation) {
        let why = "It was not heard where and when this was".to_owned();
        return advice("Set the scene in a sentence", why, format!("{before}where were you, and what was wrong?"));
    }
    None
}

/// What a question that wants no story does want, and was not told: of our own frameworks only, whose words are in order.
fn untold_part(analysis: &Analysis) -> Option<Advice> {
    let known = Frameworks::builtin();
    let guide = asked_instead_of_story(analysis).find_map(|coverage| known.untold(coverage).into_iter().next())?;
    let title = match guide.judged {
        Some(JudgedBy::NothingBitter) => "Say it without bitterness".to_owned(),
        _ => format!("Add what was not heard: {}", guide.name.to_lowercase()),
    };
    advice(&title, guide.good.clone(), guide.probes.first().cloned().unwrap_or_default())
}

/// The frameworks of a question that wants no story.
fn asked_instead_of_story(analysis: &Analysis) -> impl Iterator<Item = &FrameworkCoverage> {
    let is_instead = |name: &str| Frameworks::builtin().named(name).is_some_and(|framework| framework.instead_of_story);
    analysis.frameworks.iter().filter(move |coverage| is_instead(&coverage.name))
}

fn bottom_line(analysis: &Analysis) -> Option<Advice> {
    let bluf = &analysis.bluf;
    if bluf.up_front != Some(false) || bluf.confidence < SURE {
        return None;
    }
    // The outcome as the story tells it; what is no story has its sentence.
    let story = analysis.star.judged == Judged::Yes;
    let quote = quote_of(analysis, StarPart::Result).or(bluf.quote.as_deref().filter(|_| !story));
    let Some(outcome) = quote.filter(|quote| !quote.is_empty()) else {
        // A story whose outcome was not heard is asked for that, and told of no sentence that states it.
        if story {
            return None;
        }
        let why = "No sentence states your position".to_owned();
        return advice("Open with the bottom line", why, "What would you do, in one sentence? Say that first.");
    };
    let why = match (bluf.at_s, bluf.sentence) {
        (Some(at), _) => format!("It came after {:.0} s", at.0),
        (None, Some(sentence)) => format!("It came in sentence {}", sentence + 1),
        (None, None) => "No sentence near the beginning states it".to_owned(),
    };
    let sentence = wording::sentence(outcome);
    let try_saying = if wording::points_back(&sentence) {
        format!("What did you change, in one sentence? You said: \"{sentence}\"")
    } else {
        format!("\"{sentence}\"")
    };
    advice("Open with the bottom line", why, try_saying)
}

fn length(analysis: &Analysis) -> Option<Advice> {
    let length = &analysis.length;
    let [lo, hi] = length.target_s;
    let why = match (length.duration_s, length.aloud_s) {
        (Some(duration), _) => format!("{:.0} s; {lo} to {hi} s were wanted", duration.0),
        (None, Some(aloud)) => format!(
            "{} are about {:.0} s aloud; {lo} to {hi} s were wanted",
            counted(length.words, "word", "words"),
            aloud.0
        ),
        (None, None) => return None,
    };
    let action = quote_of(analysis, StarPart::Action).map(quoted);
    match length.verdict? {
        LengthVerdict::Long => {
            let keep = action.map(|action| format!("Keep {action} and what came of it; offer the rest if they ask."));
            advice(
                "Make it shorter",
                why,
                keep.unwrap_or_else(|| "Keep two points; offer the rest if they ask.".to_owned()),
            )
        }
        LengthVerdict::Short => {
            let more = action.map(|action| format!("{action}: how did you do it, and why so?"));
            advice(
                "Say more",
                why,
                more.unwrap_or_else(|| "One example: what happened, what did you do, and why?".to_owned()),
            )
        }
        LengthVerdict::OnTarget => None,
    }
}

fn missed_point(analysis: &Analysis) -> Option<Advice> {
    let missed: Vec<_> = analysis.own_points().filter(|point| point.covered == Covered::No).collect();
    // Whether a question was answered is little more than a guess, so only a statement is named.
    let named = missed.iter().find(|point| !point.asks())?;
    let why = format!(
        "{} of the {} that you noted",
        counted(missed.len(), "was not heard", "were not heard"),
        analysis.own_points().count()
    );
    advice("Make the point you meant to make", why, format!("Next time, say: {}", named.text.trim()))
}

fn cautions(analysis: &Analysis, kind: CautionKind) -> Vec<&Caution> {
    analysis.cautions.iter().filter(|caution| caution.kind == kind).collect()
}

fn blame(analysis: &Analysis) -> Option<Advice> {
    let first = *cautions(analysis, CautionKind::Blame).first()?;
    let try_saying = "What could you change on your side? Say that, and what you did.";
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
        PaceVerdict::Slow => advice("Pick up the pace", why, "Say the first sentence as if you had said it before."),
        PaceVerdict::SlightlySlow | PaceVerdict::Good | PaceVerdict::SlightlyFast => None,
    }
}

/// Weakening phrases: what, how many are too many, title, what to say instead. The most telling first.
///
/// A phrase that is said again is no fault by itself: mostly it is the name of the matter.
const WEAKENING: [(CautionKind, usize, &str, &str); 5] = [
    (
        CautionKind::Ramble,
        1,
        "Stop when you have said it",
        "One last sentence, and then: \"Shall I go deeper anywhere?\"",
    ),
    (
        CautionKind::Negative,
        2,
        "Say it without bitterness",
        "Say what was hard about it, and then what you did about that.",
    ),
    (CautionKind::Hedge, 3, "Say it as a fact", "The same sentences without \"maybe\", \"I guess\" or \"I think\"."),
    (CautionKind::Vague, 2, "Name it", "What was it? Name two of them."),
    (CautionKind::Restart, 5, "Begin a sentence when you know its end", "Breathe in, then say the whole sentence."),
];

fn weakening(analysis: &Analysis) -> Option<Advice> {
    WEAKENING.iter().find_map(|(kind, too_many, title, try_saying)| {
        let found = cautions(analysis, *kind);
        let first = found.first().filter(|_| found.len() >= *too_many)?;
        let times = if found.len() > 1 { format!("{} times, such as ", found.len()) } else { String::new() };
        advice(title, format!("{times}{}", quoted(&first.quote)), *try_saying)
    })
}

/// A story-less answer, such as a plan, without a single number. Why one leaves needs none.
fn no_numbers(heard: &Heard, analysis: &Analysis) -> Option<Advice> {
    if asked_instead_of_story(analysis).next().is_some() {
        return None;
    }
    if analysis.star.judged == Judged::Yes || heard.question.is_none() || !analysis.evidence.numbers.is_empty() {
        return None;
    }
    let why = "There is no number in the whole answer".to_owned();
    advice("Add one figure", why, "How many people, how much money or how many weeks?")
}
