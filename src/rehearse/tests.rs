//! The loop in process: commands in, events out, with a recording for a microphone and a script for Whisper.
//!
//! Time is tokio's own and paused: minutes of thinking pass at once. The recording is real and on disk.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use jiff::Zoned;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::*;
use crate::analysis::lexicon::Lexicon;
use crate::asr::{ChunkRules, LoadError, Scripted, Stop, TranscribeError, Transcriber};
use crate::assess::{Assessor, TranscriptionSettings};
use crate::audio::{FileInput, Pace, SPEECH_RATE_HZ, decode_16k, detect};
use crate::content::frameworks::Frameworks;
use crate::practice::EarlierTakes;
use crate::speech::TextOnly;
use crate::store::{Home, SessionFolder};
use crate::types::{AnswerStatus, Drill, Prompt, Seconds, SessionSettings, Summary, Word};

/// A whole story, in words.
const STORY: &str = "Last spring our payment service failed every week and customers left. I was asked to make it stable \
    before the sale. I measured every failure, I moved the queue to its own machine and I wrote an alarm for it. In the \
    end failures fell from nine a month to one and the sale went through.";
/// The beginning of one, and nothing else.
const SCENE: &str = "Last spring our payment service was in a bad state. Customers left, the team was tired, and the sale \
    was only two months away. There were nine failures a month and nobody knew where they came from.";

/// One phrase of a voice, which is one piece for the transcriber, and silence behind it.
fn phrase() -> &'static [f32] {
    static PHRASE: OnceLock<Vec<f32>> = OnceLock::new();
    PHRASE.get_or_init(|| {
        let file = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sounds/two-phrases.opus"));
        let mut samples = decode_16k(file).expect("it can be decoded").samples;
        let first = detect(&samples)[0];
        samples.truncate((first.end_s.0 * f64::from(SPEECH_RATE_HZ)) as usize);
        samples.extend([0.0; 2 * SPEECH_RATE_HZ as usize]);
        samples
    })
}

/// A sitting in a room of its own.
struct Room {
    folder: tempfile::TempDir,
    questions: Vec<&'static str>,
    said: Vec<String>,
    settings: Settings,
    earlier: Option<EarlierTakes>,
    pace: Pace,
    minutes: usize,
}

/// Stands in for Whisper: whatever is said in a take, it hears that take's text. It fails where there is none.
struct Hears {
    texts: Vec<String>,
    /// How many takes were begun.
    takes: Arc<AtomicUsize>,
}

impl Transcriber for Hears {
    fn transcribe(&mut self, samples: &[f32], stop: &Stop) -> Result<Vec<Word>, TranscribeError> {
        let take = self.takes.load(Ordering::Acquire).saturating_sub(1);
        let none = || TranscribeError::Failed { seconds: 1.0, reason: "there is no text".to_owned() };
        Scripted::new(self.texts.get(take))
            .transcribe(samples, stop)
            .and_then(|words| if words.is_empty() { Err(none()) } else { Ok(words) })
    }
}

/// A sitting that is being played.
struct Played {
    commands: UnboundedSender<Command>,
    events: UnboundedReceiver<Event>,
    broadcast: Broadcast,
    /// Every event that was waited for or passed over.
    seen: Vec<Event>,
    run: tokio::task::JoinHandle<Result<RehearsalEnd, RehearsalError>>,
    home: Home,
}

impl Room {
    fn asking(questions: &[&'static str]) -> Room {
        Room {
            folder: tempfile::tempdir().expect("a folder"),
            questions: questions.to_vec(),
            said: Vec::new(),
            settings: Settings {
                think: None,
                think_situation: None,
                auto_stop: None,
                choose: true,
                reveal: true,
                style: Style::default(),
            },
            earlier: None,
            pace: Pace::Fast,
            minutes: 0,
        }
    }

    /// What is heard in one answer after another.
    fn answers<'a>(mut self, texts: impl IntoIterator<Item = &'a str>) -> Room {
        self.said = texts.into_iter().map(str::to_owned).collect();
        self
    }

