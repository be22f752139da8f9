//! Conversations, drills, follow-ups and hints from end to end: a voice that asks, a candidate who answers into the
//! virtual microphone, takes on disk.

#![cfg(all(feature = "app", target_os = "linux"))]

mod support;

use std::time::Duration;

use greenroom::rig::RigOptions;
use serde_json::Value;
use support::sound::{save, speak};
use support::terminal::{Terminal, assert_fits};
use support::{Stage, words};

const BANK: &str = "# Looking back

## What did you change for the better?

#### What's really being asked
- Do you know the result in numbers?

#### Talking points
- The pilot with two teams

#### The best answer
We cut the release time from a week to a day, and every team does it now.
";

const PORT: &str = "# Ports

### Scenario 1: The port that stood still
**Duration**: 10 minutes

**Situation**: You join a port where nothing moves.

**Key Challenges**:
- A strike next week

**Phases**:
1. **Questions (2 min):** What you need to know.
2. **The plan (8 min):** What you do.

**Expected Discussion Points**:

#### 1. Safety
- What would you stop at once?

#### 2. Money
- What would the board see after a year?
";

/// A room that is not quite silent, and a loudspeaker that the microphone hears.
const ROOM: RigOptions = RigOptions { echo: true, room: true };

fn stage(bank: &str) -> Stage {
    let stage = Stage::with_sound(ROOM).with_tiny_en();
    stage.write("bank.md", bank);
    stage
}

fn rehearse(stage: &Stage, args: &[&str]) -> Terminal {
    Terminal::start(stage.command([&["rehearse", "bank.md", "--count", "1"], args].concat()))
}

fn say(stage: &Stage, text: &str) {
    let file = stage.file("said.wav");
    save(&file, &speak(text));
    stage.rig().play_into_microphone(&file).expect("the rig plays");
}

/// Answers into the open microphone, and says that it was the answer.
fn answer(stage: &Stage, terminal: &mut Terminal, text: &str) {
    terminal.expect("recording 0:");
    say(stage, text);
    terminal.press("\r");
    terminal.expect("done: ");
}

/// The newest session with its reports.
fn kept(stage: &Stage) -> Value {
    stage.run(["review", "show", "--json"]).succeeded().json()
}

fn of_takes<'a>(kept: &'a Value, field: &str) -> Vec<&'a Value> {
    kept["session"]["answers"].as_array().expect("takes").iter().map(|take| &take[field]).collect()
}

fn ends_well(terminal: Terminal) -> String {
    let (code, text) = terminal.end();
    assert_eq!(code, 0, "{text}");
    assert_fits(&text);
    text
}

#[test]
fn a_scenario_is_a_conversation_and_ends_with_what_was_touched() {
    let stage = stage(PORT);
    let mut terminal = rehearse(&stage, &["--think", "1s"]);
    terminal.expect("Question 1 of 1 · Questions · 0:0");
    terminal.expect("You join a port where nothing moves.");
    terminal.expect("Where would you begin");
    terminal.expect("asked by system voice");
    terminal.expect("0:01 to think");
    answer(&stage, &mut terminal, "I would listen to the crews for two days before I say a word.");
    terminal.expect("The plan · Safety");
    terminal.expect("What would you stop at once?");
    answer(
        &stage,
        &mut terminal,
        "I would stop the two old cranes at once, because they can hurt people. Nobody goes under a load, and every \
         ship waits until we know what is broken. Then I would ask the crew what they would stop.",
    );
    terminal.expect("The plan · Money");
    terminal.expect("of 10:00");
    answer(&stage, &mut terminal, "After a year the board would see half of the waiting time and a new crane.");
    terminal.expect("Think of this as well: A strike next week.");
    terminal.expect("recording 0:");
    terminal.press("n");
    terminal.expect("What you talked about: 2 of 2 topics touched");
    terminal.expect("r try again");
    terminal.press("q");
    let text = ends_well(terminal);

    let kept = kept(&stage);
    let ids = of_takes(&kept, "question");
    assert!(ids.len() == 4 && ids.iter().all(|question| question["id"] == ids[0]["id"]), "{ids:?}");
    let parts = of_takes(&kept, "part");
    assert_eq!(parts[1]["topic"], "Safety", "{parts:?}");
    let summary = &kept["session"]["summaries"][0];
    assert_eq!(summary["kind"], "conversation");
    assert_eq!(summary["takes"], serde_json::json!([1, 2, 3, 4]));
    // Whether the words make the point depends on what the model hears; that it was answered does not.
    let stopped = &summary["topics"][0]["points"][0];
    assert_eq!(stopped["asked_in"], 2, "{summary}\n{text}");
    assert!(stopped["quote"].as_str().is_some_and(|quote| quote.contains("stop")), "{stopped}");
    let told = words(&kept["reports"][1]).join(" ").to_lowercase();
    assert!(!told.contains("would you stop"), "the tool's own voice is in the answer: {told}");
    stage.is_clean();
}

