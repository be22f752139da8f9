//! How long the index takes on many takes: made anew, with nothing new, searched, listed, and trends told from it.
//!
//!     cargo run --example index -- 10000
//!
//! writes so many simulated takes, four to a session, into a temporary home, and prints the figures.

#![allow(clippy::print_stdout)] // A measuring program has nowhere else to put its table.

use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use greenroom::index::{Index, Search};
use greenroom::practice::{self, TakeFigures};
use greenroom::store::{Home, SessionFolder};
use greenroom::types::{Analysis, Field, Prompt, QuestionRef, Report, Seconds, SessionSettings, Transcript, Word};
use jiff::{Timestamp, ToSpan, Zoned};

const TAKES_IN_A_SESSION: usize = 4;
const WORDS_IN_A_TAKE: usize = 200;
const QUESTIONS: usize = 40;
const ROUNDS: usize = 11;

/// Words of any answer, and by their order more and more seldom.
const WORDS: &str = "the and to we a of I was that in it had for our with team they on my so as customers were at this project but \
    from not by what when all one because about out them time could decided told week people backup release asked engineers \
    data failed migrated deadline reduced shipped conflict manager budget stakeholders measured percent incident rollback \
    negotiated learned trust vendor contract empty night weekend";

fn main() {
    let takes = std::env::args().nth(1).map_or(10_000, |text| text.parse().expect("a number of takes"));
    let folder = tempfile::tempdir().expect("a folder can be made");
    let home = Home::at(folder.path().join("home"));
    let began = Instant::now();
    (0..takes / TAKES_IN_A_SESSION).for_each(|number| write_session(&home, number));
    settle(&home.sessions());
    println!("{takes} takes written in {:.0} s", began.elapsed().as_secs_f64());

    let open = || Index::open(&home, &mut |_, _| ()).expect("the sessions can be read");
    let (_, anew) = timed(open);
    let size = std::fs::metadata(home.index_file()).map_or(0, |found| found.len());
    println!("index from nothing: {:.1} s, {:.0} MB", anew.as_secs_f64(), size as f64 / 1e6);
    measure("start with nothing new", || drop(open()));
    for words in ["negotiated", "the", "\"team they\" deadline", "mig*"] {
        let search =
            Search { words, fields: &[Field::Said, Field::Question, Field::Remarks], question: None, limit: 20 };
        measure(&format!("start and search {words:?}"), || drop(open().search(&search).expect("it is whole")));
    }
    measure("start and list", || drop(open().sessions().expect("it is whole")));
    measure("start and trends", || {
        let takes = open().takes(Timestamp::MIN).expect("it is whole");
        let figures =
            |take: greenroom::index::IndexedTake| TakeFigures { name: take.name, at: take.at, figures: take.figures };
        drop(practice::trends(&takes.into_iter().map(figures).collect::<Vec<_>>()));
    });
}

fn timed<T>(work: impl Fn() -> T) -> (T, Duration) {
    let began = Instant::now();
    (work(), began.elapsed())
}

fn measure(what: &str, work: impl Fn()) {
    let mut times: Vec<f64> = (0..ROUNDS).map(|_| 1_000.0 * timed(&work).1.as_secs_f64()).collect();
    times.sort_by(f64::total_cmp);
    println!("{what}: {:.1} ms, at most {:.1} ms", times[ROUNDS / 2], times[ROUNDS - 1]);
}

fn write_session(home: &Home, number: usize) {
    let first: Zoned = "2020-01-01T09:00:00[UTC]".parse().expect("a time");
    let at = first.checked_add((number as i64).hours()).expect("it is in range");
    let mut random = fastrand::Rng::with_seed(number as u64);
    let mut folder =
        SessionFolder::create(home, &at, "mine", None, SessionSettings::default()).expect("it can be written");
    for _ in 0..TAKES_IN_A_SESSION {
        let question = random.usize(..QUESTIONS);
        let question = QuestionRef {
            id: format!("question-{question}"),
            text: format!("Tell me about time number {question} when something went wrong."),
            bank: Some("mine".to_owned()),
        };
        let take = folder.begin_take(question.clone(), Prompt::Question, at.timestamp()).expect("it can be written");
        let transcript = said(&mut random);
        let mut analysis = Analysis::default();
        analysis.length.duration_s = Some(Seconds(60.0 + 60.0 * random.f64()));
        analysis.pace.wpm = Some(120.0 + 40.0 * random.f64());
        analysis.fillers.filled_pauses.per_minute = Some(8.0 * random.f64());
        analysis.bluf.up_front = Some(random.bool());
        let report = Report {
            schema: Report::SCHEMA.to_owned(),
            question: Some(question),
            recording: None,
            transcript: transcript.clone(),
            analysis,
            strengths: Vec::new(),
            advice: Vec::new(),
            notices: Vec::new(),
        };
        folder.save_transcript(take, &transcript).expect("it can be written");
        folder.save_report(take, &report).expect("it can be written");
    }
    folder.end(at.timestamp()).expect("it can be written");
}

fn said(random: &mut fastrand::Rng) -> Transcript {
    let all: Vec<&str> = WORDS.split_whitespace().collect();
    let words = (0..WORDS_IN_A_TAKE).map(|number| {
        // The product of two makes the first words frequent.
        let place = (random.f64() * random.f64() * all.len() as f64) as usize;
        let start = 0.4 * number as f64;
        let (start_s, end_s) = (Some(Seconds(start)), Some(Seconds(start + 0.3)));
        Word { text: all[place].to_owned(), start_s, end_s, probability: Some(0.9) }
    });
    Transcript::of_words(words.collect(), "none", "en")
}

/// Makes all files old enough to trust their times.
fn settle(folder: &Path) {
    let long_ago = SystemTime::now() - Duration::from_secs(3_600);
    for entry in walkdir::WalkDir::new(folder).contents_first(true).into_iter().flatten() {
        std::fs::File::open(entry.path()).and_then(|file| file.set_modified(long_ago)).expect("it is ours");
    }
}