    fn with(mut self, change: impl FnOnce(&mut Settings)) -> Room {
        change(&mut self.settings);
        self
    }

    /// The microphone never ends an answer by itself, and sound comes as fast as somebody speaks.
    fn with_an_open_end(mut self) -> Room {
        (self.pace, self.minutes) = (Pace::RealTime, 5);
        self
    }

    fn begin(self) -> Played {
        let home = Home::at(self.folder.keep());
        let mut samples = phrase().to_vec();
        samples.extend(std::iter::repeat_n(0.0, self.minutes * 60 * SPEECH_RATE_HZ as usize));
        let input = FileInput::of_samples(samples, SPEECH_RATE_HZ, self.pace);
        let (signals, take_signals) = unbounded_channel();
        let microphone = OpenMicrophone::open(Box::new(input), signals).expect("it opens");
        let lexicon = Lexicon::builtin("en").expect("English is built in");
        let assessor = Assessor::new(lexicon, Arc::new(Frameworks::builtin().clone()), Vec::new());
        let transcribing = TranscriptionSettings {
            model: "script".to_owned(),
            language: "en".to_owned(),
            rules: ChunkRules::RECORDING,
        };
        let settings = SessionSettings::default();
        let folder = SessionFolder::create(&home, &Zoned::now(), "test", None, settings).expect("it is made");
        let hears = Hears { texts: self.said, takes: Arc::default() };
        let takes_begun = Arc::clone(&hears.takes);
        let load = move || -> Result<Box<dyn Transcriber>, LoadError> { Ok(Box::new(hears)) };
        let takes = Takes::new(microphone, transcribing, load, assessor, folder).expect("threads start");
        let (commands, to_loop) = unbounded_channel();
        let broadcast = Broadcast::default();
        let ((_, events), (_, mut counted)) = (broadcast.subscribe(), broadcast.subscribe());
        tokio::spawn(async move {
            while let Some(event) = counted.recv().await {
                takes_begun.fetch_add(usize::from(is_listening(&event)), Ordering::AcqRel);
            }
        });
        let parts = Parts {
            speaker: Box::new(TextOnly),
            takes,
            take_signals,
            commands: to_loop,
            events: broadcast.clone(),
            earlier: self.earlier,
        };
        let planned =
            self.questions.iter().map(|text| Planned { question: crate::content::question_of_words(text), bank: None });
        let rehearsal = Rehearsal::new(planned.collect(), self.settings, parts).expect("there is a question");
        let run = tokio::spawn(rehearsal.run());
        Played { commands, events, broadcast, seen: Vec::new(), run, home }
    }
}

impl Played {
    /// Waits for an event, passing over others.
    async fn wait_for(&mut self, wanted: impl Fn(&Event) -> bool) -> Event {
        loop {
            let event = self.events.recv().await.unwrap_or_else(|| panic!("it is over: {:?}", self.told()));
            self.seen.push(event.clone());
            if wanted(&event) {
                return event;
            }
        }
    }

    async fn choice(&mut self) -> Vec<Command> {
        match self.wait_for(|event| matches!(event, Event::Choose { .. })).await {
            Event::Choose { choices } => choices,
            _ => unreachable!("just that was waited for"),
        }
    }

    fn press(&self, command: Command) {
        self.commands.send(command).expect("the loop listens");
    }

    /// The names of the events so far; those of a running recording left out.
    fn told(&self) -> Vec<String> {
        let quiet = |event: &&Event| !matches!(event, Event::Progress(_) | Event::Words { .. });
        let name =
            |event: &Event| serde_json::to_value(event).expect("it is data")["event"].as_str().map(str::to_owned);
        self.seen.iter().filter(quiet).filter_map(name).collect()
    }

