//! How well each model hears on this machine: `calibration.json`.

use super::StoreError;
use super::home::Home;
use super::json::{read_json, write_json};
use crate::types::Calibration;

/// What was measured with `model`; `None` when it never was.
pub fn calibration(home: &Home, model: &str) -> Result<Option<Calibration>, StoreError> {
    Ok(calibrations(home)?.into_iter().find(|known| known.model == model))
}

/// Keeps what was measured, instead of an earlier measurement with the same model.
///
/// A file that cannot be read is replaced: everything in it can be measured again.
pub fn keep_calibration(home: &Home, measured: &Calibration) -> Result<(), StoreError> {
    let mut all = calibrations(home).unwrap_or_default();
    all.retain(|known| known.model != measured.model);
    all.push(measured.clone());
    write_json(&home.calibration_file(), &all)
}

fn calibrations(home: &Home) -> Result<Vec<Calibration>, StoreError> {
    let file = home.calibration_file();
    if file.exists() { read_json(&file) } else { Ok(Vec::new()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{ErrorSpread, FillerCalibration, PauseCalibration, Seconds};

    fn measured(model: &str, word_error_rate: f64) -> Calibration {
        Calibration {
            schema: Calibration::SCHEMA.to_owned(),
            model: model.to_owned(),
            voice: "espeak-ng en-us".to_owned(),
            measured_at: "2026-11-27T12:00:00Z".parse().unwrap(),
            duration_s: Seconds(120.0),
            words: 230,
            word_error_rate,
            fillers: FillerCalibration { said: 11, right: 10, written: 11, range: [10, 12] },
            pauses: PauseCalibration { made: 24, found: 24, extra: 0, length_error: ErrorSpread::default() },
            word_times: ErrorSpread::default(),
        }
    }

    #[test]
    fn the_last_measurement_of_each_model_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path());
        assert_eq!(calibration(&home, "a").unwrap(), None);
        for (model, rate) in [("a", 0.2), ("b", 0.1), ("a", 0.05)] {
            keep_calibration(&home, &measured(model, rate)).unwrap();
        }
        assert_eq!(calibration(&home, "a").unwrap(), Some(measured("a", 0.05)));
        assert_eq!(calibration(&home, "b").unwrap(), Some(measured("b", 0.1)));
    }

    #[test]
    fn a_damaged_file_is_named_and_replaced_by_the_next_measurement() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path());
        std::fs::write(home.calibration_file(), "[{").unwrap();
        let error = calibration(&home, "a").unwrap_err();
        assert!(error.to_string().contains("calibration.json"), "{error}");
        keep_calibration(&home, &measured("a", 0.1)).unwrap();
        assert_eq!(calibration(&home, "a").unwrap(), Some(measured("a", 0.1)));
    }
}
