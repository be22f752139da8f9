//! Figures of accuracy: what was measured, what is in the table, and whether anything fell.
//!
//! One figure a line: the set it was measured on, a tab, what was measured, a tab, the value. A figure is a share
//! of 1 and more is better, so that one rule holds for all: a drop of more than a point fails.

use std::collections::BTreeMap;
use std::fmt::Write;

/// The largest drop that passes: one point of a hundred, and half a digit of the last place.
const MAX_DROP: f64 = 0.0105;

/// Figures by set and measure.
#[derive(Debug, Default, PartialEq)]
pub struct Figures {
    values: BTreeMap<(String, String), f64>,
}

#[allow(dead_code, reason = "those who measure only write, the one who compares only reads")]
impl Figures {
    /// Reads figures; `#` begins a comment. Fails at the first line of another shape, with that line.
    pub fn parse(text: &str) -> Result<Figures, String> {
        let mut figures = Figures::default();
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let fields: Vec<&str> = line.split('\t').collect();
            let value = fields.get(2).and_then(|value| value.parse::<f64>().ok());
            match (fields.as_slice(), value) {
                ([set, measure, _], Some(value)) => figures.add(set, measure, value),
                _ => return Err(format!("`{line}` is not a set, a measure and a value with tabs between")),
            }
        }
        Ok(figures)
    }

    /// Adds one figure.
    pub fn add(&mut self, set: &str, measure: &str, value: f64) {
        self.values.insert((set.to_owned(), measure.to_owned()), value);
    }

    /// The lines of all figures, sorted.
    pub fn lines(&self) -> String {
        let mut text = String::new();
        for ((set, measure), value) in &self.values {
            writeln!(text, "{set}\t{measure}\t{value:.3}").expect("writing to a string does not fail");
        }
        text
    }

    /// Appends the figures to the file that the variable `FIGURES` names; does nothing without it.
    pub fn hand_over(&self) -> std::io::Result<()> {
        use std::io::Write;
        let Some(path) = std::env::var_os("FIGURES") else { return Ok(()) };
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path)?;
        file.write_all(self.lines().as_bytes())
    }

    /// What speaks against these figures when `table` held before: a drop, or a figure that only one of them has.
    pub fn faults(&self, table: &Figures) -> Vec<String> {
        let mut faults = Vec::new();
        for ((set, measure), before) in &table.values {
            match self.values.get(&(set.clone(), measure.clone())) {
                None => faults.push(format!("{set}, {measure}: is in the table and was not measured")),
                Some(now) if before - now > MAX_DROP => {
                    faults.push(format!("{set}, {measure}: fell from {before:.3} to {now:.3}"));
                }
                Some(_) => {}
            }
        }
        for (set, measure) in self.values.keys().filter(|key| !table.values.contains_key(*key)) {
            faults.push(format!("{set}, {measure}: was measured and is not in the table"));
        }
        faults
    }
}
