//! Filled pauses and filler words: found, judged in context, counted.
//!
//! Two classes that are never mixed: *filled pauses* (um, uh) and *markers* (like, you know),
//! which count only where they carry no meaning. What the recogniser dropped comes from
//! [`hesitation`](super::hesitation) and is never counted beside a transcribed "um".

mod clusters;
mod context;

use std::collections::BTreeMap;

use super::answer::{MIN_WORDS, ReadAnswer};
use super::hesitation::Hesitations;
use super::lexicon::Verdict;
use super::timing;
use crate::types::{
    Certainty, FilledPauseVerdict, FilledPauses, Filler, FillerKind, FillerSource, Fillers, Markers, Seconds, WordRange,
};

pub(crate) use context::Context;

/// Finds all fillers of an answer.
///
/// `hesitations` are those found in the sound that no transcribed filled pause accounts for.
pub fn find(answer: &ReadAnswer, hesitations: &Hesitations) -> Fillers {
    let mut items = in_transcript(answer);
    items.extend(hesitations.found().iter().map(|(span, certainty)| Filler {
        text: "(hesitation)".to_owned(),
        kind: FillerKind::Hesitation,
        certainty: *certainty,
        source: FillerSource::Sound,
        words: None,
        start_s: Some(span.start_s),
        end_s: Some(span.end_s),
    }));
    // Every item has a time where any hesitation exists; without sound the order is that of the words already.
    items.sort_by(|a, b| a.start_s.map_or(0.0, |s| s.0).total_cmp(&b.start_s.map_or(0.0, |s| s.0)));
    Fillers {
        too_noisy: *hesitations == Hesitations::TooNoisy,
        ..summary(answer.words().len(), timing::speaking(&answer.heard), items)
    }
}

/// The filled pauses and markers among the words, in order.
pub fn in_transcript(answer: &ReadAnswer) -> Vec<Filler> {
    let words = answer.words();
    let mut context = Context::new(answer.transcript(), words, answer.lexicon);
    let mut items = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let (length, found) = filler_at(at, &mut context, answer);
        if let Some((kind, verdict)) = found {
            let range = WordRange::new(at, at + length);
            let times = answer.transcript().span(range);
            items.push(Filler {
                text: words[range.indices()].join(" "),
                kind,
                certainty: if verdict == Verdict::Sure { Certainty::Sure } else { Certainty::Possible },
                source: FillerSource::Transcript,
                words: Some(range),
                start_s: times.map(|t| t.start_s),
                end_s: times.map(|t| t.end_s),
            });
        }
        at += length;
    }
    items
}

/// What stands at word `at`: how many words it takes, and what it is if it is a filler.
fn filler_at(at: usize, context: &mut Context, answer: &ReadAnswer) -> (usize, Option<(FillerKind, Verdict)>) {
    if let Some(verdict) = filled_pause_at(at, answer) {
        return (1, Some((FillerKind::FilledPause, verdict)));
    }
    let word = |i: usize| answer.words().get(i).map(String::as_str);
    let Some((length, marker)) = answer.lexicon.markers.longest_at(at, word) else { return (1, None) };
    let verdict = context.judge(at, length, marker);
    if verdict == Verdict::No {
        // The words of a phrase that is meant may still hold a shorter filler: "what kind of, like".
        return (1, None);
    }
    context.mark(at, length);
    (length, Some((FillerKind::Marker, verdict)))
}

/// A filled pause that the recogniser is less sure of is only possible. In meetings tiny.en was this sure of 16, 14 of which
/// people had said, and less sure of 35, of which they had said 15.
const UNSURE: f64 = 0.05;

/// Whether word `at` is a filled pause. One written in capitals is an abbreviation (the ER), one with a question mark
/// asks for an answer ("Good, eh?").
fn filled_pause_at(at: usize, answer: &ReadAnswer) -> Option<Verdict> {
    let verdict = answer.lexicon.filled_pause(&answer.words()[at])?;
    let spoken = &answer.transcript().words[at];
    let written = &spoken.text;
    let letters = written.chars().filter(|c| c.is_alphabetic());
    let shouted = letters.clone().count() > 1 && letters.clone().all(char::is_uppercase);
    let doubted = spoken.probability.is_some_and(|sure| sure < UNSURE);
    let verdict = if doubted && verdict == Verdict::Sure { Verdict::Possible } else { verdict };
    (!shouted && !written.contains('?')).then_some(verdict)
}

