//! The mel filters that stand in every model file.

/// Frequencies that a filter weighs: half of a window of 400 samples, and one.
pub(super) const BINS: usize = 201;
const RATE_HZ: f64 = 16_000.0;
const WINDOW: f64 = 400.0;

/// Triangles on Slaney's mel scale, each of the same area, one after the other: `bands` times 201 weights.
///
/// These are the numbers of librosa's `mel(sr=16000, n_fft=400, n_mels=bands)`, which OpenAI ships with Whisper: slopes are
/// rounded to single precision before they are scaled, as there, or the last bits differ.
pub(super) fn filters(bands: u32) -> Vec<f32> {
    let edges: Vec<f64> =
        (0..bands + 2).map(|i| hz(mel(RATE_HZ / 2.0) * f64::from(i) / f64::from(bands + 1))).collect();
    let triangles = edges.windows(3).map(|edge| (edge[0], edge[1], edge[2]));
    triangles.flat_map(|(low, middle, high)| (0..BINS).map(move |bin| weight(bin, low, middle, high))).collect()
}

fn weight(bin: usize, low: f64, middle: f64, high: f64) -> f32 {
    let frequency = bin as f64 * RATE_HZ / WINDOW;
    let slope = ((frequency - low) / (middle - low)).min((high - frequency) / (high - middle)).max(0.0) as f32;
    (f64::from(slope) * (2.0 / (high - low))) as f32
}

/// Below 1000 Hz a mel is 200/3 Hz; above, 27 mels are a factor of 6.4.
const HZ_PER_MEL: f64 = 200.0 / 3.0;
const KNEE_HZ: f64 = 1000.0;

fn log_step() -> f64 {
    6.4_f64.ln() / 27.0
}

fn mel(hz: f64) -> f64 {
    if hz < KNEE_HZ { hz / HZ_PER_MEL } else { KNEE_HZ / HZ_PER_MEL + (hz / KNEE_HZ).ln() / log_step() }
}

fn hz(mel: f64) -> f64 {
    let knee = KNEE_HZ / HZ_PER_MEL;
    if mel < knee { HZ_PER_MEL * mel } else { KNEE_HZ * (log_step() * (mel - knee)).exp() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::sha256::Hasher;

    #[test]
    fn the_filters_are_those_that_openai_ships() {
        // Of `mel_filters.npz` in openai-whisper 20250625 as little-endian single floats, its negative zeros made positive.
        let published = [
            (80, "85818f156f7e189453901a515e4726d270d307f976e161cf9403e8caab405498"),
            (128, "e399c2d72d2f7375e503c296d8453cefcc0c1e47a9c1a0a09e0d70f59c820f20"),
        ];
        for (bands, sha256) in published {
            let mut hasher = Hasher::default();
            filters(bands).iter().for_each(|weight| hasher.update(&weight.to_le_bytes()));
            assert_eq!(hasher.finish(), sha256, "{bands} bands");
        }
    }
}
