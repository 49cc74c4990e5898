use std::collections::BTreeMap;

use expect_test::expect;
use liquidity::Category;
use liquidity_store::{MAX_PROTOCOLS, Protocol};
use proptest::prelude::*;
use serde_json::{Value, json};
use types::Timestamp;

use super::category::category_of;
use super::history::history;
use super::list::{List, MAX_ENTRIES, list};
use super::plan::{Documents, MOST_NEW, Plan};
use super::yields::yields;

fn now() -> Timestamp {
    "2026-11-15T05:15:00Z".parse().unwrap()
}

fn read(json: &Value) -> List {
    list(json.to_string().as_bytes()).unwrap()
}

/// An entry as DefiLlama has them, with the fields that are not read.
fn entry(slug: &str, tvl: f64) -> Value {
    json!({
        "id": "2537", "name": slug.to_uppercase(), "address": null, "symbol": "USDY", "url": "https://ondo.finance",
        "description": "Tokenized US treasuries", "chain": "Multi-Chain", "logo": "https://icons.llama.fi/ondo.png", "audits": "2",
        "gecko_id": null, "cmcId": null, "category": "RWA", "chains": ["Ethereum", "Solana"], "module": "ondo/index.js",
        "forkedFrom": [], "oracles": [], "listedAt": 1_675_000_000, "slug": slug, "tvl": tvl,
        "chainTvls": { "Ethereum": tvl, "Solana": 0, "Ethereum-staking": { "tvl": [] } }, "change_1h": null, "change_1d": -0.1,
        "tokenBreakdowns": {}, "mcap": null, "parentProtocol": "parent#ondo-finance"
    })
}

fn with(slug: &str, field: &str, value: Value) -> Value {
    let mut entry = entry(slug, 5e6);
    entry[field] = value;
    entry
}

fn protocols(known: &[(&str, Option<&str>)]) -> Vec<Protocol> {
    let protocol = |(slug, foreign): &(&str, Option<&str>)| {
        let mut protocol = json!({
            "slug": slug, "name": "Known", "category": "treasury", "source": "operator", "described_at": "2026-11-01T00:00:00Z",
            "since": "2026-11-01T00:00:00Z", "monitor": liquidity::Monitor::default(), "version": 1
        });
        if let Some(foreign) = foreign {
            protocol["defillama"] = json!(foreign);
        }
        serde_json::from_value(protocol).unwrap()
    };
    known.iter().map(protocol).collect()
}

fn plan(entries: &[Value], known: &[(&str, Option<&str>)], begun: &[&str]) -> Plan {
    let begun: Vec<_> = begun.iter().map(|slug| slug.parse().unwrap()).collect();
    let (list, yields) = (read(&json!(entries)), BTreeMap::new());
    let documents = Documents {
        list: &list,
        yields: &yields,
        at: now(),
    };
    documents.plan(&protocols(known), &begun)
}

fn new(plan: &Plan) -> Vec<&str> {
    plan.new.iter().map(|(slug, ..)| slug.as_str()).collect()
}

