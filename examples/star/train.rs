//! From labelled answers to weights, and to weights that have never seen one of the writers.

use std::collections::BTreeMap;

use crate::labelled::LabelledAnswer;
use greenroom::analysis::bluf::Views;
use greenroom::analysis::reading::{Labelling, Segments, Text, Trained, begin_features, states_of};
use greenroom::analysis::star::presence_features;
use greenroom::analysis::story::story_features;
use greenroom::analysis::tokens::normal;
use greenroom::types::{StarPart, WordRange};

use crate::learn::{Choice, Hiding, Names, Pace, Sequence, fit_chain, fit_choices, text_of, text_of_chain};
use crate::variants::{Variant, bare, variants};

/// The texts of the weight files, in the order of `trained::FILES`.
pub type Texts = [String; 5];

/// All answers with their variants.
pub struct Corpus {
    pub variants: Vec<Variant>,
}

impl Corpus {
    pub fn of(answers: &[LabelledAnswer]) -> Corpus {
        Corpus { variants: answers.iter().flat_map(variants).collect() }
    }

    pub fn writers(&self) -> Vec<String> {
        let mut writers: Vec<String> = self.variants.iter().map(|v| v.answer.writer().to_owned()).collect();
        writers.sort();
        writers.dedup();
        writers
    }
}

/// A variant that was read.
struct Read<'a> {
    variant: &'a Variant,
    segments: Segments,
    labelling: Labelling,
}

impl Read<'_> {
    fn by<'a>(trained: &Trained, variant: &'a Variant) -> Read<'a> {
        let transcript = variant.answer.transcript();
        let text = Text::by(trained, &transcript);
        let labelling = Labelling::of(trained, &text, Some(&variant.answer.question));
        Read { variant, segments: text.segments, labelling }
    }
}

/// Weights that were learned without some writers, for each of them, and weights learned from all.
pub struct Learned {
    /// By writer: weights that never saw this writer.
    pub held_out: BTreeMap<String, Texts>,
    pub all: Texts,
}

/// The first two files: boundaries and parts. The other three are learned on what these say of unseen writers.
type Base = [String; 2];

/// The writers are left out in so many groups, one group at a time.
const GROUPS: usize = 6;

/// Learns everything.
///
/// Presence, story and bottom line are judged from what the chain believes, and a chain is surer of answers it
/// learned from than of new ones; so these learn from beliefs about each writer held by a chain that never saw the writer.
pub fn learn(corpus: &Corpus) -> Learned {
    let groups = groups(&corpus.writers());
    let (base_all, bases) = bases(corpus, &groups);
    let mut read: Vec<Read> = Vec::new();
    for (group, base) in groups.iter().zip(&bases) {
        let trained = trained_of(base, ["", "", ""].map(str::to_owned));
        for variant in corpus.variants.iter().filter(|variant| is_by(variant, group)) {
            read.push(Read::by(trained, variant));
        }
    }
    let mut held_out = BTreeMap::new();
    for (group, base) in groups.iter().zip(&bases) {
        let [presence, story, bottom_line] = judgements(&read, group);
        let [boundary, parts] = base;
        for writer in group {
            let texts = [boundary, parts, &presence, &story, &bottom_line].map(String::clone);
            held_out.insert(writer.clone(), texts);
        }
    }
    let [presence, story, bottom_line] = judgements(&read, &[]);
    let [boundary, parts] = base_all;
    Learned { held_out, all: [boundary, parts, presence, story, bottom_line] }
}

/// Deals the writers out.
fn groups(writers: &[String]) -> Vec<Vec<String>> {
    let group = |number: usize| writers.iter().skip(number).step_by(GROUPS).cloned().collect();
    (0..GROUPS.min(writers.len())).map(group).collect()
}

fn is_by(variant: &Variant, writers: &[String]) -> bool {
    writers.iter().any(|writer| writer == variant.answer.writer())
}

/// The first two files learned from all writers, and learned without each group; each in a thread of its own.
fn bases(corpus: &Corpus, groups: &[Vec<String>]) -> (Base, Vec<Base>) {
    std::thread::scope(|scope| {
        let all = scope.spawn(|| base(corpus, &[]));
        let without: Vec<_> = groups.iter().map(|group| scope.spawn(move || base(corpus, group))).collect();
        let join = |thread: std::thread::ScopedJoinHandle<'_, Base>| thread.join().expect("learning does not panic");
        (join(all), without.into_iter().map(join).collect())
    })
}

/// Weights from texts; they live as long as the program, which ends soon.
pub fn trained(texts: &Texts) -> &'static Trained {
    let texts = texts.each_ref().map(|text| &*text.clone().leak());
    Box::leak(Box::new(Trained::read(texts)))
}

fn trained_of([boundary, parts]: &Base, [presence, story, bottom_line]: [String; 3]) -> &'static Trained {
    trained(&[boundary.clone(), parts.clone(), presence, story, bottom_line])
}