    /// Waits for the end.
    async fn ends(mut self) -> (RehearsalEnd, Vec<Event>, View) {
        while let Some(event) = self.events.recv().await {
            self.seen.push(event);
        }
        let end = self.run.await.expect("nothing panics").expect("nothing fails");
        let view = self.broadcast.view();
        std::fs::remove_dir_all(self.home.root()).expect("it can be cleared away");
        (end, self.seen, view)
    }
}

fn is_listening(event: &Event) -> bool {
    matches!(event, Event::Listening { .. })
}

#[tokio::test(start_paused = true)]
async fn a_question_is_asked_answered_reported_on_and_the_next_one_follows() {
    let mut played = Room::asking(&["What went well?", "What went badly?"]).answers([STORY, STORY]).begin();
    let choices = played.choice().await;
    assert!(choices.contains(&Command::Again) && choices.contains(&Command::Next), "{choices:?}");
    let expected = ["asking", "asked", "listening", "ended", "reported", "choose"];
    assert_eq!(played.told(), expected);
    played.press(Command::Next);
    played.choice().await;
    played.press(Command::Next);
    let (end, seen, view) = played.ends().await;
    assert!(!end.interrupted);
    assert_eq!(end.session.answers.len(), 2);
    assert!(end.session.answers.iter().all(|answer| answer.status == AnswerStatus::Reported));
    assert_eq!(view.takes.len(), 2);
    assert!(matches!(view.stage, Stage::Finished { takes: 2, .. }));
    // Whoever folds the events from the beginning stands where the sitting stands.
    let mut folded = View::default();
    seen.iter().for_each(|event| folded.apply(event));
    assert_eq!(folded, view);
}

#[tokio::test(start_paused = true)]
async fn events_and_views_travel_as_json_and_come_back_the_same() {
    let mut played = Room::asking(&["What went well?"]).answers([STORY]).begin();
    played.choice().await;
    played.press(Command::Hint);
    played.press(Command::Reveal);
    played.press(Command::Quit);
    let (_, seen, view) = played.ends().await;
    // Times are written with three decimals.
    fn there_and_back<T: serde::Serialize + serde::de::DeserializeOwned>(value: &T) {
        let json = serde_json::to_string(value).expect("it is data");
        let back: T = serde_json::from_str(&json).expect(&json);
        assert_eq!(serde_json::to_string(&back).expect("it is data"), json);
    }
    seen.iter().for_each(there_and_back);
    there_and_back(&view);
    assert_eq!(view.notices, [Notice::NoMoreHints, Notice::NoExampleAnswer]);
}

#[tokio::test(start_paused = true)]
async fn minutes_to_think_pass_before_the_microphone_opens_unless_somebody_is_ready() {
    let think = |settings: &mut Settings| settings.think = Some(Duration::from_secs(600));
    let began = tokio::time::Instant::now();
    let mut played = Room::asking(&["Why?"]).answers([STORY]).with(think).begin();
    played.wait_for(is_listening).await;
    assert!(began.elapsed() >= Duration::from_secs(600));
    played.press(Command::Quit);
    played.ends().await;

    let began = tokio::time::Instant::now();
    let mut played = Room::asking(&["Why?"]).answers([STORY]).with(think).begin();
    played.wait_for(|event| matches!(event, Event::Thinking { .. })).await;
    played.press(Command::Done);
    played.wait_for(is_listening).await;
    assert!(began.elapsed() < Duration::from_secs(600));
    played.press(Command::Quit);
    played.ends().await;
}

