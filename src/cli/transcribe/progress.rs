//! How a batch goes: a bar on a terminal, and a line for each recording.
//!
//! No line has a word of what was said: such lines end in logs.

use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use greenroom::audio::promised_length;
use greenroom::batch::{BatchEvent, Input};
use greenroom::remedy::Remedy;
use greenroom::types::Report;
use indicatif::{ProgressBar, ProgressStyle};

use super::super::live::clock;
use super::{Failure, output};

/// The bar: recordings done, the one at hand, how much sound is done and left, speed against real time, time left.
pub struct Bar {
    bar: ProgressBar,
    began: Instant,
    recordings: usize,
    /// What all recordings promise to be long, once that is looked up.
    promised: Arc<Promised>,
    so_far: Mutex<SoFar>,
}

/// The lengths of all recordings together, looked up while the first is being transcribed.
#[derive(Default)]
struct Promised {
    ms: AtomicU64,
    is_known: AtomicBool,
}

#[derive(Default)]
struct SoFar {
    at_hand: String,
    /// Sound that is done, in seconds.
    sound_s: f64,
    done: usize,
    failed: usize,
}

impl Bar {
    pub fn new(inputs: &[Input]) -> Bar {
        let style = ProgressStyle::with_template("{bar:24} {pos}/{len}  {msg}").expect("the template is constant");
        let bar = ProgressBar::new(inputs.len() as u64).with_style(style);
        bar.enable_steady_tick(Duration::from_millis(200));
        let promised = Arc::new(Promised::default());
        look_up(inputs, Arc::clone(&promised));
        Bar { bar, began: Instant::now(), recordings: inputs.len(), promised, so_far: Mutex::default() }
    }

    pub fn show(&self, event: &BatchEvent) {
        match event {
            BatchEvent::Started { path, duration } => {
                let length = duration.map_or_else(String::new, |length| format!(" ({})", clock(length.0)));
                self.tell(|so_far| so_far.at_hand = format!("{}{length}", file_name(path)));
            }
            BatchEvent::Advanced { by, .. } => self.tell(|so_far| so_far.sound_s += by.0),
            BatchEvent::Done { path, report, .. } => {
                self.bar.inc(1);
                self.tell(|so_far| so_far.done += 1);
                let line = format!("{}: {}. {}", path.display(), length_of(report), self.left());
                self.suspend(|| output::talk(&line));
            }
            BatchEvent::Failed { error, .. } => {
                self.bar.inc(1);
                self.tell(|so_far| so_far.failed += 1);
                let failure = Failure::of(error).hint(error.hint());
                self.suspend(|| failure.print());
            }
        }
    }

    /// Does something that prints, above the bar.
    pub fn suspend<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bar.suspend(print)
    }

    fn tell(&self, change: impl FnOnce(&mut SoFar)) {
        let mut so_far = self.so_far.lock().expect("no worker panics while it holds this");
        change(&mut so_far);
        let (at_hand, sound_s) = (so_far.at_hand.clone(), so_far.sound_s);
        drop(so_far);
        self.bar.set_message(output::harmless(&format!("{at_hand}  {}", self.sound(sound_s))).into_owned());
    }

    /// `12:30 of 1:00:00 done, 8.3 x real time, 5:43 left`; what is not known yet is left out.
    fn sound(&self, done_s: f64) -> String {
        let speed = done_s / self.began.elapsed().as_secs_f64().max(0.001);
        let all_s = self.promised.ms.load(Ordering::Acquire) as f64 / 1000.0;
        if !self.promised.is_known.load(Ordering::Acquire) || all_s < done_s {
            return format!("{} done, {speed:.1} x real time", clock(done_s));
        }
        let left = if speed > 0.0 { format!(", {} left", clock((all_s - done_s) / speed)) } else { String::new() };
        format!("{} of {} done, {speed:.1} x real time{left}", clock(done_s), clock(all_s))
    }

    fn left(&self) -> String {
        let so_far = self.so_far.lock().expect("no worker panics while it holds this");
        let (number, sound_s) = (so_far.done + so_far.failed, so_far.sound_s);
        drop(so_far);
        format!("{number} of {}, {}", self.recordings, self.sound(sound_s))
    }

    pub fn finish(&self) {
        self.bar.finish_and_clear();
        let so_far = self.so_far.lock().expect("no worker panics while it holds this");
        let took = self.began.elapsed().as_secs_f64();
        let (done, sound, speed) = (so_far.done, clock(so_far.sound_s), so_far.sound_s / took.max(0.001));
        output::talk(&format!("{done} transcribed: {sound} of sound in {}, {speed:.1} x real time", clock(took)));
    }
}

/// Looks up how long the recordings promise to be. One that does not say counts as nothing.
fn look_up(inputs: &[Input], promised: Arc<Promised>) {
    let paths: Vec<_> = inputs.iter().map(|input| input.path.clone()).collect();
    let sum = move || {
        for path in paths {
            let length = promised_length(&path).ok().flatten().map_or(0.0, |length| length.0);
            promised.ms.fetch_add((length.max(0.0) * 1000.0) as u64, Ordering::AcqRel);
        }
        promised.is_known.store(true, Ordering::Release);
    };
    // Without a thread the time left is not told; that is all.
    let _ = std::thread::Builder::new().name("lengths".to_owned()).spawn(sum);
}

fn length_of(report: &Report) -> String {
    let length = report.recording.as_ref().map_or(0.0, |recording| recording.duration_s.0);
    format!("{}, {} words", clock(length), report.transcript.words.len())
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
