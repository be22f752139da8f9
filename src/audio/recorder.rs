//! What the capture thread does, step by step and without a thread: from the ring to the disk and to events.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::SPEECH_RATE_HZ;
use super::input::InputHealth;
use super::level::{Meter, MicCheck, Probe};
use super::resample::{StreamResampler, UnusableRate};
use super::speech_spans::{DetectorSettings, SpeechDetector, SpeechEdge};
use super::wav::WavRecording;
use crate::analysis::voice::{VoiceTrack, VoiceTracker};
use crate::types::{Seconds, Span};

/// How sound is captured.
#[derive(Clone, Debug)]
pub struct CaptureSettings {
    /// Sound dropped after a take begins: what is still on its way from the loudspeaker through the room
    /// and the sound system, so that the end of the question is not in the answer.
    pub guard: Seconds,
    /// Without sound for this long, the device is gone.
    pub watchdog: Duration,
    /// The first sound may take this long: Bluetooth wakes up slowly.
    pub first_sound: Duration,
    /// How speech is told from pauses.
    pub detector: DetectorSettings,
}

impl Default for CaptureSettings {
    fn default() -> Self {
        CaptureSettings {
            guard: Seconds(0.15),
            watchdog: Duration::from_millis(1_200),
            first_sound: Duration::from_secs(4),
            detector: DetectorSettings::default(),
        }
    }
}

/// What happens while a take is kept. Times are from its start, pauses left out.
#[derive(Clone, Debug, PartialEq)]
pub enum CaptureEvent {
    /// Ten times a second of kept sound.
    Level {
        /// How much was kept so far.
        elapsed: Seconds,
        /// Loudness of the last tenth of a second (root mean square), at least -120.
        rms_dbfs: f64,
        /// Its loudest sample, at least -120.
        peak_dbfs: f64,
    },
    /// The next kept sound, mono at 16 kHz.
    Sound(Vec<f32>),
    /// Somebody began or ceased to speak; sent after the sound in which it was found.
    Speech(SpeechEdge),
    /// For this long every sample has been exactly zero: the microphone is muted. Once a take.
    AllZero(Seconds),
    /// This many samples at the device's rate came too fast and were lost.
    Overflow(u64),
    /// The take came to an end by itself; what was recorded is kept and waits to be taken.
    Ended {
        /// Why.
        by: EndedBy,
        /// How much was kept.
        kept: Seconds,
    },
    /// The device is gone while no take was kept.
    DeviceLost,
}

/// Why a take ended.
#[derive(Clone, Debug, PartialEq)]
pub enum EndedBy {
    /// It was asked to.
    Asked,
    /// The microphone is gone.
    DeviceLost,
    /// The file that stands in for a microphone is over.
    InputOver,
    /// The disk is full.
    DiskFull,
    /// The file could not be written, with what the system said.
    WriteFailed(String),
}

impl EndedBy {
    fn of_write(error: &io::Error) -> EndedBy {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => EndedBy::DiskFull,
            _ => EndedBy::WriteFailed(error.to_string()),
        }
    }
}

/// A recorded answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Take {
    /// The WAV file.
    pub path: PathBuf,
    /// How long it is, pauses left out.
    pub duration: Seconds,
    /// Samples a second in the file.
    pub sample_rate_hz: u32,
    /// Its voice, frame by frame.
    pub voice: VoiceTrack,
    /// Where somebody speaks, in order.
    pub speech: Vec<Span>,
    /// Samples at the device's rate that came too fast and were lost; 0 unless the machine was overloaded.
    pub overflowed: u64,
    /// Why it ended.
    pub ended_by: EndedBy,
}

/// How often the file is made whole, in seconds of sound.
const FLUSH_EVERY: Seconds = Seconds(0.5);

/// After this long with nothing but zeros a microphone is taken for muted.
const MUTED_AFTER: Seconds = Seconds(5.0);

/// Steps that are further apart than this say that the program itself did not run.
const STARVED: Duration = Duration::from_millis(300);

/// Receives what happens, on the capture thread; it must not wait.
pub type OnEvent = Box<dyn FnMut(CaptureEvent) + Send>;

