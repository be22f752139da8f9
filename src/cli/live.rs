//! The live line under a recording: level, time, target, words so far.

use std::fmt::Write as _;

use greenroom::rehearse::{Clock, Progress};

use super::output::{DIM, PLAIN, RED};

/// The quietest level that shows on the meter, in dBFS.
const METER_FLOOR_DBFS: f64 = -60.0;
/// Cells of the meter.
const METER_CELLS: usize = 12;

/// The live line, without an end of line; never over 79 columns.
pub fn line(progress: &Progress, target_s: [u32; 2], conversation: Option<String>) -> String {
    let mut line = String::new();
    let (mark, state) = if progress.paused { (DIM, "paused   ") } else { (RED, "recording") };
    let elapsed = clock(progress.elapsed.0);
    let [lo, hi] = target_s.map(|s| clock(f64::from(s)));
    let wanted = conversation.unwrap_or_else(|| format!("target {lo}-{hi}"));
    let meter = meter(progress.level_dbfs);
    let words = progress.words;
    write!(line, "{mark}●{PLAIN} {state} {elapsed}  {wanted}  {meter}  {words} words")
        .expect("writing to a string cannot fail");
    line
}

/// How far a conversation has come, `12:30 of 60:00`.
pub fn so_far(at: &Clock) -> String {
    format!("{} of {}", clock(at.elapsed.0), clock(at.planned.0))
}

/// Minutes and seconds, `1:05`.
pub fn clock(seconds: f64) -> String {
    let seconds = seconds.max(0.0) as u64;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// A level as a bar; full at 0 dBFS.
fn meter(level_dbfs: f64) -> String {
    let share = ((level_dbfs - METER_FLOOR_DBFS) / -METER_FLOOR_DBFS).clamp(0.0, 1.0);
    let full = (share * METER_CELLS as f64).round() as usize;
    format!("{}{}", "▮".repeat(full), "▯".repeat(METER_CELLS - full))
}

#[cfg(test)]
mod tests {
    use greenroom::types::Seconds;

    use super::*;

    #[test]
    fn the_live_line_fits_80_columns_even_after_an_hour() {
        let progress = Progress { elapsed: Seconds(3725.0), level_dbfs: -3.0, words: 12_345, paused: true };
        let plain = anstream::adapter::strip_str(&line(&progress, [2700, 3600], None)).to_string();
        assert!(plain.chars().count() < 80, "{plain}");
        assert!(plain.contains("62:05"), "{plain}");
    }

    #[test]
    fn silence_shows_an_empty_meter_and_full_scale_a_full_one() {
        assert_eq!(meter(f64::NEG_INFINITY), "▯".repeat(METER_CELLS));
        assert_eq!(meter(0.0), "▮".repeat(METER_CELLS));
    }
}
