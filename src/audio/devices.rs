//! The machine's microphones and loudspeakers; the only file that names cpal.

use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use cpal::traits::{DeviceTrait, HostTrait, StreamTrait};
use cpal::{FromSample, Sample, SampleFormat, SizedSample};

use crate::remedy::{Action, NextStep, Remedy, next};

/// How often a source is looked for in the list while it is recorded.
const PRESENCE_CHECK: Duration = Duration::from_millis(500);

/// How long a device may take to open.
const OPEN_LIMIT: Duration = Duration::from_secs(5);

/// How long the sound system may take to answer at all. One that has stopped keeps its callers waiting for ever.
const ANSWER_LIMIT: Duration = Duration::from_secs(6);

/// How long closing a device is waited for.
const CLOSE_LIMIT: Duration = Duration::from_millis(500);

/// A microphone or a loudspeaker.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Device {
    /// The sound system and the device's name there, such as `pulseaudio:alsa_input.usb-1`; stays the same.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// Whether the sound system uses it where nothing is said.
    pub is_default: bool,
    /// Whether it is no microphone but what a loudspeaker plays.
    pub is_monitor: bool,
    /// Samples a second, as it works by itself.
    pub rate_hz: u32,
    /// Channels.
    pub channels: u16,
}

impl Device {
    /// Whether it is the one in use: what was chosen by id or name, else the default.
    pub fn is_used(&self, chosen: Option<&str>) -> bool {
        chosen.map_or(self.is_default, |chosen| self.id == chosen || self.name == chosen)
    }
}

/// What went wrong in the sound system.
#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    /// The sound system does not answer.
    #[error("the sound system does not answer")]
    NoSoundSystem(#[source] cpal::Error),
    /// The sound system takes calls and does not come back from them.
    #[error("the sound system has stopped: it has not answered for {} s", ANSWER_LIMIT.as_secs())]
    Stopped,
    /// The device is not there.
    #[error("there is no sound device {0:?}")]
    NotFound(String),
    /// The device is there and does not open.
    #[error("the sound device {0:?} would not open")]
    Refused(String, #[source] cpal::Error),
}

impl Remedy for DeviceError {
    fn next_step(&self) -> NextStep {
        match self {
            DeviceError::NoSoundSystem(_) => Action::Doctor.into(),
            DeviceError::Stopped => {
                "start it again: systemctl --user restart pipewire pipewire-pulse (or: pulseaudio -k)".into()
            }
            DeviceError::NotFound(_) => Action::Microphones.into(),
            DeviceError::Refused(..) => {
                next!["close other programs that use it, or choose another: ", Action::Microphones]
            }
        }
    }
}

/// Asks the sound system on a thread of its own, which is left behind where it never comes back.
fn answered<T: Send + 'static>(
    ask: impl FnOnce() -> Result<T, DeviceError> + Send + 'static,
) -> Result<T, DeviceError> {
    let (answer, answers) = std::sync::mpsc::channel();
    let asking = std::thread::Builder::new().name("sound-system".to_owned());
    // Without a thread nothing answers either.
    asking.spawn(move || answer.send(ask())).map_err(|_| DeviceError::Stopped)?;
    answers.recv_timeout(ANSWER_LIMIT).unwrap_or(Err(DeviceError::Stopped))
}

/// What the sound system in use is called, such as `PulseAudio`.
pub fn sound_system() -> &'static str {
    answered(|| Ok(host().id().name())).unwrap_or("a sound system that does not answer")
}

/// The microphones of this machine, monitors of loudspeakers included, the default first.
pub fn microphones() -> Result<Vec<Device>, DeviceError> {
    answered(|| microphones_of(&host()))
}

/// The microphones of the sound system that the id `like` begins with, where that is one and it answers, else
/// those of the usual one.
pub fn microphones_beside(like: &str) -> Result<Vec<Device>, DeviceError> {
    let like = like.to_owned();
    answered(move || {
        let named = cpal::DeviceId::from_str(&like).ok().and_then(|id| cpal::host_from_id(id.host()).ok());
        microphones_of(&named.unwrap_or_else(host))
    })
}