/// Everything behind an open input but the thread.
pub struct Recorder {
    ring: rtrb::Consumer<f32>,
    health: Arc<InputHealth>,
    rate_hz: u32,
    settings: CaptureSettings,
    mode: Mode,
    /// The take that came to an end and was not taken yet.
    ended: Option<Take>,
    takes: u64,
    delivered: u64,
    last_sound: Instant,
    last_step: Instant,
    lost_told: bool,
    scratch: Vec<f32>,
}

enum Mode {
    Idle,
    Probing(Probe),
    Recording(Box<ActiveTake>),
}

/// A take that goes on.
struct ActiveTake {
    recording: WavRecording,
    number: u64,
    /// Samples still to be dropped at the start.
    to_drop: usize,
    paused: bool,
    unflushed: usize,
    overflowed_before: u64,
    overflow_told: u64,
    zeros: Option<usize>,
    meter: Meter,
    resampler: StreamResampler,
    detector: SpeechDetector,
    voice: VoiceTracker,
}

impl Recorder {
    /// A recorder of what comes out of `ring` at `rate_hz`.
    pub fn new(
        ring: rtrb::Consumer<f32>,
        health: Arc<InputHealth>,
        rate_hz: u32,
        settings: CaptureSettings,
        now: Instant,
    ) -> Result<Recorder, UnusableRate> {
        StreamResampler::new(rate_hz, SPEECH_RATE_HZ)?;
        Ok(Recorder {
            ring,
            health,
            rate_hz,
            settings,
            mode: Mode::Idle,
            ended: None,
            takes: 0,
            delivered: 0,
            last_sound: now,
            last_step: now,
            lost_told: false,
            scratch: Vec::new(),
        })
    }

    /// Whether the device is gone.
    pub fn is_lost(&self) -> bool {
        self.health.is_lost()
    }

    /// Whether a take goes on.
    pub fn is_keeping(&self) -> bool {
        matches!(self.mode, Mode::Recording(_))
    }

    /// Begins a take that will be `path`. What was captured before now is dropped.
    pub fn begin(&mut self, path: &Path) -> io::Result<()> {
        let recording = WavRecording::create(path, self.rate_hz)?;
        self.drain();
        self.takes += 1;
        self.ended = None;
        let overflowed = self.health.overflowed.load(Ordering::Relaxed);
        self.mode = Mode::Recording(Box::new(ActiveTake {
            recording,
            number: self.takes,
            to_drop: self.settings.guard.to_samples(self.rate_hz),
            paused: false,
            unflushed: 0,
            overflowed_before: overflowed,
            overflow_told: overflowed,
            zeros: Some(0),
            meter: Meter::new(self.rate_hz / 10),
            resampler: StreamResampler::new(self.rate_hz, SPEECH_RATE_HZ).expect("the rate was tried in new"),
            detector: SpeechDetector::new(self.settings.detector.clone()),
            voice: VoiceTracker::default(),
        }));
        if self.settings.guard == Seconds::ZERO {
            self.health.wanted.store(self.takes, Ordering::Release);
        }
        Ok(())
    }

    /// Ends the take and returns it; also one that ended by itself. `None` where there is none.
    pub fn end(&mut self, on_event: &mut OnEvent) -> Option<Take> {
        self.read(on_event);
        if self.is_keeping() {
            self.close(EndedBy::Asked, on_event);
        }
        self.ended.take()
    }

    /// Throws the take away.
    pub fn discard(&mut self) -> io::Result<()> {
        self.health.wanted.store(0, Ordering::Release);
        if let Some(ended) = self.ended.take() {
            return std::fs::remove_file(ended.path);
        }
        match std::mem::replace(&mut self.mode, Mode::Idle) {
            Mode::Recording(active) => active.recording.discard(),
            _ => Ok(()),
        }
    }

    /// Stops (`true`) and goes on (`false`) keeping sound; the take's time stands still meanwhile.
    pub fn pause(&mut self, paused: bool, on_event: &mut OnEvent) {
        // What came before the key was pressed belongs to the time before.
        self.read(on_event);
        if let Mode::Recording(active) = &mut self.mode {
            active.paused = paused;
            let wanted = if paused || active.to_drop > 0 { 0 } else { active.number };
            self.health.wanted.store(wanted, Ordering::Release);
        }
    }