#[test]
fn an_interruption_is_heard_and_is_no_part_of_the_answer() {
    let stage = stage(BANK);
    let mut terminal = rehearse(&stage, &["--drill", "interrupt", "--seed", "3", "--target", "10s"]);
    terminal.expect("recording 0:");
    // It ends while the interviewer speaks, as a person stops who is broken into.
    let going_on = "Last year our releases took a whole week. Nobody in the company knew why that was so.";
    std::thread::scope(|scope| {
        scope.spawn(|| say(&stage, going_on));
        terminal.expect("The interviewer breaks in:");
    });
    terminal.expect("recording goes on");
    std::thread::sleep(Duration::from_millis(700));
    say(&stage, "I wrote the new pipeline myself. In the end releases took one day instead of a week.");
    terminal.press("\r");
    terminal.expect("done: ");
    terminal.expect("The interruption");
    terminal.expect("Your reply");
    terminal.press("q");
    let text = ends_well(terminal);

    let kept = kept(&stage);
    let part = of_takes(&kept, "part")[0].clone();
    let at_s = part["at_s"].as_f64().expect("it was broken into");
    assert!((2.0..8.0).contains(&at_s), "{part}");
    let said = part["said"].as_str().expect("something was said").to_owned();
    let heard = words(&kept["reports"][0]).join(" ").to_lowercase();
    // What is said after the interruption is in it; a word or two of that may be misheard.
    let any = |those: &[&str]| heard.split([' ', '.', ',']).any(|word| those.contains(&word));
    assert!(any(&["wrote", "pipeline", "myself"]) && any(&["day", "instead", "stead"]), "{heard}");
    for own in ["sorry", "stop", "hold on", "wait", "cut you short", "break in"] {
        assert!(!heard.contains(own), "{said:?} is in the answer: {heard}\n{text}");
    }
    let summary = &kept["session"]["summaries"][0];
    assert_eq!((&summary["kind"], &summary["said"]), (&"interrupt".into(), &part["said"]));
    assert!(summary["sentence"].as_str().is_some_and(|sentence| !sentence.is_empty()), "{summary}");
    assert!(summary["latency_s"].as_f64().is_some_and(|latency| latency > 0.2 && latency < 6.0), "{summary}");
    // The voice that broke in took time; the recording stood still meanwhile.
    let length_s = kept["session"]["answers"][0]["duration_s"].as_f64().expect("a length");
    assert!(length_s < 16.0, "{length_s}");
}

#[test]
fn follow_ups_are_spoken_twice_at_most_and_hints_and_the_best_answer_come_when_asked_for() {
    let stage = stage(BANK);
    let mut terminal = rehearse(&stage, &["--follow-ups", "2"]);
    terminal.expect("recording 0:");
    terminal.press("b");
    terminal.expect("give one first");
    terminal.press("h");
    terminal.expect("hint 1 of 2, what is really asked:");
    terminal.expect("recording 0:");
    say(
        &stage,
        "Last year I was leading the online shop. Our product manager wanted to ship a new page before the summer sale. I \
         had to keep the sale and make the service reliable. I asked my team to compare both options, and I wrote a plan \
         for the next release.",
    );
    terminal.press("\r");
    for _ in 0..2 {
        terminal.expect("Follow-up");
        terminal.expect("asked by system voice");
        answer(&stage, &mut terminal, "It went well in the end, I would say.");
    }
    terminal.expect("b best answer");
    terminal.press("b");
    terminal.expect("We cut the release time from a week to a day");
    terminal.press("q");
    let text = ends_well(terminal);
    let kept = kept(&stage);
    let prompts: Vec<_> = of_takes(&kept, "prompt").into_iter().filter_map(Value::as_str).collect();
    assert_eq!(prompts, ["question", "follow_up", "follow_up"], "{text}");
    let asked: Vec<_> = of_takes(&kept, "question").iter().map(|question| question["text"].clone()).collect();
    assert!(asked[1] != asked[2] && asked[1] != asked[0], "{asked:?}");
    let hints: Vec<_> = of_takes(&kept, "hints").into_iter().filter_map(Value::as_u64).collect();
    assert_eq!(hints, [1, 0, 0]);
}
