//! What is measured of a point in one place of an answer.

/// Makes a struct of figures, and their names in the order of its fields.
macro_rules! figures {
    ($($(#[doc = $doc:literal])+ $name:ident,)+) => {
        /// What is measured of a point in one place of an answer; most are shares, 0 to 1.
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct Figures {
            $($(#[doc = $doc])+ pub $name: f64,)+
        }

        impl Figures {
            /// How many there are.
            pub const COUNT: usize = Figures::NAMES.len();

            /// Their names, as the weights file has them.
            pub const NAMES: &[&str] = &[$(stringify!($name)),+];

            /// Their values, in the order of [`Figures::NAMES`].
            pub fn values(&self) -> [f64; Figures::COUNT] {
                [$(self.$name),+]
            }
        }
    };
}

figures! {
    /// Always 1.
    bias,
    /// How much of the point is said, each word weighed by how telling it is.
    covered,
    /// The same, squared.
    covered_squared,
    /// How much of it is said in the very words.
    exact,
    /// How much the word weighs that is missing most.
    most_missing,
    /// How much of its first telling word is missing.
    first_missing,
    /// How much of its last telling word is missing.
    last_missing,
    /// Whether a number of it is not said.
    number_missing,
    /// Whether its unit is said with another number.
    number_conflict,
    /// Whether a name of it is not said.
    name_missing,
    /// Whether it has no more than one telling word.
    one_term,
    /// One by how many telling words it has.
    few_terms,
    /// How much of what is said between its first and its last word is of it.
    dense,
    /// How many of its words stand beside each other here as well.
    neighbours,
    /// How much the word counts that is met best.
    best_weight,
    /// The same of the second.
    second_weight,
    /// The same of all together: a third of their sum, 2 at most.
    sum_weight,
    /// Whether it is a question.
    question,
    /// How much of what is said of it stands behind a "not" and does not in the point, or the other way round.
    polarity,
    /// Whether the opposite of one of its words is said.
    opposite,
    /// Whether no more than one telling word of it is met.
    lone,
    /// A tenth of its telling words, 1 at most.
    long,
    /// The same by how much is covered.
    long_covered,
    /// The weight of its most telling word that is said in the very word or in one that means the same.
    rare_exact,
}