    /// Begins to listen for `duration` without keeping anything.
    pub fn begin_probe(&mut self, duration: Seconds) {
        self.drain();
        self.mode = Mode::Probing(Probe::new(duration.to_samples(self.rate_hz)));
    }

    /// What was heard since [`begin_probe`](Self::begin_probe), once it is enough.
    pub fn probed(&mut self) -> Option<MicCheck> {
        let Mode::Probing(probe) = &self.mode else { return None };
        let check = probe.verdict()?;
        self.mode = Mode::Idle;
        Some(check)
    }

    /// Takes what came in, and looks whether the device is still there. To be called many times a second.
    pub fn step(&mut self, now: Instant, on_event: &mut OnEvent) {
        // Asked before the ring is read: what comes in between is read in the next step.
        let finished = self.health.finished.load(Ordering::Acquire);
        self.watch(now);
        self.read(on_event);
        if self.is_lost() && !self.lost_told {
            self.lost_told = true;
            match self.mode {
                Mode::Recording(_) => self.close_by_itself(EndedBy::DeviceLost, on_event),
                _ => on_event(CaptureEvent::DeviceLost),
            }
        } else if matches!(&self.mode, Mode::Recording(active) if active.number == finished) {
            self.close_by_itself(EndedBy::InputOver, on_event);
        }
    }

    /// Marks the device as gone when nothing came for too long.
    fn watch(&mut self, now: Instant) {
        // A program that was stopped itself, or starved, heard nothing meanwhile: not the device's fault.
        let slept = now.saturating_duration_since(self.last_step);
        if slept > STARVED {
            self.last_sound += slept;
        }
        self.last_step = now;
        let delivered = self.health.delivered.load(Ordering::Relaxed);
        if delivered != self.delivered {
            (self.delivered, self.last_sound) = (delivered, now);
        }
        let limit = if delivered == 0 { self.settings.first_sound } else { self.settings.watchdog };
        if now.saturating_duration_since(self.last_sound) > limit {
            self.health.lose();
        }
    }

    /// Takes everything out of the ring and does with it what is being done.
    fn read(&mut self, on_event: &mut OnEvent) {
        let mut sound = std::mem::take(&mut self.scratch);
        sound.clear();
        if let Ok(chunk) = self.ring.read_chunk(self.ring.slots()) {
            let (first, second) = chunk.as_slices();
            sound.extend_from_slice(first);
            sound.extend_from_slice(second);
            chunk.commit_all();
        }
        let mut failed = None;
        match &mut self.mode {
            Mode::Idle => {}
            Mode::Probing(probe) => probe.take(&sound),
            Mode::Recording(active) => {
                let guarding = active.to_drop > 0;
                failed = active.take(&sound, &self.health, self.rate_hz, on_event).err();
                if guarding && active.to_drop == 0 && !active.paused {
                    self.health.wanted.store(active.number, Ordering::Release);
                }
            }
        }
        self.scratch = sound;
        if let Some(error) = failed {
            self.close_by_itself(EndedBy::of_write(&error), on_event);
        }
    }

    fn drain(&mut self) {
        if let Ok(chunk) = self.ring.read_chunk(self.ring.slots()) {
            chunk.commit_all();
        }
    }

    fn close_by_itself(&mut self, by: EndedBy, on_event: &mut OnEvent) {
        self.close(by, on_event);
        if let Some(take) = &self.ended {
            on_event(CaptureEvent::Ended { by: take.ended_by.clone(), kept: take.duration });
        }
    }

    /// Makes the take whole and puts it aside.
    fn close(&mut self, by: EndedBy, on_event: &mut OnEvent) {
        self.health.wanted.store(0, Ordering::Release);
        if let Mode::Recording(active) = std::mem::replace(&mut self.mode, Mode::Idle) {
            self.ended = Some(active.close(by, &self.health, self.rate_hz, on_event));
        }
    }
}