/// The same fillers without those that are none; counts and rates are made anew.
pub fn without(
    fillers: &Fillers,
    is_none: impl Fn(&Filler) -> bool,
    words: usize,
    speaking: Option<Seconds>,
) -> Fillers {
    let items = fillers.items.iter().filter(|filler| !is_none(filler)).cloned().collect();
    Fillers { too_noisy: fillers.too_noisy, ..summary(words, speaking, items) }
}

/// Counts and rates of the fillers found.
fn summary(words: usize, speaking: Option<Seconds>, items: Vec<Filler>) -> Fillers {
    let sure = |f: &&Filler| f.certainty == Certainty::Sure;
    let count = items.iter().filter(sure).count();
    let written = items.iter().filter(sure).filter(|f| f.source == FillerSource::Transcript).count();
    let pauses = items.iter().filter(sure).filter(|f| f.kind != FillerKind::Marker).count();
    let mut by_term = BTreeMap::new();
    for marker in items.iter().filter(sure).filter(|f| f.kind == FillerKind::Marker) {
        *by_term.entry(marker.text.clone()).or_insert(0) += 1;
    }
    let enough = words >= MIN_WORDS;
    let markers = count - pauses;
    Fillers {
        count,
        per_minute: per_minute(count, speaking),
        per_100_words: per_100(count, words),
        filled_pauses: FilledPauses {
            count: pauses,
            per_minute: per_minute(pauses, speaking),
            per_100_words: per_100(pauses, words),
            verdict: per_minute(pauses, speaking).filter(|_| enough).map(verdict),
        },
        markers: Markers {
            count: markers,
            per_minute: per_minute(markers, speaking),
            per_100_words: per_100(markers, words),
            by_term,
        },
        range: [written, items.len()],
        too_noisy: false,
        clusters: clusters::find(&items),
        items,
    }
}

fn per_minute(count: usize, speaking: Option<Seconds>) -> Option<f64> {
    speaking.filter(|s| s.0 > 0.0).map(|s| count as f64 * 60.0 / s.0)
}

/// `None` on too few words, where one "um" would read as a flood.
fn per_100(count: usize, words: usize) -> Option<f64> {
    (words >= MIN_WORDS).then(|| count as f64 * 100.0 / words as f64)
}

/// Laske & DiGennaro Reed 2024 found 5 a minute harmless and 12 harmful.
fn verdict(per_minute: f64) -> FilledPauseVerdict {
    if per_minute <= 5.0 {
        FilledPauseVerdict::Harmless
    } else if per_minute < 12.0 {
        FilledPauseVerdict::Watch
    } else {
        FilledPauseVerdict::Act
    }
}

#[cfg(test)]
mod tests {
    use super::super::spoken_for_tests::{Take, english, take};
    use super::*;
    use crate::types::Span;

    fn fillers(take: &Take) -> Fillers {
        find(&take.read(&english()), &Hesitations::Found(Vec::new()))
    }

    fn found(text: &str) -> Vec<String> {
        fillers(&Take::written(text)).items.into_iter().map(|filler| filler.text).collect()
    }

