//! An answer read: its words, sentences and clauses, what is known of each clause, and which part of a story each tells.
//!
//! [`Text`] reads any transcript. [`Labelling`] goes on for an answer: what stands in each clause ([`Facts`]), and a
//! trained chain over them ([`Chain`]) that says which tells what. Each file names only those before it:
//! verbs, cues, sections, boundary, sentences, chain, part_weights, trained, text, facts, labelling.

mod boundary;
mod chain;
mod cues;
mod facts;
mod labelling;
mod part_weights;
mod sections;
mod sentences;
mod text;
pub mod trained;
mod verbs;

pub use boundary::{begin_features, length_score};
pub use chain::{Beliefs, Chain, STATE_NAMES, STATES, Scores, Told, Transitions, label, states_of};
pub use cues::{CUES, ClassSet, Cues};
pub use facts::{ClauseFacts, Facts, Subject, SubjectVerb};
pub use labelling::Labelling;
pub use part_weights::{PartWeights, transition_name};
pub use sections::{Section, sections};
pub use sentences::{Clause, Gap, Segments, by_punctuation, segments};
pub use text::Text;
pub use trained::Trained;
pub use verbs::{Form, form, is_base, is_number, is_past};
