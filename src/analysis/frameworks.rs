//! Coverage of named frameworks: which parts of STAR, of a 30-60-90 plan, of an executive brief were told.
//!
//! What the parts are stands in [`crate::content::frameworks`]. A cue alone is no part told: the sentence must say
//! something besides it, must not be an announcement ("now the risks") and must not deny it ("we had no options").

use super::answer::ReadAnswer;
use super::evidence;
use crate::content::frameworks::{Content, Framework, Frameworks, JudgedBy, PartGuide};
use crate::types::{
    Bluf, Caution, CautionKind, FrameworkCoverage, FrameworkPart, Judged, Question, Star, StarPart, WordRange,
};

/// A sentence shorter than this names a part and does not tell it.
const TOLD_WORDS: usize = 5;
/// A told sentence has so many words of content besides its cues.
const TOLD_CONTENT: usize = 2;
/// A fact without number or name has so many.
const FACT_CONTENT: usize = 5;
/// A negation so many words before a cue denies it.
const NEGATION_REACH: usize = 3;
/// What a cue weighs; a hint weighs one.
const CUE_WEIGHT: usize = 2;

/// What announces a part instead of telling it.
const ANNOUNCEMENTS: [&str; 24] = [
    "let me talk",
    "i'll talk",
    "i will talk",
    "i would talk",
    "i'd talk about",
    "i'll cover",
    "i will cover",
    "let me walk",
    "i could talk",
    "i can talk",
    "we can talk",
    "you should always",
    "i'll come to",
    "i will come to",
    "i'll get to",
    "i will get to",
    "i can go into",
    "i could give you",
    "i can give you",
    "happy to share",
    "we'd have to look",
    "would have to look",
    "i'd have to look",
    "more on that",
];

/// Returns how far the frameworks that the question names were covered; without names, those its wording asks for.
///
/// A name that is not known is left out. A framework of the person's own is also covered where the question asks for
/// it by its wording. Empty without a question and on fewer than [`MIN_WORDS`](super::MIN_WORDS) words.
pub fn coverage(
    answer: &ReadAnswer,
    star: &Star,
    bluf: &Bluf,
    cautions: &[Caution],
    known: &Frameworks,
) -> Vec<FrameworkCoverage> {
    let Some(question) = answer.heard.question.filter(|_| !answer.is_too_short()) else { return Vec::new() };
    let wanted = wanted(question, known);
    let told = Told { answer, star, bluf, cautions };
    let part = |guide: &PartGuide| {
        let quote = told.quote(guide);
        FrameworkPart { name: guide.name.clone(), present: quote.is_some(), quote: quote.unwrap_or_default() }
    };
    let covered = wanted.into_iter().map(|framework| FrameworkCoverage {
        name: framework.name.clone(),
        parts: framework.parts.iter().map(part).collect(),
    });
    covered.collect()
}

fn wanted<'a>(question: &Question, known: &'a Frameworks) -> Vec<&'a Framework> {
    let mut wanted: Vec<&Framework> = question.frameworks.iter().filter_map(|name| known.named(name)).collect();
    let asked = known.asked_for(question);
    let own = |framework: &&Framework| !Frameworks::builtin().iter().any(|builtin| builtin.name == framework.name);
    let unnamed = question.frameworks.is_empty();
    wanted.extend(asked.into_iter().filter(|framework| unnamed || own(framework)));
    let mut seen = Vec::new();
    wanted.retain(|framework| {
        !seen.contains(&&framework.name) && {
            seen.push(&framework.name);
            true
        }
    });
    wanted
}

/// One answer, as the guides of parts look at it.
pub(super) struct Told<'a> {
    pub answer: &'a ReadAnswer<'a>,
    pub star: &'a Star,
    pub bluf: &'a Bluf,
    pub cautions: &'a [Caution],
}

