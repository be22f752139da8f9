//! One of several parts of a batch, so that machines can share it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Input;
use super::record::{RECORDS, write_new_record};
use crate::audio::promised_length;
use crate::models::sha256::Hasher;
use crate::remedy::{NextStep, Remedy};
use crate::store::StoreError;

/// One of several parts of a batch: `1/4` to `4/4`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    part: usize,
    of: usize,
}

/// Why the environment says no part, though it begins to.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ShardError {
    /// The number of the part is there, and not of how many.
    #[error("{index} is set, and {count}, of how many parts, is not")]
    NoCount {
        /// The variable with the number.
        index: &'static str,
        /// The variable that is missing.
        count: &'static str,
    },
    /// The variables are no numbers that fit together.
    #[error("{index} and {count} do not say a part of a batch: {part:?} of {of:?}")]
    NoPart {
        /// The variable with the number.
        index: &'static str,
        /// The variable with the count.
        count: &'static str,
        /// What the first says.
        part: String,
        /// What the second says.
        of: String,
    },
}

impl Remedy for ShardError {
    fn next_step(&self) -> NextStep {
        "say the part with --shard 1/4; all of it is --shard 1/1".into()
    }
}

/// An engine that starts a program once for each part, and the variables in which it says which part this is.
struct Engine {
    index: &'static str,
    count: &'static str,
    /// The variable with the first number, and that number where it is not set.
    first: (Option<&'static str>, i64),
    step: Option<&'static str>,
}

const ENGINES: [Engine; 2] = [
    Engine {
        index: "SLURM_ARRAY_TASK_ID",
        count: "SLURM_ARRAY_TASK_COUNT",
        first: (Some("SLURM_ARRAY_TASK_MIN"), 1),
        step: Some("SLURM_ARRAY_TASK_STEP"),
    },
    // Kubernetes sets the index alone; the manifest in examples/scale says the count.
    Engine { index: "JOB_COMPLETION_INDEX", count: "JOB_COMPLETIONS", first: (None, 0), step: None },
];

impl Shard {
    /// The part that a Slurm array or an indexed Job of Kubernetes says, with the variable that says it.
    pub fn from_environment(
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<(Shard, &'static str)>, ShardError> {
        for Engine { index, count, first, step } in ENGINES {
            let Some(part) = variable(index).filter(|part| !part.is_empty()) else { continue };
            let of = variable(count).ok_or(ShardError::NoCount { index, count })?;
            let number = |name: Option<&str>, otherwise: i64| {
                name.and_then(&variable).and_then(|text| text.parse().ok()).unwrap_or(otherwise)
            };
            let (first, step) = (number(first.0, first.1), number(step, 1).max(1));
            let of_parts: Option<usize> = of.parse().ok();
            let steps = part.parse::<i64>().ok().map(|part| part - first).filter(|steps| steps % step == 0);
            let position = steps.and_then(|steps| usize::try_from(steps / step).ok());
            return match (position, of_parts) {
                (Some(position), Some(of)) if position < of => Ok(Some((Shard { part: position + 1, of }, index))),
                _ => Err(ShardError::NoPart { index, count, part, of }),
            };
        }
        Ok(None)
    }

    /// The recordings of this part.
    ///
    /// Parts hold about as many minutes of sound each. Which recording is in which part depends on the recordings alone, not
    /// on their order. Where `folder` is given, the first machine to ask notes it there and the others follow: so a part
    /// that is started again, or later than recordings were added, neither does another's work nor leaves its own.
    pub fn pick(self, inputs: Vec<Input>, folder: Option<&Path>) -> Result<Vec<Input>, StoreError> {
        let place = folder.map(|folder| folder.join(RECORDS).join(format!(".shards-of-{}.json", self.of)));
        let plan = match place.as_deref().and_then(Plan::read) {
            Some(plan) => plan,
            None => {
                let plan = Plan::of(&inputs, self.of);
                match place {
                    Some(place) => plan.agree(&place)?,
                    None => plan,
                }
            }
        };
        Ok(inputs.into_iter().filter(|input| plan.part(&key(input)) == self.part).collect())
    }
}

/// Which part each recording is in.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Plan {
    schema: String,
    of: usize,
    /// By the recording's [`key`].
    parts: BTreeMap<String, usize>,
}

/// How a recording, or a side of it, is called on every machine: by its place below what was named, not by where that is
/// mounted.
fn key(input: &Input) -> String {
    input.with_side(&input.below)
}

/// Bytes a second of a recording whose length is not known: 128 kbit/s.
const BYTES_A_SECOND: f64 = 16_000.0;

fn seconds(path: &PathBuf) -> f64 {
    let guessed = || std::fs::metadata(path).map_or(0.0, |about| about.len() as f64 / BYTES_A_SECOND);
    promised_length(path).ok().flatten().map_or_else(guessed, |length| length.0)
}

impl Plan {
    const SCHEMA: &str = "greenroom.shards/1";

    /// Puts each recording, the longest first, into the part that has least so far.
    fn of(inputs: &[Input], of: usize) -> Plan {
        let lengths = inputs.iter().map(|input| (seconds(&input.path), key(input))).collect();
        Plan::balanced(lengths, of)
    }

