//! What is counted on a recording, and the table of all.

use std::collections::BTreeMap;
use std::fmt::Write;

use greenroom::asr::accuracy::edits;
use greenroom::types::{Certainty, Filler, FillerKind, Report};

use super::normal;
use super::recordings::{Recording, TimedWord};

/// A find is right where it lies this near to what was said, in seconds.
const NEAR: f64 = 0.5;
/// A word's begin or end is right within this, in seconds.
const TIMELY: f64 = 0.2;

/// Counts on one recording, or on all of a kind.
#[derive(Clone, Debug, Default)]
pub struct Score {
    recordings: usize,
    minutes: f64,
    /// Words in references, and what became of them.
    words: usize,
    changed: usize,
    lost: usize,
    added: usize,
    /// "um" and "uh" in references, those found at all, and those the words alone have.
    ums: usize,
    ums_found: usize,
    ums_written: usize,
    /// Filled pauses and hesitations that are said to be sure where the reference keeps them, and those that are right.
    sure: usize,
    sure_right: usize,
    /// Minutes of recordings whose references tell where there is none, and sure finds that are wrong there, and all possible ones.
    judged_minutes: f64,
    false_sure: usize,
    possible: usize,
    /// Possible finds where the reference has no filled pause.
    possible_wrong: usize,
    /// Begins and ends of words whose place is known, and those that are right.
    times: usize,
    timely: usize,
}

impl Score {
    /// Scores a report.
    pub fn of(recording: &Recording, report: &Report) -> Score {
        let minutes = report.recording.as_ref().map_or(0.0, |sound| sound.duration_s.0 / 60.0);
        let mut score = Score { minutes, ..Score::of_text(recording, &report.transcript.text) };
        let pauses: Vec<&Filler> =
            report.analysis.fillers.items.iter().filter(|filler| filler.kind != FillerKind::Marker).collect();
        score.fillers(recording, &pauses, minutes);
        score.times(recording, report);
        score
    }

    /// Scores a text alone.
    pub fn of_text(recording: &Recording, text: &str) -> Score {
        let mut score = Score { recordings: 1, ..Score::default() };
        if let Some(reference) = &recording.reference {
            let said = normal::reference(reference);
            let found = edits(&said, &normal::words(text));
            (score.words, score.changed, score.lost, score.added) =
                (said.len(), found.changed, found.lost, found.added);
            let written = text.split_whitespace().filter(|word| normal::is_um(word)).count();
            if recording.keeps_fillers == Some(true) {
                score.ums = reference.split_whitespace().filter(|word| normal::is_um(word)).count();
                score.ums_written = written.min(score.ums);
            }
        }
        score
    }

    fn fillers(&mut self, recording: &Recording, found: &[&Filler], minutes: f64) {
        let is_sure = |filler: &&&Filler| filler.certainty == Certainty::Sure;
        match recording.keeps_fillers {
            Some(true) if !recording.times.is_empty() => {
                let said: Vec<&TimedWord> =
                    recording.times.iter().filter(|word| is_said(word, normal::is_um)).collect();
                let kin: Vec<&TimedWord> =
                    recording.times.iter().filter(|word| is_said(word, normal::is_filled_pause)).collect();
                self.ums_found = said.iter().filter(|um| found.iter().any(|filler| near(filler, um))).count();
                self.ums = said.len();
                let written = |um: &&&TimedWord| found.iter().any(|filler| near(filler, um) && filler.words.is_some());
                self.ums_written = said.iter().filter(written).count();
                let right = |filler: &&&&Filler| kin.iter().any(|um| near(filler, um));
                let sure: Vec<&&Filler> = found.iter().filter(is_sure).collect();
                (self.sure, self.sure_right) = (sure.len(), sure.iter().filter(right).count());
                self.judged_minutes = minutes;
                self.false_sure = self.sure - self.sure_right;
                self.possible = found.len() - self.sure;
                self.possible_wrong = found.iter().filter(|one| !is_sure(one) && !right(&one)).count();
            }
            Some(true) => {
                self.ums_found = self.ums.min(found.len());
                self.sure = found.iter().filter(is_sure).count();
                self.sure_right = self.sure.min(self.kin(recording));
                self.judged_minutes = minutes;
                self.false_sure = self.sure - self.sure_right;
                self.possible = found.len() - self.sure;
                self.possible_wrong = self.possible.saturating_sub(self.kin(recording) - self.sure_right);
            }
            Some(false) => {
                self.judged_minutes = minutes;
                self.false_sure = found.iter().filter(is_sure).count();
                self.possible = found.len() - self.false_sure;
                self.possible_wrong = self.possible;
            }
            None => {}
        }
    }

