//! `greenroom review recover`: brings back takes whose program was killed, and finishes their reports.

use greenroom::remedy::Remedy;
use greenroom::setup::{Context, Finisher};
use greenroom::store::{self, Unfinished};
use greenroom::types::Report;
use serde_json::json;

use super::live::clock;
use super::parts::{self, PartsArgs};
use super::{Exit, Failure, Outcome, context, output};

pub fn run(args: &PartsArgs, as_json: bool) -> Outcome {
    let context = context::load_with(&args.as_flags())?;
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

/// Finishes takes and says so; returns how many could not be finished.
pub fn finish(context: &Context, takes: &[Unfinished]) -> Result<usize, Failure> {
    if takes.is_empty() {
        return Ok(0);
    }
    let mut finisher = Finisher::new(context, parts::model(context)?)?;
    let mut failed = 0;
    for take in takes {
        match parts::with_transcribing_bar(|begun, done| finisher.finish(take, begun, done)) {
            Ok(report) => output::talk(&told(take, &report)),
            Err(error) => {
                Failure::from(error).print();
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
