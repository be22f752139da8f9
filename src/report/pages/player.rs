//! The recording: its shape with what was found in it, and what plays it.

use super::markup::{Markup, html};
use super::take::Sound;
use super::words::certainty;
use crate::report::marked::{self, is_shown, letter};
use crate::report::terminal::clock;
use crate::types::{Peak, Report, Seconds, Span};

/// In so many stretches of equal length a recording is drawn.
pub const PEAKS: usize = 600;

/// Speeds to choose from.
const SPEEDS: [&str; 6] = ["0.75", "1", "1.25", "1.5", "1.75", "2"];

/// What the keys do, for the list of them.
const KEYS: [(&str, &str); 8] = [
    ("Space", "play or pause"),
    ("\u{2190} \u{2192}", "5 seconds back or on; in the words, the next word"),
    ("Enter", "in the words: play from this word"),
    ("f", "the next filler"),
    ("p", "the next pause"),
    ("s", "the next part of the story"),
    ("< >", "slower, faster"),
    ("?", "this list"),
];

/// The player.
pub(super) fn player(report: &Report, sound: &Sound) -> Markup {
    let length = length(report);
    html! {
        section.player aria-label="The recording" {
            (waveform(report, sound.peaks, length))
            audio #sound controls preload="metadata" src=(sound.address) {}
        }
        div.controls role="group" aria-label="Player" hidden {
            button #play type="button" { "Play" }
            input #place type="range" min="0" max=(format!("{:.1}", length.0)) step="0.1" value="0"
                aria-label="Place in the recording";
            span #time { "0:00 of " (clock(length)) }
            label { "Speed " select #speed {
                @for speed in SPEEDS { option value=(speed) selected[speed == "1"] { (speed) } }
            } }
            span.jumps role="group" aria-label="Go to the next" {
                button type="button" data-next="filler" { "Filler" }
                button type="button" data-next="pause" { "Pause" }
                button type="button" data-next="part" { "Part" }
            }
            label.follow { input #follow type="checkbox" checked; " Follow" }
            details.keys #keys {
                summary { "Keys" }
                dl { @for (key, does) in KEYS { div { dt { kbd { (key) } } dd { (does) } } } }
            }
        }
    }
}

/// How long the recording is; where the report does not say, as long as what was found in it.
fn length(report: &Report) -> Seconds {
    let recorded = report.recording.as_ref().map_or(Seconds::ZERO, |recording| recording.duration_s);
    let spoken = report.transcript.words.last().and_then(|word| word.end_s).unwrap_or_default();
    recorded.max(spoken).max(Seconds(0.1))
}

/// The shape of the sound: parts of the story as bands below it, pauses as shades behind, fillers as marks above.
fn waveform(report: &Report, peaks: &[Peak], length: Seconds) -> Markup {
    let percent = |at: Seconds| format!("{:.2}%", (at.0 / length.0).clamp(0.0, 1.0) * 100.0);
    let pauses = report.analysis.pauses.items.iter().filter(|pause| is_shown(pause));
    let fillers = report.analysis.fillers.items.iter().filter_map(|filler| Some((filler, filler.start_s?)));
    let runs = marked::runs(report);
    let parts = runs.iter().filter_map(|run| Some((run.part?, report.transcript.span(run.words)?)));
    html! {
        svg.wave #wave width="100%" height="132" role="img" aria-label=(described(report, length)) {
            @for pause in pauses {
                rect.pause x=(percent(pause.start_s)) width=(percent(wide(*pause))) y="14" height="88" {}
            }
            svg x="0" y="14" width="100%" height="88" viewBox={ "0 0 " (peaks.len().max(1)) " 100" }
                preserveAspectRatio="none" {
                path.shape d=(outline(peaks)) {}
            }
            @for (filler, at) in fillers {
                circle class=(certainty(filler)) cx=(percent(at)) cy="7" r="3.5" {}
            }
            @for (part, span) in parts {
                g data-part=(letter(part)) {
                    rect.part x=(percent(span.start_s)) width=(percent(wide(span))) y="108" height="20" {}
                    @if wide(span).0 > length.0 / 30.0 {
                        text x=(percent((span.start_s + span.end_s) * 0.5)) y="122" text-anchor="middle" { (letter(part)) }
                    }
                }
            }
            line #head x1="0" x2="0" y1="0" y2="132" {}
        }
    }
}

fn wide(span: Span) -> Seconds {
    (span.end_s - span.start_s).max(Seconds::ZERO)
}

/// What the picture shows, for who does not see it.
fn described(report: &Report, length: Seconds) -> String {
    let analysis = &report.analysis;
    let pauses = analysis.pauses.items.iter().filter(|pause| is_shown(pause)).count();
    let fillers = analysis.fillers.items.len();
    format!(
        "Waveform of {}: pauses of a second or more: {pauses}; fillers, the doubtful ones too: {fillers}",
        clock(length)
    )
}

/// The peaks as a filled shape, a unit wide each and from 0 at the top to 100; the loudest fills the height.
fn outline(peaks: &[Peak]) -> String {
    let loudest = peaks.iter().fold(0.02_f32, |most, peak| most.max(peak.high).max(-peak.low));
    let y = |value: f32| format!("{:.0}", 50.0 - value / loudest * 49.0);
    let mut path = String::new();
    for (at, peak) in peaks.iter().enumerate() {
        // Silence is a thin line.
        let (high, low) = (peak.high.max(loudest * 0.01), peak.low.min(loudest * -0.01));
        path += &format!("M{at} {}h.7V{}h-.7z", y(high), y(low));
    }
    path
}
