//! The pages in a real browser: a rehearsal by clicks and by keys, a take heard word by word, and who is kept out.

#![cfg(all(feature = "app", target_os = "linux"))]

#[path = "support/browser.rs"]
mod browser;
mod support;

use std::time::Duration;

use browser::{Browser, axe};
use greenroom::rig::RigOptions;
use serde_json::{Value, json};
use support::Stage;
use support::mirror::{Manner, Server};
use support::sound::{save, speak};

const ANSWER: &str = "Um, last spring I was leading the online shop. Our product manager wanted to ship a new page before the \
    summer sale. I asked my team to compare both options, and I wrote a plan. In the end we shipped in May and failures \
    fell from nine a month to one.";

/// A stage whose microphone hears a recording, and whose questions are only shown.
fn with_recording() -> (Stage, Vec<String>) {
    let stage = Stage::silent().with_tiny_en();
    let file = stage.file("answer.wav");
    save(&file, &speak(ANSWER));
    let flags = ["--voice", "text", "--device", &format!("file:{}", file.display())].map(str::to_owned);
    (stage, flags.to_vec())
}

fn open(stage: &Stage, flags: &[String]) -> Browser {
    Browser::open(stage, &flags.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Begins with a question of one's own.
fn begin(browser: &Browser, question: &str) {
    browser.go("/");
    begin_here(browser, question);
}

/// The same, on the first page as it stands.
fn begin_here(browser: &Browser, question: &str) {
    browser.type_into("#own", question);
    browser.wait_until("document.querySelector('[name=what][value=own]').checked");
    browser.click("button.main");
}

/// Rehearses one question to its end; the address of its take's page.
fn one_take(browser: &Browser, question: &str) -> String {
    begin(browser, question);
    browser.wait_until("document.querySelector('.stage')?.dataset.stage === 'choosing'");
    browser.click("#do-quit");
    browser.wait_for_text("One take is saved.");
    let address = browser.script("return document.querySelector('article.take a').getAttribute('href')");
    address.as_str().expect("there is a link").to_owned()
}

/// Reloads the page while an answer is recorded: the take goes on, and the page finds it again.
fn reload_in_the_middle(browser: &Browser) {
    browser.wait_until("document.querySelector('#elapsed').textContent >= '0:02'");
    let before = browser.script("return document.querySelector('#elapsed').textContent");
    browser.wait(browser.page.refresh());
    browser.wait_until("document.querySelector('.stage')?.dataset.stage === 'listening'");
    let after = browser.script("return document.querySelector('#elapsed').textContent");
    assert!(after.as_str() >= before.as_str(), "the take began anew: {before} and then {after}");
}

#[test]
fn a_rehearsal_by_clicks_is_spoken_heard_and_survives_a_reload_in_its_middle() {
    let stage = Stage::with_sound(RigOptions { echo: false, room: true }).with_tiny_en();
    let browser = open(&stage, &[]);
    browser.click("#check");
    browser.wait_until("document.querySelector('#heard').dataset.tone === 'good'");
    begin(&browser, "Tell me about a time you disagreed with a peer.");
    browser.wait_for_text("Tell me about a time you disagreed with a peer.");
    browser.wait_until("document.querySelector('.stage')?.dataset.stage === 'listening'");
    let file = stage.file("said.wav");
    save(&file, &speak(ANSWER));
    std::thread::scope(|scope| {
        let playing = scope.spawn(|| stage.rig().play_into_microphone(&file));
        reload_in_the_middle(&browser);
        playing.join().expect("no panic").expect("it plays");
    });
    // Words come while it is spoken.
    browser.wait_until("document.querySelector('#latest').textContent.length > 10");
    browser.click("#do-done");
    browser.wait_until("document.querySelector('.stage')?.dataset.stage === 'choosing'");
    // How it felt is asked before the report is seen, and said in one tap.
    assert_eq!(browser.script("return document.querySelector('details.report').open"), json!(false));
    browser.click("form.felt button[value=middling]");
    browser.wait_for_text("Length");
    assert_eq!(stage.sessions()[0]["answers"].as_array().map(Vec::len), Some(1));
    browser.click("#do-quit");
    browser.wait_for_text("One take is saved.");
    browser.go("/over-time");
    browser.wait_for_text("1 take you judged before the report");
    assert_eq!(browser.complaints(), Vec::<String>::new());
    browser.close();
}

#[test]
fn a_machine_without_a_model_gets_one_on_the_page_and_the_microphone_is_chosen_there() {
    let server = Server::start(Manner::Right);
    let stage = Stage::with_sound(RigOptions { echo: false, room: true });
    stage.run(["config", "set", "mirrors", &server.address]).succeeded();
    let browser = open(&stage, &[]);
    let axe = axe();
    browser.wait_for_text("A speech model is missing");
    assert_eq!(browser.barriers(&axe), Vec::<String>::new());
    browser.click("button[name=name][value='tiny.en']");
    browser.wait_until("location.pathname === '/' && !document.body.textContent.includes('A speech model is missing')");
    browser.wait_until("document.querySelectorAll('#device option').length > 1");
    // The loudspeaker's monitor hears what plays, and not the person.
    browser.script(
        "const device = document.querySelector('#device'); \
         device.value = [...device.options].find((option) => /^monitor of/i.test(option.textContent)).value",
    );
    browser.click("#check");
    browser.wait_for_text("This is your loudspeaker's monitor");
    let name = browser.script(
        "const device = document.querySelector('#device'); device.selectedIndex = 1; \
         document.querySelector('[name=keep_device]').checked = true; return device.value",
    );
    begin_here(&browser, "What went well?");
    browser.wait_until("document.querySelector('.stage')?.dataset.stage === 'listening'");
    assert_eq!(stage.run(["config", "show", "--json"]).succeeded().json()["device"]["value"], name);
    assert_eq!(browser.complaints(), Vec::<String>::new());
    browser.close();
}

#[test]
fn a_click_on_a_word_plays_it_and_corrections_stay() {
    let (stage, flags) = with_recording();
    let browser = open(&stage, &flags);
    let take = one_take(&browser, "What happened?");
    browser.go(&take);
    browser.wait_until("document.querySelector('#sound').readyState >= 1");
    let words = browser.script("return document.querySelectorAll('#words .w[data-start]').length");
    assert!(words.as_u64() > Some(30), "{words} words");
    // Every word; a take of fifty is heard fifty times.
    let missed = browser.wait(browser.page.execute_async(
        "const done = arguments[arguments.length - 1]; \
         const sound = document.querySelector('#sound'); \
         const words = [...document.querySelectorAll('#words .w[data-start]')].slice(0, 50); \
         (async () => { const missed = []; for (const word of words) { \
           word.click(); sound.pause(); \
           if (Math.abs(sound.currentTime - Number(word.dataset.start)) > 0.1) missed.push([word.textContent, sound.currentTime]); \
         } done(missed); })();",
        Vec::new(),
    ));
    assert_eq!(missed, json!([]));
    // The words are one stop of the Tab key, with arrows inside.
    let stops = browser.script("return document.querySelectorAll('#words [tabindex=\"0\"]').length");
    assert_eq!(stops, json!(1));
    browser.script("document.querySelector('#words [tabindex=\"0\"]').focus()");
    browser.press("\u{e014}");
    assert_eq!(
        browser.script("return [...document.querySelectorAll('#words .w')].indexOf(document.activeElement)"),
        browser.script("return [...document.querySelectorAll('#words .w')].findIndex((word) => word.tabIndex === 0)")
    );
    let fillers = |browser: &Browser| browser.script("return document.querySelectorAll('#words mark').length");
    let before = fillers(&browser).as_u64().expect("a number");
    assert!(before > 0, "um is a filler");
    browser.click(".fillers form button");
    browser.wait_until(&format!("document.querySelectorAll('#words mark').length < {before}"));
    browser.type_into("#note", "Say the figure first.");
    browser.click(".remarks form button");
    browser.wait_for_text("Say the figure first.");
    browser.go("/search?q=figure");
    browser.wait_for_text("One take has it.");
    assert_eq!(browser.complaints(), Vec::<String>::new());
    browser.close();
}

#[test]
fn everything_goes_by_keys_and_two_pages_show_one_session() {
    let (stage, mut flags) = with_recording();
    // A microphone that stays open: somebody has to say that the answer is over.
    let long = stage.file("long.wav");
    save(&long, &[speak(ANSWER), vec![0.0; 16_000 * 60]].concat());
    flags[3] = format!("file:{}", long.display());
    let browser = open(&stage, &flags);
    browser.go("/");
    browser.script("document.querySelector('#own').focus()");
    browser.press("Why this job?");
    browser.press("\u{e007}");
    browser.wait_until("document.querySelector('.stage')?.dataset.stage === 'listening'");
    let first = browser.wait(browser.page.window());
    let second = browser.wait(browser.page.new_window(true)).handle;
    browser.wait(browser.page.switch_to_window(second.clone()));
    begin(&browser, "Another question?");
    // One session at a time: the second page is shown the first one's.
    browser.wait_for_text("Why this job?");
    stage
        .run(["rehearse", "--ask", "A third one?", "--voice", "text", "--device", &flags[3]])
        .failed(1, &["another window", "only one records at a time"]);
    browser.press("p");
    browser.wait_for_text("Paused");
    browser.wait(browser.page.switch_to_window(first));
    browser.wait_for_text("Paused");
    browser.press("p");
    browser.wait_until("!document.querySelector('.stage').innerText.includes('Paused')");
    browser.press("o");
    browser.wait_for_text("to throw this take away");
    browser.press("\u{e00c}");
    browser.wait_until("!document.body.innerText.includes('to throw this take away')");
    browser.press("\u{e007}");
    browser.wait_until("document.querySelector('.stage')?.dataset.stage === 'choosing'");
    browser.press("q");
    browser.wait_for_text("One take is saved.");
    browser.wait(browser.page.switch_to_window(second));
    browser.wait_for_text("One take is saved.");
    browser.close();
}

#[test]
fn hostile_words_are_words_wherever_they_come_from() {
    let (stage, flags) = with_recording();
    let evil = "<script>window.pwned=1</script><img src=x onerror=window.pwned=1> \u{202e}gnp.exe \u{1b}[31m";
    let long = "a".repeat(10_000);
    let bank = format!("# {evil}\n\n## What {evil} happened?\n\n- {evil}\n- {long}\n\n## Why {long}?\n");
    std::fs::create_dir_all(stage.home().join("banks")).expect("a folder");
    std::fs::write(stage.home().join("banks/evil <b>bank<b>.md"), bank).expect("a file");
    let browser = open(&stage, &flags);
    let take = one_take(&browser, &format!("Why {evil}?"));
    browser.go(&take);
    browser.type_into("#note", "<script>window.pwned=1</script> '\" \u{202e}");
    browser.click(".remarks form button");
    browser.wait_for_text("window.pwned");
    let bank = "/banks/evil%20%3Cb%3Ebank%3Cb%3E";
    let pages =
        ["/", &take, "/over-time", "/search?q=%3Cscript%3E", "/banks", bank, &format!("{bank}/check"), "/rehearse"];
    for page in pages {
        browser.go(page);
        let state = browser.script(
            "return [window.pwned ?? null, document.querySelectorAll('img, main b').length, \
             [...document.scripts].map((script) => script.getAttribute('src')), \
             document.documentElement.scrollWidth <= window.innerWidth]",
        );
        let script = if page == take { "/take.js" } else { "/app.js" };
        assert_eq!(state, json!([null, 0, [script], true]), "{page}");
    }
    assert_eq!(browser.complaints(), Vec::<String>::new());
    browser.close();
}

#[test]
fn no_page_has_a_barrier_or_overflows_from_a_telephone_to_a_desk() {
    let (stage, flags) = with_recording();
    let browser = open(&stage, &flags);
    let axe = axe();
    let take = one_take(&browser, "What happened?");
    let pages =
        ["/", "/rehearse", &take, "/over-time", "/search?q=page", "/banks", "/banks/conflict", "/model", "/nowhere"];
    for width in [360, 820, 1400] {
        browser.be_wide(width);
        for page in pages {
            browser.go(page);
            let (has, fits) = ("document.documentElement.scrollWidth", "window.innerWidth");
            let size = browser.script(&format!("return [{has}, {fits}]"));
            assert!(size[0].as_u64() <= size[1].as_u64(), "{page} at {width}: {size}");
            assert_eq!(browser.barriers(&axe), Vec::<String>::new(), "{page} at {width}");
        }
    }
    browser.close();
}

#[test]
fn nobody_comes_in_without_the_token_from_elsewhere_or_under_another_name() {
    let (stage, flags) = with_recording();
    let browser = open(&stage, &flags);
    browser.wait(browser.page.delete_all_cookies());
    browser.go("/");
    browser.wait_for_text("has not been let in");
    // A page of somebody else posts to it; the browser sends its own origin along.
    browser.go_to_address(
        "data:text/html,<form method=post action=here><button name=what value=tonight>x</button></form>",
    );
    browser.script(&format!("document.forms[0].action = {}", json!(format!("{}/rehearse", browser.origin))));
    browser.click("button");
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(stage.sessions(), Vec::<Value>::new());
    let port = browser.origin.rsplit(':').next().expect("a port").to_owned();
    for other in ["localhost", "127.0.0.1.nip.example", "[::1]"] {
        let status = ureq::get(&browser.origin).header("host", &format!("{other}:{port}")).call();
        assert!(matches!(status, Err(ureq::Error::StatusCode(403))), "{other}: {status:?}");
    }
    browser.close();
}

#[test]
fn control_c_keeps_an_answer_that_is_being_recorded_and_the_last_page_ends_the_program() {
    let (stage, mut flags) = with_recording();
    let long = stage.file("long.wav");
    save(&long, &[speak(ANSWER), vec![0.0; 16_000 * 60]].concat());
    flags[3] = format!("file:{}", long.display());
    let browser = open(&stage, &flags);
    begin(&browser, "Why?");
    browser.wait_until("document.querySelector('#elapsed')?.textContent >= '0:02'");
    let Browser { server, page, .. } = browser;
    server.signal(libc::SIGINT);
    let ended = server.end_within(Duration::from_secs(15));
    assert_eq!(ended.code, 130, "{}", ended.stderr);
    assert!(ended.stderr.contains("what was recorded is kept"), "{}", ended.stderr);
    drop(page);
    let answer = &stage.sessions()[0]["answers"][0];
    assert!(answer["duration_s"].as_f64() > Some(1.0), "{answer}");
}
