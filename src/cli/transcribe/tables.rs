//! The tables of a whole batch: its files, and its people where folders are people.

use std::path::{Path, PathBuf};

use greenroom::batch::{self, Input, Outputs, Shard};
use greenroom::report::csv::{self, Row};
use greenroom::report::{batch as page, markdown};

use super::{Args, Exit, Failure, Outcome, Tally, Wanted, output, say_left, unwritable};

/// Writes the tables that were asked for. What an earlier run did is in them too: every recording's row was noted.
pub fn write(
    args: &Args,
    shard: Option<Shard>,
    outputs: &Outputs,
    inputs: &[Input],
    tally: &mut Tally,
) -> Result<(), Failure> {
    let asked = |wanted| args.format.contains(&wanted);
    if !asked(Wanted::Csv) && !asked(Wanted::Md) {
        return Ok(());
    }
    let mut rows: Vec<Row> = inputs.iter().filter_map(|input| outputs.row(input)).collect();
    rows.sort_by(|a, b| a.file.cmp(&b.file));
    let part = shard.map(|shard| format!("-{shard}")).unwrap_or_default();
    let folder = args.out.as_deref().unwrap_or(Path::new("."));
    for (path, text) in tables(folder, &part, &rows, asked(Wanted::Csv), asked(Wanted::Md)) {
        put(&path, &text, tally)?;
    }
    Ok(())
}

/// Makes one table of everything that was ever transcribed below a folder.
pub fn merge(folder: &Path) -> Outcome {
    let rows = batch::merged_rows(folder);
    if rows.is_empty() {
        return Err(Failure::new(format!("nothing was transcribed into {}", folder.display()))
            .hint("greenroom transcribe PATH --out DIR, then --merge DIR"));
    }
    let mut tally = Tally::default();
    for (path, text) in tables(folder, "", &rows, true, true) {
        put(&path, &text, &mut tally)?;
    }
    let failed = rows.iter().filter(|row| row.problem.is_some()).count();
    output::talk(&format!("{} recordings, {failed} of them not transcribed", rows.len()));
    Ok(if failed + tally.left_alone > 0 { Exit::SomeFailed } else { Exit::Done })
}

fn tables(folder: &Path, part: &str, rows: &[Row], csv: bool, md: bool) -> Vec<(PathBuf, String)> {
    let mut tables = Vec::new();
    if csv {
        tables.push((folder.join(format!("summary{part}.csv")), csv::summary(rows)));
        tables.extend(page::people(rows).map(|people| (folder.join(format!("people{part}.csv")), people)));
    }
    if md {
        tables.push((folder.join(format!("summary{part}.md")), markdown::render(&page::document(rows))));
    }
    tables
}

fn put(path: &Path, text: &str, tally: &mut Tally) -> Result<(), Failure> {
    if batch::write_summary(path, text).map_err(unwritable)? {
        output::talk(&format!("table: {}", path.display()));
    } else {
        say_left(path);
        tally.left_alone += 1;
    }
    Ok(())
}