fn microphones_of(host: &cpal::Host) -> Result<Vec<Device>, DeviceError> {
    silence_alsa();
    let default = host.default_input_device().and_then(|d| d.id().ok());
    list(host, default, |device| device.default_input_config().ok())
}

/// The loudspeakers of this machine, the default first.
pub fn loudspeakers() -> Result<Vec<Device>, DeviceError> {
    answered(|| {
        let host = host();
        let default = host.default_output_device().and_then(|d| d.id().ok());
        list(&host, default, |device| device.default_output_config().ok())
    })
}

fn host() -> cpal::Host {
    silence_alsa();
    // PulseAudio where it answers, else ALSA; CoreAudio and WASAPI elsewhere.
    cpal::default_host()
}

fn list(
    host: &cpal::Host,
    default: Option<cpal::DeviceId>,
    config: impl Fn(&cpal::Device) -> Option<cpal::SupportedStreamConfig>,
) -> Result<Vec<Device>, DeviceError> {
    let mut devices: Vec<Device> = host
        .devices()
        .map_err(DeviceError::NoSoundSystem)?
        .filter(is_worth_opening)
        .filter_map(|device| {
            let (id, config) = (device.id().ok()?, config(&device)?);
            Some(Device {
                name: device.to_string().lines().next().unwrap_or_default().to_owned(),
                is_default: Some(&id) == default.as_ref(),
                is_monitor: is_monitor(&id),
                rate_hz: config.sample_rate(),
                channels: config.channels(),
                id: id.to_string(),
            })
        })
        .collect();
    devices.sort_by_key(|device| (!device.is_default, device.is_monitor));
    Ok(devices)
}

/// ALSA lists every plugin of its configuration; opening those of JACK, OSS and surround prints errors and finds nothing.
fn is_worth_opening(device: &cpal::Device) -> bool {
    let Ok(id) = device.id() else { return false };
    if !id.to_string().starts_with("alsa:") {
        return true;
    }
    let name = id.id();
    ["default", "pulse", "pipewire"].contains(&name) || name.starts_with("sysdefault:") || name.starts_with("plughw:")
}

/// PulseAudio names what a loudspeaker plays after it.
fn is_monitor(id: &cpal::DeviceId) -> bool {
    id.to_string().starts_with("pulseaudio:") && id.id().ends_with(".monitor")
}

fn find(id: &str) -> Result<(cpal::Host, cpal::Device), DeviceError> {
    let not_found = || DeviceError::NotFound(id.to_owned());
    let wanted = cpal::DeviceId::from_str(id).map_err(|_| not_found())?;
    silence_alsa();
    let host = cpal::host_from_id(wanted.host()).map_err(DeviceError::NoSoundSystem)?;
    let device = host.device_by_id(&wanted).ok_or_else(not_found)?;
    Ok((host, device))
}

/// An open device. Dropping it stops the sound.
pub struct OpenDevice {
    stream: Option<cpal::Stream>,
    closed: Arc<AtomicBool>,
    /// Samples a second.
    pub rate_hz: u32,
}

impl Drop for OpenDevice {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::Release);
        let stream = self.stream.take();
        // ALSA on top of a PulseAudio that was killed, and PulseAudio that has stopped, never return from closing
        // (AUDIO.md, pitfall 2). Forgetting the stream instead would leave its thread spinning in the error callback.
        let closer = std::thread::Builder::new().name("close-sound".to_owned());
        let (closed, is_closed) = std::sync::mpsc::channel();
        let close = move || {
            drop(stream);
            // Nobody waits any more where this took too long.
            let _ = closed.send(());
        };
        if closer.spawn(close).is_ok() {
            let _ = is_closed.recv_timeout(CLOSE_LIMIT);
        }
    }
}

/// Opens the microphone `id` and hands its sound to `take` (mono, -1 to 1) from the sound system's own thread,
/// which must not wait. `lost` is called when the device is gone, perhaps many times.
pub fn open_microphone(
    id: &str,
    take: impl FnMut(&mut dyn ExactSizeIterator<Item = f32>) + Send + 'static,
    lost: impl Fn() + Send + Sync + 'static,
) -> Result<OpenDevice, DeviceError> {
    let id = id.to_owned();
    answered(move || record_from(&id, take, lost))
}

