//! Ways to structure an answer: STAR, a 30-60-90 plan, an executive brief, a design review.
//!
//! A framework is a file: its parts, the words that show each, what good sounds like and what to ask when it is
//! missing. Ours are in `content/frameworks`, a person's own in the folder `frameworks` of their home. Adding one
//! takes no code.
//!
//! ```toml
//! name = "premortem"                        # as questions write it
//! title = "Pre-mortem"                      # for people
//! asked_by = ["what could go wrong"]        # wordings of a question that ask for it
//! marked_by = ["pre-mortem"]                # wordings of its structure or tips that do
//!
//! instead_of_story = false                  # whether who asks for it wants no story: STAR and bottom line are then not judged
//!
//! [[parts]]
//! name = "Worst outcome"
//! cues = ["would have failed", "worst case", "disast*", "from * to"]
//! hints = ["failed", "dead", "angry"]       # two of these are as good as a cue
//! needs = 1                                 # so many different cues, in one sentence or two
//! unless = ["nobody died"]                  # what undoes it in a sentence
//! holds = ["fact"]                          # and besides: a number, or a fact (a number, a name, a few things said)
//! good = "One picture of the failure that people remember."
//! probes = ["What would the newspaper write?"]
//! ```

use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::{fs, io};

use include_dir::{Dir, include_dir};
use serde::Deserialize;
use thiserror::Error;

use crate::remedy::{NextStep, Remedy};
use crate::types::{FrameworkCoverage, Question, QuestionKind};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/content/frameworks");

static BUILTIN: LazyLock<Frameworks> = LazyLock::new(|| {
    let texts = FILES.files().filter_map(|file| file.contents_utf8());
    Frameworks { all: texts.map(|text| parse(text).expect("a test reads every shipped framework")).collect() }
});

/// Who says this wants to hear of one time, whatever else is in the question.
const A_TIME: [&str; 11] = [
    " a story ",
    " a time ",
    " time you ",
    " time when ",
    " times ",
    " about when ",
    " an example ",
    " an instance ",
    " an occasion ",
    " a situation ",
    " a moment ",
];

/// A framework's file that is larger than this is none, in bytes.
const MAX_BYTES: u64 = 256 << 10;

/// A way to structure an answer.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Framework {
    /// Its short name, as questions write it: `star`, `30-60-90`.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// Other names that questions use.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Wordings of a question that ask for it, in lower case, each word after a space. A wording may go on in the middle of a
    /// word (`portfolio` is in `portfolios`), unless it ends with a space.
    #[serde(default)]
    pub asked_by: Vec<String>,
    /// Wordings of a question's structure or tips that ask for it, in the same form.
    #[serde(default)]
    pub marked_by: Vec<String>,
    /// Whether a question that asks for it wants no story: neither the parts of one nor a bottom line are then judged.
    #[serde(default)]
    pub instead_of_story: bool,
    /// Its parts, in order.
    pub parts: Vec<PartGuide>,
}

/// One part of a framework: how it is found, what it should hold, what to ask when it is missing.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartGuide {
    /// Its name.
    pub name: String,
    /// Words and phrases that show it; `*` ends a stem, alone it stands for one to four words.
    #[serde(default)]
    pub cues: Vec<String>,
    /// Words and phrases that say little alone: two different ones are as good as a cue.
    #[serde(default)]
    pub hints: Vec<String>,
    /// How many different cues show it, in a sentence or in two that follow each other.
    #[serde(default = "one")]
    pub needs: usize,
    /// Words and phrases that undo it: a sentence with one of them does not tell it.
    #[serde(default)]
    pub unless: Vec<String>,
    /// What must be said besides the cues.
    #[serde(default)]
    pub holds: Vec<Content>,
    /// The judgement that decides instead of cues; where it says nothing of an answer, the cues do.
    pub judged: Option<JudgedBy>,
    /// What good sounds like.
    #[serde(default)]
    pub good: String,
    /// Questions that draw it out.
    #[serde(default)]
    pub probes: Vec<String>,
}

fn one() -> usize {
    1
}

/// What a part must hold besides its cues.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// A number.
    Number,
    /// A number, a name, or several words of content.
    Fact,
}

/// A judgement made elsewhere in the analysis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JudgedBy {
    /// The Situation is told.
    Situation,
    /// The Task is told.
    Task,
    /// The Action is told.
    Action,
    /// The Result is told.
    Result,
    /// The Result is told with a number.
    QuantifiedResult,
    /// The bottom line comes up front.
    BottomLine,
    /// Nobody is blamed and nothing is run down, in the whole answer; what is in [`PartGuide::unless`] does that, too.
    NothingBitter,
}

/// Why a file is no framework.
#[derive(Debug, Error)]
#[error("{} is no framework: {problem}", path.display())]
pub struct FrameworkError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it, in one line.
    pub problem: String,
}

impl Remedy for FrameworkError {
    fn next_step(&self) -> NextStep {
        "it wants name, title and [[parts]], each with a name and cues".into()
    }
}

