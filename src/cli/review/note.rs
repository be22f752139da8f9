//! `greenroom review note`: points for the question of a take, and remarks on the take.

use greenroom::store;
use serde_json::json;

use super::super::{Exit, Failure, Outcome, context, output};
use super::find_seen;

/// Note points for the question of a take, or remark on the take; without a text, what was noted is listed.
#[derive(clap::Args)]
pub struct Args {
    /// A take, as for `show`; of a session the last one that has a report
    #[arg(value_name = "ID")]
    id: String,
    /// What you mean to say when you are asked this: each text is a point
    #[arg(value_name = "TEXT")]
    texts: Vec<String>,
    /// Each text is a remark on this take, and no point
    #[arg(long)]
    remark: bool,
    /// Take back what was noted (or remarked): its number, or its words
    #[arg(long, value_name = "NOTE")]
    remove: Vec<String>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args) -> Outcome {
    let context = context::load()?;
    let (stored, seen) = find_seen(&context, &args.id)?;
    let id = format!("{}/{}", stored.session.id, seen.number);
    let question = &stored.answer(seen.number)?.question;
    let texts = texts(&args.texts)?;
    let notes = store::question_notes(&context.home)?;
    let points = notes.of(question.bank.as_deref(), &question.id);
    let known = if args.remark { &seen.remarks.notes[..] } else { points };
    let removed = args.remove.iter().map(|wanted| noted(wanted, known, &id)).collect::<Result<Vec<_>, _>>()?;
    let changed = |notes: &mut Vec<String>| {
        notes.retain(|note| !removed.contains(note));
        texts.iter().for_each(|text| {
            if !notes.contains(text) {
                notes.push(text.clone())
            }
        });
    };
    match (texts.is_empty() && removed.is_empty(), args.remark) {
        (true, _) => {}
        (false, true) => stored.change_remarks(seen.number, |remarks| changed(&mut remarks.notes))?,
        (false, false) => store::change_notes(&context.home, question, changed)?,
    }
    let notes = store::question_notes(&context.home)?;
    let points = notes.of(question.bank.as_deref(), &question.id);
    let remarks = stored.remarks(seen.number)?.notes;
    if args.json {
        output::result(&output::json(
            &json!({"take": id, "question": question, "points": points, "remarks": remarks}),
        ))?;
        return Ok(Exit::Done);
    }
    output::result(&format!(
        "{}\nYour points for it, noted here\n{}Your remarks on {id}\n{}",
        question.text,
        numbered(points),
        numbered(&remarks)
    ))?;
    Ok(Exit::Done)
}

/// The texts as they are kept, each on one line.
fn texts(typed: &[String]) -> Result<Vec<String>, Failure> {
    let of = |text: &String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let texts: Vec<String> = typed.iter().map(of).collect();
    if texts.iter().any(|text| !text.chars().any(char::is_alphanumeric)) {
        return Err(Failure::usage("a note has words").hint("greenroom review note last \"What you mean to say\""));
    }
    Ok(texts)
}

/// The note of a number, or of these words.
fn noted(wanted: &str, known: &[String], id: &str) -> Result<String, Failure> {
    let by_number = wanted.parse().ok().and_then(|number: usize| known.get(number.checked_sub(1)?));
    let found = by_number.or_else(|| known.iter().find(|note| note.eq_ignore_ascii_case(wanted)));
    found.cloned().ok_or_else(|| {
        let listed: Vec<String> = known.iter().zip(1..).map(|(note, number)| format!("{number} {note:?}")).collect();
        let because = if listed.is_empty() { "there is none".to_owned() } else { listed.join("; ") };
        Failure::new(format!("{wanted:?} was not noted"))
            .because(format!("what was noted here: {because}; points of your own banks are changed in their files"))
            .hint(format!("greenroom review note {id}"))
    })
}

fn numbered(notes: &[String]) -> String {
    match notes {
        [] => "     none\n".to_owned(),
        notes => notes.iter().zip(1..).map(|(note, number)| format!("{number:>3}  {note}\n")).collect(),
    }
}