fn record_from(
    id: &str,
    mut take: impl FnMut(&mut dyn ExactSizeIterator<Item = f32>) + Send + 'static,
    lost: impl Fn() + Send + Sync + 'static,
) -> Result<OpenDevice, DeviceError> {
    let refused = |cause| DeviceError::Refused(id.to_owned(), cause);
    let (host, device) = find(id)?;
    let config = device.default_input_config().map_err(refused)?;
    let (channels, rate_hz) = (usize::from(config.channels().max(1)), config.sample_rate());
    let lost = Arc::new(lost);
    let on_error = {
        let lost = Arc::clone(&lost);
        move |error: cpal::Error| {
            if is_fatal(&error) {
                lost();
            }
        }
    };
    macro_rules! open_as {
        ($sample:ty) => {
            device.build_input_stream(
                config.config(),
                move |data: &[$sample], _: &cpal::InputCallbackInfo| take(&mut mono(data, channels)),
                on_error,
                Some(OPEN_LIMIT),
            )
        };
    }
    let stream = match config.sample_format() {
        SampleFormat::I8 => open_as!(i8),
        SampleFormat::I16 => open_as!(i16),
        SampleFormat::I24 => open_as!(cpal::I24),
        SampleFormat::I32 => open_as!(i32),
        SampleFormat::I64 => open_as!(i64),
        SampleFormat::U8 => open_as!(u8),
        SampleFormat::U16 => open_as!(u16),
        SampleFormat::U24 => open_as!(cpal::U24),
        SampleFormat::U32 => open_as!(u32),
        SampleFormat::U64 => open_as!(u64),
        SampleFormat::F32 => open_as!(f32),
        SampleFormat::F64 => open_as!(f64),
        _ => Err(cpal::ErrorKind::UnsupportedConfig.into()),
    }
    .map_err(refused)?;
    stream.play().map_err(refused)?;
    let closed = Arc::new(AtomicBool::new(false));
    let id = device.id().map_err(refused)?;
    if id.to_string().starts_with("pulseaudio:") {
        watch_presence(host, id, Arc::clone(&closed), move || lost());
    }
    Ok(OpenDevice { stream: Some(stream), closed, rate_hz })
}

/// Opens the loudspeaker `id`, or the default one. `prepare` is told the rate and returns what gives the sound: it
/// fills slices of mono samples, -1 to 1, on the sound system's own thread, and must not wait.
///
/// `lost` is called when the device is gone, perhaps many times.
pub fn open_loudspeaker<Give>(
    id: Option<&str>,
    prepare: impl FnOnce(u32) -> Give,
    lost: impl Fn() + Send + 'static,
) -> Result<OpenDevice, DeviceError>
where
    Give: FnMut(&mut [f32]) + Send + 'static,
{
    let wanted = id.map(str::to_owned);
    let name = id.unwrap_or("default").to_owned();
    let (device, config) = answered(move || find_loudspeaker(wanted.as_deref()))?;
    let give = prepare(config.sample_rate());
    answered(move || play_on(&device, &name, &config, give, lost))
}

/// The loudspeaker `id`, or the default one, and how it works by itself.
fn find_loudspeaker(id: Option<&str>) -> Result<(cpal::Device, cpal::SupportedStreamConfig), DeviceError> {
    let name = id.unwrap_or("default");
    let device = match id {
        Some(id) => find(id)?.1,
        None => host().default_output_device().ok_or_else(|| DeviceError::NotFound(name.to_owned()))?,
    };
    let config = device.default_output_config().map_err(|cause| DeviceError::Refused(name.to_owned(), cause))?;
    Ok((device, config))
}

