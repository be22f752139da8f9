//! The system's speech service, through the crate `tts`.
//!
//! On Linux that is speech-dispatcher, which has three ways to fall silent without a word: it is
//! killed in the middle of an utterance, it was started when there was no sound server, or only
//! its dummy output module is installed. In each of them the end of an utterance is never
//! reported. So `tts` lives on a thread of its own, which may hang; the caller waits on a channel
//! with a time limit, and every half second asks the service for a sign of life.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use tts::{Tts, UtteranceId};

use super::settings::VoiceSettings;
use super::{Delivery, NORMAL_RATE_WPM, SpeakError, Speaker, Spoken, StopSignal, speakable, time_limit};
use crate::types::Seconds;

/// What it is called in messages.
pub(super) const NAME: &str = "system voice";

/// How often the caller looks at the stop signal.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// How often the service is asked for a sign of life while it speaks.
const ASK_EVERY: Duration = Duration::from_millis(500);
/// How long it may take to answer anything. A busy machine needed 0.7 s to start the service from nothing.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);
/// How long choosing a voice by name may take: the list has 13 000 entries and is read twice, 1.6 to 3.6 s each.
const CHOOSE_LIMIT: Duration = Duration::from_secs(20);
/// How long a stop may take to be confirmed; 46 ms were measured.
const STOP_LIMIT: Duration = Duration::from_secs(1);
/// How long is spent on finding out why nothing was heard.
const DIAGNOSE_LIMIT: Duration = Duration::from_secs(2);

/// Slowest and fastest speed of speech-dispatcher's espeak-ng module, in words a minute.
const SERVICE_WPM: (f32, f32) = (80.0, 449.0);

/// The system voice. Its service is started in the background when this is made.
pub struct SystemVoice {
    service: Sender<Request>,
    events: Receiver<Event>,
    /// `None` until the service has been heard of.
    opened: Option<Result<(), String>>,
    open_by: Instant,
    /// Number of the last utterance.
    utterance: u64,
    rate_wpm: u32,
}

/// What the thread of the service is asked to do.
enum Request {
    /// Says the text; the number comes back in [`Event::Accepted`].
    Speak(u64, String),
    Stop,
    /// Says [`Event::Alive`], if the service is.
    SignOfLife,
    /// Says [`Event::Voices`], which takes seconds where all is well.
    CountVoices,
}

/// What comes back, from the thread and from the callbacks of `tts`.
enum Event {
    Opened(Result<(), String>),
    Accepted(u64, UtteranceId),
    Refused(String),
    Ended(UtteranceId),
    Cancelled(UtteranceId),
    Alive(Result<(), String>),
    Voices(usize),
}

impl SystemVoice {
    /// Starts the service with its own voice, or with the one called `voice`.
    ///
    /// Returns at once; whether it worked is known when something is spoken.
    pub fn start(voice: Option<&str>, settings: &VoiceSettings) -> SystemVoice {
        let (service, requests) = mpsc::channel();
        let (sender, events) = mpsc::channel();
        let wishes = Wishes {
            voice: voice.map(str::to_owned),
            rate_wpm: settings.rate_wpm,
            volume_percent: settings.volume_percent,
        };
        let limit = if voice.is_some() { CHOOSE_LIMIT } else { ANSWER_LIMIT };
        let started = thread::Builder::new().name("system-voice".to_owned()).spawn({
            let sender = sender.clone();
            move || run_service(&wishes, &requests, &sender)
        });
        if let Err(cause) = started {
            sender.send(Event::Opened(Err(cause.to_string()))).ok();
        }
        let open_by = Instant::now() + limit;
        SystemVoice { service, events, opened: None, open_by, utterance: 0, rate_wpm: settings.rate_wpm }
    }

