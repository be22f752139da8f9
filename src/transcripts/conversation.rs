//! What people said, in order, and who said it.

use crate::remedy::{NextStep, Remedy};
use crate::types::{Seconds, Span, Transcript, Word};

/// What one person said without another between.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Utterance {
    /// Who, where that is known.
    pub speaker: Option<String>,
    /// The words; with times where there are any.
    pub words: Vec<Word>,
}

/// What one or several people said, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Conversation {
    /// In the order in which they were said.
    pub utterances: Vec<Utterance>,
    /// Language code such as `en`.
    pub language: String,
}

/// Somebody in a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Speaker {
    /// The name, as it is written.
    pub name: String,
    /// How many words.
    pub words: usize,
}

/// Nobody of that name speaks, or more than one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{wanted:?} is not one of those who speak")]
pub struct NoSuchSpeaker {
    /// What was asked for.
    pub wanted: String,
    /// Those who speak.
    pub present: Vec<Speaker>,
}

impl Remedy for NoSuchSpeaker {
    fn next_step(&self) -> NextStep {
        let names: Vec<_> = self.present.iter().map(|speaker| format!("--speaker {:?}", speaker.name)).collect();
        if names.is_empty() { "nobody is named in it: leave out --speaker".into() } else { names.join(" or ").into() }
    }
}

/// Where others speak for more than this part of the time, the times of one person say nothing of their pace.
const INTERRUPTED: f64 = 0.2;

/// A time beyond this many seconds (a hundred hours) is a mistake.
const LATEST_S: f64 = 360_000.0;

impl Utterance {
    /// The words of `text`, said by `speaker` in `span`; each takes the part of it that its letters do.
    pub fn of_text(speaker: Option<&str>, text: &str, span: Option<Span>) -> Utterance {
        let span = span.filter(|span| span.start_s <= span.end_s && span.end_s.0 <= LATEST_S);
        let letters = text.split_whitespace().map(|word| word.chars().count() + 1).sum::<usize>().max(1) as f64;
        let mut before = 0;
        let words = text.split_whitespace().map(|text| {
            let from = before;
            before += text.chars().count() + 1;
            let at =
                |letter: usize| span.map(|span| span.start_s + (span.end_s - span.start_s) * (letter as f64 / letters));
            Word { text: text.to_owned(), start_s: at(from), end_s: at(before), probability: None }
        });
        Utterance { speaker: speaker.map(str::to_owned), words: words.collect() }
    }

    /// From its first to its last word, where they have times.
    fn span(&self) -> Option<Span> {
        Some(Span { start_s: self.words.first()?.start_s?, end_s: self.words.last()?.end_s? })
    }
}

/// A word as a program wrote it, which may be several words, or none. Times that make no sense are left out.
pub fn words(text: &str, start_s: Option<f64>, end_s: Option<f64>, probability: Option<f64>) -> Vec<Word> {
    let span = match (start_s, end_s) {
        (Some(start), Some(end)) if start >= 0.0 && start <= end => Some(Span::new(start, end)),
        _ => None,
    };
    let probability = probability.filter(|probability| (0.0..=1.0).contains(probability));
    let mut words = Utterance::of_text(None, text, span).words;
    words.iter_mut().for_each(|word| word.probability = probability);
    words
}

impl Conversation {
    /// A conversation of these utterances; `None` where nothing is said in them.
    pub fn of(utterances: Vec<Utterance>, language: &str) -> Option<Conversation> {
        let utterances: Vec<_> = utterances.into_iter().filter(|utterance| !utterance.words.is_empty()).collect();
        (!utterances.is_empty()).then(|| Conversation { utterances, language: language.to_owned() })
    }

    /// Those who speak, in the order in which they first do.
    pub fn speakers(&self) -> Vec<Speaker> {
        let mut speakers: Vec<Speaker> = Vec::new();
        for utterance in &self.utterances {
            let Some(name) = &utterance.speaker else { continue };
            match speakers.iter_mut().find(|speaker| speaker.name == *name) {
                Some(speaker) => speaker.words += utterance.words.len(),
                None => speakers.push(Speaker { name: name.clone(), words: utterance.words.len() }),
            }
        }
        speakers
    }

    /// Who says most of it: the one who answers, in an interview.
    pub fn main_speaker(&self) -> Option<Speaker> {
        // Of equals the last one: who asks begins.
        self.speakers().into_iter().max_by_key(|speaker| speaker.words)
    }

    /// The speaker whom `wanted` names: in full, or by the beginning of a part of the name that only one has.
    pub fn find(&self, wanted: &str) -> Result<Speaker, NoSuchSpeaker> {
        let present = self.speakers();
        let wanted_low = wanted.trim().to_lowercase();
        let exact = present.iter().find(|speaker| speaker.name.to_lowercase() == wanted_low);
        let mut begin = present.iter().filter(|speaker| {
            let name = speaker.name.to_lowercase();
            !wanted_low.is_empty()
                && (name.starts_with(&wanted_low) || name.split_whitespace().any(|part| part.starts_with(&wanted_low)))
        });
        let found = exact.or_else(|| begin.next().filter(|_| begin.next().is_none())).cloned();
        found.ok_or(NoSuchSpeaker { wanted: wanted.to_owned(), present })
    }

    /// What `speaker` said; what all said where nobody is named.
    pub fn transcript(&self, speaker: Option<&str>) -> Transcript {
        let is_wanted = |utterance: &&Utterance| speaker.is_none() || utterance.speaker.as_deref() == speaker;
        let wanted: Vec<&Utterance> = self.utterances.iter().filter(is_wanted).collect();
        let mut words: Vec<Word> = wanted.iter().flat_map(|utterance| utterance.words.iter().cloned()).collect();
        let all_timed = words.iter().all(|word| word.span().is_some());
        if !all_timed || self.others_speak_between(&wanted) {
            for word in &mut words {
                (word.start_s, word.end_s) = (None, None);
            }
        }
        let text = words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
        Transcript { text, model: None, language: self.language.clone(), words, not_understood: Vec::new() }
    }

    /// Whether a good part of the time between the first and the last of these is not theirs.
    fn others_speak_between(&self, wanted: &[&Utterance]) -> bool {
        let spans: Vec<Span> = wanted.iter().filter_map(|utterance| utterance.span()).collect();
        let (Some(first), Some(last)) = (spans.first(), spans.last()) else { return false };
        let whole = last.end_s - first.start_s;
        let (Some(from), Some(to)) = (wanted.first(), wanted.last()) else { return false };
        let between = self.utterances.iter().skip_while(|utterance| !std::ptr::eq(*utterance, *from));
        let mut others = Seconds::ZERO;
        for utterance in between {
            if utterance.speaker != from.speaker {
                others += utterance.span().map_or(Seconds::ZERO, |span| span.length());
            }
            if std::ptr::eq(utterance, *to) {
                break;
            }
        }
        wanted.len() < self.utterances.len() && others.0 > INTERRUPTED * whole.0
    }
}