impl ActiveTake {
    fn take(&mut self, sound: &[f32], health: &InputHealth, rate_hz: u32, on_event: &mut OnEvent) -> io::Result<()> {
        let overflowed = health.overflowed.load(Ordering::Relaxed);
        if overflowed > self.overflow_told {
            on_event(CaptureEvent::Overflow(overflowed - self.overflow_told));
            self.overflow_told = overflowed;
        }
        let dropped = self.to_drop.min(sound.len());
        self.to_drop -= dropped;
        let sound = &sound[dropped..];
        if self.paused || sound.is_empty() {
            return Ok(());
        }
        self.recording.write(sound)?;
        self.unflushed += sound.len();
        if self.unflushed >= FLUSH_EVERY.to_samples(rate_hz) {
            self.recording.flush()?;
            self.unflushed = 0;
        }
        self.detect_mute(sound, rate_hz, on_event);
        let mut fresh = Vec::new();
        self.resampler.push(sound, &mut fresh);
        self.forward(fresh, on_event);
        let elapsed = self.recording.duration();
        self.meter.take(sound, &mut |rms_dbfs, peak_dbfs| {
            on_event(CaptureEvent::Level { elapsed, rms_dbfs, peak_dbfs });
        });
        Ok(())
    }

    /// Passes samples at the speech rate on to what listens.
    fn forward(&mut self, fresh: Vec<f32>, on_event: &mut OnEvent) {
        if fresh.is_empty() {
            return;
        }
        self.voice.push(&fresh);
        on_event(CaptureEvent::Sound(fresh.clone()));
        self.detector.push(&fresh, &mut |edge| on_event(CaptureEvent::Speech(edge)));
    }

    fn detect_mute(&mut self, sound: &[f32], rate_hz: u32, on_event: &mut OnEvent) {
        let Some(zeros) = self.zeros else { return };
        let zeros = if sound.iter().all(|s| *s == 0.0) { zeros + sound.len() } else { 0 };
        self.zeros = Some(zeros);
        let so_far = Seconds::of_samples(zeros, rate_hz);
        if so_far >= MUTED_AFTER {
            self.zeros = None;
            on_event(CaptureEvent::AllZero(so_far));
        }
    }

