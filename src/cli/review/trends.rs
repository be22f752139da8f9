//! `greenroom review trends`: how a person's own figures move, against themselves.

use greenroom::index::IndexedTake;
use greenroom::practice::{self, TakeFigures};
use greenroom::report;
use greenroom::setup::{self, Context, Tags};
use greenroom::types::{QuestionRef, Trends};
use jiff::{Timestamp, Zoned};

use super::super::{Exit, Failure, Outcome, context, output};
use super::index;

/// How your figures move from take to take, against yourself and not against a norm.
#[derive(clap::Args)]
pub struct Args {
    /// Only takes of this question: its id, or words of it
    #[arg(long, value_name = "QUESTION")]
    question: Option<String>,
    /// Only takes of questions with this competency, a tag of your banks or ours
    #[arg(long, value_name = "TAG")]
    competency: Option<String>,
    /// Only takes since then: 30d, yesterday, 2026-11-21
    #[arg(long, value_name = "WHEN")]
    since: Option<String>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args) -> Outcome {
    let context = context::load()?;
    let since = args.since.as_deref().map(|since| index::moment(since, &Zoned::now(), "--since")).transpose()?;
    let mut found = index::open(&context)?;
    let question = args.question.as_deref().map(|wanted| index::question(&mut found, wanted)).transpose()?;
    let mut takes = found.takes(since.unwrap_or(Timestamp::MIN))?;
    takes.retain(|take| take.is_practice && question.as_ref().is_none_or(|asked| is_same(asked, &take.question)));
    if let Some(wanted) = &args.competency {
        takes = with_competency(&context, takes, wanted)?;
    }
    let figures = |take: IndexedTake| TakeFigures { name: take.name, at: take.at, figures: take.figures };
    let figures: Vec<TakeFigures> = takes.into_iter().map(figures).collect();
    let trends = Trends {
        schema: Trends::SCHEMA.to_owned(),
        question,
        competency: args.competency,
        takes: figures.len(),
        measures: practice::trends(&figures),
    };
    if args.json {
        output::result(&output::json(&trends))?;
    } else if trends.measures.is_empty() {
        output::talk("There is no take to look at yet. Begin with: greenroom rehearse");
    } else {
        output::result(&report::trends::render(&trends))?;
    }
    Ok(Exit::Done)
}

fn is_same(a: &QuestionRef, b: &QuestionRef) -> bool {
    a.is(b.bank.as_deref(), &b.id)
}

/// Takes of questions with this tag in today's banks.
fn with_competency(context: &Context, mut takes: Vec<IndexedTake>, wanted: &str) -> Result<Vec<IndexedTake>, Failure> {
    let banks = setup::banks(context)?;
    let tags = Tags::of(banks.iter());
    let of_take = |take: &IndexedTake| tags.of_question(take.question.bank.as_deref(), &take.question.id);
    let mut known: Vec<String> = takes.iter().flat_map(of_take).collect();
    known.sort();
    known.dedup();
    takes.retain(|take| of_take(take).iter().any(|tag| tag.eq_ignore_ascii_case(wanted)));
    if takes.is_empty() {
        let because = if known.is_empty() {
            "no take has any".to_owned()
        } else {
            format!("your takes have: {}", known.join(", "))
        };
        let failure = Failure::new(format!("no take shows the competency {wanted:?}")).because(because);
        return Err(failure.hint("the tags of questions: greenroom bank show BANK").into_usage());
    }
    Ok(takes)
}
