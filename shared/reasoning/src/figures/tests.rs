use super::*;
use proptest::prelude::*;

const SHOWN: &str = "company: stripe.com\nscore: 61 of 100 (WARM)\nchange against its own mean: -12 points\n\
    hiring signals: 3\n<signals>\n\
    hiring | observed on 2026-03-03 | says: Twelve new postings, 40% in Dublin; march on\n\
    funding | observed on 2025-11-28 | says: Form D, 12.5 M USD for S3 in Q1\n\
    news | observed on 2024-07-01 | says: open since 14 May, $1,200 a seat for 90 days, 24/7\n</signals>";

#[track_caller]
fn passes(text: &str) {
    assert!(
        Figures::of(SHOWN).cover(&Figures::of(text)),
        "{text}: {:?}",
        Figures::of(text)
    );
}

#[track_caller]
fn fails(text: &str) {
    assert!(
        !Figures::of(SHOWN).cover(&Figures::of(text)),
        "{text}: {:?}",
        Figures::of(text)
    );
}

#[test]
fn dates_in_every_form() {
    for text in [
        "2026-03-03",
        "2026/03/03",
        "March 3, 2026",
        "March 3rd, 2026",
        "3 March 2026",
        "3rd of March, 2026",
        "3 Mar 2026",
        "on March the 3rd",
        "MARCH 2026",
        "in March, 2026",
        "in 2026",
        "since March",
        "28 Nov 2025",
        "14 May",
        "May 14",
        "may 14",
        "2026-03",
    ] {
        passes(text);
    }
    for text in [
        "2026-03-04",
        "2026-04-03",
        "2025-03-03",
        "March 4, 2026",
        "April 3, 2026",
        "March 3, 2025",
        "03/03/2026",
        "3.3.2026",
        "4 March",
        "March 4",
        "March 2025",
        "in 2027",
        "since April",
        "14 May 2026",
        "May 2024",
        "March 0, 2026",
        "March 3, 20260",
        "March 3-5",
        "2026-03-03T12:00:00Z",
        "28/11/2025",
        "Mon, 3 March 2026x 7",
        "April",
        "2026-05",
    ] {
        fails(text);
    }
}

#[test]
fn months_that_are_verbs() {
    passes("They may march on.");
    passes("It may be worth a call.");
    fails("It opens in June.");
    fails("May 15 be the day.");
}

#[test]
fn numbers_in_every_form() {
    for text in [
        "61",
        "61 of 100",
        "12 points below",
        "-12",
        "three",
        "3",
        "12 postings",
        "twelve postings",
        "40%",
        "40 percent",
        "forty percent",
        "12.5 M USD",
        "$12.5M",
        "$12.5 million",
        "12.5 million dollars",
        "12.50 million",
        "12,500,000 USD",
        "12.5 million",
        "$1,200",
        "1200 dollars",
        "1,200",
        "90 days",
        "90-day",
        "ninety days",
        "S3",
        "q1",
        "24/7",
        "one of them, first",
    ] {
        passes(text);
    }
    for text in [
        "62",
        "61.5",
        "four",
        "13 postings",
        "thirteen",
        "twenty-one",
        "41%",
        "40",
        "40 hires",
        "61%",
        "12.5 billion USD",
        "€12.5M",
        "12.5K USD",
        "12.5",
        "1.2",
        "1,20",
        "120",
        "$1,201",
        "90",
        "90 weeks",
        "3 days ago",
        "three weeks",
        "S4",
        "Q2",
        "3x",
        "3rd",
        "third",
        "24/5",
        "12:00",
        "007",
        "a dozen",
        "half of them",
        "doubled",
        "millions",
        "two hundred",
        "3 million",
        "10-12",
        "hundreds",
        "61k",
    ] {
        fails(text);
    }
}

#[test]
fn times_relative_to_today() {
    for text in [
        "yesterday",
        "last week",
        "on Monday",
        "this quarter",
        "next year",
        "tomorrow",
    ] {
        fails(text);
    }
    passes("the last posting, this company, the week");
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A figure as the document has it, and as a text states it.
fn figure() -> impl Strategy<Value = (String, String)> {
    let date =
        (2020u16..2030, 1usize..=12, 1u8..=28, 0usize..4).prop_map(|(year, month, day, form)| {
            let (iso, name) = (format!("{year}-{month:02}-{day:02}"), MONTHS[month - 1]);
            let said = match form {
                0 => iso.clone(),
                1 => format!("{name} {day}, {year}"),
                2 => format!("{day} {name} {year}"),
                _ => format!("{day} {} {year}", &name[..3]),
            };
            (iso, said)
        });
    let number = (1u32..2_000_000, 0usize..5).prop_map(|(value, form)| match form {
        0 => (value.to_string(), value.to_string()),
        1 => (format!("{value} percent"), format!("{value}%")),
        2 => (format!("{value} M USD"), format!("${value} million")),
        3 => (format!("{value}-day"), format!("{value} days")),
        _ => (value.to_string(), grouped(value)),
    });
    prop_oneof![date, number]
}

fn grouped(value: u32) -> String {
    match value {
        0..1_000 => value.to_string(),
        1_000..1_000_000 => format!("{},{:03}", value / 1_000, value % 1_000),
        _ => format!(
            "{},{:03},{:03}",
            value / 1_000_000,
            value / 1_000 % 1_000,
            value % 1_000
        ),
    }
}

proptest! {
    #[test]
    fn texts_of_facts_pass(figures in prop::collection::vec(figure(), 1..6)) {
        let shown: Vec<String> = figures.iter().map(|(shown, _)| format!("says: {shown} |")).collect();
        let said: Vec<String> = figures.iter().map(|(_, said)| format!("They saw {said}, and so on.")).collect();
        let (shown, said) = (shown.join("\n"), said.join(" "));
        prop_assert!(Figures::of(&shown).cover(&Figures::of(&said)), "{} {}", shown, said);
    }

    #[test]
    fn any_changed_digit_fails((shown, said) in figure(), at in any::<prop::sample::Index>(), by in 1u8..10) {
        let digits: Vec<usize> = said.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).collect();
        let mut changed = said.clone().into_bytes();
        let digit = &mut changed[*at.get(&digits)];
        *digit = b'0' + (*digit - b'0' + by) % 10;
        let changed = String::from_utf8(changed).unwrap();
        let shown = Figures::of(&format!("hiring | says: {shown} |"));
        prop_assert!(shown.cover(&Figures::of(&said)), "{}", said);
        prop_assert!(!shown.cover(&Figures::of(&changed)), "{}", changed);
    }

    #[test]
    fn any_changed_month_fails(year in 2020u16..2030, day in 1u8..=28, month in 0usize..12, by in 1usize..12) {
        let shown = Figures::of(&format!("{year}-{:02}-{day:02}", month + 1));
        let changed = MONTHS[(month + by) % 12];
        for said in [format!("{changed} {day}, {year}"), format!("{day} {} {year}", &changed[..3]), format!("in {changed}")] {
            prop_assert!(!shown.cover(&Figures::of(&said)), "{}", said);
        }
    }

    #[test]
    fn no_text_is_read_past_its_end(text in "\\PC{0,40}") {
        let figures = Figures::of(&text);
        prop_assert!(figures.cover(&figures));
    }
}
