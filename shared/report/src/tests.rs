use expect_test::expect_file;
use typst::layout::{Frame, FrameItem, Point};
use typst_layout::PagedDocument;

use crate::engine::layout;
use crate::fixtures::{bare, days_ago, full, longest, now, paused, slug, with_text};
use crate::{HistoryPoint, Peer, ReportData, prepare, render};

/// The text of a page, as it is laid out: pieces in the order of the document, each with a blank behind it.
fn text_of(frame: &Frame) -> String {
    let items = frame.items().map(|(_, item)| match item {
        FrameItem::Group(group) => text_of(&group.frame),
        FrameItem::Text(text) => format!("{} ", text.text),
        FrameItem::Shape(..) | FrameItem::Image(..) | FrameItem::Link(..) | FrameItem::Tag(_) => {
            String::new()
        }
    });
    items.collect()
}

fn plain(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").replace('\u{200b}', "")
}

/// The pages of a report as text, with single blanks and without places to break words.
#[track_caller]
fn pages(data: &ReportData) -> Vec<String> {
    let document = layout(data).unwrap();
    document
        .pages()
        .iter()
        .map(|page| plain(&text_of(&page.frame)))
        .collect()
}

#[track_caller]
fn text(data: &ReportData) -> String {
    pages(data).join("\n")
}

#[track_caller]
fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no {part:?} in\n{text}");
    }
}

/// Whatever is printed reaches beyond no margin.
fn overflows(document: &PagedDocument) -> Vec<String> {
    let mut found = Vec::new();
    for page in document.pages() {
        reach(
            &page.frame,
            Point::zero(),
            page.frame.width().to_mm(),
            &mut found,
        );
    }
    found
}

fn reach(frame: &Frame, at: Point, width: f64, found: &mut Vec<String>) {
    const MARGIN_MM: f64 = 19.0;
    for (place, item) in frame.items() {
        let at = at + *place;
        match item {
            FrameItem::Group(group) => reach(&group.frame, at, width, found),
            FrameItem::Text(text) => {
                let end = (at.x + text.width()).to_mm();
                if at.x.to_mm() < MARGIN_MM - 4.0 || end > width - MARGIN_MM + 0.5 {
                    found.push(format!("{} at {end}", text.text));
                }
            }
            FrameItem::Shape(..)
            | FrameItem::Image(..)
            | FrameItem::Link(..)
            | FrameItem::Tag(_) => {}
        }
    }
}

#[test]
fn the_first_page_has_the_figures() {
    let pages = pages(&full());
    assert_eq!(pages.len(), 3, "{pages:?}");
    has(
        &pages[0],
        &[
            "Ondo US Dollar Yield",
            "ondo-usdy · Treasury · 22 November 2026 · methodology v1.7-MMI",
            "82 of 100",
            "Tier L1: 75 points and more",
            "71 to 84",
            "DATA CONFIDENCE 71 %",
            "USD 450.2 million",
            "5.10 %",
            "Daily",
            "12,400",
            "Ondo Finance",
            "Ethereum, Solana, Mantle",
            "SCORED 22 November 2026, 12:00 UTC",
            "AUM how much there is 80 28.7 % 23.0",
            "Issuer who stands behind it 76 36.8 % 27.4",
            "Components 83.5 − penalties 1.5 = score 82",
            "Page 1 of 3",
        ],
    );
}

#[test]
fn later_pages_have_history_peers_and_methodology() {
    let pages = pages(&full());
    has(
        &pages[1],
        &[
            "Ondo US Dollar Yield Liquidity report · 22 November 2026",
            "25 August 2026 to 22 November 2026",
            "Assets under management , USD million",
            "Rank 4 of 13 scored protocols",
            "→ 4 Ondo US Dollar Yield (this report) 82 L1 70",
            "Page 2 of 3",
        ],
    );
    has(
        &pages.join("\n"),
        &[
            "Turnover Secondary volume value transferred between holders",
            "+5.5 %",
            "Version v1.7-MMI",
            "the cube root of AUM",
            "DefiLlama, protocol TVL 21 November 2026",
            "Page 3 of 3",
        ],
    );
}

