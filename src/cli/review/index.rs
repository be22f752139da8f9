//! What the commands share that look across takes: the index with a bar, the question that is meant, and moments as they are typed.

use greenroom::index::{Index, IndexError};
use greenroom::setup::Context;
use greenroom::store::{self, NameError};
use greenroom::types::QuestionRef;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::civil::{Date, Time};
use jiff::{Span, Timestamp, ToSpan, Zoned};

use super::super::{Failure, output};

/// With fewer sessions to read than this, nobody waits long enough to want a bar.
const WORTH_A_BAR: usize = 100;

/// The index, brought up to date; what there is to say of it is said.
pub fn open(context: &Context) -> Result<Index, Failure> {
    with_bar(|progress| Index::open(&context.home, progress))
}

/// As [`open`], made again from the folders.
pub fn rebuild(context: &Context) -> Result<Index, Failure> {
    with_bar(|progress| greenroom::index::rebuild(&context.home, progress))
}

fn with_bar(open: impl FnOnce(&mut dyn FnMut(usize, usize)) -> Result<Index, IndexError>) -> Result<Index, Failure> {
    let style = ProgressStyle::with_template("reading sessions {bar:24} {pos}/{len}  {eta} left")
        .expect("the template is constant");
    let bar = ProgressBar::hidden();
    let index = open(&mut |done, of| {
        if of >= WORTH_A_BAR && bar.is_hidden() && done == 0 {
            bar.set_draw_target(indicatif::ProgressDrawTarget::stderr());
            bar.set_style(style.clone());
            bar.set_length(of as u64);
        }
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    let index = index?;
    index.notes.iter().for_each(|note| output::talk(&output::wrapped(note)));
    Ok(index)
}

/// Brings the index up to date with what a command changed. What is wrong with it is said, and undoes nothing.
pub fn refresh(context: &Context) {
    if let Err(failure) = open(context) {
        output::talk(&failure.parts().0);
    }
}

/// The question that is meant among those that were asked.
pub fn question(index: &mut Index, wanted: &str) -> Result<QuestionRef, Failure> {
    let takes = index.takes(Timestamp::MIN)?;
    let found = store::question_called(takes.iter().map(|take| &take.question), wanted);
    found.cloned().map_err(|error| {
        let failure = match error {
            NameError::Ambiguous(could_be) => Failure::new(format!("{wanted:?} could be several questions"))
                .because(format!("they are: {}", could_be.join(", "))),
            _ => Failure::new(format!("no question that was asked is called {wanted:?}")),
        };
        failure.hint("see what was asked: greenroom review list").into_usage()
    })
}

/// The moment that is meant by `2026-11-21`, `yesterday`, `30d` or `2 weeks`: a day begins at midnight, a time ago ends now.
pub fn moment(typed: &str, now: &Zoned, flag: &str) -> Result<Timestamp, Failure> {
    let midnight = |day: Date| day.to_datetime(Time::midnight()).to_zoned(now.time_zone().clone()).ok();
    let found = match typed.trim() {
        "today" => midnight(now.date()),
        "yesterday" => now.date().checked_sub(1.day()).ok().and_then(midnight),
        typed => match typed.parse::<Date>() {
            Ok(day) => midnight(day),
            Err(_) => typed.parse::<Span>().ok().and_then(|ago| now.checked_sub(ago.abs()).ok()),
        },
    };
    found.map(|moment| moment.timestamp()).ok_or_else(|| {
        Failure::usage(format!("{flag} {typed:?} is no day and no length of time"))
            .hint(format!("{flag} 30d, or {flag} 2026-11-21"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_understood_as_they_are_said() {
        let now: Zoned = "2026-11-21T20:00:00+01:00[Europe/Berlin]".parse().unwrap();
        let table = [
            ("2026-11-20", "2026-11-19T23:00:00Z"),
            ("yesterday", "2026-11-19T23:00:00Z"),
            ("today", "2026-11-20T23:00:00Z"),
            ("30d", "2026-10-22T18:00:00Z"),
            ("2 weeks", "2026-11-07T19:00:00Z"),
            ("12h", "2026-11-21T07:00:00Z"),
        ];
        for (typed, wanted) in table {
            assert_eq!(moment(typed, &now, "--since").unwrap().to_string(), wanted, "{typed}");
        }
        for typed in ["", "soon", "30", "2026-13-01", "999999999999y"] {
            assert!(moment(typed, &now, "--since").is_err(), "{typed:?}");
        }
    }
}