/// The frameworks there are.
#[derive(Clone, Debug, PartialEq)]
pub struct Frameworks {
    all: Vec<Framework>,
}

impl Default for Frameworks {
    /// Those that come with the program.
    fn default() -> Frameworks {
        BUILTIN.clone()
    }
}

impl Frameworks {
    /// Those that come with the program, by file name.
    pub fn builtin() -> &'static Frameworks {
        &BUILTIN
    }

    /// Those that come with the program and those of a folder; one of the same name takes the place of ours.
    ///
    /// A folder that is not there has none. Each file that cannot be used is told, and left out.
    pub fn with_folder(folder: &Path) -> (Frameworks, Vec<FrameworkError>) {
        let (mut frameworks, mut broken) = (Frameworks::default(), Vec::new());
        let mut paths: Vec<PathBuf> = fs::read_dir(folder)
            .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
            .unwrap_or_default();
        paths.retain(|path| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml")));
        paths.sort();
        for path in paths {
            match read_text(&path).map_err(|error| error.to_string()).and_then(|text| parse(&text)) {
                Ok(own) => {
                    frameworks.all.retain(|known| known.name != own.name);
                    frameworks.all.push(own);
                }
                Err(problem) => broken.push(FrameworkError { path, problem }),
            }
        }
        (frameworks, broken)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Framework> {
        self.all.iter()
    }

    /// The framework of this name or alias, whatever the case and punctuation.
    pub fn named(&self, name: &str) -> Option<&Framework> {
        let plain = |text: &str| -> String {
            text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
        };
        let wanted = plain(name);
        let known_as = |framework: &&Framework| {
            let names = [&framework.name, &framework.title];
            names.into_iter().chain(&framework.aliases).any(|known| plain(known) == wanted)
        };
        // The last is the person's own.
        self.all.iter().rev().find(known_as)
    }

    /// The frameworks that a question asks for by its own words, its structure or its tips: their names.
    ///
    /// A story is told as STAR whatever else it is; who wants no story wants nothing but what they ask for.
    pub fn asked_for(&self, question: &Question) -> Vec<&Framework> {
        let instead = self.instead_of_story(question);
        if !instead.is_empty() {
            return instead;
        }
        let text = format!("{} ", plain_words(&question.text));
        let titles = question.structure.iter().map(|step| &step.step).chain(question.tips.iter().map(|tip| &tip.title));
        let around: Vec<String> = titles.map(|title| plain_words(title)).collect();
        let holds = |text: &str, wordings: &[String]| wordings.iter().any(|wording| text.contains(wording.as_str()));
        let asked = |framework: &&Framework| match framework.name.as_str() {
            "star" => question.kind == QuestionKind::Behavioural,
            _ => holds(&text, &framework.asked_by) || around.iter().any(|title| holds(title, &framework.marked_by)),
        };
        let (mut star, others): (Vec<&Framework>, Vec<&Framework>) =
            self.all.iter().filter(asked).partition(|framework| framework.name == "star");
        star.extend(others);
        star
    }

    /// The frameworks that a question asks for which wants no story: about oneself, why one leaves, why here. Empty where it
    /// wants one: "Tell me about a time ...", or where its author says so.
    pub fn instead_of_story(&self, question: &Question) -> Vec<&Framework> {
        if matches!(question.kind, QuestionKind::Scenario | QuestionKind::DeepDive) {
            return Vec::new();
        }
        let text = format!("{} ", plain_words(&question.text));
        let wants_a_time = A_TIME.iter().any(|wording| text.contains(wording));
        let named: Vec<&Framework> = question.frameworks.iter().filter_map(|name| self.named(name)).collect();
        if named.iter().any(|framework| framework.name == "star") {
            return Vec::new();
        }
        let asked = |framework: &&Framework| match named.is_empty() {
            true => !wants_a_time && framework.asked_by.iter().any(|wording| text.contains(wording.as_str())),
            false => named.contains(framework),
        };
        self.all.iter().filter(|framework| framework.instead_of_story).filter(asked).collect()
    }

    /// The parts of a framework that an answer left out, in order, each with what to ask: see [`PartGuide::probes`].
    pub fn untold(&self, coverage: &FrameworkCoverage) -> Vec<&PartGuide> {
        let Some(framework) = self.named(&coverage.name) else { return Vec::new() };
        let untold = |guide: &&PartGuide| coverage.parts.iter().any(|part| part.name == guide.name && !part.present);
        framework.parts.iter().filter(untold).collect()
    }
}

/// A text in lower case, its words with one space before each: ` tell me about a time`.
fn plain_words(text: &str) -> String {
    let lower = text.to_lowercase().replace('\u{2019}', "'");
    let words = lower.split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '\'' | '/')).filter(|w| !w.is_empty());
    words.fold(String::new(), |text, word| text + " " + word)
}

fn read_text(path: &Path) -> io::Result<String> {
    if fs::metadata(path)?.len() > MAX_BYTES {
        return Err(io::Error::other("it is too large"));
    }
    fs::read_to_string(path)
}