#[test]
fn what_is_not_known_is_not_zero() {
    let full = text(&full());
    has(
        &full,
        &[
            "Secondary volume how much changes hands without the issuer not known – –",
            "Sybil active addresses that seem to be one party not checked",
            "Staleness data older than their source promises 0.0",
            "NAV divergence market price away from net asset value −1.5",
        ],
    );
    let bare = text(&bare());
    has(
        &bare,
        &[
            "Not scored",
            "Components of less than half of the weight are known",
            "ASSETS UNDER MANAGEMENT not known",
            "HOLDERS not known",
            "CHAINS not known",
            "AUM how much there is not known – –",
            "Jurisdiction under whose law 30 – –",
            "No score is recorded for these 90 days.",
            "Only one AUM is recorded for these 90 days: USD 12,345 on 19 Nov.",
            "The protocol has no score, so it has no rank.",
            "Wash trades Check share of the volume",
        ],
    );
    assert!(!bare.contains("USD 0"), "{bare}");
}

#[test]
fn a_pause_is_said_with_the_age_of_the_score() {
    let text = text(&paused());
    has(
        &text,
        &[
            "Scoring is paused by the circuit breaker. Since 14 November 2026, 15:05 UTC, because AUM was reported as 0",
            "the last good score, of 14 November 2026, 14:05 UTC: 8 days old",
        ],
    );
    assert!(!self::text(&full()).contains("paused"));
}

#[test]
fn texts_are_no_code() {
    for hostile in [
        "#panic()",
        "#import \"@preview/x:1.0.0\": *",
        "*bold* _x_ @ref $x^2$ `raw` <label> // comment",
        "\\u{41} ~ -- --- ... 'q' \"q\"",
        "= Heading",
        "- list + enum / term: x",
        "]) #[ ] { } ; \\ \\\\",
        "https://example.com/",
        "\"},\"score\":\"99\"",
    ] {
        let pages = pages(&with_text(hostile));
        assert!(
            pages[0].contains(&plain(hostile)),
            "{hostile}: {}",
            pages[0]
        );
    }
}

#[test]
fn every_script_has_a_report() {
    for (name, shown) in [
        ("Ταμείο Ομολόγων Αθηνών", "Ταμείο Ομολόγων Αθηνών"),
        ("Фонд облигаций «Ёлка»", "Фонд облигаций «Ёлка»"),
        ("Quỹ Trái phiếu Đà Nẵng", "Quỹ Trái phiếu Đà Nẵng"),
        ("Łódź Ärzte Çelik", "Łódź Ärzte Çelik"),
        ("日本国債ファンド II", "\u{fffd} II"),
        ("صندوق السندات", "ondo-usdy"),
        ("🏦🏦🏦", "ondo-usdy"),
        ("", "ondo-usdy"),
        ("\u{202e}evil\u{0}\u{7}\n", "evil"),
    ] {
        let mut data = full();
        data.protocol.name = name.to_owned();
        let pages = pages(&data);
        let title = format!("{shown} ondo-usdy · Treasury");
        has(&pages[0], &[&title]);
        let has_note = pages
            .join("")
            .contains("stands for characters of other scripts");
        assert_eq!(
            has_note,
            shown.contains('\u{fffd}') || (shown == "ondo-usdy" && !name.is_empty())
        );
    }
}

#[test]
fn the_longest_texts_stay_inside_of_the_margins() {
    for data in [
        full(),
        bare(),
        paused(),
        longest(),
        with_text(&"Wm Wm ".repeat(40)),
        with_text(&"i".repeat(1_000)),
    ] {
        let document = layout(&data).unwrap();
        assert!(document.pages().len() <= 6, "{}", document.pages().len());
        assert_eq!(overflows(&document), [""; 0]);
    }
}