    /// All filled pauses in the reference.
    fn kin(&self, recording: &Recording) -> usize {
        let reference = recording.reference.as_deref().unwrap_or_default();
        reference.split_whitespace().filter(|word| normal::is_filled_pause(word)).count()
    }

    /// Begins and ends of words against where they were said, in recordings with one speaker.
    fn times(&mut self, recording: &Recording, report: &Report) {
        let (mut said, mut places) = (Vec::new(), Vec::new());
        for word in &recording.times {
            for part in normal::reference(word.word.as_deref().unwrap_or_default()) {
                said.push(part);
                places.push((word.start, word.end));
            }
        }
        let (mut heard, mut spans) = (Vec::new(), Vec::new());
        for word in &report.transcript.words {
            for part in normal::words(&word.text) {
                heard.push(part);
                spans.push(word.span());
            }
        }
        for (i, j) in edits(&said, &heard).same {
            let Some(span) = spans[j] else { continue };
            self.times += 2;
            self.timely += usize::from((span.start_s.0 - places[i].0).abs() <= TIMELY);
            self.timely += usize::from((span.end_s.0 - places[i].1).abs() <= TIMELY);
        }
    }

    fn add(&mut self, other: &Score) {
        self.recordings += other.recordings;
        self.minutes += other.minutes;
        self.words += other.words;
        self.changed += other.changed;
        self.lost += other.lost;
        self.added += other.added;
        self.ums += other.ums;
        self.ums_found += other.ums_found;
        self.ums_written += other.ums_written;
        self.sure += other.sure;
        self.sure_right += other.sure_right;
        self.judged_minutes += other.judged_minutes;
        self.false_sure += other.false_sure;
        self.possible += other.possible;
        self.possible_wrong += other.possible_wrong;
        self.times += other.times;
        self.timely += other.timely;
    }

    /// One line of figures.
    pub fn line(&self) -> String {
        let percent = |part: usize, whole: usize| {
            if whole == 0 { "    -".to_owned() } else { format!("{:5.1}", 100.0 * part as f64 / whole as f64) }
        };
        let a_minute = |count: usize| {
            if self.judged_minutes > 0.0 {
                format!("{:5.2}", count as f64 / self.judged_minutes)
            } else {
                "    -".to_owned()
            }
        };
        let wrong = self.changed + self.lost + self.added;
        format!(
            "{:3} files {:5} words | wrong {} lost {} added {} | um {:3}: found {} written {} | sure right {} of {:3} | \
             false sure {} possible {} of which wrong {} a minute | times {}",
            self.recordings,
            self.words,
            percent(wrong, self.words),
            percent(self.lost, self.words),
            percent(self.added, self.words),
            self.ums,
            percent(self.ums_found, self.ums),
            percent(self.ums_written, self.ums),
            percent(self.sure_right, self.sure),
            self.sure,
            a_minute(self.false_sure),
            a_minute(self.possible),
            a_minute(self.possible_wrong),
            percent(self.timely, self.times),
        )
    }
}

fn is_said(word: &&TimedWord, of_kind: fn(&str) -> bool) -> bool {
    word.word.as_deref().is_some_and(of_kind)
}

fn near(filler: &Filler, word: &TimedWord) -> bool {
    let (Some(start), Some(end)) = (filler.start_s, filler.end_s) else { return false };
    start.0 - NEAR < word.end && word.start < end.0 + NEAR
}

/// Scores by kind, and of all.
#[derive(Default)]
pub struct Table {
    kinds: BTreeMap<String, Score>,
    all: Score,
}

impl Table {
    /// Adds a recording.
    pub fn add(&mut self, kind: &str, score: &Score) {
        self.kinds.entry(kind.to_owned()).or_default().add(score);
        self.all.add(score);
    }

    /// The table as text.
    pub fn render(&self, title: &str) -> String {
        let mut text = format!("{title}\n");
        for (kind, score) in self.kinds.iter().map(|(kind, score)| (kind.as_str(), score)).chain([("all", &self.all)]) {
            writeln!(text, "{kind:<12}{}", score.line()).expect("writing to a string does not fail");
        }
        text
    }
}