/// Reads a framework; the error is one line.
fn parse(text: &str) -> Result<Framework, String> {
    let first_line = |error: toml::de::Error| error.message().lines().next().unwrap_or_default().to_owned();
    let mut framework: Framework = toml::from_str(text).map_err(first_line)?;
    for wordings in [&mut framework.asked_by, &mut framework.marked_by] {
        let end = |wording: &str| if wording.ends_with(' ') { " " } else { "" };
        wordings.iter_mut().for_each(|wording| *wording = plain_words(wording) + end(wording));
    }
    if framework.name.trim().is_empty() || framework.parts.is_empty() {
        return Err("it has no name or no parts".to_owned());
    }
    match framework.parts.iter().find(|part| part.judged.is_none() && part.cues.is_empty()) {
        Some(part) => Err(format!("the part \"{}\" wants cues or judged", part.name)),
        None => Ok(framework),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{FrameworkPart, StructureStep};

    fn names(question: &Question) -> Vec<&'static str> {
        Frameworks::builtin().asked_for(question).into_iter().map(|framework| framework.name.as_str()).collect()
    }

    #[test]
    fn every_shipped_framework_has_parts_that_can_be_found_and_asked_for() {
        let wanted = [
            "star",
            "care",
            "bluf",
            "30-60-90",
            "portfolio-split",
            "decision-under-uncertainty",
            "deep-dive",
            "hard-challenge",
            "cross-team-alignment",
            "ownership",
            "strengths",
            "design-review",
        ];
        for name in wanted {
            assert!(Frameworks::builtin().named(name).is_some(), "{name}");
        }
        for framework in Frameworks::builtin().iter() {
            assert_eq!(Frameworks::builtin().named(&framework.title.to_uppercase()), Some(framework));
            assert_eq!(framework.asked_by.is_empty(), framework.name == "moves", "{}", framework.name);
            for part in &framework.parts {
                assert!(!part.probes.is_empty() && !part.good.is_empty(), "{}: {}", framework.name, part.name);
            }
        }
    }

    #[test]
    fn every_framework_that_our_banks_name_or_ask_for_is_there() {
        for question in crate::content::builtin_banks().iter().flat_map(|bank| &bank.questions) {
            for name in &question.frameworks {
                assert!(Frameworks::builtin().named(name).is_some(), "{}: {name}", question.id);
            }
        }
    }

    #[test]
    fn a_question_asks_for_a_framework_by_its_words_or_its_structure() {
        let asked = |text: &str, kind| names(&Question { text: text.into(), kind, ..Question::default() });
        let (story, plan) = (QuestionKind::Behavioural, QuestionKind::Strategy);
        assert_eq!(asked("What would your first 90 days look like?", plan), ["30-60-90"]);
        assert_eq!(asked("How would you balance innovation and delivery?", plan), ["portfolio-split"]);
        assert_eq!(asked("Tell me about the hardest bug you fixed.", story), ["star", "hard-challenge"]);
        assert_eq!(asked("Describe the colour of your desk.", plan), [""; 0]);
        let step = StructureStep { step: "Shared goal".into(), hint: String::new() };
        let question = Question { text: "Tell me of Ines.".into(), structure: vec![step], ..Question::default() };
        assert_eq!(names(&question), ["star", "cross-team-alignment"]);
    }

    #[test]
    fn a_file_in_the_persons_folder_is_a_framework_and_a_broken_one_is_told() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let own = "name = \"premortem\"\ntitle = \"Pre-mortem\"\nasked_by = [\"what could go wrong\"]\n\
            [[parts]]\nname = \"Worst outcome\"\ncues = [\"worst\"]\nprobes = [\"What would the paper write?\"]\n";
        fs::write(folder.path().join("premortem.toml"), own).expect("written");
        fs::write(folder.path().join("broken.toml"), "name = 3").expect("written");
        fs::write(folder.path().join("notes.txt"), "no framework").expect("written");
        let (frameworks, broken) = Frameworks::with_folder(folder.path());
        let question =
            Question { text: "What could go wrong?".into(), kind: QuestionKind::Strategy, ..Question::default() };
        let asked: Vec<&str> = frameworks.asked_for(&question).into_iter().map(|f| f.title.as_str()).collect();
        assert_eq!(asked, ["Pre-mortem"]);
        assert_eq!(broken.len(), 1);
        assert!(broken[0].to_string().contains("broken.toml"), "{}", broken[0]);
        let absent = folder.path().join("absent");
        assert_eq!(&Frameworks::with_folder(&absent).0, Frameworks::builtin());
    }

    #[test]
    fn untold_parts_come_with_their_probes() {
        let part = |name: &str, present| FrameworkPart { name: name.into(), present, quote: String::new() };
        let coverage =
            FrameworkCoverage { name: "star".into(), parts: vec![part("Situation", true), part("Result", false)] };
        let untold = Frameworks::builtin().untold(&coverage);
        assert_eq!(untold.len(), 1);
        assert!(untold[0].probes[0].ends_with('?'));
    }
}
