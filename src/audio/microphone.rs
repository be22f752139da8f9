//! A microphone of this machine.

use std::sync::Arc;

use super::devices::{self, Device, DeviceError};
use super::input::{AudioInput, InputError, InputHealth, OpenInput};

/// A microphone, pinned by its id: where it is unplugged, no other one takes its place.
#[derive(Clone, Debug)]
pub struct Microphone {
    device: Device,
}

impl Microphone {
    /// Finds the microphone that `wanted` names, or the default one.
    ///
    /// `wanted` is an id from [`devices::microphones`], with or without the sound system before it, or a name
    /// or a part of a name that fits only one. A monitor of a loudspeaker is used only where it is asked for
    /// by its id.
    pub fn find(wanted: Option<&str>) -> Result<Microphone, InputError> {
        let all = wanted
            .map_or_else(devices::microphones, devices::microphones_beside)
            .map_err(|error| from_device_error("", error))?;
        let found = match wanted {
            None => all.iter().find(|device| !device.is_monitor).cloned().ok_or(InputError::NoDevice),
            Some(wanted) => choose(&all, wanted).cloned().ok_or_else(|| InputError::NotFound {
                wanted: wanted.to_owned(),
                present: all.iter().filter(|d| !d.is_monitor).map(|d| d.id.clone()).collect(),
            }),
        };
        found.map(|device| Microphone { device })
    }

    /// What it is; the id can be remembered and given to [`find`](Self::find) again.
    pub fn device(&self) -> &Device {
        &self.device
    }
}

/// The device that `wanted` names: by id, by name, or by a part of a name that only one has.
fn choose<'a>(all: &'a [Device], wanted: &str) -> Option<&'a Device> {
    let named = |d: &&Device| d.id == wanted || d.id.split_once(':').is_some_and(|(_, id)| id == wanted);
    if let Some(device) = all.iter().find(named).or_else(|| all.iter().find(|d| d.name == wanted)) {
        return Some(device);
    }
    let part = wanted.to_lowercase();
    let mut fitting = all.iter().filter(|d| !d.is_monitor && d.name.to_lowercase().contains(&part));
    fitting.next().filter(|_| fitting.next().is_none())
}

impl AudioInput for Microphone {
    fn open(&mut self, mut ring: rtrb::Producer<f32>, health: Arc<InputHealth>) -> Result<OpenInput, InputError> {
        let gone = Arc::clone(&health);
        let take = move |sound: &mut dyn ExactSizeIterator<Item = f32>| {
            let came = sound.len();
            let room = came.min(ring.slots());
            if let Ok(chunk) = ring.write_chunk_uninit(room) {
                chunk.fill_from_iter(sound.take(room));
            }
            health.count(came, came - room);
        };
        let open = devices::open_microphone(&self.device.id, take, move || gone.lose())
            .map_err(|error| from_device_error(&self.device.name, error))?;
        let sample_rate_hz = open.rate_hz;
        Ok(OpenInput { name: self.device.name.clone(), sample_rate_hz, stream: Box::new(open) })
    }
}

fn from_device_error(name: &str, error: DeviceError) -> InputError {
    match error {
        DeviceError::NoSoundSystem(cause) => InputError::NoSoundSystem { cause: Box::new(cause) },
        DeviceError::Stopped => InputError::NoSoundSystem { cause: Box::new(error) },
        DeviceError::NotFound(wanted) => InputError::NotFound { wanted, present: Vec::new() },
        DeviceError::Refused(_, cause) => InputError::Refused { device: name.to_owned(), cause: Box::new(cause) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(id: &str, name: &str, is_monitor: bool) -> Device {
        Device { id: id.into(), name: name.into(), is_default: false, is_monitor, rate_hz: 48_000, channels: 1 }
    }

    #[test]
    fn a_microphone_is_found_by_id_by_name_and_by_a_part_that_only_one_has() {
        let all = [
            device("pulseaudio:alsa_input.usb", "USB Headset", false),
            device("pulseaudio:alsa_input.pci", "Built-in Audio", false),
            device("pulseaudio:alsa_output.pci.monitor", "Monitor of Built-in Audio", true),
        ];
        let cases = [
            ("pulseaudio:alsa_input.pci", Some(1)),
            ("alsa_input.pci", Some(1)),
            ("USB Headset", Some(0)),
            ("headset", Some(0)),
            ("built-in", Some(1)),
            ("b", None),
            ("phone", None),
            ("alsa_output.pci.monitor", Some(2)),
        ];
        for (wanted, expected) in cases {
            assert_eq!(choose(&all, wanted), expected.map(|n: usize| &all[n]), "{wanted}");
        }
    }
}