    fn balanced(mut lengths: Vec<(f64, String)>, of: usize) -> Plan {
        lengths.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        let mut loads = vec![0.0; of];
        let mut parts = BTreeMap::new();
        for (length, key) in lengths {
            let least = (0..of).min_by(|&a, &b| f64::total_cmp(&loads[a], &loads[b])).expect("there is a part");
            // A recording without length still takes a moment.
            loads[least] += length.max(0.1);
            parts.insert(key, least + 1);
        }
        Plan { schema: Plan::SCHEMA.to_owned(), of, parts }
    }

    /// The part of a recording; one that was added later has one by its name.
    fn part(&self, key: &str) -> usize {
        self.parts.get(key).copied().unwrap_or_else(|| {
            let mut name = Hasher::default();
            name.update(key.as_bytes());
            let digits = u64::from_str_radix(&name.finish()[..12], 16).expect("a digest is hexadecimal");
            1 + (digits % self.of as u64) as usize
        })
    }

    fn read(place: &Path) -> Option<Plan> {
        let plan: Plan = serde_json::from_slice(&std::fs::read(place).ok()?).ok()?;
        (plan.schema == Plan::SCHEMA).then_some(plan)
    }

    /// Notes this plan unless another machine was first; returns the one that holds.
    fn agree(self, place: &Path) -> Result<Plan, StoreError> {
        match write_new_record(place, &self) {
            Ok(()) => Ok(self),
            Err(error) => Plan::read(place).ok_or(error),
        }
    }
}

/// As part of a file's name: `1-of-4`.
impl std::fmt::Display for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-of-{}", self.part, self.of)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Shard, String> {
        let numbers = text.split_once('/').and_then(|(part, of)| Some((part.parse().ok()?, of.parse().ok()?)));
        match numbers {
            Some((part, of)) if (1..=of).contains(&part) => Ok(Shard { part, of }),
            _ => Err(format!("{text:?} is no part of a batch; write it like 1/4")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(variables: &[(&str, &str)]) -> Result<Option<Shard>, ShardError> {
        let found = Shard::from_environment(|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        });
        found.map(|found| found.map(|(shard, _)| shard))
    }

    #[test]
    fn a_part_is_written_as_a_fraction() {
        assert_eq!("2/3".parse(), Ok(Shard { part: 2, of: 3 }));
        for bad in ["0/3", "4/3", "1", "a/b", "1/0"] {
            assert!(bad.parse::<Shard>().is_err(), "{bad}");
        }
    }

    #[test]
    fn slurm_and_kubernetes_say_which_part_it_is() {
        let slurm = |id: &str, min: &str, step: &str| {
            said(&[
                ("SLURM_ARRAY_TASK_ID", id),
                ("SLURM_ARRAY_TASK_COUNT", "4"),
                ("SLURM_ARRAY_TASK_MIN", min),
                ("SLURM_ARRAY_TASK_STEP", step),
            ])
        };
        assert_eq!(slurm("1", "1", "1"), Ok(Some(Shard { part: 1, of: 4 })));
        assert_eq!(slurm("3", "0", "1"), Ok(Some(Shard { part: 4, of: 4 })));
        assert_eq!(slurm("20", "10", "5"), Ok(Some(Shard { part: 3, of: 4 })));
        assert!(slurm("9", "0", "1").is_err() && slurm("11", "10", "5").is_err());
        let kubernetes = [("JOB_COMPLETION_INDEX", "0"), ("JOB_COMPLETIONS", "3")];
        assert_eq!(said(&kubernetes), Ok(Some(Shard { part: 1, of: 3 })));
        assert!(said(&kubernetes[..1]).is_err(), "of how many is not said");
        assert_eq!(said(&[]), Ok(None));
    }

    #[test]
    fn the_parts_make_the_whole_share_nothing_and_are_as_long_as_each_other() {
        let lengths = [600.0, 30.0, 40.0, 300.0, 290.0, 20.0, 5.0];
        let named: Vec<_> = lengths.iter().enumerate().map(|(n, length)| (*length, format!("{n}.wav"))).collect();
        let plan = Plan::balanced(named.clone(), 2);
        let load = |part| named.iter().filter(|(_, key)| plan.part(key) == part).map(|(length, _)| length).sum::<f64>();
        assert!((load(1) - load(2)).abs() <= 30.0, "{} and {}", load(1), load(2));
        assert_eq!(load(1) + load(2), lengths.iter().sum::<f64>());
        let turned = Plan::balanced(named.into_iter().rev().collect(), 2);
        assert_eq!(turned, plan, "the order in which they are named changes nothing");
    }

    #[test]
    fn machines_that_share_a_folder_follow_the_first_plan_also_when_recordings_are_added() {
        let (recordings, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let input = |name: &str| {
            let path = recordings.path().join(name);
            std::fs::write(&path, vec![0; 1000 * name.len()]).unwrap();
            Input::new(path, name)
        };
        let some = vec![input("a.wav"), input("bb.wav"), input("ccc.wav")];
        let more = [some.clone(), vec![input("a-new-one-that-is-long.wav")]].concat();
        let picked = |part, inputs: &[Input]| Shard { part, of: 2 }.pick(inputs.to_vec(), Some(out.path())).unwrap();
        let first = picked(1, &some);
        let others = [picked(1, &more), picked(2, &more)];
        assert!(first.iter().all(|input| others[0].contains(input)), "{first:?} {others:?}");
        assert_eq!(others.concat().len(), more.len());
    }
}
