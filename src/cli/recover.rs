//! `greenroom review recover`: brings back takes whose program was killed, and finishes their reports.

use std::path::Path;

use greenroom::asr::TranscriptionPool;
use greenroom::assess::{self, AskedFrom, Assessor, HeardRecording};
use greenroom::audio::WantedSound;
use greenroom::store::{self, SessionFolder, Unfinished};
use greenroom::types::{Answer, Prompt, Question, Report, TakePart, Transcript};
use serde_json::json;

use super::context::Context;
use super::live::clock;
use super::parts::{self, ChosenModel, PartsArgs};
use super::questions;
use super::{Exit, Failure, Outcome, output};

pub fn run(args: &PartsArgs, as_json: bool) -> Outcome {
    let context = Context::load()?.with_flags(&args.as_flags())?;
    let found = store::recover(&context.home)?;
    for problem in &found.problems {
        output::talk(&format!("{}: {}", problem.session, problem.reason));
        output::talk(&format!("  try: {}", problem.reason.hint()));
    }
    if found.unfinished.is_empty() && found.problems.is_empty() {
        output::talk("Every take is whole and has its report.");
    }
    let failed = found.problems.len() + finish(&context, &found.unfinished)?;
    if as_json {
        let takes = found
            .unfinished
            .iter()
            .map(|take| json!({"session": take.session, "take": take.answer.take, "cut_off": take.cut_off}));
        output::result(&output::json(&json!({"recovered": takes.collect::<Vec<_>>(), "failed": failed})))?;
    }
    Ok(if failed == 0 { Exit::Done } else { Exit::SomeFailed })
}

/// Makes recordings whole that a killed program left, and says what will be done with them.
pub fn mend(context: &Context) -> Vec<Unfinished> {
    // What is wrong with old sessions must not keep anybody from recording a new one.
    let mut unfinished = store::recover(&context.home).map(|found| found.unfinished).unwrap_or_default();
    // What could not be finished once is tried again only when somebody asks for it: `review recover`.
    unfinished.retain(|take| take.answer.problem.is_none());
    if !unfinished.is_empty() {
        let (takes, s) = (unfinished.len(), if unfinished.len() == 1 { "" } else { "s" });
        output::talk(&format!("{takes} earlier take{s} brought back; the report is made after this session."));
    }
    unfinished
}

/// Finishes takes and says so; returns how many could not be finished.
pub fn finish(context: &Context, takes: &[Unfinished]) -> Result<usize, Failure> {
    if takes.is_empty() {
        return Ok(0);
    }
    let mut finisher = Finisher::new(context)?;
    let mut failed = 0;
    for take in takes {
        match finisher.finish(take) {
            Ok(report) => output::talk(&told(take, &report)),
            Err(failure) => {
                finisher.note(take, &failure);
                failure.print();
                failed += 1;
            }
        }
    }
    Ok(failed)
}

fn told(take: &Unfinished, report: &Report) -> String {
    let length = report.recording.as_ref().map_or(0.0, |recording| recording.duration_s.0);
    let cut = if take.cut_off { ", cut off in the middle" } else { "" };
    format!("{}/{}: {}{cut}, {} words", take.session, take.answer.take, clock(length), report.transcript.words.len())
}

/// Finishes takes: transcript, then report, each on disk before the next.
struct Finisher<'a> {
    context: &'a Context,
    model: ChosenModel,
    assessor: Assessor,
    /// Loaded for the first take that has no transcript.
    pool: Option<TranscriptionPool>,
}

impl<'a> Finisher<'a> {
    fn new(context: &'a Context) -> Result<Finisher<'a>, Failure> {
        let model = parts::model(context)?;
        let assessor = parts::assessor(context, model.notices())?;
        Ok(Finisher { context, model, assessor, pool: None })
    }

    fn finish(&mut self, take: &Unfinished) -> Result<Report, Failure> {
        let mut folder = SessionFolder::open(&self.context.home, &take.session)?;
        let number = take.answer.take;
        let (heard, transcript) =
            match store::find_session(&self.context.home, &take.session)?.transcript(&take.answer)? {
                Some(transcript) => (assess::hear(&take.audio)?, transcript),
                None => {
                    let (heard, transcript) = self.transcribe(&take.audio)?;
                    folder.save_transcript(number, &transcript)?;
                    (heard, transcript)
                }
            };
        let question = question_of(self.context, &take.answer);
        let asked = AskedFrom { question: &question, bank: take.answer.question.bank.as_deref() };
        let report = self.assessor.report_recording(transcript, &heard, Some(asked));
        folder.save_report(number, &report)?;
        Ok(report)
    }
}

impl Finisher<'_> {
    /// Notes why a take could not be finished, so that not every start tries and says so again.
    fn note(&self, take: &Unfinished, failure: &Failure) {
        let noted = SessionFolder::open(&self.context.home, &take.session)
            .and_then(|mut folder| folder.note_problem(take.answer.take, &failure.parts().0));
        // It is said again then; nothing else is lost.
        drop(noted);
    }

    fn transcribe(&mut self, recording: &Path) -> Result<(HeardRecording, Transcript), Failure> {
        let pool = match &mut self.pool {
            Some(pool) => pool,
            none => none.insert(self.model.load_pool(None)?),
        };
        Ok(parts::transcribe(&self.model, recording, WantedSound::default(), pool)?)
    }
}

/// The question of a take: from its bank where that still has it, else as it was spoken.
pub fn question_of(context: &Context, answer: &Answer) -> Question {
    let asked = &answer.question;
    let part = answer.part.as_ref();
    let in_conversation = matches!(part, Some(TakePart::Phase { .. }));
    if answer.prompt == Prompt::FollowUp && !in_conversation {
        return Question::probe(&asked.id, &asked.text);
    }
    let known = questions::find(context, asked.bank.as_deref(), &asked.id);
    match known {
        // An answer in a conversation is judged by all that is to be discussed.
        Ok(chosen) if in_conversation => Question { text: asked.text.clone(), ..chosen.question },
        Ok(chosen) if chosen.question.text == asked.text => chosen.question,
        _ => Question { id: asked.id.clone(), text: asked.text.clone(), ..Question::default() },
    }
}
