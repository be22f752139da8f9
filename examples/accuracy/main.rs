//! Compares measured figures of accuracy with the table in `content/accuracy/figures.tsv`.
//!
//! ```text
//! cargo run --no-default-features --example accuracy -- check MEASURED   fails if a figure fell by more than a point
//! cargo run --no-default-features --example accuracy -- write MEASURED   makes the table what was measured
//! ```
//!
//! `scripts/accuracy` measures and calls this.

#![allow(clippy::print_stderr)]

mod figures;

use std::path::Path;
use std::process::ExitCode;

use figures::Figures;

const HEAD: &str = "# Measured by scripts/accuracy: set, measure, share of 1. `scripts/accuracy --check` fails on a drop of\n\
    # more than a point; `scripts/accuracy --write` makes this file anew.\n";

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let what = arguments.next().unwrap_or_default();
    let measured = arguments.next().ok_or("say check or write, and the file of measured figures")?;
    let measured = Figures::parse(&std::fs::read_to_string(measured)?)?;
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/accuracy/figures.tsv");
    match what.as_str() {
        "write" => std::fs::write(table, format!("{HEAD}{}", measured.lines()))?,
        "check" => {
            let faults = measured.faults(&Figures::parse(&std::fs::read_to_string(table)?)?);
            for fault in &faults {
                eprintln!("{fault}");
            }
            if !faults.is_empty() {
                eprintln!("If this is meant: scripts/accuracy --write");
                return Ok(ExitCode::FAILURE);
            }
        }
        _ => return Err("say check or write".into()),
    }
    Ok(ExitCode::SUCCESS)
}
