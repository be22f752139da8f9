//! Reports for the tests of the renderers: hand-made ones to be read, and arbitrary ones to break them.

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;

use crate::types::*;

/// The text without its colours: escape sequences run from ESC to `m`.
pub(super) fn without_colour(text: &str) -> String {
    let mut plain = String::new();
    let mut inside = false;
    for c in text.chars() {
        match c {
            '\u{1b}' => inside = true,
            'm' if inside => inside = false,
            _ if inside => {}
            _ => plain.push(c),
        }
    }
    plain
}

/// An answer of 39 words, spoken, with something to show in every section.
pub(super) fn full() -> Report {
    let text = "So um we cut the release time by 40 percent. Two years ago our releases took a week, and I was asked to \
                fix that. I I wrote the pipeline, um, and like I moved five teams to it.";
    let words: Vec<Word> = text
        .split_whitespace()
        .enumerate()
        .map(|(number, text)| {
            let start = 0.4 + 0.5 * number as f64;
            let (start_s, end_s) = (Some(Seconds(start)), Some(Seconds(start + 0.4)));
            Word { text: text.to_owned(), start_s, end_s, probability: Some(0.9) }
        })
        .collect();
    let transcript = Transcript::of_words(words, "base.en", "en");
    Report {
        schema: Report::SCHEMA.to_owned(),
        question: Some(QuestionRef {
            id: "release-time".to_owned(),
            text: "Tell me about a time you made something measurably better.".to_owned(),
            bank: Some("questions".to_owned()),
        }),
        recording: Some(Recording {
            path: "01-release-time.wav".to_owned(),
            duration_s: Seconds(22.5),
            sample_rate_hz: 48_000,
            channels: 1,
            sha256: "0".repeat(64),
        }),
        transcript,
        analysis: full_analysis(),
        strengths: vec![Strength {
            title: "You named the result first".to_owned(),
            why: "\"we cut the release time by 40 percent\", 1 s in.".to_owned(),
        }],
        advice: vec![
            Advice {
                title: "Close with what came of it".to_owned(),
                why: "The answer ends with the action; the listener has to remember the first sentence to know whether it worked.".to_owned(),
                try_saying: "In the end releases took an hour instead of a week, and we shipped four times as often.".to_owned(),
            },
            Advice { title: "Drop the first word".to_owned(), why: "\"So um\"".to_owned(), try_saying: String::new() },
        ],
        notices: vec!["Measured on this machine on 2026-05-04 with base.en and a synthetic voice: 6 % of the words wrong. People are harder.".to_owned()],
    }
}

