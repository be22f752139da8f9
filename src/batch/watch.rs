//! A folder that is added to: which recordings have come to their end.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::Input;
use super::record::Source;

/// Recordings that were seen, and since when each of them has stayed as it is.
#[derive(Debug)]
pub struct Watch {
    settle: Duration,
    seen: HashMap<PathBuf, Seen>,
}

#[derive(Debug)]
struct Seen {
    as_it_is: Source,
    since: Instant,
    was_given: bool,
}

impl Watch {
    /// Takes a recording for finished once it has not changed for `settle`.
    pub fn new(settle: Duration) -> Watch {
        Watch { settle, seen: HashMap::new() }
    }

    /// Looks at what there is `now`; returns the recordings that have stopped growing, each once until it changes again.
    pub fn ready(&mut self, inputs: Vec<Input>, now: Instant) -> Vec<Input> {
        let sources = inputs.into_iter().filter_map(|input| Some((Source::of(&input.path).ok()?, input)));
        let mut ready = Vec::new();
        for (source, input) in sources {
            let seen = self.seen.entry(input.path.clone()).or_insert_with(|| Seen {
                as_it_is: source.clone(),
                since: now,
                was_given: false,
            });
            if seen.as_it_is != source {
                *seen = Seen { as_it_is: source, since: now, was_given: false };
            }
            if !seen.was_given && now.duration_since(seen.since) >= self.settle && seen.as_it_is.bytes > 0 {
                seen.was_given = true;
                ready.push(input);
            }
        }
        ready
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_is_taken_when_it_has_stopped_growing_and_again_only_when_it_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        let input = Input::new(&path, "a.wav");
        let began = Instant::now();
        let mut watch = Watch::new(Duration::from_secs(3));
        let mut look = |after_s| watch.ready(vec![input.clone()], began + Duration::from_secs(after_s)).len();
        assert_eq!(look(0), 0, "it is not there yet");
        std::fs::write(&path, "one").unwrap();
        assert_eq!((look(1), look(3)), (0, 0));
        std::fs::write(&path, "one two").unwrap();
        assert_eq!((look(4), look(6), look(7), look(8)), (0, 0, 1, 0));
        std::fs::write(&path, "another").unwrap();
        assert_eq!((look(9), look(12), look(20)), (0, 1, 0));
    }
}
