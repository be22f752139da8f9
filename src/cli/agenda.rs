//! What a rehearsal asks, in words.

use greenroom::report;
use greenroom::setup::{Agenda, Order};

use super::{Exit, Outcome, output};

/// Prints the plan instead of rehearsing.
pub fn show(agenda: &Agenda, as_json: bool) -> Outcome {
    let text = if as_json { output::json(&agenda.plan) } else { text(agenda) };
    output::result(&text)?;
    Ok(Exit::Done)
}

/// Says what is going to be asked and why, where the program chose it.
pub fn tell(agenda: &Agenda) {
    match agenda.by {
        Order::AsChosen => {}
        Order::Due => output::talk(text(agenda).trim_end()),
        Order::Tonight => output::talk(&output::wrapped(&report::plan::in_a_line(&agenda.plan))),
    }
}

fn text(agenda: &Agenda) -> String {
    report::plan::render(&agenda.plan, agenda.today)
}