fn play_on(
    device: &cpal::Device,
    name: &str,
    config: &cpal::SupportedStreamConfig,
    mut give: impl FnMut(&mut [f32]) + Send + 'static,
    lost: impl Fn() + Send + 'static,
) -> Result<OpenDevice, DeviceError> {
    let refused = |cause| DeviceError::Refused(name.to_owned(), cause);
    let (channels, rate_hz) = (usize::from(config.channels().max(1)), config.sample_rate());
    let on_error = move |error: cpal::Error| {
        if is_fatal(&error) {
            lost();
        }
    };
    let mut stream_config = config.config();
    if let cpal::SupportedBufferSize::Range { min, max } = config.buffer_size() {
        // PulseAudio otherwise asks for 2 s at once, and stopping would not be heard for as long.
        stream_config.buffer_size = cpal::BufferSize::Fixed((rate_hz / 10).clamp(*min, *max));
    }
    let mut piece = [0.0f32; 512];
    macro_rules! open_as {
        ($sample:ty) => {
            device.build_output_stream(
                stream_config,
                move |out: &mut [$sample], _: &cpal::OutputCallbackInfo| {
                    for out in out.chunks_mut(piece.len() * channels) {
                        let piece = &mut piece[..out.len() / channels];
                        give(piece);
                        for (frame, sample) in out.chunks_mut(channels).zip(piece) {
                            frame.fill(<$sample>::from_sample(*sample));
                        }
                    }
                },
                on_error,
                Some(OPEN_LIMIT),
            )
        };
    }
    let stream = match config.sample_format() {
        SampleFormat::I8 => open_as!(i8),
        SampleFormat::I16 => open_as!(i16),
        SampleFormat::I24 => open_as!(cpal::I24),
        SampleFormat::I32 => open_as!(i32),
        SampleFormat::U8 => open_as!(u8),
        SampleFormat::U16 => open_as!(u16),
        SampleFormat::F32 => open_as!(f32),
        SampleFormat::F64 => open_as!(f64),
        _ => Err(cpal::ErrorKind::UnsupportedConfig.into()),
    }
    .map_err(refused)?;
    stream.play().map_err(refused)?;
    Ok(OpenDevice { stream: Some(stream), closed: Arc::default(), rate_hz })
}

/// The channels of each frame averaged.
fn mono<T: SizedSample>(data: &[T], channels: usize) -> impl ExactSizeIterator<Item = f32>
where
    f32: FromSample<T>,
{
    data.chunks_exact(channels)
        .map(move |frame| frame.iter().map(|&s| f32::from_sample(s)).sum::<f32>() / channels as f32)
}

/// Whether a stream is over after this error. Glitches and a refused priority are not the end.
fn is_fatal(error: &cpal::Error) -> bool {
    use cpal::ErrorKind::{DeviceChanged, RealtimeDenied, Xrun};
    !matches!(error.kind(), DeviceChanged | RealtimeDenied | Xrun)
}

/// Calls `lost` once the source is no longer listed, or the server no longer answers.
///
/// PulseAudio moves a recording whose source is unplugged to another one and says nothing: the program would
/// go on with, say, what the loudspeaker plays (AUDIO.md, pitfall 3). A server that was killed says nothing either.
fn watch_presence(host: cpal::Host, id: cpal::DeviceId, closed: Arc<AtomicBool>, lost: impl Fn() + Send + 'static) {
    let watch = move || {
        while !closed.load(Ordering::Acquire) {
            let present = host.devices().is_ok_and(|mut all| all.any(|d| d.id().is_ok_and(|other| other == id)));
            if !present {
                return lost();
            }
            std::thread::sleep(PRESENCE_CHECK);
        }
    };
    // Never joined: a server that hangs would hang it too. Without a thread, the watchdog on missing data is left.
    let _ = std::thread::Builder::new().name("microphone-presence".to_owned()).spawn(watch);
}

/// Keeps libasound from printing on the screen; what matters comes back as an error anyway.
fn silence_alsa() {
    #[cfg(target_os = "linux")]
    {
        // cpal links libasound; it does not pass this function on.
        unsafe extern "C" {
            fn snd_lib_error_set_handler(handler: *const std::ffi::c_void) -> std::ffi::c_int;
        }
        extern "C" fn ignore() {}
        static ONCE: std::sync::Once = std::sync::Once::new();
        ONCE.call_once(|| {
            // SAFETY: the handler may be called from any thread and with any arguments, all of which it ignores: in the
            // C calling conventions of Linux the caller alone passes and removes arguments.
            unsafe { snd_lib_error_set_handler(ignore as *const std::ffi::c_void) };
        });
    }
}