impl Told<'_> {
    /// The words that tell a part; `None` when none do.
    pub fn quote(&self, guide: &PartGuide) -> Option<String> {
        match guide.judged {
            Some(JudgedBy::BottomLine) => self.bluf.quote.clone().filter(|_| self.bluf.up_front == Some(true)),
            // There are no words that show it: it is what was not said.
            Some(JudgedBy::NothingBitter) => (!self.is_bitter(guide)).then(String::new),
            Some(judged) if judged != JudgedBy::QuantifiedResult && self.star.judged == Judged::Yes => {
                let found = self.star.parts.get(&star_part(judged)).filter(|found| found.present);
                found.map(|found| found.quote.clone())
            }
            _ => self.sentence(guide).map(|sentence| self.answer.transcript().quote(sentence)),
        }
    }

    /// The sentence that tells a part by its cues: the one with most of them, the first of equals.
    ///
    /// The part that wants a number in the Result is told by the sentence of such a number, if the story was judged.
    pub fn sentence(&self, guide: &PartGuide) -> Option<WordRange> {
        if guide.judged == Some(JudgedBy::QuantifiedResult) && self.star.judged == Judged::Yes {
            let numbers = evidence::result_numbers(self.answer, self.star).unwrap_or_default();
            let holds = |sentence: &&WordRange| numbers.iter().any(|number| sentence.contains(number.first));
            // `max_by_key` keeps the last of equals, so the first is to come last.
            let sentences = self.answer.sentences().iter().rev().filter(holds);
            return sentences.copied().max_by_key(|&sentence| weight(guide, &self.cues(guide, sentence)));
        }
        let mut best: Option<(usize, WordRange)> = None;
        for (at, &sentence) in self.answer.sentences().iter().enumerate() {
            let here = self.cues(guide, sentence);
            if sentence.len() < TOLD_WORDS
                || here.is_empty()
                || self.announces(sentence)
                || self.says(sentence, &guide.unless)
            {
                continue;
            }
            let next =
                self.answer.sentences().get(at + 1).copied().unwrap_or(WordRange::new(sentence.end, sentence.end));
            let both = self.cues(guide, WordRange::new(sentence.first, next.end));
            let enough = weight(guide, &both) >= guide.needs * CUE_WEIGHT && self.holds(guide, sentence, next, &here);
            let weight = weight(guide, &here);
            if enough && weight > best.map_or(0, |(most, _)| most) {
                best = Some((weight, sentence));
            }
        }
        best.map(|(_, sentence)| sentence)
    }

    /// The cues and then the hints in a stretch that are not denied: their number, and their words; by number.
    fn cues(&self, guide: &PartGuide, stretch: WordRange) -> Vec<(usize, WordRange)> {
        let words = &self.answer.words()[..stretch.end];
        let mut found = Vec::new();
        for (number, cue) in guide.cues.iter().chain(&guide.hints).enumerate() {
            for start in stretch.first..words.len() {
                let Some(length) = begins_with(&words[start..], cue) else { continue };
                let before = &words[start.saturating_sub(NEGATION_REACH).max(stretch.first)..start];
                if !before.iter().any(|word| self.answer.lexicon.negations.contains(word)) {
                    found.push((number, WordRange::new(start, start + length)));
                }
            }
        }
        found
    }

    /// Whether a sentence, or with it the next, says what the part must hold besides its cues.
    fn holds(&self, guide: &PartGuide, sentence: WordRange, next: WordRange, cues: &[(usize, WordRange)]) -> bool {
        let (words, lexicon) = (self.answer.words(), self.answer.lexicon);
        let content = |stretch: WordRange| stretch.indices().filter(|&word| lexicon.is_content(&words[word]));
        // Several cues tell more than one: only the longest counts for nothing by itself.
        let longest = cues.iter().map(|(_, cue)| content(*cue).count()).max().unwrap_or(0);
        let content = content(sentence).count() - longest;
        let number = !evidence::numbers(&words[sentence.first..next.end], lexicon).is_empty();
        content >= TOLD_CONTENT
            && guide.holds.iter().all(|wanted| match wanted {
                Content::Number => number,
                Content::Fact => number || content >= FACT_CONTENT || self.names(sentence),
            })
    }

    /// Whether a name stands in a sentence, other than at its beginning.
    fn names(&self, sentence: WordRange) -> bool {
        let words = &self.answer.transcript().words[sentence.indices()];
        let name =
            |text: &str| text.chars().count() > 1 && text.starts_with(char::is_uppercase) && !text.starts_with("I'");
        words.iter().skip(1).any(|word| name(&word.text))
    }

    fn announces(&self, sentence: WordRange) -> bool {
        self.says(sentence, &ANNOUNCEMENTS)
    }

    /// Whether one of some phrases stands in a stretch.
    fn says(&self, stretch: WordRange, phrases: &[impl AsRef<str>]) -> bool {
        let words = &self.answer.words()[stretch.indices()];
        let at = |start: usize| phrases.iter().any(|phrase| begins_with(&words[start..], phrase.as_ref()).is_some());
        (0..words.len()).any(at)
    }

    fn is_bitter(&self, guide: &PartGuide) -> bool {
        let cautioned =
            self.cautions.iter().any(|caution| matches!(caution.kind, CautionKind::Blame | CautionKind::Negative));
        cautioned || self.says(WordRange::new(0, self.answer.words().len()), &guide.unless)
    }
}

