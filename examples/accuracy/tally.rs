//! Right finds, wrong finds and misses of a yes-or-no judgement.

#![allow(dead_code, reason = "each who measures needs some of it")]

/// What was counted so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// Rightly found.
    pub right: usize,
    /// Found, and not there.
    pub wrong: usize,
    /// There, and not found.
    pub missed: usize,
}

impl Tally {
    /// One judgement: whether it is there, and whether it was found.
    pub fn of(there: bool, found: bool) -> Tally {
        let counted = |counted: bool| usize::from(counted);
        Tally { right: counted(there && found), wrong: counted(!there && found), missed: counted(there && !found) }
    }

    /// Counts one judgement more.
    pub fn count(&mut self, there: bool, found: bool) {
        self.add(Tally::of(there, found));
    }

    /// Counts all of `other` too.
    pub fn add(&mut self, other: Tally) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.missed += other.missed;
    }

    /// How many are there.
    pub fn there(self) -> usize {
        self.right + self.missed
    }

    /// The share of what was found that is there; 0 where nothing was found.
    pub fn precision(self) -> f64 {
        share(self.right, self.right + self.wrong)
    }

    /// The share of what is there that was found; 0 where nothing is there.
    pub fn recall(self) -> f64 {
        share(self.right, self.there())
    }

    /// The harmonic mean of the two.
    pub fn f1(self) -> f64 {
        share(2 * self.right, 2 * self.right + self.wrong + self.missed)
    }
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}
