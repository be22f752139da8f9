use insta::assert_snapshot;
use proptest::prelude::*;
use textwrap::core::display_width;

use super::*;
use crate::report::page::COLUMNS;
use crate::report::samples::{self, without_colour};
use crate::types::{PointSource, Report, StarPart};

const WITH_TRANSCRIPT: Options = Options { full: true, transcript: true };

#[test]
fn a_spoken_answer_gets_every_section() {
    assert_snapshot!(without_colour(&render(&samples::full(), WITH_TRANSCRIPT)));
}

#[test]
fn a_written_answer_has_no_times() {
    let page = without_colour(&render(&samples::written(), WITH_TRANSCRIPT));
    assert!(!page.contains(" s.") && !page.contains(":0"), "{page}");
    assert_snapshot!(page);
}

#[test]
fn silence_says_that_nothing_was_heard() {
    assert_snapshot!(without_colour(&render(&samples::silent(), WITH_TRANSCRIPT)));
}

#[test]
fn four_words_get_figures_and_no_judgement() {
    assert_snapshot!(without_colour(&render(&samples::too_short(), Options::default())));
}

#[test]
fn the_first_screen_has_one_thing_to_do_next_and_says_where_the_rest_is() {
    let page = without_colour(&render(&samples::full(), Options::default()));
    assert_eq!(page.matches("Try:").count(), 1);
    assert!(page.contains("Close with") && !page.contains("Drop the first word"), "{page}");
    assert!(page.contains("--full"), "{page}");
    assert_snapshot!(page);
}

#[test]
fn no_more_than_three_pieces_of_advice_are_shown() {
    let mut report = samples::full();
    report.advice = vec![report.advice[0].clone(); 5];
    assert_eq!(without_colour(&render(&report, WITH_TRANSCRIPT)).matches("Close with").count(), 3);
}

#[test]
fn of_points_that_ask_it_is_said_how_they_are_ticked() {
    let mut report = samples::full();
    let said =
        |report: &Report| without_colour(&render(report, WITH_TRANSCRIPT)).contains("ticked by their words only");
    assert!(!said(&report));
    report.analysis.points[0].text = "What did it cost?".to_owned();
    assert!(said(&report));
}

#[test]
fn what_others_wrote_around_a_question_is_not_among_the_persons_points() {
    let mut report = samples::full();
    for point in &mut report.analysis.points {
        point.source = PointSource::Criteria;
    }
    let first = without_colour(&render(&report, Options::default()));
    assert!(!first.contains("Your points") && !first.contains("of 3"), "{first}");
    let whole = without_colour(&render(&report, WITH_TRANSCRIPT));
    assert!(whole.contains("What the interviewer looks for"), "{whole}");
}

#[test]
fn a_part_that_was_not_heard_is_asked_for_where_it_may_be_there() {
    let mut report = samples::full();
    let star = &mut report.analysis.star;
    star.unsure = std::mem::take(&mut star.missing);
    star.parts.values_mut().for_each(|found| found.confidence = 0.9);
    let page = without_colour(&render(&report, Options::default()));
    assert!(page.contains("I could not tell whether it says how it ended"), "{page}");
    assert!(page.contains("Did you say what came of it?") && !page.contains("not told"), "{page}");
}

#[test]
fn words_that_may_tell_a_part_are_shown_as_such() {
    let mut report = samples::full();
    let star = &mut report.analysis.star;
    star.unsure = std::mem::take(&mut star.missing);
    let result = star.parts.get_mut(&StarPart::Result).expect("it is there");
    (result.present, result.quote) = (false, "Nobody had to wait.".to_owned());
    let page = without_colour(&render(&report, Options::default()));
    assert!(page.contains("(not sure) \"Nobody had to wait.\""), "{page}");
    assert!(!page.contains("Did you say what came of it?") && !page.contains("not told"), "{page}");
}

#[test]
fn a_part_that_was_hardly_heard_makes_no_whole_story() {
    let mut report = samples::full();
    let star = &mut report.analysis.star;
    star.missing.clear();
    for found in star.parts.values_mut() {
        (found.present, found.confidence) = (true, 0.9);
    }
    let verdict = |report: &Report| without_colour(&render(report, Options::default()));
    assert!(verdict(&report).contains("A whole story"), "{}", verdict(&report));
    report.analysis.star.parts.get_mut(&StarPart::Result).expect("it was told").confidence = 0.5;
    assert!(verdict(&report).contains("I could not tell whether it says how it ended"), "{}", verdict(&report));
}

#[test]
fn a_number_that_is_named_twice_is_shown_once_and_possible_fillers_alone_have_no_rate() {
    let mut report = samples::written();
    let numbers = &mut report.analysis.evidence.numbers;
    numbers.truncate(1);
    numbers.push(numbers[0].clone());
    let named = numbers[0].text.clone();
    report.analysis.fillers.range = [0, 2];
    let page = without_colour(&render(&report, Options { full: true, transcript: false }));
    assert!(page.contains(&format!("Numbers    {named}.\n")), "{page}");
    assert!(page.contains("Fillers    none that is sure, up to 2 possible.\n"), "{page}");
}

#[test]
fn a_point_that_was_not_heard_may_have_been_made_unless_the_person_says_it_was_not() {
    let mut report = samples::full();
    let page = |report: &Report| without_colour(&render(report, WITH_TRANSCRIPT));
    assert!(page(&report).contains("  not heard  What I would do differently"), "{}", page(&report));
    report.analysis.points[2].marked = true;
    assert!(page(&report).contains("  no         What I would do differently"), "{}", page(&report));
}

#[test]
fn every_colour_is_ended_on_its_line() {
    let page = render(&samples::full(), WITH_TRANSCRIPT);
    assert!(page.contains("\u{1b}[1m"), "headings are bold");
    for line in page.lines() {
        let codes: Vec<&str> = line.split('\u{1b}').skip(1).collect();
        let ends = codes.iter().filter(|code| code.starts_with("[0m")).count();
        assert_eq!(2 * ends, codes.len(), "{line:?}");
        assert!(codes.last().is_none_or(|code| code.starts_with("[0m")), "{line:?}");
    }
}

proptest! {
    #[test]
    fn the_first_screen_fits_24_lines(report in samples::arbitrary()) {
        let page = render(&report, Options::default());
        prop_assert!(page.lines().count() <= 24, "{page}");
    }

    #[test]
    fn no_line_is_wider_than_80_columns_and_nothing_moves_the_cursor(report in samples::arbitrary()) {
        let page = without_colour(&render(&report, WITH_TRANSCRIPT));
        for line in page.lines() {
            prop_assert!(display_width(line) <= COLUMNS, "{} columns: {line:?}", display_width(line));
            prop_assert!(!line.contains(char::is_control), "{line:?}");
        }
    }
}