    #[test]
    fn words_that_carry_meaning_are_not_fillers() {
        let meant = [
            "I like the plan",
            "what kind of team it was",
            "fix it right now",
            "I wrote it down so that they could read it",
            "we measured latency as well as cost",
            "do you know the team?",
            "you know the team I mean.",
            "I said it and I mean it",
            "it looks like a success",
            "I want one like this one",
            "things like that happen",
            "it was just enough",
            "she is in the ER",
            "That was a surprise, eh?",
            "We did well before the audit, and I stood well back",
            "Like most teams, we had no time",
            "Let me know, like my old boss did",
            "I like half of it",
            "You would like really long answers",
            "it was like pulling teeth",
            "it is like nothing else",
            "You know how these things go",
            "Right now I lead two teams",
            "The well, when we came, ran dry",
            "They were right, so we moved it",
            "It was a good call, so that paid off",
            "It has that kind of a ring",
            "Answer honestly, and early",
            "We thought well of her",
            "We were so so happy",
            "I had a house, a dog, so. Then I left.",
            "It was small, like the colour of the button.",
            "I drew all kinds of like signs",
            "she did it by herself, and so it went",
        ];
        for text in meant {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn words_that_carry_none_are_fillers_with_and_without_punctuation() {
        let cases: [(&str, &[&str]); 35] = [
            ("Um, so, uh, I said, you know, no.", &["um", "so", "uh", "you know"]),
            ("it was, like, forty calls", &["like"]),
            ("it was like forty calls", &["like"]),
            ("well i mean we had to", &["well", "i mean"]),
            ("and you know what happened was ummm", &["ummm"]),
            ("it was kind of odd", &["kind of"]),
            ("That works, right?", &["right"]),
            ("Okay, so we began.", &["okay", "so"]),
            ("I coded that one, kind of roughly.", &["kind of"]),
            ("It works, okay?", &["okay"]),
            ("Like, that was odd.", &["like"]),
            ("We lost, like, that week.", &["like"]),
            ("Not always, like two in ten.", &["like"]),
            ("I can like argue for a week", &["like"]),
            ("it was like really tense", &["like"]),
            ("and the boxes were like falling over", &["like"]),
            ("he starts like shouting", &["like"]),
            ("like a lot of them just left", &["like"]),
            ("We won. So that is my story.", &["so"]),
            ("We won. So this was in May.", &["so"]),
            ("Right, so I had agreed.", &["right", "so"]),
            ("okay good question so by June I had", &["okay", "so"]),
            ("and so so what is it", &["so", "so"]),
            ("He did it very well, well, mostly.", &["well"]),
            ("what i took from it is well a fence bends", &["well"]),
            ("right ambiguity is my job", &["right"]),
            ("Honestly, that was hard.", &["honestly"]),
            ("i thought well that is odd", &["well"]),
            ("I watch, um, like the news.", &["um", "like"]),
            ("We had, you know, like maybe ten.", &["you know", "like"]),
            ("It broke. Like I have a friend at work.", &["like"]),
            ("it was slow in terms of like speed", &["like"]),
            ("it was sort of like a shed", &["sort of"]),
            ("he left so anyway we won", &["so"]),
            ("all right so we began", &["so"]),
        ];
        for (text, expected) in cases {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn a_marker_that_may_carry_meaning_is_possible_and_not_sure() {
        let cases = [
            ("So, I am Ana.", Certainty::Sure),
            ("I am Ana. So, I work here.", Certainty::Possible),
            ("I am Ana. So this is my desk.", Certainty::Possible),
            ("It was, like, forty calls.", Certainty::Sure),
            ("It was, um, like the first call.", Certainty::Possible),
            ("It was, actually, my call.", Certainty::Possible),
        ];
        for (text, expected) in cases {
            let items = fillers(&Take::written(text)).items;
            let marker = items.iter().find(|filler| filler.kind == FillerKind::Marker).expect(text);
            assert_eq!(marker.certainty, expected, "{text}");
        }
    }

    #[test]
    fn rates_count_sure_fillers_and_the_range_ends_with_all() {
        let take = take(&format!("um you know {}", "word ".repeat(47)), &[(0.0, 20.0), (30.0, 40.0)]);
        let found = vec![(Span::new(25.0, 25.4), Certainty::Sure), (Span::new(35.0, 35.4), Certainty::Possible)];
        let hesitation = Hesitations::Found(found);
        let fillers = find(&take.read(&english()), &hesitation);
        assert_eq!((fillers.count, fillers.filled_pauses.count, fillers.markers.count), (3, 2, 1));
        assert_eq!(fillers.range, [2, 4]);
        assert_eq!((fillers.per_minute, fillers.per_100_words), (Some(6.0), Some(6.0)));
        assert_eq!(fillers.filled_pauses.verdict, Some(FilledPauseVerdict::Harmless));
        assert_eq!(fillers.markers.by_term, [("you know".to_owned(), 1)].into());
        let kinds: Vec<_> = fillers.items.iter().map(|filler| filler.kind).collect();
        use FillerKind::*;
        assert_eq!(kinds, [FilledPause, Marker, Hesitation, Hesitation]);
    }

    #[test]
    fn a_few_words_have_no_rate_per_hundred_and_no_verdict() {
        let fillers = fillers(&take("um you know", &[(0.0, 2.0)]));
        assert_eq!(fillers.per_100_words, None);
        assert_eq!(fillers.filled_pauses.verdict, None);
        assert_eq!(fillers.count, 2);
    }
}