fn full_analysis() -> Analysis {
    let filler = |text: &str, kind, certainty, first, end| Filler {
        text: text.to_owned(),
        kind,
        certainty,
        source: FillerSource::Transcript,
        words: Some(WordRange::new(first, end)),
        start_s: Some(Seconds(0.4 + 0.5 * first as f64)),
        end_s: Some(Seconds(0.3 + 0.5 * end as f64)),
    };
    let told = |share: f64, seconds, confidence, quote: &str| StarPartFound {
        present: true,
        confidence,
        share,
        seconds: Some(Seconds(seconds)),
        words: vec![],
        quote: quote.to_owned(),
    };
    Analysis {
        length: Length {
            words: 39,
            duration_s: Some(Seconds(20.9)),
            speaking_s: Some(Seconds(16.2)),
            aloud_s: None,
            target_s: [60, 120],
            verdict: Some(LengthVerdict::Short),
        },
        pace: Pace {
            wpm: Some(114.8),
            articulation_wpm: Some(148.1),
            verdict: Some(PaceVerdict::SlightlySlow),
            timeline: [96.0, 120.0, 150.0, 132.0].iter().zip(0..).map(|(&wpm, at)| PacePoint { start_s: Seconds(5.0 * f64::from(at)), wpm }).collect(),
        },
        pauses: Pauses {
            count: Some(3),
            long: Some(1),
            longest_s: Some(Seconds(2.4)),
            response_latency_s: Some(Seconds(1.2)),
            items: vec![Span::new(4.0, 4.5), Span::new(9.1, 11.5), Span::new(15.0, 15.3)],
        },
        fillers: Fillers {
            count: 3,
            per_minute: Some(11.1),
            per_100_words: Some(7.5),
            filled_pauses: FilledPauses { count: 2, per_minute: Some(7.4), per_100_words: Some(5.0), verdict: Some(FilledPauseVerdict::Watch) },
            markers: Markers { count: 1, per_minute: Some(3.7), per_100_words: Some(2.5), by_term: [("like".to_owned(), 1)].into() },
            range: [3, 5],
            too_noisy: false,
            clusters: vec![FillerCluster { start_s: Seconds(14.9), end_s: Seconds(17.3), count: 3 }],
            items: vec![
                filler("so", FillerKind::Marker, Certainty::Possible, 0, 1),
                filler("um", FillerKind::FilledPause, Certainty::Sure, 1, 2),
                Filler { words: None, source: FillerSource::Sound, ..filler("(hesitation)", FillerKind::Hesitation, Certainty::Possible, 22, 22) },
                filler("um", FillerKind::FilledPause, Certainty::Sure, 30, 31),
                filler("like", FillerKind::Marker, Certainty::Sure, 32, 33),
            ],
        },
        star: Star {
            judged: Judged::Yes,
            coverage: 0.75,
            missing: vec![StarPart::Result],
            unsure: vec![],
            confidence: 0.9,
            order_ok: true,
            parts: [
                (StarPart::Situation, told(0.22, 4.6, 0.8, "Two years ago our releases took a week,")),
                (StarPart::Task, told(0.16, 3.3, 0.4, "I was asked to fix that.")),
                (StarPart::Action, told(0.41, 8.6, 0.9, "I wrote the pipeline, um, and like I moved five teams to it, one after the other.")),
                (StarPart::Result, StarPartFound::default()),
            ]
            .into(),
        },
        bluf: Bluf {
            up_front: Some(true),
            sentence: Some(0),
            at_s: Some(Seconds(1.4)),
            words: Some(WordRange::new(2, 10)),
            quote: Some("we cut the release time by 40 percent.".to_owned()),
            confidence: 0.9,
        },
        evidence: Evidence {
            numbers: vec![
                NumberFound { text: "40 percent".to_owned(), words: WordRange::new(8, 10) },
                NumberFound { text: "five teams".to_owned(), words: WordRange::new(35, 37) },
            ],
            quantified_result: Some(false),
            in_result: vec![],
        },
        ownership: Ownership { i: 4, we: 2, in_action: Persons { i: 3, we: 0 } },
        cautions: vec![Caution { kind: CautionKind::Restart, words: WordRange::new(25, 27), quote: "I I".to_owned() }],
        points: vec![
            Point { text: "The number: 40 % less time from merge to release".to_owned(), source: PointSource::Notes, covered: Covered::Yes, strength: 0.8, quote: "cut the release time by 40 percent".to_owned(), at_s: Some(Seconds(1.9)), marked: false },
            Point { text: "Five teams moved without a freeze".to_owned(), source: PointSource::Notes, covered: Covered::Partly, strength: 0.5, quote: "moved five teams to it".to_owned(), at_s: Some(Seconds(17.9)), marked: false },
            Point { text: "What I would do differently: ask the release managers first, because two of them found out from the dashboard".to_owned(), source: PointSource::Notes, covered: Covered::No, strength: 0.1, quote: String::new(), at_s: None, marked: false },
        ],
        frameworks: vec![],
        moves: vec![
            Move { name: "Data".to_owned(), made: true, quote: "we cut the release time by 40 percent.".to_owned(), at_s: Some(Seconds(1.4)), competent: Some(true), best: Some("I timed every step of a release and found that two of nine took four fifths of it.".to_owned()) },
            Move { name: "Shared goal".to_owned(), made: false, quote: String::new(), at_s: None, competent: Some(false), best: Some("We both wanted to go home on a Friday.".to_owned()) },
            Move { name: "Learning".to_owned(), made: true, quote: "I learned to ask first.".to_owned(), at_s: Some(Seconds(50.0)), competent: Some(false), best: None },
        ],
    }
}

/// A written answer: words and findings, no times at all.
pub(super) fn written() -> Report {
    let mut report = full();
    report.recording = None;
    report.transcript = Transcript::of_text(&report.transcript.text);
    report.notices.clear();
    let analysis = &mut report.analysis;
    (analysis.length.duration_s, analysis.length.speaking_s, analysis.length.verdict) = (None, None, None);
    (analysis.pace, analysis.pauses) = (Pace::default(), Pauses::default());
    let fillers = &mut analysis.fillers;
    (fillers.per_minute, fillers.filled_pauses.per_minute, fillers.markers.per_minute) = (None, None, None);
    fillers.filled_pauses.verdict = None;
    fillers.clusters.clear();
    fillers.items.retain(|filler| filler.source == FillerSource::Transcript);
    fillers.range = [3, 4];
    for filler in &mut fillers.items {
        (filler.start_s, filler.end_s) = (None, None);
    }
    for part in analysis.star.parts.values_mut() {
        part.seconds = None;
    }
    analysis.bluf.at_s = None;
    analysis.points.iter_mut().for_each(|point| point.at_s = None);
    analysis.moves.iter_mut().for_each(|found| found.at_s = None);
    report
}

