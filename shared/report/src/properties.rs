use liquidity::{
    Anomaly, Bounds, Category, Component, Contribution, Fact, Missing, Pause, Penalties, Score,
};
use proptest::prelude::*;
use types::{Date, Points, Timestamp};

use crate::engine::layout;
use crate::fixtures::{now, slug};
use crate::{HistoryPoint, Peer, Protocol, ReportData, SourceNote, render};

/// The most pages that any data have.
const PAGES: usize = 6;

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,40}",
        prop::collection::vec(any::<char>(), 0..220).prop_map(String::from_iter),
        "[#*_$@<>`\\\\\\[\\]{}()\"'/=+~^-]{0,40}",
        "[W]{0,400}",
    ]
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![any::<f64>(), 0.0..1e13, -2.0..2.0]
}

fn time() -> impl Strategy<Value = Timestamp> {
    let near = (-200i64..200).prop_map(|days| now().as_second() + 86_400 * days);
    let near = near.prop_map(|second| Timestamp::from_second(second).unwrap());
    prop_oneof![8 => near, 1 => Just(Timestamp::MIN), 1 => Just(Timestamp::MAX)]
}

fn day() -> impl Strategy<Value = Date> {
    prop_oneof![8 => time().prop_map(types::date_of), 1 => Just(Date::MIN), 1 => Just(Date::MAX)]
}

fn points() -> impl Strategy<Value = Points> {
    any::<u16>().prop_map(Points::from_tenths)
}

fn protocol() -> impl Strategy<Value = Protocol> {
    let facts = (
        prop::option::of(text()),
        prop::collection::vec(text(), 0..20),
        prop::option::of(text()),
        prop::option::of(text()),
    );
    let numbers = (
        prop::option::of(number()),
        prop::option::of(number()),
        any::<Option<u64>>(),
    );
    let names = (
        "[a-z0-9-]{1,100}",
        text(),
        prop::sample::select(&Category::ALL[..]),
    );
    (names, facts, numbers).prop_map(|((name_in_paths, name, category), facts, numbers)| {
        let (issuer, blockchains, jurisdiction, redemption_frequency) = facts;
        let (aum_usd, yield_pct, holder_count) = numbers;
        Protocol {
            slug: slug(&name_in_paths),
            name,
            category,
            issuer,
            blockchains,
            jurisdiction,
            aum_usd,
            yield_pct,
            redemption_frequency,
            holder_count,
        }
    })
}

fn score() -> impl Strategy<Value = Score> {
    let contribution = (
        prop::sample::select(&Component::ALL[..]),
        any::<u8>(),
        number(),
        points(),
    );
    let contribution =
        contribution.prop_map(|(component, score, weight, contribution)| Contribution {
            component,
            score,
            weight,
            contribution,
        });
    let missing = (prop::sample::select(&Fact::ALL[..]), text(), number());
    let missing = missing.prop_map(|(fact, needed, data_confidence_gain)| Missing {
        fact,
        needed,
        data_confidence_gain,
    });
    let parts = (
        any::<[Option<u8>; 6]>(),
        prop::array::uniform4(points()),
        number(),
        any::<(u8, u8)>(),
        prop::collection::vec(contribution, 0..8),
        prop::collection::vec(missing, 0..30),
        prop_oneof![Just("v1.7-MMI".to_owned()), text()],
    );
    parts.prop_map(
        |(scores, penalties, data_confidence, bounds, contributions, missing, version)| {
            let [
                score,
                aum_score,
                redemption_score,
                secondary_volume_score,
                issuer_score,
                jurisdiction_score,
            ] = scores;
            let [nav, sybil, staleness, wash] = penalties;
            Score {
                score,
                tier: None,
                aum_score,
                redemption_score,
                secondary_volume_score,
                issuer_score,
                jurisdiction_score,
                penalties: Penalties {
                    nav_divergence_penalty: nav,
                    sybil_penalty: sybil,
                    staleness_penalty: staleness,
                    wash_trade_penalty: wash,
                },
                data_confidence,
                bounds: Bounds {
                    low: bounds.0,
                    high: bounds.1,
                },
                contributions,
                missing,
                methodology_version: version,
            }
        },
    )
}

fn report() -> impl Strategy<Value = ReportData> {
    let point = (day(), any::<Option<u8>>(), prop::option::of(number()));
    let point = point.prop_map(|(day, score, aum_usd)| HistoryPoint {
        day,
        score,
        aum_usd,
    });
    let peer = ("[a-z]{1,2}|[a-z0-9-]{1,100}", text(), any::<u8>());
    let peer = peer.prop_map(|(peer, name, score)| Peer {
        slug: slug(&peer),
        name,
        score,
    });
    let note = (text(), text(), prop::option::of(day()));
    let note = note.prop_map(|(what, source, as_of)| SourceNote {
        what,
        source,
        as_of,
    });
    let reason = prop::sample::select(
        &[
            Anomaly::DropToZero,
            Anomaly::Drop,
            Anomaly::Spike,
            Anomaly::Gap,
            Anomaly::Invalid,
        ][..],
    );
    let pause = (reason, time()).prop_map(|(reason, since)| Pause {
        reason,
        since,
        held: Vec::new(),
    });
    let lists = (
        prop::collection::vec(point, 0..400),
        prop::collection::vec(peer, 0..40),
        prop::collection::vec(note, 0..20),
    );
    (
        time(),
        protocol(),
        score(),
        time(),
        prop::option::of(pause),
        lists,
    )
        .prop_map(
            |(generated_at, protocol, score, scored_at, pause, (history, peers, sources))| {
                ReportData {
                    generated_at,
                    protocol,
                    score,
                    scored_at,
                    pause,
                    history,
                    peers,
                    sources,
                }
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn any_data_have_a_report_of_few_pages(data in report()) {
        let pages = layout(&data).unwrap().pages().len();
        prop_assert!((2..=PAGES).contains(&pages), "{} pages", pages);
        prop_assert!(render(&data).unwrap().starts_with(b"%PDF"));
    }
}
