//! `greenroom review search`: what was said, asked or remarked, to be found and heard again.

use greenroom::index::Search;
use greenroom::types::{Field, Hit, SearchResult, WordRange};

use super::super::live::clock;
use super::super::output::{self, BOLD, DIM, PLAIN};
use super::super::{Exit, Failure, Outcome, context};
use super::index;

/// Find what you said, what you were asked, and what you remarked.
#[derive(clap::Args)]
#[command(after_help = "All words must be there, in any of their forms: \"migrated\" also finds \"migrating\". \
    A phrase stands in quotes, '\"the backup was empty\"'; a star stands for the rest of a word, 'migrat*'. Capitals and accents \
    do not matter. The newest takes come first.")]
pub struct Args {
    /// Words, phrases in quotes, starts of words with a star
    #[arg(value_name = "WORDS", required = true)]
    words: Vec<String>,
    /// Only takes of this question: its id, or words of it
    #[arg(long, value_name = "QUESTION")]
    question: Option<String>,
    /// Where to look [default: said, question, remarks]
    #[arg(long = "in", value_name = "FIELD", value_delimiter = ',')]
    fields: Vec<Where>,
    /// At most so many hits
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// What can be searched.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Where {
    /// Your answers
    Said,
    /// The questions
    Question,
    /// Your remarks on takes
    Remarks,
    /// Your points for the questions
    Points,
    /// What the reports praised and advised
    Findings,
}

impl Where {
    fn field(self) -> Field {
        match self {
            Where::Said => Field::Said,
            Where::Question => Field::Question,
            Where::Remarks => Field::Remarks,
            Where::Points => Field::Points,
            Where::Findings => Field::Findings,
        }
    }
}

pub fn run(args: Args) -> Outcome {
    let context = context::load()?;
    let mut found = index::open(&context)?;
    let question = args.question.as_deref().map(|wanted| index::question(&mut found, wanted)).transpose()?;
    let fields: Vec<Field> = match &args.fields[..] {
        [] => vec![Field::Said, Field::Question, Field::Remarks],
        fields => fields.iter().map(|field| field.field()).collect(),
    };
    // A shell takes the quotes off a phrase that is one argument.
    let phrase = |word: &String| {
        let is_phrase = args.words.len() > 1 && word.contains(char::is_whitespace) && !word.contains('"');
        if is_phrase { format!("\"{word}\"") } else { word.clone() }
    };
    let words = args.words.iter().map(phrase).collect::<Vec<_>>().join(" ");
    let search = Search { words: &words, fields: &fields, question: question.as_ref(), limit: args.limit };
    let Some((count, hits)) = found.search(&search)? else {
        return Err(
            Failure::usage(format!("there is no word to look for in {words:?}")).hint("greenroom review search backup")
        );
    };
    if args.json {
        output::result(&output::json(&SearchResult { schema: SearchResult::SCHEMA.to_owned(), count, hits }))?;
        return Ok(Exit::Done);
    }
    for hit in &hits {
        output::result(&shown(hit))?;
    }
    output::talk(&told(count, &hits));
    Ok(Exit::Done)
}

fn shown(hit: &Hit) -> String {
    let at = match (hit.field, hit.at_s) {
        (_, Some(at)) => clock(at.0),
        (Field::Said, None) => "said".to_owned(),
        (Field::Question, None) => "asked".to_owned(),
        (Field::Remarks, None) => "your remark".to_owned(),
        (Field::Points, None) => "your point".to_owned(),
        (Field::Findings, None) => "the report".to_owned(),
    };
    let question = if hit.field == Field::Question { String::new() } else { brief(&hit.question.text) };
    let head = format!("{BOLD}{}/{}{PLAIN}  {at}  {DIM}{question}{PLAIN}", hit.take.session, hit.take.take);
    let quote = output::wrapped(&marked(&hit.quote, &hit.matched));
    format!("{head}\n  {}\n", quote.replace('\n', "\n  "))
}

fn brief(question: &str) -> String {
    let brief: String = question.chars().take(40).collect();
    if brief.len() < question.len() { format!("{} ...", brief.trim_end()) } else { brief }
}

/// The quote with what was found in bold.
fn marked(quote: &str, matched: &[WordRange]) -> String {
    let is_found = |place: usize| matched.iter().any(|range| range.contains(place));
    let words = quote.split(' ').enumerate();
    let words =
        words.map(|(place, word)| if is_found(place) { format!("{BOLD}{word}{PLAIN}") } else { word.to_owned() });
    words.collect::<Vec<_>>().join(" ")
}

fn told(count: usize, hits: &[Hit]) -> String {
    let takes = match count {
        0 => return "Nothing was found. What is looked for must be there in full: fewer words, or the start of one with a star.".to_owned(),
        1 => "1 take".to_owned(),
        count => format!("{count} takes"),
    };
    let shown = if hits.len() < count {
        format!(", of which the newest {} are shown (--limit N)", hits.len())
    } else {
        String::new()
    };
    let heard = hits.iter().find_map(|hit| Some((&hit.take, hit.at_s?)));
    let play = heard.map_or_else(String::new, |(take, at)| {
        // A moment before the word, so that it is not missed.
        let from = (at.0 - 1.0).max(0.0).floor();
        format!("\nHear it: greenroom review play {}/{} --from {from}", take.session, take.take)
    });
    format!("{takes}{shown}.{play}")
}
