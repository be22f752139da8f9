//! `greenroom review mark`: which points a take made, and what in it is no filler.

use greenroom::analysis::points;
use greenroom::setup::{self, SeenTake};
use greenroom::types::{Certainty, Covered, Filler, NoFiller, Point, PointMark, Report, WordRange};
use serde_json::json;

use super::super::live::clock;
use super::super::{Exit, Failure, Outcome, context, output};
use super::find_seen;

/// Say which of your points a take made, or that something was no filler; without flags both are listed.
#[derive(clap::Args)]
pub struct Args {
    /// A take, as for `show`; of a session the last one that has a report
    #[arg(value_name = "ID", default_value = "last")]
    id: String,
    /// This point was made: its number, or words of it
    #[arg(long, value_name = "POINT")]
    made: Vec<String>,
    /// This point was not made
    #[arg(long, value_name = "POINT")]
    not_made: Vec<String>,
    /// The words of the answer that made it, or were wrongly taken for it; else those that come closest
    #[arg(long, value_name = "WORDS")]
    by: Option<String>,
    /// Forget what was said of this point
    #[arg(long, value_name = "POINT")]
    clear: Vec<String>,
    /// This was no filler: its number, or the word where it was found once
    #[arg(long, value_name = "FILLER")]
    no_filler: Vec<String>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args) -> Outcome {
    let context = context::load()?;
    let (stored, seen) = find_seen(&context, &args.id)?;
    let take = Take { id: format!("{}/{}", stored.session.id, seen.number), report: &seen.report };
    let lexicon = setup::lexicon(&context)?;
    if args.by.is_some() && args.made.len() + args.not_made.len() != 1 {
        return Err(Failure::usage("--by says which words made one point").hint("one --made or one --not-made with it"));
    }
    let words = args.by.as_deref().map(|by| take.words(by)).transpose()?;
    let mut marks = Vec::new();
    for (wanted, made) in args.made.iter().map(|p| (p, true)).chain(args.not_made.iter().map(|p| (p, false))) {
        let point = take.point(wanted)?;
        marks.push(seen.mark(point, made, words, &lexicon));
    }
    let cleared =
        args.clear.iter().map(|wanted| Ok(take.point(wanted)?.text.clone())).collect::<Result<Vec<_>, Failure>>()?;
    let none = args.no_filler.iter().map(|wanted| take.filler(wanted)).collect::<Result<Vec<_>, _>>()?;
    if marks.is_empty() && cleared.is_empty() && none.is_empty() {
        return list(&take, args.json);
    }
    stored.change_remarks(seen.number, |remarks| {
        marks.iter().for_each(|mark| remarks.mark(mark.clone()));
        cleared.iter().for_each(|point| remarks.forget(point));
        none.iter().for_each(|none| remarks.no_filler(none.clone()));
    })?;
    marks.iter().for_each(|mark| output::talk(&output::wrapped(&said(mark))));
    cleared
        .iter()
        .for_each(|point| output::talk(&output::wrapped(&format!("\"{point}\" is judged by its words again"))));
    none.iter().for_each(|none| output::talk(&format!("\"{}\" counts as no filler", none.text)));
    if args.json {
        let (_, SeenTake { report, .. }) = find_seen(&context, &take.id)?;
        return list(&Take { id: take.id.clone(), report: &report }, true);
    }
    Ok(Exit::Done)
}

/// What a mark means from now on.
fn said(mark: &PointMark) -> String {
    let PointMark { point, made, clause } = mark;
    match (made, clause.is_empty()) {
        (true, false) => format!("\"{point}\" was made by \"{clause}\"; the next take is judged by these words too"),
        (true, true) => {
            format!("\"{point}\" was made. Nothing in the answer is like it: say which words made it with --by \"...\"")
        }
        (false, false) => format!("\"{point}\" was not made; \"{clause}\" is not taken for it again"),
        (false, true) => format!("\"{point}\" was not made"),
    }
}

/// A take whose points and fillers are named by number or by words.
struct Take<'a> {
    id: String,
    report: &'a Report,
}

