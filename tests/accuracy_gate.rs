//! What passes and what fails when accuracy is measured again.

#[path = "../examples/accuracy/figures.rs"]
mod figures;

use figures::Figures;

const TABLE: &str = include_str!("../content/accuracy/figures.tsv");

fn figures(text: &str) -> Figures {
    Figures::parse(text).expect("the lines are figures")
}

#[test]
fn the_table_is_read_and_its_figures_are_shares() {
    let table = figures(TABLE);
    assert!(table.lines().lines().count() > 10);
    for line in table.lines().lines() {
        let value: f64 = line.rsplit('\t').next().and_then(|v| v.parse().ok()).expect("a line ends in its value");
        assert!((0.0..=1.0).contains(&value), "{line}");
    }
    assert_eq!(table.faults(&table), Vec::<String>::new());
}

#[test]
fn a_drop_of_a_point_passes_and_more_fails() {
    let before = figures("written\tabsent F1\t0.800\n");
    assert!(figures("written\tabsent F1\t0.790\n").faults(&before).is_empty());
    assert!(figures("written\tabsent F1\t0.900\n").faults(&before).is_empty());
    let fell = figures("written\tabsent F1\t0.789\n").faults(&before);
    assert_eq!(fell, ["written, absent F1: fell from 0.800 to 0.789"]);
}

#[test]
fn a_figure_that_vanished_or_is_new_to_the_table_fails() {
    let faults = figures("a\tx\t0.5\n").faults(&figures("b\tx\t0.5\n"));
    assert_eq!(faults, ["b, x: is in the table and was not measured", "a, x: was measured and is not in the table"]);
}

#[test]
fn a_line_of_another_shape_is_refused() {
    assert!(Figures::parse("written\tF1\n").is_err());
    assert!(Figures::parse("written\tF1\thigh\n").is_err());
}