/// A recording in which nothing was said.
pub(super) fn silent() -> Report {
    Report {
        transcript: Transcript::of_words(vec![], "base.en", "en"),
        analysis: Analysis {
            length: Length {
                target_s: [60, 120],
                duration_s: Some(Seconds::ZERO),
                speaking_s: Some(Seconds::ZERO),
                ..Length::default()
            },
            ..Analysis::default()
        },
        strengths: vec![],
        advice: vec![],
        notices: vec!["The microphone was silent. See greenroom devices".to_owned()],
        ..full()
    }
}

/// Four words: figures without verdicts.
pub(super) fn too_short() -> Report {
    let words = "We um stopped it.".split_whitespace().zip(1..).map(|(text, start)| {
        let (start_s, end_s) = (Some(Seconds(f64::from(start))), Some(Seconds(f64::from(start) + 0.5)));
        Word { text: text.to_owned(), start_s, end_s, probability: Some(0.9) }
    });
    let mut analysis = Analysis {
        length: Length {
            words: 4,
            duration_s: Some(Seconds(3.5)),
            speaking_s: Some(Seconds(2.0)),
            aloud_s: None,
            target_s: [60, 120],
            verdict: None,
        },
        pace: Pace { wpm: Some(51.4), articulation_wpm: Some(90.0), ..Pace::default() },
        pauses: Pauses { count: Some(0), long: Some(0), ..Pauses::default() },
        ..Analysis::default()
    };
    analysis.fillers.count = 1;
    analysis.fillers.range = [1, 1];
    analysis.fillers.filled_pauses.count = 1;
    analysis.fillers.items = vec![Filler {
        text: "um".to_owned(),
        kind: FillerKind::FilledPause,
        certainty: Certainty::Sure,
        source: FillerSource::Transcript,
        words: Some(WordRange::new(1, 2)),
        start_s: Some(Seconds(2.0)),
        end_s: Some(Seconds(2.5)),
    }];
    Report {
        transcript: Transcript::of_words(words.collect(), "base.en", "en"),
        analysis,
        strengths: vec![],
        advice: vec![],
        notices: vec![],
        ..full()
    }
}

/// A report with anything in it that its types allow, sense or nonsense.
pub(super) fn arbitrary() -> impl Strategy<Value = Report> {
    let parts = (transcript(), analysis(), vec((".{0,60}", ".{0,200}"), 0..3), vec((text(), text(), text()), 0..6));
    (parts, vec(text(), 0..3), option::of(text()), any::<bool>()).prop_map(
        |((transcript, mut analysis, strengths, advice), notices, question, spoken)| {
            analysis.length.words = transcript.words.len();
            let base = full();
            Report {
                question: question.map(|text| QuestionRef { id: "q".to_owned(), text, bank: None }),
                recording: if spoken { base.recording.clone() } else { None },
                transcript,
                analysis,
                strengths: strengths.into_iter().map(|(title, why)| Strength { title, why }).collect(),
                advice: advice.into_iter().map(|(title, why, try_saying)| Advice { title, why, try_saying }).collect(),
                notices,
                ..base
            }
        },
    )
}

/// Any text: plain words, very long words, wide and hidden signs.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "([a-zA-Z',.]{1,12} ){0,30}",
        1 => "[a-z]{60,200}",
        2 => "\\PC{0,120}",
        1 => ".{0,120}",
    ]
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![4 => 0.0..1000.0, 1 => any::<f64>()]
}

fn time() -> impl Strategy<Value = Seconds> {
    number().prop_map(Seconds)
}

fn range() -> impl Strategy<Value = WordRange> {
    (0_usize..200, 0_usize..5).prop_map(|(first, length)| WordRange::new(first, first + length))
}

/// A transcript whose words may have times, in order or not.
pub(super) fn transcript() -> impl Strategy<Value = Transcript> {
    let word = ("\\S{1,20}|[a-z]{100}|[a-z]{1,8}[.,?]?", option::of((time(), time())));
    let words = vec(word, 0..120).prop_map(|words| {
        let word = |(text, span): (String, Option<(Seconds, Seconds)>)| Word {
            text,
            start_s: span.map(|span| span.0),
            end_s: span.map(|span| span.1),
            probability: None,
        };
        words.into_iter().map(word).collect()
    });
    words.prop_map(|words| Transcript::of_words(words, "base.en", "en"))
}

