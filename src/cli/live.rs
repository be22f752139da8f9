//! The live line under a recording: level, time, target, words so far.

use greenroom::rehearse::{Clock, Progress};

use super::output::{DIM, PLAIN, RED};

/// The quietest level that shows on the meter, in dBFS.
const METER_FLOOR_DBFS: f64 = -60.0;
/// Cells of the meter, and where there is little room.
const METER_CELLS: [usize; 2] = [12, 6];

/// The live line, without an end of line: as much of it as fits so many columns, the last of which stays free.
///
/// A line that reaches the last column would go over into the next one when it is written again.
pub fn line(progress: &Progress, target_s: [u32; 2], conversation: Option<String>, columns: usize) -> String {
    let (mark, state) = if progress.paused { (DIM, "paused   ") } else { (RED, "recording") };
    let elapsed = clock(progress.elapsed.0);
    let [lo, hi] = target_s.map(|s| clock(f64::from(s)));
    let (wanted, short) = match conversation {
        Some(so_far) => (so_far.clone(), so_far),
        None => (format!("target {lo}-{hi}"), format!("of {lo}-{hi}")),
    };
    let [meter, small] = METER_CELLS.map(|cells| meter(progress.level_dbfs, cells));
    let words = progress.words;
    let forms = [
        format!("{state} {elapsed}  {wanted}  {meter}  {words} words"),
        format!("{state} {elapsed}  {wanted}  {small}  {words} words"),
        format!("{state} {elapsed}  {wanted}  {small}"),
        format!("{state} {elapsed} {short}  {small}"),
        format!("{state} {elapsed}  {small}  {words} words"),
        format!("{state} {elapsed}  {small}"),
        format!("{state} {elapsed}"),
        elapsed,
    ];
    // The mark and the space behind it, and the free column.
    let room = columns.saturating_sub(3);
    let [.., shortest] = &forms;
    let fitting = forms.iter().find(|form| form.chars().count() <= room).unwrap_or(shortest);
    let fitting: String = fitting.chars().take(room).collect();
    format!("{mark}●{PLAIN} {fitting}")
}

/// What goes before a line that takes the place of the last one, which had `drawn` columns, on a terminal of `columns`.
///
/// A terminal that was made narrower since has broken the last line into several.
pub fn over_the_last(drawn: usize, columns: usize) -> String {
    match drawn.div_ceil(columns.max(1)) {
        0 | 1 => "\r".to_owned(),
        rows => format!("\x1b[{}A\r\x1b[J", rows - 1),
    }
}

/// How many columns a line takes.
pub fn width_of(line: &str) -> usize {
    anstream::adapter::strip_str(line).map(|piece| piece.chars().count()).sum()
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

/// A level as a bar of so many cells; full at 0 dBFS.
fn meter(level_dbfs: f64, cells: usize) -> String {
    let share = ((level_dbfs - METER_FLOOR_DBFS) / -METER_FLOOR_DBFS).clamp(0.0, 1.0);
    let full = (share * cells as f64).round() as usize;
    format!("{}{}", "▮".repeat(full), "▯".repeat(cells - full))
}

#[cfg(test)]
mod tests {
    use greenroom::types::Seconds;

    use super::*;

    #[test]
    fn the_live_line_fits_80_columns_even_after_an_hour() {
        let progress = Progress { elapsed: Seconds(3725.0), level_dbfs: -3.0, words: 12_345, paused: true };
        let plain = anstream::adapter::strip_str(&line(&progress, [2700, 3600], None, 80)).to_string();
        assert!(plain.chars().count() < 80, "{plain}");
        assert!(plain.contains("62:05") && plain.contains("12345 words"), "{plain}");
    }

    #[test]
    fn the_live_line_fits_any_width_and_tells_time_and_level_from_30_columns_on() {
        let conversation = || Some(so_far(&Clock { elapsed: Seconds(3725.0), planned: Seconds(5400.0) }));
        let progress = Progress { elapsed: Seconds(3725.0), level_dbfs: -30.0, words: 12_345, paused: false };
        for columns in 1..=120 {
            for wanted in [None, conversation()] {
                let line = line(&progress, [2700, 3600], wanted, columns);
                assert!(width_of(&line) < columns.max(4), "{columns}: {line}");
                assert!(columns < 30 || (line.contains("62:05") && line.contains("▮▯")), "{columns}: {line}");
            }
        }
        let short = Progress { elapsed: Seconds(5.0), words: 9, ..progress };
        assert!(line(&short, [60, 120], None, 60).contains("target 1:00-2:00"));
        assert!(line(&short, [60, 120], None, 40).contains("recording 0:05 of 1:00-2:00  ▮"));
    }

    #[test]
    fn a_line_that_a_narrower_terminal_broke_is_written_over_as_a_whole() {
        assert_eq!((over_the_last(59, 80), over_the_last(0, 80)), ("\r".to_owned(), "\r".to_owned()));
        assert_eq!(over_the_last(59, 30), "\x1b[1A\r\x1b[J");
        assert_eq!(over_the_last(61, 30), "\x1b[2A\r\x1b[J");
    }

    #[test]
    fn silence_shows_an_empty_meter_and_full_scale_a_full_one() {
        for cells in METER_CELLS {
            assert_eq!(meter(f64::NEG_INFINITY, cells), "▯".repeat(cells));
            assert_eq!(meter(0.0, cells), "▮".repeat(cells));
        }
    }
}