/// What different cues and hints weigh together; `found` is ordered by number. Words count for one of them only.
fn weight(guide: &PartGuide, found: &[(usize, WordRange)]) -> usize {
    let mut counted: Vec<(usize, WordRange)> = Vec::new();
    for &(number, words) in found {
        let taken = |&(other, range): &(usize, WordRange)| {
            other == number || (range.first < words.end && words.first < range.end)
        };
        if !counted.iter().any(taken) {
            counted.push((number, words));
        }
    }
    counted.iter().map(|&(number, _)| if number < guide.cues.len() { CUE_WEIGHT } else { 1 }).sum()
}

fn star_part(judged: JudgedBy) -> StarPart {
    match judged {
        JudgedBy::Situation => StarPart::Situation,
        JudgedBy::Task => StarPart::Task,
        JudgedBy::Action => StarPart::Action,
        JudgedBy::Result | JudgedBy::QuantifiedResult | JudgedBy::BottomLine | JudgedBy::NothingBitter => {
            StarPart::Result
        }
    }
}

/// How many words a cue such as `trade-off`, `assum*` or `from * to` takes at the beginning of `words`; `None` when
/// they do not begin with it.
fn begins_with(words: &[String], cue: &str) -> Option<usize> {
    // Asked of every word for every cue: most do not even begin with the same letter.
    if !cue.starts_with('*') && words.first()?.as_bytes().first() != cue.as_bytes().first() {
        return None;
    }
    let (first, rest) = cue.split_once(' ').map_or((cue, None), |(first, rest)| (first, Some(rest)));
    match (first, rest) {
        ("*", Some(rest)) => (1..=4).find_map(|skipped| Some(skipped + begins_with(words.get(skipped..)?, rest)?)),
        (first, rest) => {
            let (word, after) = words.split_first()?;
            let same = first.strip_suffix('*').map_or(word == first, |stem| word.starts_with(stem));
            match rest.filter(|_| same) {
                Some(rest) => Some(1 + begins_with(after, rest)?),
                None => same.then_some(1),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::bluf::bluf;
    use crate::analysis::spoken_for_tests::english;
    use crate::analysis::star::star;
    use crate::analysis::{Heard, spoken_for_tests::Take};
    use crate::types::{QuestionKind, Transcript};

    const PLAN: &str = "In the first thirty days I would mostly listen and read. From day thirty to sixty I'd fix one \
        thing that annoys everybody. You would know it went well if on-call is quiet and the team sleeps at night.";

    fn covered(question: &Question, text: &str) -> Vec<FrameworkCoverage> {
        let transcript = Transcript::of_text(text);
        let english = english();
        let heard = Heard { transcript: &transcript, sound: None, question: Some(question) };
        let answer = ReadAnswer::of(&heard, &english);
        let star = star(&answer);
        let bluf = bluf(&answer, &star);
        coverage(&answer, &star, &bluf, &[], Frameworks::builtin())
    }

    fn asked(text: &str) -> Question {
        Question { text: text.to_owned(), kind: QuestionKind::Strategy, ..Question::default() }
    }

    #[test]
    fn a_plan_is_covered_by_its_own_framework_with_quotes() {
        let coverage = covered(&asked("What would your first 90 days look like?"), PLAN);
        assert_eq!(coverage.len(), 1);
        let present: Vec<bool> = coverage[0].parts.iter().map(|part| part.present).collect();
        assert_eq!((coverage[0].name.as_str(), present), ("30-60-90", vec![true, true, false, true]));
        assert_eq!(coverage[0].parts[0].quote, "In the first thirty days I would mostly listen and read.");
        assert_eq!(coverage[0].parts[2].quote, "");
    }

    #[test]
    fn a_question_that_names_frameworks_gets_those_and_unknown_names_are_left_out() {
        let frameworks = vec!["Executive Brief".to_owned(), "horoscope".to_owned()];
        let question = Question { frameworks, ..asked("What would your first 90 days look like?") };
        let names: Vec<String> = covered(&question, PLAN).into_iter().map(|coverage| coverage.name).collect();
        assert_eq!(names, ["bluf"]);
    }

    #[test]
    fn nothing_is_covered_in_too_few_words() {
        let question = Question { frameworks: vec!["star".to_owned()], ..Question::default() };
        assert_eq!(covered(&question, "I would listen."), []);
    }

    #[test]
    fn a_cue_alone_an_announcement_and_a_denial_tell_no_part() {
        let filling =
            "The office is large and bright and everybody there likes the coffee in the kitchen a lot. ".repeat(2);
        let question = Question { frameworks: vec!["deep-dive".to_owned()], ..asked("Go deep.") };
        for told in [
            "Then there were the alternatives, of course.",
            "Now let me talk about the alternatives that the database team and the store had considered.",
            "We had no alternatives for the database of the store at that time.",
        ] {
            let coverage = covered(&question, &format!("{filling}{told}"));
            let part = &coverage[0].parts[2];
            assert!(part.name == "Alternatives" && !part.present, "{told}: {}", part.quote);
        }
        let coverage = covered(&question, &format!("{filling}We looked at a lock in the centre and rejected it."));
        assert!(coverage[0].parts[2].present);
    }

    #[test]
    fn a_star_alone_in_a_cue_stands_for_a_few_words() {
        let words: Vec<String> = "from nine hours to two".split(' ').map(str::to_owned).collect();
        assert_eq!(begins_with(&words, "from * to"), Some(4));
        assert_eq!(begins_with(&words, "fro*"), Some(1));
        assert_eq!(begins_with(&words, "from * under"), None);
    }

    #[test]
    fn two_hints_tell_a_part_and_one_hint_or_two_in_the_same_words_do_not() {
        let guide = PartGuide {
            name: "Fix".to_owned(),
            cues: vec!["i fixed".to_owned()],
            hints: vec!["the old".to_owned(), "the old value".to_owned(), "on half of *".to_owned()],
            needs: 1,
            unless: Vec::new(),
            holds: Vec::new(),
            judged: None,
            good: String::new(),
            probes: Vec::new(),
        };
        let told = |text: &str| {
            let (take, english) = (Take::written(text), english());
            let (star, bluf) = (Star::default(), Bluf::default());
            Told { answer: &take.read(&english), star: &star, bluf: &bluf, cautions: &[] }.quote(&guide)
        };
        assert!(told("Then I fixed the signer of the shop.").is_some());
        assert!(told("The signer kept the old value on half of the machines.").is_some());
        assert_eq!(told("The signer of the shop kept the old value."), None);
    }
}