pub fn chain_of_all(corpus: &Corpus) -> &'static Trained {
    let [boundary, parts] = base(corpus, &[]);
    let shipped = |name: &str| std::fs::read_to_string(format!("src/analysis/weights/{name}.tsv")).unwrap();
    trained(&[boundary, parts, shipped("presence"), shipped("story"), shipped("bottom_line")])
}

fn base(corpus: &Corpus, without: &[String]) -> Base {
    let seen: Vec<&Variant> = corpus.variants.iter().filter(|variant| !is_by(variant, without)).collect();
    let boundary = boundary(&seen);
    let splitting = trained_of(&[boundary.clone(), String::new()], ["", "", ""].map(str::to_owned));
    let parts = parts(&seen, splitting);
    [boundary, parts]
}

/// Features that fewer writers than this use say more of a writer than of the language.
const MIN_WRITERS: usize = 6;

/// Of the many weights for gaps between words those under so many hundredths are left out: they decide nothing.
const LEAST_OF_MANY: i64 = 25;

/// Counts how many writers, or answers, have each feature; those of one come one after the other.
#[derive(Default)]
struct Counts {
    seen: BTreeMap<String, (usize, String)>,
}

impl Counts {
    fn add(&mut self, feature: &str, whose: &str) {
        if let Some((count, last)) = self.seen.get_mut(feature) {
            if last != whose {
                *count += 1;
                whose.clone_into(last);
            }
        } else {
            self.seen.insert(feature.to_owned(), (1, whose.to_owned()));
        }
    }

    /// The features that at least so many have.
    fn names(&self, least: usize) -> Names {
        let mut names = Names::default();
        for (feature, _) in self.seen.iter().filter(|(_, (count, _))| *count >= least) {
            names.number(feature);
        }
        names
    }
}

fn boundary(seen: &[&Variant]) -> String {
    let answers: Vec<LabelledAnswer> = seen
        .iter()
        .filter(|variant| variant.how == "as written")
        .map(|variant| if variant.answer.raw { variant.answer.clone() } else { bare(&variant.answer) })
        .collect();
    let mut counts = Counts::default();
    let each = |visit: &mut dyn FnMut(&LabelledAnswer, usize, &[String])| {
        for answer in &answers {
            let normals: Vec<String> = answer.words.iter().map(|word| normal(word)).collect();
            for index in 1..normals.len() {
                visit(answer, index, &normals);
            }
        }
    };
    each(&mut |answer, index, normals| begin_features(normals, index, &mut |f| counts.add(f, answer.writer())));
    let names = counts.names(MIN_WRITERS);
    let mut choices = Vec::new();
    each(&mut |answer, index, normals| {
        let mut features = Vec::new();
        begin_features(normals, index, &mut |f| features.extend(names.find(f).map(|number| (number, 1.0))));
        let begins = answer.sentences.iter().any(|sentence| sentence.first == index);
        choices.push(Choice::yes_or_no(features, begins, 1.0));
    });
    let weights = fit_choices(&choices, names.len(), Pace { epochs: 5, step: 0.15, penalty: 1.0 });
    text_of(&names, &weights, LEAST_OF_MANY)
}

fn parts(seen: &[&Variant], splitting: &'static Trained) -> String {
    let all: Vec<Read> = seen.iter().map(|variant| Read::by(splitting, variant)).collect();
    let mut counts = Counts::default();
    for read in all.iter().filter(|read| matches!(read.variant.how, "as written" | "bare")) {
        let facts = &read.labelling.facts;
        for index in 0..facts.clauses.len() {
            facts.features(index, &mut |feature| counts.add(feature, read.variant.answer.writer()));
        }
    }
    let names = counts.names(MIN_WRITERS);
    let sequences: Vec<Sequence> = all.iter().map(|read| sequence(&names, read)).collect();
    let hiding = Hiding { places: names.which(tells_place), places_hidden: 0.4, hidden: 0.4 };
    let weights = fit_chain(&sequences, names.len(), PARTS_PACE, &hiding);
    text_of_chain(&names, &weights)
}

/// How the chain learns; measured by writer held out.
///
/// A strong pull towards zero and much that is hidden: strangers use other words, and order and cues carry over.
const PARTS_PACE: Pace = Pace { epochs: 10, step: 0.06, penalty: 80.0 };

/// How much more a story counts that is told as people write them down: there are fewer of them in the corpus.
const NOTES_WEIGHT: f64 = 6.0;

/// Whether a feature tells where a clause stands and not what it says.
fn tells_place(feature: &str) -> bool {
    feature.starts_with("pos=")
        || feature.starts_with("from_")
        || feature.starts_with("acts_")
        || feature.starts_with("charged=")
        || {
            let last = feature.rsplit(',').next().unwrap_or_default();
            feature.starts_with("c=") && matches!(last, "0" | "1" | "2")
        }
}

