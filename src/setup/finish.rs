//! Takes whose program was killed: brought back, transcribed and reported on.

use std::path::Path;

use super::{ChosenModel, Context, SetupError};
use crate::asr::{Stop, TranscriptionPool};
use crate::assess::{self, AskedFrom, Assessor, HeardRecording};
use crate::causes::with_causes;
use crate::store::{self, SessionFolder, Unfinished};
use crate::types::{Answer, Prompt, Question, Report, Seconds, TakePart, Transcript};

/// Makes recordings whole that a killed program left, and tells what will be done with them.
pub fn bring_back(context: &Context) -> Vec<Unfinished> {
    // What is wrong with old sessions must not keep anybody from recording a new one.
    let mut unfinished = store::recover(&context.home).map(|found| found.unfinished).unwrap_or_default();
    // What could not be finished once is tried again only when somebody asks for it: `review recover`.
    unfinished.retain(|take| take.answer.problem.is_none());
    if !unfinished.is_empty() {
        let (takes, s) = (unfinished.len(), if unfinished.len() == 1 { "" } else { "s" });
        context.tell(&format!("{takes} earlier take{s} brought back; the report is made after this session."));
    }
    unfinished
}

/// Finishes takes: transcript, then report, each on disk before the next.
pub struct Finisher<'a> {
    context: &'a Context,
    model: ChosenModel,
    assessor: Assessor,
    /// Loaded for the first take that has no transcript.
    pool: Option<TranscriptionPool>,
}

impl<'a> Finisher<'a> {
    /// Finishes takes with a model.
    pub fn new(context: &'a Context, model: ChosenModel) -> Result<Finisher<'a>, SetupError> {
        let assessor = super::assessor(context, model.notices())?;
        Ok(Finisher { context, model, assessor, pool: None })
    }

    /// Finishes a take. `begun` is told how long its recording is, `done` how far it is transcribed.
    ///
    /// # Errors
    /// They are noted with the take, so that not every start tries it again.
    pub fn finish(
        &mut self,
        take: &Unfinished,
        begun: &mut dyn FnMut(Option<Seconds>),
        done: &mut dyn FnMut(Seconds),
    ) -> Result<Report, SetupError> {
        self.try_finish(take, begun, done).inspect_err(|error| self.note(take, error))
    }

    fn try_finish(
        &mut self,
        take: &Unfinished,
        begun: &mut dyn FnMut(Option<Seconds>),
        done: &mut dyn FnMut(Seconds),
    ) -> Result<Report, SetupError> {
        let mut folder = SessionFolder::open(&self.context.home, &take.session)?;
        let number = take.answer.take;
        let (heard, transcript) =
            match store::read_session_called(&self.context.home, &take.session)?.transcript(&take.answer)? {
                Some(transcript) => (assess::hear(&take.audio)?, transcript),
                None => {
                    let (heard, transcript) = self.transcribe(&take.audio, begun, done)?;
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

    /// Notes why a take could not be finished, so that not every start tries and says so again.
    fn note(&self, take: &Unfinished, error: &SetupError) {
        let noted = SessionFolder::open(&self.context.home, &take.session)
            .and_then(|mut folder| folder.note_problem(take.answer.take, &with_causes(error)));
        // It is said again then; nothing else is lost.
        drop(noted);
    }

    fn transcribe(
        &mut self,
        recording: &Path,
        begun: &mut dyn FnMut(Option<Seconds>),
        done: &mut dyn FnMut(Seconds),
    ) -> Result<(HeardRecording, Transcript), SetupError> {
        let pool = match &mut self.pool {
            Some(pool) => pool,
            none => none.insert(self.model.load_pool(None)?),
        };
        Ok(self.model.transcription().transcribe(recording, pool, &Stop::default(), begun, done)?)
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
    let known = super::find(context, asked.bank.as_deref(), &asked.id);
    match known {
        // An answer in a conversation is judged by all that is to be discussed.
        Ok(chosen) if in_conversation => Question { text: asked.text.clone(), ..chosen.question },
        Ok(chosen) if chosen.question.text == asked.text => chosen.question,
        _ => Question { id: asked.id.clone(), text: asked.text.clone(), ..Question::default() },
    }
}