    /// Waits until the service is there, unless `stop` is set first; false when it was.
    fn wait_open(&mut self, stop: &StopSignal) -> Result<bool, SpeakError> {
        while self.opened.is_none() {
            if stop.is_stopped() {
                return Ok(false);
            }
            match self.events.recv_timeout(LOOK_EVERY) {
                Ok(Event::Opened(outcome)) => self.opened = Some(outcome),
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) if Instant::now() < self.open_by => {}
                Err(RecvTimeoutError::Timeout) => self.opened = Some(Err("it does not answer".to_owned())),
                Err(RecvTimeoutError::Disconnected) => self.opened = Some(Err("it broke off".to_owned())),
            }
        }
        match &self.opened {
            Some(Err(reason)) => Err(SpeakError::Unavailable { voice: NAME.to_owned(), reason: reason.clone() }),
            _ => Ok(true),
        }
    }

    /// Asks for something; a thread that is gone shows as a missing answer.
    fn ask(&self, request: Request) {
        self.service.send(request).ok();
    }

    /// Says `text` and waits for its end; true when it was stopped.
    fn say(&mut self, text: &str, stop: &StopSignal) -> Result<bool, SpeakError> {
        self.utterance += 1;
        self.ask(Request::Speak(self.utterance, text.to_owned()));
        let started = Instant::now();
        let limit = time_limit(text, self.rate_wpm);
        let broke_off = |reason: String| Err(SpeakError::BrokeOff { voice: NAME.to_owned(), reason });
        let mut id = None;
        // The end may be reported before `speak` has returned the id.
        let mut over = Vec::new();
        let mut stopping = None;
        let (mut asked, mut alive) = (started, started);
        loop {
            match self.events.recv_timeout(LOOK_EVERY) {
                Ok(Event::Accepted(utterance, accepted)) if utterance == self.utterance => id = Some(accepted),
                Ok(Event::Refused(reason)) => return broke_off(reason),
                Ok(Event::Ended(ended)) => over.push((ended, false)),
                Ok(Event::Cancelled(cancelled)) => over.push((cancelled, true)),
                Ok(Event::Alive(Ok(()))) => alive = Instant::now(),
                Ok(Event::Alive(Err(reason))) => return broke_off(reason),
                // Left over from an utterance whose stop was not waited for, or nothing.
                Ok(Event::Accepted(..) | Event::Opened(_) | Event::Voices(_)) | Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return broke_off("its thread ended".to_owned()),
            }
            if let Some((_, cancelled)) = over.iter().find(|(over, _)| Some(*over) == id) {
                return match (cancelled, stopping) {
                    (true, None) => broke_off("another program interrupted it".to_owned()),
                    (_, stopping) => Ok(stopping.is_some()),
                };
            }
            if stop.is_stopped() && stopping.is_none() {
                self.ask(Request::Stop);
                stopping = Some(Instant::now());
            }
            if stopping.is_some_and(|since| since.elapsed() > STOP_LIMIT) {
                return Ok(true);
            }
            if asked.elapsed() > ASK_EVERY {
                self.ask(Request::SignOfLife);
                asked = Instant::now();
            }
            if alive.elapsed() > ANSWER_LIMIT {
                return broke_off("the speech service no longer answers".to_owned());
            }
            if started.elapsed().as_secs_f64() > limit.0 {
                return Err(SpeakError::TimedOut { voice: NAME.to_owned(), limit, reason: self.diagnose() });
            }
        }
    }

    /// Finds out why an utterance never ended, as far as that can be known.
    fn diagnose(&self) -> String {
        self.ask(Request::Stop);
        self.ask(Request::CountVoices);
        let until = Instant::now() + DIAGNOSE_LIMIT;
        while let Some(left) = until.checked_duration_since(Instant::now()) {
            match self.events.recv_timeout(left) {
                Ok(Event::Voices(0 | 1)) => {
                    return "the speech service has no voice; install speech-dispatcher-espeak-ng".to_owned();
                }
                Ok(Event::Voices(_)) => {
                    return "the speech service is there but never said that it had finished".to_owned();
                }
                Ok(_) => {}
                Err(_) => break,
            }
        }
        // A service that was started without a sound server hangs when it is asked for more.
        "the speech service has no sound; it may have been started before the sound server".to_owned()
    }
}

impl Speaker for SystemVoice {
    fn speak(&mut self, text: &str, stop: &StopSignal) -> Result<Spoken, SpeakError> {
        let started = Instant::now();
        let text = speakable(text);
        let stopped = match self.wait_open(stop)? {
            _ if text.is_empty() => false,
            true if !stop.is_stopped() => self.say(&text, stop)?,
            _ => true,
        };
        Ok(Spoken {
            voice: NAME.to_owned(),
            delivery: Delivery::Aloud,
            stopped,
            duration: Seconds(started.elapsed().as_secs_f64()),
            notes: Vec::new(),
        })
    }
}

/// How the service is asked to speak.
struct Wishes {
    voice: Option<String>,
    rate_wpm: u32,
    volume_percent: u32,
}

