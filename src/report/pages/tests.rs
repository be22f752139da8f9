use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::base_64;
use crate::models::sha256;
use crate::report::samples::{self, without_colour};
use crate::report::terminal::{Options, render};
use crate::types::{Peak, Report, Seconds, StarPart, TakeRemarks, Transcript, Word, WordRange};

const PEAKS: [Peak; 2] = [Peak { low: -0.5, high: 0.4 }, Peak { low: -0.1, high: 0.1 }];

fn page_of(report: &Report) -> String {
    let sound = Sound { address: "answer.wav", peaks: &PEAKS };
    TakePage {
        name: "Take 1, 21 November 2026",
        report,
        remarks: &[],
        sound: Some(sound),
        others: &[],
        beside: None,
        forms: None,
        around: &[],
        assets: Assets::Inside,
    }
    .render()
}

/// The sample, its story told by words.
fn told() -> Report {
    let mut report = samples::full();
    let mut tell = |part, first, end| {
        report.analysis.star.parts.get_mut(&part).expect("the sample has it").words = vec![WordRange::new(first, end)];
    };
    tell(StarPart::Situation, 10, 17);
    tell(StarPart::Task, 17, 23);
    tell(StarPart::Action, 23, 39);
    report
}

/// What stands between the first `begin` and the `end` behind it.
fn between<'a>(text: &'a str, begin: &str, end: &str) -> &'a str {
    let from = text.find(begin).unwrap_or_else(|| panic!("no {begin}")) + begin.len();
    &text[from..from + text[from..].find(end).unwrap_or_else(|| panic!("no {end}"))]
}

#[test]
fn every_word_can_be_heard_and_fillers_pauses_and_parts_are_marked() {
    let page = page_of(&told());
    assert_eq!(page.matches("class=\"w\"").count() + page.matches("class=\"w ").count(), 39);
    assert!(page.contains("<span class=\"w\" data-start=\"1.40\">we</span>"), "{page}");
    assert!(page.contains("<mark class=\"w sure\" title=\"filled pause\" data-start=\"0.90\">um</mark>"), "{page}");
    assert!(page.contains("<mark class=\"w possible\" title=\"perhaps a filler word\""), "{page}");
    assert!(page.contains("title=\"a pause at 0:09\">2.4 s</span>") && !page.contains("0.5 s</span>"), "{page}");
    for (letter, name) in [("S", "Situation"), ("T", "Task"), ("A", "Action")] {
        assert!(
            page.contains(&format!("<div class=\"run\" data-part=\"{letter}\"><p class=\"letter\" title=\"{name}\">"))
        );
    }
    assert!(page.contains("data-words=\"2-10\" data-start=\"1.40\""), "the bottom line lights its words: {page}");
}

#[test]
fn the_first_screen_says_what_the_terminal_says() {
    let report = told();
    let page = page_of(&report);
    let screen = between(&page, "<section class=\"first\"", "<section class=\"player\"");
    let flat = screen.replace("<bdi>", "").replace("</bdi>", "").replace("&quot;", "\"");
    let terminal = without_colour(&render(&report, Options::default()));
    let mut from = 0;
    for said in [
        "A story that leaves out how it ended.",
        "39 words in 21 s",
        "Situation",
        "Task",
        "Action",
        "Result",
        "Next time: Close with",
    ] {
        assert!(terminal.contains(said), "{said} in {terminal}");
        from += flat[from..].find(said).unwrap_or_else(|| panic!("{said} behind the others in {flat}"));
    }
}

#[test]
fn a_text_has_no_times_and_no_player() {
    let report = samples::written();
    let page = TakePage { sound: None, ..take(&report) }.render();
    let body = between(&page, "<body>", "</body>");
    assert!(!body.contains("data-start") && !body.contains("<audio"), "{body}");
}

fn take(report: &Report) -> TakePage<'_> {
    TakePage {
        name: "Take 1",
        report,
        remarks: &[],
        sound: Some(Sound { address: "/sound", peaks: &PEAKS }),
        others: &[],
        beside: None,
        forms: None,
        around: &[],
        assets: Assets::Linked { style: "/page.css", script: "/page.js" },
    }
}

#[test]
fn forms_are_there_where_somebody_takes_them_and_nowhere_else() {
    let report = told();
    let forms = Forms { note: "/note".into(), point: "/point".into(), filler: "/filler".into() };
    let page = TakePage { forms: Some(&forms), ..take(&report) }.render();
    for address in ["/note", "/point", "/filler"] {
        assert!(page.contains(&format!("action=\"{address}\"")), "{address}: {page}");
    }
    assert!(page.contains("name=\"filler\" value=\"4\""), "{page}");
    assert!(!page_of(&report).contains("<form"));
}

#[test]
fn what_people_wrote_is_shown_and_never_run() {
    const HOSTILE: &str =
        "</p><script>alert(1)</script><img src=x onerror=\"alert(2)\"> '&amp; \u{202e}desrever\u{0}\u{1b}[2J";
    let mut report = told();
    report.question.as_mut().expect("it has one").text = HOSTILE.to_owned();
    report.transcript.words[3].text = HOSTILE.replace(' ', "");
    report.transcript.words[4].text = "w".repeat(10_000);
    report.transcript.language = "\"><script>".to_owned();
    report.analysis.points[0].text = HOSTILE.to_owned();
    report.advice[0].try_saying = HOSTILE.to_owned();
    report.notices = vec![HOSTILE.to_owned()];
    let notes = [HOSTILE.to_owned()];
    let links = [Link { address: "/a?b=\"><script>".into(), text: HOSTILE.to_owned() }];
    let forms = Forms { note: "/note".into(), point: "/point".into(), filler: "/filler".into() };
    let page =
        TakePage { name: HOSTILE, remarks: &notes, others: &links, forms: Some(&forms), ..take(&report) }.render();
    assert_eq!(page.matches("<script").count(), 1, "our own alone");
    assert!(!page.contains("<img") && !page.contains("alert(1)</script>"), "{page}");
    assert!(!page.contains('\u{0}') && !page.contains('\u{1b}'));
    assert!(!between(&page, "<title>", "</title>").contains('\u{202e}'));
    let turned = page.matches('\u{202e}').count();
    // In attributes nothing is laid out; everywhere else such a sign ends with the words it came in.
    let isolated = page
        .split("<bdi>")
        .skip(1)
        .filter(|rest| rest.split("</bdi>").next().is_some_and(|words| words.contains('\u{202e}')))
        .count();
    assert!(isolated > 5 && turned - isolated <= 2, "{isolated} of {turned}");
}