    fn close(mut self: Box<Self>, by: EndedBy, health: &InputHealth, rate_hz: u32, on_event: &mut OnEvent) -> Take {
        let mut fresh = Vec::new();
        self.resampler.finish(&mut fresh);
        self.forward(fresh, on_event);
        self.detector.finish(&mut |edge| on_event(CaptureEvent::Speech(edge)));
        let duration = self.recording.duration();
        let (path, ended_by) = match self.recording.finish() {
            Ok(path) => (path, by),
            Err((error, path)) if by == EndedBy::Asked => (path, EndedBy::of_write(&error)),
            Err((_, path)) => (path, by),
        };
        Take {
            path,
            duration,
            sample_rate_hz: rate_hz,
            voice: self.voice.finish(),
            speech: self.detector.spans().to_vec(),
            overflowed: health.overflowed.load(Ordering::Relaxed) - self.overflowed_before,
            ended_by,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::wav::samples_of;
    use super::*;
    use std::sync::{Mutex, mpsc};

    const RATE_HZ: u32 = 16_000;

    /// A recorder whose microphone is the test.
    struct Bench {
        recorder: Recorder,
        microphone: rtrb::Producer<f32>,
        health: Arc<InputHealth>,
        now: Instant,
        on_event: OnEvent,
        events: Mutex<mpsc::Receiver<CaptureEvent>>,
        dir: tempfile::TempDir,
    }

    impl Bench {
        fn new(settings: CaptureSettings) -> Bench {
            let (microphone, ring) = rtrb::RingBuffer::new(RATE_HZ as usize * 20);
            let health = Arc::new(InputHealth::default());
            let now = Instant::now();
            let (sender, events) = mpsc::channel();
            Bench {
                recorder: Recorder::new(ring, Arc::clone(&health), RATE_HZ, settings, now).unwrap(),
                microphone,
                health,
                now,
                on_event: Box::new(move |event| sender.send(event).unwrap()),
                events: Mutex::new(events),
                dir: tempfile::tempdir().unwrap(),
            }
        }

        fn without_guard() -> Bench {
            Bench::new(CaptureSettings { guard: Seconds::ZERO, ..CaptureSettings::default() })
        }

        fn path(&self) -> PathBuf {
            self.dir.path().join("take.wav")
        }

        fn begin(&mut self) {
            let path = self.path();
            self.recorder.begin(&path).unwrap();
        }

        fn end(&mut self) -> Option<Take> {
            self.recorder.end(&mut self.on_event)
        }

        fn pause(&mut self, paused: bool) {
            self.recorder.pause(paused, &mut self.on_event);
        }

        /// Time passes, and the microphone hears `value` all the while.
        fn hear(&mut self, value: f32, seconds: f64) {
            for _ in 0..(seconds * 50.0).round() as usize {
                self.microphone.push_entire_slice(&[value; RATE_HZ as usize / 50]).unwrap();
                self.health.count(RATE_HZ as usize / 50, 0);
                self.step_after(0.02);
            }
        }

        /// Time passes without any sound.
        fn wait(&mut self, seconds: f64) {
            for _ in 0..(seconds * 50.0).round() as usize {
                self.step_after(0.02);
            }
        }

        fn step_after(&mut self, seconds: f64) {
            self.now += Duration::from_secs_f64(seconds);
            self.recorder.step(self.now, &mut self.on_event);
        }

        fn events(&self) -> Vec<CaptureEvent> {
            self.events.lock().unwrap().try_iter().collect()
        }
    }

    /// How many samples of each value there are, in order.
    fn runs(samples: &[f32]) -> Vec<(f32, usize)> {
        let mut runs: Vec<(f32, usize)> = Vec::new();
        for &sample in samples {
            match runs.last_mut() {
                Some((value, count)) if *value == sample => *count += 1,
                _ => runs.push((sample, 1)),
            }
        }
        runs
    }

    #[test]
    fn the_question_before_the_take_and_its_echo_within_the_guard_are_not_in_the_answer() {
        let mut bench = Bench::new(CaptureSettings { guard: Seconds(0.1), ..CaptureSettings::default() });
        bench.hear(0.5, 1.0);
        bench.microphone.push_entire_slice(&[0.5; 999]).unwrap();
        bench.begin();
        bench.hear(0.5, 0.1);
        bench.hear(0.25, 0.5);
        let take = bench.end().unwrap();
        assert_eq!(runs(&samples_of(&take.path)), [(0.25, 8_000)]);
        assert_eq!(take.duration, Seconds(0.5));
        assert_eq!(runs(&samples_of(&take.path)), [(0.25, 8_000)]);
    }

    #[test]
    fn a_pause_is_cut_out_of_the_sound_and_of_its_time() {
        let mut bench = Bench::without_guard();
        bench.begin();
        bench.hear(0.25, 0.5);
        bench.pause(true);
        bench.hear(0.5, 1.0);
        bench.pause(false);
        bench.hear(0.125, 0.5);
        let take = bench.end().unwrap();
        assert_eq!(runs(&samples_of(&take.path)), [(0.25, 8_000), (0.125, 8_000)]);
        assert_eq!(take.duration, Seconds(1.0));
        assert_eq!(take.ended_by, EndedBy::Asked);
    }

    #[test]
    fn a_microphone_that_falls_silent_ends_the_take_and_what_was_recorded_is_kept() {
        let mut bench = Bench::without_guard();
        bench.begin();
        bench.hear(0.25, 0.5);
        bench.wait(1.0);
        assert!(bench.recorder.is_keeping(), "a second is not yet too long");
        bench.wait(0.3);
        assert_eq!(bench.events().last(), Some(&CaptureEvent::Ended { by: EndedBy::DeviceLost, kept: Seconds(0.5) }));
        let take = bench.end().unwrap();
        assert_eq!((take.duration, take.ended_by), (Seconds(0.5), EndedBy::DeviceLost));
        assert_eq!(take.path, bench.path());
        assert_eq!(bench.end(), None);
    }

    #[test]
    fn a_microphone_that_reports_its_end_loses_nothing_of_what_came_before() {
        let mut bench = Bench::without_guard();
        bench.begin();
        bench.hear(0.25, 0.2);
        bench.microphone.push_entire_slice(&[0.25; 100]).unwrap();
        bench.health.lose();
        bench.wait(0.02);
        assert_eq!(samples_of(&bench.end().unwrap().path).len(), 3_300);
    }

    #[test]
    fn a_loss_between_takes_is_told_once() {
        let mut bench = Bench::without_guard();
        bench.health.lose();
        bench.wait(0.02);
        bench.wait(0.02);
        assert_eq!(bench.events(), [CaptureEvent::DeviceLost]);
    }

    #[test]
    fn a_program_that_was_stopped_for_a_minute_does_not_blame_the_microphone() {
        let mut bench = Bench::without_guard();
        bench.begin();
        bench.hear(0.25, 0.5);
        bench.step_after(60.0);
        bench.hear(0.25, 0.5);
        assert!(bench.recorder.is_keeping());
        bench.wait(1.3);
        assert!(!bench.recorder.is_keeping());
    }

    #[test]
    fn a_slow_start_of_the_microphone_is_no_loss() {
        let mut bench = Bench::without_guard();
        bench.wait(3.0);
        assert!(!bench.recorder.is_lost());
        bench.wait(1.1);
        assert!(bench.recorder.is_lost());
    }

    #[test]
    fn events_carry_all_of_the_sound_and_ten_levels_a_second() {
        let mut bench = Bench::without_guard();
        bench.begin();
        bench.hear(0.5, 1.0);
        let take = bench.end().unwrap();
        let events = bench.events();
        let sound: Vec<f32> = events
            .iter()
            .filter_map(|event| match event {
                CaptureEvent::Sound(samples) => Some(samples.clone()),
                _ => None,
            })
            .flatten()
            .collect();
        assert_eq!(sound, samples_of(&take.path));
        let levels: Vec<_> = events.iter().filter(|event| matches!(event, CaptureEvent::Level { .. })).collect();
        assert_eq!(levels.len(), 10);
        let CaptureEvent::Level { elapsed, rms_dbfs, peak_dbfs } = levels[9] else { unreachable!() };
        assert_eq!(*elapsed, Seconds(1.0));
        assert!((rms_dbfs + 6.02).abs() < 0.01 && (peak_dbfs + 6.02).abs() < 0.01);
    }

    #[test]
    fn a_muted_microphone_is_noticed_once() {
        let mut bench = Bench::without_guard();
        bench.begin();
        bench.hear(0.0, 12.0);
        let muted: Vec<_> =
            bench.events().into_iter().filter(|event| matches!(event, CaptureEvent::AllZero(_))).collect();
        assert_eq!(muted, [CaptureEvent::AllZero(Seconds(5.0))]);
    }

    #[test]
    fn what_did_not_fit_is_told_and_counted() {
        let mut bench = Bench::without_guard();
        bench.health.count(0, 5);
        bench.begin();
        bench.health.count(0, 7);
        bench.hear(0.1, 0.04);
        assert!(bench.events().contains(&CaptureEvent::Overflow(7)));
        assert_eq!(bench.end().unwrap().overflowed, 7);
    }

    #[test]
    fn the_microphone_is_tried_without_keeping_anything() {
        let mut bench = Bench::without_guard();
        bench.recorder.begin_probe(Seconds(0.2));
        bench.hear(0.0, 0.1);
        assert_eq!(bench.recorder.probed(), None);
        bench.hear(0.0, 0.2);
        assert_eq!(bench.recorder.probed(), Some(MicCheck::AllZero));
        assert_eq!(std::fs::read_dir(bench.dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_take_that_is_thrown_away_leaves_nothing() {
        let mut bench = Bench::without_guard();
        bench.begin();
        bench.hear(0.1, 0.2);
        bench.recorder.discard().unwrap();
        assert_eq!(std::fs::read_dir(bench.dir.path()).unwrap().count(), 0);
        assert_eq!(bench.end(), None);
    }

    #[test]
    fn the_file_lags_behind_the_sound_by_half_a_second_at_most() {
        let mut bench = Bench::without_guard();
        bench.begin();
        bench.hear(0.1, 1.9);
        let on_disk = Seconds::of_samples(samples_of(&super::super::unfinished_path(&bench.path())).len(), RATE_HZ);
        assert_eq!(on_disk, Seconds(1.5));
    }

    #[test]
    fn a_file_that_is_over_ends_the_take() {
        let mut bench = Bench::without_guard();
        bench.begin();
        bench.hear(0.1, 0.2);
        bench.health.finished.store(1, Ordering::Release);
        bench.wait(0.02);
        assert_eq!(bench.end().unwrap().ended_by, EndedBy::InputOver);
        std::fs::remove_file(bench.path()).unwrap();
        bench.begin();
        bench.hear(0.1, 0.2);
        assert!(bench.recorder.is_keeping(), "the end of an earlier take says nothing about this one");
    }
}