fn analysis() -> impl Strategy<Value = Analysis> {
    let figures = (pace(), pauses(), fillers());
    let content = (star(), option::of(text()), vec(text(), 0..20), vec((range(), text()), 0..12), points());
    (figures, content, vec(option::of(number()), 4), any::<bool>()).prop_map(
        |((pace, pauses, fillers), (star, quote, numbers, cautions, points), figures, yes)| Analysis {
            length: Length {
                duration_s: figures[0].map(Seconds),
                speaking_s: figures[1].map(Seconds),
                aloud_s: figures[3].map(Seconds),
                verdict: Some(LengthVerdict::Long),
                target_s: [u32::MAX, 0],
                words: 0,
            },
            pace,
            pauses,
            fillers,
            star,
            bluf: Bluf { up_front: Some(yes), quote, at_s: figures[2].map(Seconds), ..Bluf::default() },
            evidence: Evidence {
                numbers: numbers.into_iter().map(|text| NumberFound { text, words: WordRange::new(0, 1) }).collect(),
                quantified_result: Some(yes),
                in_result: vec![],
            },
            ownership: Ownership::default(),
            cautions: cautions
                .into_iter()
                .map(|(words, quote)| Caution { kind: CautionKind::Repetition, words, quote })
                .collect(),
            frameworks: points
                .iter()
                .map(|point| FrameworkCoverage {
                    name: point.text.clone(),
                    parts: vec![FrameworkPart { name: point.text.clone(), present: yes, quote: point.quote.clone() }],
                })
                .collect(),
            moves: points
                .iter()
                .map(|point| Move {
                    name: point.text.clone(),
                    made: yes,
                    quote: point.quote.clone(),
                    at_s: point.at_s,
                    competent: Some(yes),
                    best: Some(point.text.clone()),
                })
                .collect(),
            points,
        },
    )
}

fn pace() -> impl Strategy<Value = Pace> {
    (option::of(number()), vec((time(), number()), 0..90)).prop_map(|(wpm, timeline)| Pace {
        wpm,
        articulation_wpm: wpm,
        verdict: Some(PaceVerdict::Fast),
        timeline: timeline.into_iter().map(|(start_s, wpm)| PacePoint { start_s, wpm }).collect(),
    })
}

fn pauses() -> impl Strategy<Value = Pauses> {
    (vec((time(), time()), 0..5), any::<usize>()).prop_map(|(items, count)| Pauses {
        count: Some(count),
        long: Some(count),
        longest_s: None,
        response_latency_s: items.first().map(|item| item.0),
        items: items.into_iter().map(|(start_s, end_s)| Span { start_s, end_s }).collect(),
    })
}

fn fillers() -> impl Strategy<Value = Fillers> {
    let item = (text(), option::of(range()), option::of(time()), any::<bool>());
    let figures = (option::of(number()), any::<[usize; 2]>(), btree_map(text(), 0_usize..1_000_000, 0..9));
    (vec(item, 0..12), figures).prop_map(|(items, (rate, range, by_term))| Fillers {
        count: range[0],
        per_minute: rate,
        per_100_words: rate,
        filled_pauses: FilledPauses {
            count: range[0],
            per_minute: rate,
            per_100_words: rate,
            verdict: Some(FilledPauseVerdict::Act),
        },
        markers: Markers { count: range[1], per_minute: rate, per_100_words: rate, by_term },
        range,
        too_noisy: false,
        clusters: items
            .iter()
            .filter_map(|item| item.2)
            .map(|at| FillerCluster { start_s: at, end_s: at, count: 3 })
            .collect(),
        items: items
            .into_iter()
            .map(|(text, words, start_s, sure)| Filler {
                text,
                kind: if words.is_some() { FillerKind::FilledPause } else { FillerKind::Hesitation },
                certainty: if sure { Certainty::Sure } else { Certainty::Possible },
                source: FillerSource::Transcript,
                words,
                start_s,
                end_s: start_s,
            })
            .collect(),
    })
}

fn star() -> impl Strategy<Value = Star> {
    vec((text(), number(), time(), any::<bool>()), 4).prop_map(|parts| {
        let found = parts.into_iter().map(|(quote, share, time, present)| StarPartFound {
            present,
            confidence: share,
            share,
            seconds: Some(time),
            words: vec![],
            quote,
        });
        Star {
            unsure: vec![],
            confidence: 0.5,
            judged: Judged::Yes,
            coverage: 1.0,
            missing: vec![],
            order_ok: false,
            parts: StarPart::ALL.into_iter().zip(found).collect(),
        }
    })
}

fn points() -> impl Strategy<Value = Vec<Point>> {
    let covered = prop_oneof![Just(Covered::Yes), Just(Covered::Partly), Just(Covered::No)];
    let point = (text(), text(), covered, option::of(time())).prop_map(|(text, quote, covered, at_s)| Point {
        text,
        source: PointSource::Notes,
        covered,
        strength: 0.5,
        quote,
        at_s,
        marked: false,
    });
    vec(point, 0..5)
}