fn sequence(names: &Names, Read { variant, segments, labelling }: &Read) -> Sequence {
    let labels: Vec<Option<StarPart>> =
        segments.clauses.iter().map(|clause| majority(&variant.answer.labels[clause.words.indices()])).collect();
    let features = (0..labels.len()).map(|index| {
        let mut features = Vec::new();
        labelling.facts.features(index, &mut |feature| features.extend(names.find(feature)));
        features
    });
    Sequence {
        features: features.collect(),
        gaps: labelling.facts.clauses.iter().map(|clause| clause.gap).collect(),
        states: states_of(&labels),
        weight: variant.weight * if variant.answer.notes { NOTES_WEIGHT } else { 1.0 },
    }
}

/// The commonest of some labels, the first of equals.
pub fn majority(labels: &[Option<StarPart>]) -> Option<StarPart> {
    let count = |wanted: &Option<StarPart>| labels.iter().filter(|label| *label == wanted).count();
    let mut best = None;
    for label in labels {
        if best.is_none_or(|(top, _)| count(label) > top) {
            best = Some((count(label), *label));
        }
    }
    best.and_then(|(_, label)| label)
}

/// The three judgements on top of the chain, learned from what was read of all writers but some.
fn judgements(read: &[Read], without: &[String]) -> [String; 3] {
    let seen: Vec<&Read> = read.iter().filter(|read| !is_by(read.variant, without)).collect();
    [presence(&seen), story(&seen), bottom_line(&seen)]
}

fn presence(seen: &[&Read]) -> String {
    let mut names = Names::default();
    let mut choices = Vec::new();
    for Read { variant, labelling, .. } in seen.iter().filter(|read| read.variant.answer.story) {
        for part in StarPart::ALL {
            let mut features = Vec::new();
            presence_features(labelling, part, &mut |name, value| features.push((names.number(name), value)));
            let told = variant.answer.labels.iter().filter(|label| **label == Some(part)).count() >= 3;
            choices.push(Choice::yes_or_no(features, told, variant.weight));
        }
    }
    let weights = fit_choices(&choices, names.len(), Pace { epochs: 40, step: 0.1, penalty: 1.0 });
    text_of(&names, &weights, 1)
}

fn story(seen: &[&Read]) -> String {
    let mut names = Names::default();
    let mut choices = Vec::new();
    for Read { variant, labelling, .. } in seen.iter().filter(|read| matches!(read.variant.how, "as written" | "bare"))
    {
        // Once with its question and once without: what is asked is not always known.
        for question in [Some(variant.answer.question.as_str()), None] {
            let mut features = Vec::new();
            story_features(question, labelling, &mut |name, value| features.push((names.number(name), value)));
            choices.push(Choice::yes_or_no(features, variant.answer.story, variant.weight));
        }
    }
    let weights = fit_choices(&choices, names.len(), Pace { epochs: 40, step: 0.1, penalty: 0.5 });
    text_of(&names, &weights, 1)
}

fn bottom_line(seen: &[&Read]) -> String {
    let seen: Vec<_> = seen.iter().filter(|read| read.variant.bottom_line_known).collect();
    let views: Vec<Views> = seen
        .iter()
        .map(|Read { variant, segments, labelling }| {
            Views::of(segments, labelling, variant.answer.story, Some(&variant.answer.question))
        })
        .collect();
    let mut counts = Counts::default();
    for (Read { variant, .. }, views) in seen.iter().zip(&views) {
        for candidate in 0..views.choices() {
            views.features(candidate, &mut |feature| counts.add(feature, &variant.answer.id));
        }
    }
    let names = counts.names(8);
    let mut choices = Vec::new();
    for (Read { variant, segments, .. }, views) in seen.iter().zip(&views) {
        let options = (0..views.choices()).map(|candidate| {
            let mut features = Vec::new();
            views.features(candidate, &mut |f| features.extend(names.find(f).map(|number| (number, 1.0))));
            features
        });
        let options: Vec<Vec<(u32, f64)>> = options.collect();
        let right = right_sentence(&variant.answer, &segments.sentences).unwrap_or(options.len() - 1);
        choices.push(Choice { candidates: options, right, weight: variant.weight });
    }
    let weights = fit_choices(&choices, names.len(), Pace { epochs: 15, step: 0.1, penalty: 10.0 });
    text_of(&names, &weights, 1)
}

/// Which of the sentences found shares most words with the labelled bottom line.
fn right_sentence(answer: &LabelledAnswer, sentences: &[WordRange]) -> Option<usize> {
    let stated = answer.sentences[answer.bottom_line?];
    let shared = |index: &usize| {
        let sentence = sentences[*index];
        sentence.end.min(stated.end).saturating_sub(sentence.first.max(stated.first))
    };
    (0..sentences.len()).max_by_key(|index| (shared(index), usize::MAX - index))
}
