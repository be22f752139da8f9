//! `greenroom review recover`: brings back takes whose program was killed, and finishes their reports.

use greenroom::asr::{Stop, Transcriber};
use greenroom::assess::{self, AskedFrom, AssessError, Assessor};
use greenroom::store::{self, SessionFolder, Unfinished};
use greenroom::types::{Question, Report, Transcript};
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
    if found.unfinished.is_empty() {
        output::talk("Every take is whole and has its report.");
    }
    let finisher = Finisher::new(&context)?;
    let mut recovered = Vec::new();
    let mut failed = found.problems.len();
    for take in &found.unfinished {
        match finisher.finish(take) {
            Ok(report) => {
                output::talk(&told(take, &report));
                recovered.push(json!({"session": take.session, "take": take.answer.take, "cut_off": take.cut_off}));
            }
            Err(failure) => {
                failure.print();
                failed += 1;
            }
        }
    }
    if as_json {
        output::result(&output::json(&json!({"recovered": recovered, "failed": failed})))?;
    }
    Ok(if failed == 0 { Exit::Done } else { Exit::SomeFailed })
}

fn told(take: &Unfinished, report: &Report) -> String {
    let length = report.recording.as_ref().map_or(0.0, |recording| recording.duration_s.0);
    let cut = if take.cut_off { ", cut off in the middle" } else { "" };
    format!("{}/{}: {}{cut}, {} words", take.session, take.answer.take, clock(length), report.transcript.words.len())
}

/// Says, at the start of another command, that something waits to be brought back.
pub fn mention(context: &Context) {
    // What is wrong with old sessions must not keep anybody from recording a new one.
    let Ok(found) = store::recover(&context.home) else { return };
    if !found.unfinished.is_empty() {
        let takes = found.unfinished.len();
        let s = if takes == 1 { "" } else { "s" };
        output::talk(&format!("{takes} take{s} of an earlier session wait for a report: greenroom review recover"));
    }
}

/// Finishes takes: transcript, then report, each on disk before the next.
struct Finisher<'a> {
    context: &'a Context,
    model: ChosenModel,
    assessor: Assessor,
}

impl<'a> Finisher<'a> {
    fn new(context: &'a Context) -> Result<Finisher<'a>, Failure> {
        let model = parts::model(context)?;
        let assessor = Assessor::new(parts::lexicon(context)?, model.notices());
        Ok(Finisher { context, model, assessor })
    }

    fn finish(&self, take: &Unfinished) -> Result<Report, Failure> {
        let mut folder = SessionFolder::open(&self.context.home, &take.session)?;
        let number = take.answer.take;
        let heard = assess::hear(&take.audio)?;
        let transcript = match store::find_session(&self.context.home, &take.session)?.transcript(&take.answer)? {
            Some(transcript) => transcript,
            None => {
                let mut whisper = self.model.load()?;
                let transcript = self.transcribe(&heard, whisper.as_mut())?;
                folder.save_transcript(number, &transcript)?;
                transcript
            }
        };
        let question = self.question(take);
        let asked = AskedFrom { question: &question, bank: take.answer.question.bank.as_deref() };
        let report = self.assessor.report_recording(transcript, &heard, Some(asked));
        folder.save_report(number, &report)?;
        Ok(report)
    }
}

impl Finisher<'_> {
    fn transcribe(
        &self,
        heard: &assess::HeardRecording,
        whisper: &mut dyn Transcriber,
    ) -> Result<Transcript, AssessError> {
        self.model.transcribing().transcribe(heard, whisper, &Stop::default(), &mut |_| {})
    }

    /// The question of a take: from its bank where that still has it, else as it was spoken.
    fn question(&self, take: &Unfinished) -> Question {
        let asked = &take.answer.question;
        let known = questions::find(self.context, asked.bank.as_deref(), &asked.id);
        match known {
            Ok(chosen) if chosen.question.text == asked.text => chosen.question,
            _ => Question { id: asked.id.clone(), text: asked.text.clone(), ..Question::default() },
        }
    }
}