#[test]
fn nothing_is_styled_or_run_in_place_and_the_policy_knows_what_is_inside() {
    let page = page_of(&told());
    let policy = between(&page, "http-equiv=\"Content-Security-Policy\" content=\"", "\"");
    for (begin, end) in [("<style>", "</style>"), ("<script type=\"module\">", "</script>")] {
        let hash = base_64::encoded(sha256::of_bytes(between(&page, begin, end)));
        assert!(policy.contains(&format!("sha256-{hash}")), "{begin}: {policy}");
    }
    let markup = page.replace(STYLE, "").replace(SCRIPT, "");
    assert!(!markup.contains(" style=") && !markup.contains(" onclick") && !markup.contains("http://"), "{markup}");
    assert!(!STYLE.contains("url(") && !STYLE.contains("@import") && !SCRIPT.contains("http"));
    assert!(!STYLE.contains("</style") && !SCRIPT.contains("</script"), "each would end itself");
}

#[test]
fn five_minutes_weigh_at_most_150_kb_without_the_sound() {
    let mut report = told();
    let word = |at: usize| Word {
        text: "something".to_owned(),
        start_s: Some(Seconds(0.4 * at as f64)),
        end_s: Some(Seconds(0.4 * at as f64 + 0.3)),
        probability: Some(0.9),
    };
    report.transcript = Transcript::of_words((0..750).map(word).collect(), "base.en", "en");
    let peaks = [Peak { low: -0.123, high: 0.456 }; 600];
    let page =
        TakePage { sound: Some(Sound { address: "a.wav", peaks: &peaks }), assets: Assets::Inside, ..take(&report) };
    let bytes = page.render().len();
    assert!(bytes <= 150_000, "{bytes}");
}

#[test]
fn two_takes_stand_beside_each_other_on_a_page() {
    let found = crate::report::comparison::tests::compared();
    let report = told();
    let page = TakePage { beside: Some(&found), ..take(&report) }.render();
    assert!(page.contains("<del>") && page.contains("<ins>"), "{page}");
    let alone = comparison_page(&found, &[], &[], Assets::Style);
    assert!(!alone.contains("<script") && !alone.contains("script-src"), "it is only read: {alone}");
    assert!(alone.contains("Take 1, 21 November 2026") && alone.contains("too few takes to judge"), "{alone}");
}

/// The colours that [`STYLE`] names in a block.
fn colours(block: &str) -> BTreeMap<&str, [f64; 3]> {
    let declared = block.split(';').filter_map(|line| line.trim().strip_prefix("--")?.split_once(": #"));
    let part = |hex: &str, at: usize| f64::from(u8::from_str_radix(&hex[at..at + 2], 16).expect("two digits")) / 255.0;
    declared.map(|(name, hex)| (name, [part(hex, 0), part(hex, 2), part(hex, 4)])).collect()
}

/// The contrast of two colours by WCAG 2.2, 1 to 21.
fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let linear = |value: f64| if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) };
    let luminance = |[r, g, b]: [f64; 3]| 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn all_text_has_a_contrast_of_4_5_and_all_marks_of_3_in_light_and_in_dark() {
    let light = colours(between(STYLE, ":root {", "}"));
    let dark = colours(between(
        &STYLE[STYLE.find("@media (prefers-color-scheme: dark)").expect("it has one")..],
        ":root {",
        "}",
    ));
    for (which, colours) in [("light", light), ("dark", dark)] {
        let check = |ink: &str, ground: &str, least: f64| {
            let found = contrast(colours[ink], colours[ground]);
            assert!(found >= least, "{which}: {ink} on {ground} {found:.2}");
        };
        for ground in ["ground", "raised", "shade"] {
            for ink in ["ink", "quiet", "good", "watch", "link"] {
                check(ink, ground, 4.5);
            }
        }
        for part in ["S", "T", "A", "R"] {
            check("on-part", part, 4.5);
            check(part, "ground", 3.0);
        }
        check("on-lit", "lit", 4.5);
        check("edge", "ground", 3.0);
        check("shape", "ground", 3.0);
    }
}

proptest! {
    #[test]
    fn any_report_makes_a_page(report in samples::arbitrary()) {
        let page = page_of(&report);
        prop_assert_eq!(page.matches("<script").count(), 1);
        prop_assert!(page.ends_with("</html>\n"));
    }
}

#[test]
fn remarks_of_the_person_are_on_the_page_where_they_are_given() {
    let report = told();
    let remarks = TakeRemarks { notes: vec!["Slower at the start".into()], ..TakeRemarks::default() };
    let page = TakePage { remarks: &remarks.notes, ..take(&report) }.render();
    assert!(page.contains("Slower at the start") && !page.contains("<textarea"), "{page}");
}