#[test]
fn an_odd_entry_does_not_lose_the_others() {
    let read = read(&json!([
        null,
        7,
        "RWA",
        [1],
        {},
        { "slug": null },
        entry("whole", 5e6),
        entry("whole", 1.0),
        with("no-tvl", "tvl", json!(null)),
        with("negative", "tvl", json!(-5)),
        with("worded", "tvl", json!("5000000")),
        with("too-much", "tvl", json!(1e16)),
        with("zero", "tvl", json!(-0.0)),
        with("no-chains", "chains", json!([])),
        with("odd-chains", "chains", json!(["Ethereum", null, 3, "", "Ethereum", " Base ", "a\nb"])),
        with("chains", "chains", json!("Ethereum")),
        with("nameless", "name", json!("  ")),
        with("long", "name", json!("x".repeat(501))),
        with("spelled", "category", json!(" rwa ")),
        with("loans", "category", json!("RWA Lending")),
        with("swap", "category", json!("Dexs")),
        with("none", "category", json!(null)),
    ]));
    let shown: Vec<String> = read
        .entries
        .iter()
        .map(|(slug, of)| {
            let category = of.category.map_or("-", Category::as_str);
            let name = of.name.as_deref().unwrap_or("-");
            format!(
                "{slug} | {name} | {} | {category} | {:?} | {:?}",
                of.is_asset, of.chains, of.tvl
            )
        })
        .collect();
    expect![[r#"
        chains | CHAINS | true | treasury | [] | Some(5000000.0)
        loans | LOANS | true | private_credit | ["Ethereum", "Solana"] | Some(5000000.0)
        long | - | true | treasury | ["Ethereum", "Solana"] | Some(5000000.0)
        nameless | - | true | treasury | ["Ethereum", "Solana"] | Some(5000000.0)
        negative | NEGATIVE | true | treasury | ["Ethereum", "Solana"] | None
        no-chains | NO-CHAINS | true | treasury | [] | Some(5000000.0)
        no-tvl | NO-TVL | true | treasury | ["Ethereum", "Solana"] | None
        none | NONE | false | - | ["Ethereum", "Solana"] | Some(5000000.0)
        odd-chains | ODD-CHAINS | true | treasury | ["Ethereum", "Base"] | Some(5000000.0)
        spelled | SPELLED | true | treasury | ["Ethereum", "Solana"] | Some(5000000.0)
        swap | SWAP | false | - | ["Ethereum", "Solana"] | Some(5000000.0)
        too-much | TOO-MUCH | true | treasury | ["Ethereum", "Solana"] | None
        whole | WHOLE | true | treasury | ["Ethereum", "Solana"] | Some(5000000.0)
        worded | WORDED | true | treasury | ["Ethereum", "Solana"] | None
        zero | ZERO | true | treasury | ["Ethereum", "Solana"] | Some(0.0)"#]]
    .assert_eq(&shown.join("\n"));
    assert_eq!(read.odd, 7);
}

#[test]
fn a_number_that_is_none_loses_its_entry_alone() {
    let read = list(br#"[{"slug":"a","tvl":1e999},{"slug":"b","tvl":5},{"slug":"c","slug":"d"},{"slug":"e","x":[[[[{}]]]]}]"#).unwrap();
    let tvl: Vec<_> = read
        .entries
        .iter()
        .map(|(slug, of)| (slug.as_str(), of.tvl))
        .collect();
    assert_eq!(tvl, [("a", None), ("b", Some(5.0)), ("e", None)]);
    assert_eq!(read.odd, 1);
}

#[test]
fn what_is_no_list_is_an_error() {
    for text in [
        "",
        "{}",
        "null",
        "[",
        "[1",
        "[] []",
        r#"{"message":"Internal server error"}"#,
        "<html>",
    ] {
        assert!(list(text.as_bytes()).is_err(), "{text}");
        assert!(yields(text.as_bytes()).is_err(), "{text}");
        assert!(history(text.as_bytes(), now()).is_err(), "{text}");
    }
    assert_eq!(list(b"[]").unwrap(), List::default());
}

#[test]
fn so_many_entries_are_read_and_no_more() {
    let entries = |count: usize| {
        let all = (0..count).map(|n| entry(&format!("e-{n}"), 1.0).to_string());
        format!("[{}]", all.collect::<Vec<_>>().join(","))
    };
    let most = list(entries(MAX_ENTRIES).as_bytes()).unwrap();
    assert_eq!((most.entries.len(), most.odd), (MAX_ENTRIES, 0));
    let more = list(entries(MAX_ENTRIES + 1).as_bytes()).unwrap();
    assert_eq!((more.entries.len(), more.odd), (MAX_ENTRIES, 1));
}

#[test]
fn a_category_is_what_the_texts_speak_of_alone() {
    let cases = [
        (
            "RWA",
            "Tokenized U.S. Treasuries and T-Bills",
            Some(Category::Treasury),
        ),
        (
            "RWA",
            "A money market fund on-chain",
            Some(Category::Treasury),
        ),
        (
            "RWA",
            "Loans to small businesses",
            Some(Category::PrivateCredit),
        ),
        ("RWA", "Fractional real estate", Some(Category::RealEstate)),
        ("RWA", "PAX Gold", Some(Category::Commodity)),
        ("RWA", "Solar parks", Some(Category::Infrastructure)),
        ("RWA Lending", "", Some(Category::PrivateCredit)),
        ("RWA", "Treasuries and private credit", None),
        ("RWA", "Manages the treasury of a DAO", None),
        ("RWA", "", None),
    ];
    for (category, text, expected) in cases {
        assert_eq!(category_of(category, &["Name", text]), expected, "{text}");
    }
}

#[test]
fn a_yield_is_the_mean_of_the_pools_by_what_is_in_them() {
    let pool = |project: &str, tvl: Value, apy: Value| json!({ "pool": "7", "project": project, "tvlUsd": tvl, "apy": apy, "apyBase": null });
    let text = json!({ "status": "success", "data": [
        pool("a", json!(300), json!(4)), pool("a", json!(100), json!(8)), pool("a", json!(1e9), json!(null)), pool("a", json!(1e9), json!(1001)),
        pool("a", json!(null), json!(50)), pool("a", json!(0), json!(50)), pool("a", json!(-5), json!(50)),
        pool("zero", json!(10), json!(0)), pool("none", json!(10), json!(null)), null, 5, { "project": 5, "tvlUsd": 1, "apy": 1 },
    ]});
    let read = yields(text.to_string().as_bytes()).unwrap();
    assert_eq!(
        read,
        BTreeMap::from([("a".to_owned(), 5.0), ("zero".to_owned(), 0.0)])
    );
}

#[test]
fn a_history_is_a_point_a_day_of_the_last_year_before_today() {
    let at = |text: &str| text.parse::<Timestamp>().unwrap().as_second();
    let point = |text: &str, usd: f64| json!({ "date": at(text), "totalLiquidityUSD": usd });
    let text = json!({ "name": "A", "tvl": [
        point("2025-11-01T00:00:00Z", 9.0), point("2026-11-10T00:00:00Z", 0.0), point("2026-11-11T00:00:00Z", 1.0),
        point("2026-11-12T10:00:00Z", 3.0), point("2026-11-12T00:00:00Z", 2.0), point("2026-11-13T00:00:00Z", -1.0),
        point("2026-11-14T00:00:00Z", 0.0), point("2026-11-15T00:00:00Z", 5.0), point("2026-11-16T00:00:00Z", 6.0),
        null, { "date": "soon", "totalLiquidityUSD": 1 }, { "date": 1e300, "totalLiquidityUSD": 1 }, { "date": i64::MAX, "totalLiquidityUSD": 1 },
    ], "chainTvls": { "Ethereum": { "tvl": [] } } });
    let read = history(text.to_string().as_bytes(), now()).unwrap();
    let days: Vec<(String, f64)> = read
        .into_iter()
        .map(|(at, usd)| (at.to_string(), usd))
        .collect();
    let expected = [
        ("2026-11-11T00:00:00Z", 1.0),
        ("2026-11-12T00:00:00Z", 2.0),
        ("2026-11-14T00:00:00Z", 0.0),
    ];
    assert_eq!(days, expected.map(|(at, usd)| (at.to_owned(), usd)));
}

#[test]
fn a_protocol_is_the_one_that_the_operator_names_or_that_has_the_slug() {
    let entries = [
        entry("ondo-finance", 5e6),
        entry("same", 5e6),
        entry("renamed", 5e6),
        with("swap", "category", json!("Dexs")),
        with("other-swap", "category", json!("Dexs")),
    ];
    let known = [
        ("ondo-usdy", Some("ondo-finance")),
        ("other", Some("other-swap")),
        ("renamed", Some("elsewhere")),
        ("same", None),
        ("swap", None),
    ];
    let plan = plan(&entries, &known, &[]);
    let slugs: Vec<&str> = plan.known.iter().map(|(slug, _)| slug.as_str()).collect();
    // `swap` is no asset, and `renamed` is another's name by the operator's word.
    assert_eq!(slugs, ["ondo-usdy", "other", "same"]);
    assert_eq!((plan.new.len(), plan.unclear), (0, 1));
    let (_, stated) = &plan.known[0];
    assert_eq!(
        (&stated.description.name, stated.description.category),
        (&None, None)
    );
    assert_eq!(stated.statement.facts.aum_usd, Some(5e6));
    assert_eq!(stated.statement.at, now());
}

#[test]
fn only_what_is_large_and_clear_is_created() {
    let entries = [
        entry("least", 1e6),
        entry("less", 999_999.99),
        with("no-tvl", "tvl", json!(null)),
        with("vague", "description", json!("Real-world assets")),
        with("nameless", "name", json!(null)),
        entry("stake.link", 5e6),
        with("swap", "category", json!("Dexs")),
    ];
    let plan = plan(&entries, &[], &[]);
    assert_eq!((new(&plan), plan.unclear), (vec!["least"], 3));
}

#[test]
fn so_many_are_created_at_once_the_largest_first_and_what_was_begun_before_them() {
    let mut entries: Vec<Value> = (1..=12_u32)
        .map(|n| entry(&format!("e-{n}"), f64::from(n) * 1e6))
        .collect();
    entries.push(entry("begun", 2.0));
    let plan = plan(&entries, &[("begun", None)], &["begun", "e-3", "gone"]);
    assert_eq!(new(&plan)[..3], ["begun", "e-12", "e-11"]);
    assert_eq!((plan.new.len(), plan.left), (MOST_NEW, 3));
    assert!(plan.known.is_empty());
}

#[test]
fn no_more_are_created_than_there_is_room() {
    let names: Vec<String> = (1..MAX_PROTOCOLS).map(|n| format!("known-{n}")).collect();
    let known: Vec<(&str, Option<&str>)> = names.iter().map(|name| (name.as_str(), None)).collect();
    let plan = plan(&[entry("a", 5e6), entry("b", 6e6)], &known, &[]);
    assert_eq!((new(&plan), plan.full, plan.left), (vec!["b"], 1, 0));
}

#[test]
fn yields_alone_are_stated_of_known_protocols_if_the_list_has_not_changed() {
    let yields = BTreeMap::from([
        ("ondo-finance".to_owned(), 4.5),
        ("unknown".to_owned(), 1.0),
    ]);
    let documents = Documents {
        list: &List::default(),
        yields: &yields,
        at: now(),
    };
    let plan = documents.plan(&protocols(&[("ondo-usdy", Some("ondo-finance"))]), &[]);
    let [(slug, stated)] = &plan.known[..] else {
        panic!("{plan:?}")
    };
    assert_eq!(
        (slug.as_str(), stated.description.yield_pct),
        ("ondo-usdy", Some(4.5))
    );
    assert!(stated.statement.is_empty() && plan.new.is_empty());
}

/// Any JSON, with the fields that are read among its keys.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
        prop::sample::select(vec!["RWA", "rwa", "a-slug"]).prop_map(Value::from),
    ];
    let fields = [
        "slug",
        "name",
        "category",
        "description",
        "chains",
        "tvl",
        "data",
        "project",
        "tvlUsd",
        "apy",
        "date",
        "totalLiquidityUSD",
    ];
    leaf.prop_recursive(4, 64, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::hash_map(prop::sample::select(fields.to_vec()), inner, 0..8)
                .prop_map(|map| map
                    .into_iter()
                    .map(|(key, value)| (key.to_owned(), value))
                    .collect()),
        ]
    })
}

proptest! {
    #[test]
    fn any_json_is_read_or_refused(value in any_json()) {
        let value = value.to_string();
        for text in [value.clone(), format!("[{value}]"), format!(r#"{{"data":[{value}],"tvl":[{value}]}}"#)] {
            if let Ok(list) = list(text.as_bytes()) {
                let usd = |of: &super::list::Listed| of.tvl.is_none_or(|usd| (0.0..=1e15).contains(&usd));
                prop_assert!(list.entries.values().all(usd));
                let documents = Documents { list: &list, yields: &BTreeMap::new(), at: now() };
                prop_assert!(documents.plan(&[], &[]).new.len() <= 1);
            }
            if let Ok(yields) = yields(text.as_bytes()) {
                prop_assert!(yields.values().all(|apy| (-100.1..=1_000.1).contains(apy)));
            }
            if let Ok(points) = history(text.as_bytes(), now()) {
                prop_assert!(points.iter().all(|(at, usd)| *at < now() && *usd >= 0.0));
            }
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = (list(&bytes), yields(&bytes), history(&bytes, now()));
    }
}