impl Take<'_> {
    fn points(&self) -> Vec<&Point> {
        self.report.analysis.own_points().collect()
    }

    /// The person's point of a number, of these words, or the only one with these words in it.
    fn point(&self, wanted: &str) -> Result<&Point, Failure> {
        let points = self.points();
        if points.is_empty() {
            let what = format!("no point was noted for the question of {}", self.id);
            return Err(Failure::new(what).hint(format!("greenroom review note {} \"What you mean to say\"", self.id)));
        }
        if let Some(point) = wanted.parse().ok().and_then(|number: usize| points.get(number.checked_sub(1)?)) {
            return Ok(point);
        }
        if let Some(point) = points.iter().find(|point| points::same(&point.text, wanted)) {
            return Ok(point);
        }
        let wanted_words = wanted.to_lowercase();
        let mut with = points.iter().filter(|point| point.text.to_lowercase().contains(&wanted_words));
        match (with.next(), with.next()) {
            (Some(point), None) if wanted.parse::<usize>().is_err() => Ok(point),
            _ => {
                let listed: Vec<String> = points
                    .iter()
                    .zip(1..)
                    .map(|(point, number)| format!("{number} \"{}\"", brief(&point.text)))
                    .collect();
                Err(Failure::new(format!("{wanted:?} is not one of the points of {}", self.id))
                    .because(format!("they are: {}", listed.join("; ")))
                    .hint(format!("greenroom review mark {} --made 1", self.id)))
            }
        }
    }

    /// The filler of a number, or the only one of these words.
    fn filler(&self, wanted: &str) -> Result<NoFiller, Failure> {
        let items = &self.report.analysis.fillers.items;
        let numbered = wanted.parse().ok().and_then(|number: usize| items.get(number.checked_sub(1)?));
        let mut named = items.iter().filter(|filler| filler.text == wanted.to_lowercase());
        let found = match (numbered, named.next(), named.next()) {
            (Some(filler), ..) | (None, Some(filler), None) => filler,
            _ => {
                let listed: Vec<String> =
                    items.iter().zip(1..).map(|(one, at)| format!("{at} {}", self.around(one))).collect();
                let because = if listed.is_empty() {
                    "it has none".to_owned()
                } else {
                    format!("they are: {}", listed.join("; "))
                };
                return Err(Failure::new(format!("{wanted:?} is not one filler of {}", self.id))
                    .because(because)
                    .hint(format!("greenroom review mark {} --no-filler 1", self.id)));
            }
        };
        Ok(NoFiller::of(found))
    }

    /// Where the answer has these words.
    fn words(&self, by: &str) -> Result<WordRange, Failure> {
        self.report.transcript.find(by).ok_or_else(|| {
            Failure::new(format!("the answer of {} does not have the words {by:?}", self.id))
                .because("words count as they were written down")
                .hint(format!("read them: greenroom review show {} --transcript", self.id))
        })
    }

    /// A filler with the words beside it, or its time.
    fn around(&self, filler: &Filler) -> String {
        let at = filler.start_s.map(|at| format!(" at {}", clock(at.0))).unwrap_or_default();
        match filler.words {
            Some(words) => {
                let around = WordRange::new(words.first.saturating_sub(2), words.end + 2);
                format!("{:?} in {:?}{at}", filler.text, self.report.transcript.quote(around))
            }
            None => format!("{}{at}", filler.text),
        }
    }
}

/// The beginning of a point, for an error of one line.
fn brief(text: &str) -> String {
    let mut brief: String = text.chars().take(40).collect();
    if brief.len() < text.len() {
        brief.push_str(" ...");
    }
    brief
}

/// The points and fillers of a take, numbered.
fn list(take: &Take, as_json: bool) -> Outcome {
    let (points, fillers) = (take.points(), &take.report.analysis.fillers.items);
    if as_json {
        output::result(&output::json(&json!({"take": take.id, "points": points, "fillers": fillers})))?;
        return Ok(Exit::Done);
    }
    let mut text = format!("Points of {}\n", take.id);
    for (point, number) in points.iter().zip(1..) {
        let made = match point.covered {
            Covered::Yes => "yes",
            Covered::Partly => "maybe",
            Covered::No => "no",
        };
        let by = if point.marked { " (you said so)" } else { "" };
        text += &format!("{number:>3}  {made:5}  {}{by}\n", point.text);
    }
    if points.is_empty() {
        text += "     none was noted for this question\n";
    }
    text += "Fillers\n";
    for (filler, number) in fillers.iter().zip(1..) {
        let sure = if filler.certainty == Certainty::Sure { "" } else { " (possible)" };
        text += &format!("{number:>3}  {}{sure}\n", take.around(filler));
    }
    if fillers.is_empty() {
        text += "     none\n";
    }
    output::result(&text)?;
    Ok(Exit::Done)
}
