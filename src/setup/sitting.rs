//! A sitting: everything a rehearsal is played on, opened and ready.

use std::sync::Arc;
use std::time::Duration;

use jiff::Zoned;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::error::Muted;
use super::{ChosenModel, Context, SetupError};
use crate::assess::Assessor;
use crate::audio::{AudioInput, MicCheck};
use crate::interview::Style;
use crate::practice::EarlierTakes;
use crate::rehearse::{Broadcast, Command, OpenMicrophone, Parts, Planned, Rehearsal, Settings, Takes};
use crate::speech::Speaker;
use crate::store::{Config, Origin, RecordingClaim, SessionFolder};
use crate::types::{Seconds, SessionSettings};

/// Everything that makes a sitting.
pub struct Sitting {
    /// The model that hears.
    pub model: ChosenModel,
    /// What shapes the rehearsal.
    pub settings: Settings,
    /// The voice that asks.
    pub speaker: Box<dyn Speaker>,
    /// The microphone.
    pub input: Box<dyn AudioInput>,
    /// Whether to listen whether the microphone works before the first question.
    pub check_microphone: bool,
    /// Whether reports carry what must be known about the model: not needed where the voice is synthetic.
    pub notices: bool,
    /// The takes that new ones are held against; `None` where the voice is synthetic.
    pub earlier: Option<EarlierTakes>,
    /// What is asked, in order; at least one question.
    pub planned: Vec<Planned>,
}

/// A sitting that is ready to be played.
pub struct Prepared {
    /// The loop.
    pub rehearsal: Rehearsal,
    /// What it tells.
    pub events: Broadcast,
    /// The session's name.
    pub session: String,
}

impl Sitting {
    /// Opens the microphone, makes the session's folder and begins to load the model. Blocks for up to a second.
    ///
    /// `commands` are what the person wants while it is played. The name of the microphone, and what does not sound right
    /// about it, is told to the listener of `context`.
    pub fn prepare(self, context: &Context, commands: UnboundedReceiver<Command>) -> Result<Prepared, SetupError> {
        let mut claim = RecordingClaim::of(&context.home)?;
        let Sitting { model, settings, speaker, input, check_microphone, notices, earlier, planned } = self;
        let notices = if notices { model.notices() } else { Vec::new() };
        let assessor = Assessor::new(super::lexicon(context)?, Arc::clone(&settings.style.frameworks), notices);
        let (take_events, take_signals) = unbounded_channel();
        let microphone = OpenMicrophone::open(input, take_events)?;
        context.tell(&format!("microphone: {}", microphone.device()));
        if check_microphone {
            check(&microphone, context)?;
        }
        let bank = planned.first().and_then(|planned| planned.bank.clone());
        let topic = bank.as_deref().unwrap_or("questions");
        let settings_used = SessionSettings {
            model: Some(model.name().to_owned()),
            device: Some(microphone.device().to_owned()),
            voice: context.config.voice().map(str::to_owned),
            think_s: context.config.think(),
            auto_stop_s: context.config.auto_stop(),
            drill: settings.style.drill,
        };
        let mut folder = SessionFolder::create(&context.home, &Zoned::now(), topic, bank.clone(), settings_used)?;
        let session = folder.session().id.clone();
        claim.tell(&session)?;
        folder.keep_claim(claim);
        let loading = model.clone();
        let takes = Takes::new(microphone, model.transcription(), move || loading.load_live(), assessor, folder)?;
        let events = Broadcast::default();
        let parts = Parts { speaker, takes, take_signals, commands, events: events.clone(), earlier };
        Ok(Prepared { rehearsal: Rehearsal::new(planned, settings, parts)?, events, session })
    }
}

fn check(microphone: &OpenMicrophone, context: &Context) -> Result<(), SetupError> {
    let found = microphone.check()?;
    match found.next_step() {
        None => Ok(()),
        Some(hint) if found == MicCheck::AllZero => {
            let device = microphone.device().to_owned();
            Err(SetupError::NothingHeard { device, hint, why: Muted })
        }
        Some(hint) => {
            context.tell(&format!("The microphone does not sound right ({found}): {hint}"));
            Ok(())
        }
    }
}

/// Time to think after a situation was read aloud, where nobody says.
const THINK_SITUATION: Duration = Duration::from_secs(20);

/// What shapes a rehearsal by the settings in force.
///
/// `choose`: whether somebody is there to choose what comes after a report; `reveal`: whether the best answer may be
/// looked at after a take.
pub fn loop_settings(config: &Config, choose: bool, reveal: bool, style: Style) -> Settings {
    let think_situation = match config.origin("think_s") {
        Origin::Default => Some(THINK_SITUATION),
        _ => time(config.think()),
    };
    Settings {
        think: time(config.think()),
        think_situation,
        auto_stop: time(config.auto_stop()),
        choose,
        reveal,
        style,
    }
}

/// A setting of zero seconds is none.
fn time(setting: Option<Seconds>) -> Option<Duration> {
    setting.filter(|time| time.0 > 0.0).map(|time| Duration::from_secs_f64(time.0))
}
