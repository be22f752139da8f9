//! `greenroom review again`: transcribes and assesses takes again; what there was stays until the new is whole.

use greenroom::analysis::remarked;
use greenroom::asr::TranscriptionPool;
use greenroom::assess::{AskedFrom, Assessor};
use greenroom::audio::WantedSound;
use greenroom::setup::{self, ChosenModel, Context, question_of};
use greenroom::store::{SessionFolder, StoredSession};
use greenroom::types::{Answer, AnswerStatus, Report};
use serde_json::json;

use super::super::parts;
use super::super::{Exit, Failure, Outcome, context, output};

/// Transcribe and assess takes again. Your remarks stay, and the old report until the new one is whole.
#[derive(clap::Args)]
pub struct Args {
    /// A session, or one take of it (SESSION/TAKE)
    #[arg(value_name = "ID", default_value = "last")]
    id: String,
    /// Whisper model: a name from `greenroom models list` or a file
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> Outcome {
    let context = context::load_with(&[("model", "--model", args.model.as_deref())])?;
    let (stored, wanted) = setup::find_take(&context, &args.id)?;
    let answers = stored.session.answers.iter().filter(|answer| wanted.is_none_or(|take| take == answer.take));
    let heard: Vec<&Answer> = answers.filter(|answer| answer.status == AnswerStatus::Reported).collect();
    if heard.is_empty() {
        return Err(Failure::new(format!("nothing of {} has a report yet", args.id)).hint("greenroom review recover"));
    }
    let again = Again::new(&context, &stored)?;
    let mut told = Vec::new();
    let mut failed = 0;
    for answer in heard {
        match again.take(answer) {
            Ok((before, now)) => {
                let id = format!("{}/{}", stored.session.id, answer.take);
                output::talk(&format!("{id}: {}", changed(&before, &now)));
                told.push(json!({"take": id, "before": figures(&before), "now": figures(&now)}));
            }
            Err(failure) => {
                failure.print();
                failed += 1;
            }
        }
    }
    if args.json {
        output::result(&output::json(&json!({"again": told, "failed": failed})))?;
    }
    Ok(if failed == 0 { Exit::Done } else { Exit::SomeFailed })
}

/// Makes the takes of one session again.
struct Again<'a> {
    context: &'a Context,
    stored: &'a StoredSession,
    model: ChosenModel,
    assessor: Assessor,
    pool: TranscriptionPool,
}

impl<'a> Again<'a> {
    fn new(context: &'a Context, stored: &'a StoredSession) -> Result<Again<'a>, Failure> {
        let model = parts::model(context)?;
        let assessor = setup::assessor(context, model.notices())?;
        let pool = model.load_pool(None)?;
        Ok(Again { context, stored, model, assessor, pool })
    }

    /// The report that was, and the one that is now.
    fn take(&self, answer: &Answer) -> Result<(Report, Report), Failure> {
        let id = format!("{}/{}", self.stored.session.id, answer.take);
        let before = self.stored.report(answer)?;
        let before =
            before.ok_or_else(|| Failure::new(format!("{id} has no report")).hint("greenroom review recover"))?;
        let audio = self.stored.audio(answer).filter(|path| path.exists());
        let audio = audio.ok_or_else(|| {
            Failure::new(format!("{id} has no recording to hear again"))
                .hint(format!("its report is there: greenroom review show {id}"))
        })?;
        let (heard, transcript) = parts::transcribe(&self.model, &audio, WantedSound::default(), &self.pool)?;
        let question = question_of(self.context, answer);
        let asked = AskedFrom { question: &question, bank: answer.question.bank.as_deref() };
        let mut now = self.assessor.report_recording(transcript, &heard, Some(asked));
        // When the question ended is known to nobody but the old report.
        now.analysis.pauses.response_latency_s = before.analysis.pauses.response_latency_s;
        SessionFolder::open(&self.context.home, &self.stored.session.id)?.replace_report(
            answer.take,
            &now.transcript,
            &now,
        )?;
        if !self.stored.remarks(answer.take)?.no_fillers.is_empty() {
            self.stored.change_remarks(answer.take, |remarks| {
                for none in &mut remarks.no_fillers {
                    *none = remarked::moved(none, &now);
                }
            })?;
        }
        Ok((before, now))
    }
}

/// `tiny.en -> base.en: 121 words (118), 4 fillers (3), 4 of 4 parts told (3)`.
fn changed(before: &Report, now: &Report) -> String {
    let model = |report: &Report| report.transcript.model.clone().unwrap_or_else(|| "a text".to_owned());
    let told = |report: &Report| report.analysis.star.parts.values().filter(|part| part.present).count();
    let of = |name: &str, before: usize, now: usize| match before == now {
        true => format!("{now} {name}"),
        false => format!("{now} {name} ({before})"),
    };
    let words = of("words", before.analysis.length.words, now.analysis.length.words);
    let fillers = of("fillers", before.analysis.fillers.count, now.analysis.fillers.count);
    let parts = of("of 4 parts told", told(before), told(now));
    format!("{} -> {}: {words}, {fillers}, {parts}", model(before), model(now))
}

fn figures(report: &Report) -> serde_json::Value {
    let told = report.analysis.star.parts.iter().filter(|(_, part)| part.present);
    json!({
        "model": report.transcript.model,
        "words": report.analysis.length.words,
        "fillers": report.analysis.fillers.count,
        "parts": told.map(|(part, _)| part).collect::<Vec<_>>(),
    })
}
