use super::*;
use crate::analysis::Heard;
use crate::analysis::spoken_for_tests::english;
use crate::types::{Question, Word};

const WHOLE: &str = "Last winter I was running the night desk at a parcel depot, and every evening about two hundred \
    parcels were left on the floor because the scanners kept freezing. My manager asked me to get that number under \
    twenty before the holidays. I spent three nights on the floor with a notebook and wrote down what froze and when. \
    Then I moved the chargers next to the belts and I trained two people on each shift to swap batteries. I also \
    called the vendor and pushed them to send us new firmware. By December we were down to nine parcels a night, and \
    the depot in Leeds copied the whole set-up.";

fn judge_words(transcript: &Transcript, question: Option<&Question>) -> Star {
    star(&ReadAnswer::of(&Heard { transcript, sound: None, question }, &english()))
}

fn judge(text: &str) -> Star {
    let question = Question { text: "Tell me about a time you fixed a problem.".to_owned(), ..Question::default() };
    judge_words(&Transcript::of_text(text), Some(&question))
}

#[test]
fn a_whole_story_has_all_four_parts_in_order_with_quotes() {
    let star = judge(WHOLE);
    assert_eq!(star.judged, Judged::Yes);
    assert_eq!((star.coverage, star.missing.len(), star.order_ok), (1.0, 0, true));
    let quote = |part: StarPart| star.parts[&part].quote.as_str();
    assert!(quote(StarPart::Situation).starts_with("Last winter"), "{}", quote(StarPart::Situation));
    assert!(quote(StarPart::Task).starts_with("My manager asked"), "{}", quote(StarPart::Task));
    assert!(quote(StarPart::Result).starts_with("By December"), "{}", quote(StarPart::Result));
    let shares: f64 = star.parts.values().map(|found| found.share).sum();
    assert!((0.9..=1.0).contains(&shares), "{shares}");
}

#[test]
fn a_story_without_its_end_lacks_the_result() {
    let end = WHOLE.find("By December").expect("the story ends in December");
    let star = judge(&WHOLE[..end]);
    assert_eq!(star.missing, [StarPart::Result]);
    assert_eq!(star.parts[&StarPart::Result].quote, "");
    assert!(star.parts[&StarPart::Result].words.is_empty());
}

#[test]
fn a_result_that_is_only_named_is_not_told() {
    let end = WHOLE.find("By December").expect("the story ends in December");
    let star = judge(&format!("{} And the result of that, well, you can imagine.", &WHOLE[..end]));
    assert!(!star.parts[&StarPart::Result].present);
}

#[test]
fn bare_words_of_a_recogniser_are_read_as_well() {
    let bare = WHOLE.replace(['.', ','], "").to_lowercase();
    let star = judge(&bare);
    assert_eq!(star.missing, []);
    assert!(star.parts[&StarPart::Action].share > 0.3);
}

#[test]
fn a_plan_is_not_judged_as_a_story() {
    let plan = "In the first month I would mostly listen. I'd meet every engineer and I'd ask what they would change. \
        Then I'd pick one small thing that annoys everybody and I would fix it with them. By day ninety you would \
        have a written plan from me, and you should know what we will not do.";
    let question = Question { text: "What would your first 90 days look like?".to_owned(), ..Question::default() };
    let star = judge_words(&Transcript::of_text(plan), Some(&question));
    assert_eq!(star.judged, Judged::DoesNotApply);
    assert!(star.missing.is_empty() && star.parts.is_empty());
}

#[test]
fn nothing_is_judged_on_too_few_words() {
    assert_eq!(judge("I cut costs by half. It took a year.").judged, Judged::TooLittle);
    assert_eq!(judge("").judged, Judged::TooLittle);
}

#[test]
fn seconds_are_the_time_from_first_to_last_word_of_each_stretch() {
    let mut transcript = Transcript::of_text(WHOLE);
    for (index, word) in transcript.words.iter_mut().enumerate() {
        let start = index as f64 * 0.5;
        *word = Word { start_s: Some(Seconds(start)), end_s: Some(Seconds(start + 0.4)), ..word.clone() };
    }
    let star = judge_words(&transcript, None);
    let action = &star.parts[&StarPart::Action];
    let expected: f64 = action.words.iter().map(|range| range.len() as f64 * 0.5 - 0.1).sum();
    assert!((action.seconds.expect("the words have times").0 - expected).abs() < 1e-9);
}

#[test]
fn labels_in_the_text_decide() {
    let text = "Situation: the night shift had no list of which patients had been seen. Task: give the day shift a safe \
        hand-over. Action: wrote a one-page form with two nurses, tried it for a week, changed the order of the fields. \
        Result: hand-overs went from thirty minutes to ten.";
    let star = judge(text);
    let words = |part: StarPart| Transcript::of_text(text).quote(star.parts[&part].words[0]);
    assert_eq!(star.coverage, 1.0);
    assert_eq!(words(StarPart::Task), "give the day shift a safe hand-over.");
    assert!(words(StarPart::Action).starts_with("wrote") && words(StarPart::Action).ends_with("fields."));
    let star = judge(
        "# Situation\nThe shop lost the keys of a customer every week and nobody kept a list of them.\n\n\
        # Action\n- painted a board\n- hung one hook for each key\n- asked everybody to sign\n\n# Result\nNo key was lost.",
    );
    assert_eq!(star.missing, [StarPart::Task]);
}

/// Stories as people tell them, in words of ours; each was read wrongly once.
#[test]
fn the_parts_of_plain_stories_are_told_apart() {
    let cases = [
        // Notes without a subject.
        "[S] Our checkout service was slow whenever many people shopped at once. [T] Reduce the response time without \
         a new database. [A] Profiled the service and found two queries that ran for every request. Built a cache with a \
         short lifetime in front of them. Added alarms for stale entries. [R] Cut the response time by 40 percent.",
        // A course.
        "[S] After looking back at my first year in the job I wanted to become better at selling. [T] I set myself the \
         goal of finishing a course within four weeks. [A] I found one online and worked on it for an hour every evening. \
         [R] After a month I passed the exam. My sales went up and my employer noticed.",
    ];
    for case in cases {
        let expected: String = case.split('[').skip(1).map(|part| &part[..1]).collect();
        assert_eq!(expected, "STAR");
        let text = case.replace("[S] ", "").replace("[T] ", "").replace("[A] ", "").replace("[R] ", "");
        let star = judge(&text);
        let transcript = Transcript::of_text(&text);
        for (part, name) in StarPart::ALL.into_iter().zip(["[S] ", "[T] ", "[A] ", "[R] "]) {
            let from = case.find(name).expect("every part is there") + name.len();
            let told = case[from..].split(" [").next().expect("splitting gives a piece");
            let found: Vec<String> = star.parts[&part].words.iter().map(|range| transcript.quote(*range)).collect();
            assert_eq!(found.join(" "), told, "{part:?}");
        }
    }
}