#[tokio::test]
async fn a_take_is_thrown_away_by_a_second_press_alone_and_a_first_one_can_be_taken_back() {
    let mut played = Room::asking(&["Why?"]).answers([STORY]).with_an_open_end().begin();
    played.wait_for(is_listening).await;
    played.press(Command::StartOver);
    played.wait_for(|event| matches!(event, Event::ConfirmDiscard { .. })).await;
    assert_eq!(played.broadcast.view().to_confirm, Some(Command::StartOver));
    played.press(Command::Back);
    played.wait_for(|event| *event == Event::DiscardTakenBack).await;
    assert_eq!((played.broadcast.view().to_confirm, played.broadcast.view().stage), (None, Stage::Listening));
    played.press(Command::StartOver);
    played.press(Command::StartOver);
    played.wait_for(is_listening).await;
    played.press(Command::Quit);
    let (end, ..) = played.ends().await;
    let kept: Vec<AnswerStatus> = end.session.answers.iter().map(|answer| answer.status).collect();
    assert_eq!(kept[0], AnswerStatus::Discarded);
    assert_ne!(kept[1], AnswerStatus::Discarded);
}

#[tokio::test]
async fn who_comes_in_the_middle_of_a_take_finds_it_and_hears_the_rest() {
    let mut played = Room::asking(&["Why?"]).answers([STORY]).with_an_open_end().begin();
    played.wait_for(is_listening).await;
    played.press(Command::Pause);
    played.wait_for(|event| matches!(event, Event::Progress(progress) if progress.paused)).await;
    let (view, mut late) = played.broadcast.subscribe();
    assert_eq!(view.stage, Stage::Listening);
    assert!(view.progress.paused);
    assert_eq!(view.asking.as_ref().map(|asking| asking.says.as_str()), Some("Why?"));
    drop(std::mem::replace(&mut played.events, {
        let (_, events) = played.broadcast.subscribe();
        events
    }));
    played.press(Command::Done);
    played.choice().await;
    played.press(Command::Quit);
    played.ends().await;
    let mut folded = view;
    while let Ok(event) = late.try_recv() {
        folded.apply(&event);
    }
    assert!(matches!(folded.stage, Stage::Finished { takes: 1, .. }), "{folded:?}");
}

#[tokio::test(start_paused = true)]
async fn in_a_real_interview_nothing_is_chosen_or_revealed_and_the_next_question_comes_by_itself() {
    let real = |settings: &mut Settings| (settings.choose, settings.reveal) = (false, false);
    let played = Room::asking(&["What went well?", "What went badly?"]).answers([STORY, STORY]).with(real).begin();
    played.press(Command::Reveal);
    let (end, seen, _) = played.ends().await;
    assert_eq!(end.session.answers.len(), 2);
    assert!(seen.iter().all(|event| !matches!(event, Event::Choose { .. })));
    assert!(seen.contains(&Event::Notice { notice: Notice::NoAnswersInRealMode }));
}

#[tokio::test(start_paused = true)]
async fn follow_ups_are_asked_after_the_report_and_belong_to_their_question() {
    let follow = |settings: &mut Settings| settings.style.follow_ups = 1;
    let mut played = Room::asking(&["Tell me about a time you failed."]).answers([SCENE, STORY]).with(follow).begin();
    played.choice().await;
    let (prompts, _) = asked_for(&played.seen);
    assert_eq!(prompts, [Prompt::Question, Prompt::FollowUp]);
    played.press(Command::Quit);
    played.ends().await;
}

/// What was asked for in each take: the prompts, and the upper end of the length that was wanted.
fn asked_for(seen: &[Event]) -> (Vec<Prompt>, Vec<u32>) {
    let prompts = seen.iter().filter_map(|event| match event {
        Event::Asking(asking) => Some(asking.prompt),
        _ => None,
    });
    let targets = seen.iter().filter_map(|event| match event {
        Event::Listening { target_s, .. } => Some(target_s[1]),
        _ => None,
    });
    (prompts.collect(), targets.collect())
}