/// The thread that owns `tts`: the only one that touches it, because it is not safe to share.
fn run_service(wishes: &Wishes, requests: &Receiver<Request>, events: &Sender<Event>) {
    let mut service = match open(wishes, events) {
        Ok(service) => service,
        Err(reason) => {
            events.send(Event::Opened(Err(reason))).ok();
            return;
        }
    };
    events.send(Event::Opened(Ok(()))).ok();
    for request in requests {
        let event = match request {
            Request::Speak(utterance, text) => match service.speak(text, false) {
                Ok(Some(id)) => Event::Accepted(utterance, id),
                Ok(None) => Event::Refused("it does not say when it has finished".to_owned()),
                Err(cause) => Event::Refused(cause.to_string()),
            },
            Request::Stop => {
                service.stop().ok();
                continue;
            }
            Request::SignOfLife => Event::Alive(set_volume(&mut service, wishes.volume_percent)),
            Request::CountVoices => Event::Voices(service.voices().map_or(0, |voices| voices.len())),
        };
        if events.send(event).is_err() {
            break;
        }
    }
    service.stop().ok();
    // Never dropped: a callback that arrives while `tts` is being dropped finds its entry gone and
    // aborts the process, and closing the connection to a dead service may wait for ever.
    std::mem::forget(service);
}

/// Connects to the service and sets it up.
fn open(wishes: &Wishes, events: &Sender<Event>) -> Result<Tts, String> {
    let mut service = Tts::default().map_err(|cause| said(&cause))?;
    if !service.supported_features().utterance_callbacks {
        std::mem::forget(service);
        return Err("it does not say when it has finished".to_owned());
    }
    let outcome = set_up(&mut service, wishes, events);
    match outcome {
        Ok(()) => Ok(service),
        Err(reason) => {
            std::mem::forget(service);
            Err(reason)
        }
    }
}

fn set_up(service: &mut Tts, wishes: &Wishes, events: &Sender<Event>) -> Result<(), String> {
    // A callback runs with a lock of `tts` held: it does nothing but send.
    let (ended, cancelled) = (events.clone(), events.clone());
    let on_end = Box::new(move |id| drop(ended.send(Event::Ended(id))));
    let on_stop = Box::new(move |id| drop(cancelled.send(Event::Cancelled(id))));
    service.on_utterance_end(Some(on_end)).map_err(|cause| said(&cause))?;
    service.on_utterance_stop(Some(on_stop)).map_err(|cause| said(&cause))?;
    if let Some(name) = &wishes.voice {
        choose_voice(service, name)?;
    }
    if service.supported_features().rate {
        let range = (service.min_rate(), service.normal_rate(), service.max_rate());
        service.set_rate(on_scale(wishes.rate_wpm as f32, range)).map_err(|cause| said(&cause))?;
    }
    set_volume(service, wishes.volume_percent)
}

/// Words a minute on the service's own scale: straight lines from slowest over normal to fastest.
fn on_scale(wpm: f32, (min, normal, max): (f32, f32, f32)) -> f32 {
    let (slowest, fastest) = SERVICE_WPM;
    let usual = NORMAL_RATE_WPM as f32;
    let value = match wpm < usual {
        true => normal - (normal - min) * (usual - wpm) / (usual - slowest),
        false => normal + (max - normal) * (wpm - usual) / (fastest - usual),
    };
    value.clamp(min, max)
}

/// Sets the volume. Also serves as a sign of life: the service has to answer.
fn set_volume(service: &mut Tts, percent: u32) -> Result<(), String> {
    if !service.supported_features().volume {
        return Ok(());
    }
    let (min, normal) = (service.min_volume(), service.normal_volume());
    let volume = min + (normal - min) * percent as f32 / 100.0;
    service.set_volume(volume).map(drop).map_err(|cause| said(&cause))
}

/// Chooses a voice by its name, in whatever case.
fn choose_voice(service: &mut Tts, name: &str) -> Result<(), String> {
    let voices = service.voices().map_err(|cause| said(&cause))?;
    let wanted = name.to_lowercase();
    let Some(voice) = voices.iter().find(|voice| voice.name().to_lowercase() == wanted) else {
        let mut like: Vec<String> =
            voices.iter().map(|v| v.name()).filter(|n| n.to_lowercase().contains(&wanted)).collect();
        like.sort_by_key(String::len);
        like.truncate(3);
        return Err(match like.is_empty() {
            true => format!("none of its {} voices is called {name:?}", voices.len()),
            false => format!("it has no voice called {name:?}, but {}", like.join(", ")),
        });
    };
    service.set_voice(voice).map_err(|cause| said(&cause))
}

/// What went wrong, in words a person can use.
fn said(cause: &tts::Error) -> String {
    let text = cause.to_string();
    match text.contains("failed to initialize") {
        true => "no speech service is running and none could be started".to_owned(),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_a_minute_become_the_scale_of_the_service() {
        let range = (-100.0, 0.0, 100.0);
        for (wpm, wanted) in
            [(170.0, 0.0), (80.0, -100.0), (449.0, 100.0), (125.0, -50.0), (40.0, -100.0), (900.0, 100.0)]
        {
            assert_eq!(on_scale(wpm, range), wanted, "{wpm}");
        }
    }
}