#[test]
fn huge_and_tiny_amounts_are_said() {
    has(
        &text(&longest()),
        &[
            "above USD 1,000 trillion",
            "below −10,000 %",
            "18,446,744,073,709,551,616",
        ],
    );
    let mut data = full();
    data.protocol.aum_usd = Some(1e-12);
    data.protocol.yield_pct = Some(f64::NAN);
    has(&text(&data), &["below USD 0.01", "YIELD A YEAR not known"]);
    data.protocol.aum_usd = Some(f64::INFINITY);
    has(&text(&data), &["ASSETS UNDER MANAGEMENT not known"]);
}

#[test]
fn the_charts_show_90_days() {
    let at = |days| HistoryPoint {
        day: days_ago(days).to_string()[..10].parse().unwrap(),
        score: Some(50),
        aum_usd: None,
    };
    let shown = |days| {
        let mut data = full();
        data.history = vec![at(days)];
        text(&data).contains("Only one score is recorded for these 90 days: 50")
    };
    assert!(shown(0));
    assert!(shown(89));
    assert!(!shown(90));
    let mut data = full();
    data.history = vec![HistoryPoint {
        day: "2026-11-23".parse().unwrap(),
        ..at(0)
    }];
    has(&text(&data), &["No score is recorded for these 90 days."]);
}

#[test]
fn the_table_of_peers_has_ten_rows_and_the_own_one() {
    let mut data = full();
    data.score.score = Some(20);
    let page = &pages(&data)[1];
    has(
        page,
        &[
            "Rank 12 of 13",
            "→ 12 Ondo US Dollar Yield (this report) 20 ILLIQUID 8",
        ],
    );
    assert!(
        page.contains("Hashnote") && !page.contains("Arca"),
        "{page}"
    );
    data.score.score = None;
    let page = &pages(&data)[1];
    assert!(
        page.contains("Arca") && !page.contains("Tradeteq"),
        "{page}"
    );
    assert!(!page.contains("(this report)"));
}

#[test]
fn a_protocol_without_peers_has_no_percentile() {
    let mut data = full();
    data.peers.clear();
    has(
        &text(&data),
        &[
            "No other protocol of the category has a score.",
            "(this report) 82 L1 –",
        ],
    );
    data.peers = vec![Peer {
        slug: slug("ondo-usdy"),
        name: "Itself".to_owned(),
        score: 1,
    }];
    has(
        &text(&data),
        &["No other protocol of the category has a score."],
    );
    data.score.score = None;
    let text = text(&data);
    has(&text, &["The protocol has no score, so it has no rank."]);
    assert!(!text.contains("Itself"), "{text}");
}

#[test]
fn a_profile_has_weights_of_its_own() {
    let mut data = full();
    data.score.methodology_version += "+profile";
    has(
        &text(&data),
        &["The weights are those of a profile", "the cube root of AUM"],
    );
    data.score.methodology_version = "v9".to_owned();
    let text = text(&data);
    assert!(
        !text.contains("cube root") && !text.contains("of a profile"),
        "{text}"
    );
}

#[test]
fn the_same_data_have_the_same_bytes() {
    prepare();
    let first = render(&full()).unwrap();
    assert!(first.starts_with(b"%PDF-1.7"));
    // Nothing of the first is left in caches.
    typst::comemo::evict(0);
    assert!(render(&full()).unwrap() == first);
    let pdf = String::from_utf8_lossy(&first);
    has(&pdf, &["D:20261122140500"]);
    let mut later = full();
    later.generated_at = now() + std::time::Duration::from_secs(1);
    assert!(render(&later).unwrap() != first);
}

#[test]
fn the_samples_for_designers_are_those_of_the_tests() {
    for (file, data) in [
        (expect_file!["../samples/full.json"], full()),
        (expect_file!["../samples/bare.json"], bare()),
        (expect_file!["../samples/paused.json"], paused()),
        (expect_file!["../samples/longest.json"], longest()),
    ] {
        let json = serde_json::to_string_pretty(&data).unwrap();
        file.assert_eq(&format!("{json}\n"));
        assert_eq!(serde_json::from_str::<ReportData>(&json).unwrap(), data);
    }
}