#[tokio::test(start_paused = true)]
async fn the_ladder_asks_for_the_same_answer_ever_shorter_and_says_what_was_kept() {
    let ladder = |settings: &mut Settings| {
        settings.style = Style { drill: Some(Drill::Ladder), target_s: Some([16, 16]), ..Style::default() };
    };
    let rungs = [
        "Last year we cut the waiting time to one half, with 12 people, in two months.",
        "Last year we cut the waiting time, with 12 people.",
        "We cut the waiting time with 12 people.",
        "We cut the waiting time with 12 people.",
    ];
    let mut played = Room::asking(&["Tell me about a success."]).answers(rungs).with(ladder).begin();
    played.choice().await;
    use Prompt::{Question, Retry};
    assert_eq!(asked_for(&played.seen), (vec![Question, Retry, Retry, Retry], vec![16, 12, 6, 2]));
    assert!(played.told().contains(&"summary".to_owned()));
    played.press(Command::Quit);
    let (end, _, view) = played.ends().await;
    assert_eq!((view.summaries.len(), end.session.summaries.len()), (1, 1));
    let Summary::Ladder(ladder) = &view.summaries[0] else { panic!("{:?}", view.summaries) };
    let twelve = ladder.facts.iter().find(|fact| fact.text.contains("12")).expect("a number is a fact");
    assert_eq!(twelve.kept, [Some(true); 4]);
}

#[tokio::test(start_paused = true)]
async fn the_bottom_line_is_asked_for_until_it_comes_first_and_three_times_at_most() {
    let bluf = |settings: &mut Settings| settings.style.drill = Some(Drill::Bluf);
    let first = "We cut the release time from one week to one day, and the number of failures by 40 percent. I moved every \
        team to one pipeline, and I stayed with each of them until it worked.";
    let tries = |texts: [&'static str; 3]| Room::asking(&["Tell me about a success."]).answers(texts).with(bluf);
    for (texts, took, reached) in
        [(["Well, we changed some things.", first, first], 2, Some(2)), (["Well, we changed some things."; 3], 3, None)]
    {
        let mut played = tries(texts).begin();
        played.choice().await;
        played.press(Command::Quit);
        let (_, _, view) = played.ends().await;
        let Summary::Bluf(summary) = &view.summaries[0] else { panic!("{:?}", view.summaries) };
        assert_eq!((summary.tries.len(), summary.reached_in), (took, reached), "{summary:?}");
        assert_eq!(summary.tries[0].in_first_sentence, None, "too few words to judge");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_cannot_be_transcribed_is_kept_and_the_session_goes_on() {
    let mut played = Room::asking(&["Why?"]).begin();
    played.wait_for(|event| matches!(event, Event::NotReported { .. })).await;
    played.choice().await;
    played.press(Command::Next);
    let (end, _, view) = played.ends().await;
    assert!(end.session.answers[0].audio.is_some() && end.session.answers[0].problem.is_some());
    assert!(view.takes[0].report.is_none() && view.takes[0].problem.is_some());
}

#[tokio::test(start_paused = true)]
async fn an_interrupt_ends_the_sitting_at_once_and_keeps_what_was_recorded() {
    let mut played = Room::asking(&["Why?", "When?"]).answers([STORY]).with_an_open_end().begin();
    played.wait_for(is_listening).await;
    played.press(Command::Interrupt);
    let (end, ..) = played.ends().await;
    assert!(end.interrupted);
    assert_eq!(end.session.answers.len(), 1);
    assert!(end.session.answers[0].duration_s.is_some_and(|length| length >= Seconds::ZERO));
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_held_against_earlier_takes_of_its_question_and_only_then() {
    let again = [SCENE, SCENE, SCENE, STORY];
    let mut room = Room::asking(&["Tell me about a time things went wrong."]).answers(again);
    room.earlier = Some(EarlierTakes::default());
    let mut played = room.begin();
    for take in 1..=4 {
        played.choice().await;
        let compared = played.told().contains(&"compared".to_owned());
        assert_eq!(compared, take == 4, "take {take}: {:?}", played.told());
        played.press(if take < 4 { Command::Again } else { Command::Quit });
    }
    let (_, _, view) = played.ends().await;
    let better = view.takes[3].comparison.as_ref().expect("it is better").to_string();
    assert!(better.contains("parts told"), "{better}");
}
