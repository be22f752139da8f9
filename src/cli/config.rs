//! `greenroom config`: what is set, where it comes from, and changing it.

use serde_json::json;

use greenroom::store::{Config, ConfigError, Home};

use super::{Exit, context, output::DIM, output::PLAIN};
use super::{Failure, Outcome, output};

/// Settings.
#[derive(clap::Subcommand)]
pub enum Command {
    /// The settings in force, and where each comes from
    Show {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Where the settings file is
    Path,
    /// Change a setting, keeping the rest of the file as it is
    Set {
        /// Which setting, as `config show` names it
        key: String,
        /// Its value
        value: String,
    },
}

pub fn run(command: Command) -> Outcome {
    match command {
        Command::Show { json } => show(json)?,
        Command::Path => {
            let home = Home::resolve(std::env::var_os(Home::VARIABLE))?;
            output::result(&home.config_file().display().to_string())?;
        }
        Command::Set { key, value } => set(&key, &value)?,
    }
    Ok(Exit::Done)
}

fn show(as_json: bool) -> Result<(), Failure> {
    let entries = context::load()?.config.entries();
    if as_json {
        let settings: serde_json::Map<String, serde_json::Value> = entries
            .iter()
            .map(|entry| {
                let value = entry.value.as_ref().map(ToString::to_string);
                (entry.key.name.to_owned(), json!({"value": value, "origin": entry.origin.to_string()}))
            })
            .collect();
        return output::result(&output::json(&settings));
    }
    let mut text = String::new();
    for entry in entries {
        let value = entry.value.map_or_else(|| "-".to_owned(), |value| value.to_string());
        text += &format!("{:<14} {:<22} {DIM}{}{PLAIN}\n", entry.key.name, value, entry.origin);
        text += &format!("{:<14} {DIM}{}{PLAIN}\n", "", entry.key.about);
    }
    output::result(&text)
}

fn set(key: &str, value: &str) -> Result<(), Failure> {
    let home = Home::resolve(std::env::var_os(Home::VARIABLE))?;
    home.prepare()?;
    Config::set(&home.config_file(), key, value).map_err(|error| match error {
        ConfigError::Store(_) | ConfigError::Syntax { .. } => Failure::from(error),
        error => Failure::from(error).into_usage(),
    })?;
    output::talk(&format!("{key} is now {value} ({})", home.config_file().display()));
    Ok(())
}
