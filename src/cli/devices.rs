//! `greenroom devices`: microphones, and which one is used.

use greenroom::audio::devices::{self, Device};

use super::output::{self, BOLD, DIM, PLAIN};
use super::{Exit, Outcome, context};

/// Microphones, and which one is used.
#[derive(clap::Args)]
pub struct Args {
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args) -> Outcome {
    let context = context::load()?;
    let devices = devices::microphones()?;
    if args.json {
        output::result(&output::json(&devices))?;
        return Ok(Exit::Done);
    }
    if devices.is_empty() {
        output::talk("No microphone was found. The whole loop still runs without one: greenroom demo");
        return Ok(Exit::Done);
    }
    let mut text = format!("{BOLD}Microphones{PLAIN}\n");
    for device in &devices {
        text += &line(device, context.config.device());
    }
    text += &format!("\n{DIM}Choose one: greenroom config set device NAME{PLAIN}\n");
    output::result(&text)?;
    Ok(Exit::Done)
}

fn line(device: &Device, chosen: Option<&str>) -> String {
    let mark = if device.is_used(chosen) { "*" } else { " " };
    format!("{mark} {}\n    {DIM}{}{PLAIN}\n", device.name, device.id)
}
