use expect_test::expect;
use imports::ImportFile;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn now() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

fn parse(form: Value) -> Result<(ProtocolSlug, Stated), Vec<FieldError>> {
    serde_json::from_value::<ProtocolForm>(form)
        .unwrap()
        .parse(now())
}

fn wrong(form: Value) -> Vec<(String, &'static str)> {
    let errors = parse(form).unwrap_err().into_iter();
    errors
        .map(|error| (error.field.into_owned(), error.reason))
        .collect()
}

fn full() -> Value {
    json!({
        "slug": "ondo-usdy", "as_of": "2026-05-28", "name": "Ondo US Dollar Yield", "category": "treasury",
        "issuer": "Ondo Finance", "blockchains": "Ethereum; Solana", "source": "example",
        "defillama": "ondo-yield-assets",
        "cadence": "weekly", "status": "active", "yield_pct": 5.1, "holder_count": 12_400, "aum_usd": 450_200_000,
        "redemption_frequency": "daily", "redemption_notice_days": 1, "redemption_observed_days": 1.5, "monthly_turnover": 0.3,
        "monthly_active_addresses": 900, "holder_hhi": 0.02, "supervision": "exempt", "operating_years": 5,
        "attested_at": "2026-05-01", "bankruptcy_remote": true, "jurisdiction": "US", "nav_usd": 1.08, "market_price_usd": 1.081,
        "linked_address_share": 0.05, "wash_volume_share": 0.02
    })
}

#[test]
fn every_field_is_stated() {
    let (slug, stated) = parse(full()).unwrap();
    assert_eq!(slug.as_str(), "ondo-usdy");
    let mut known = serde_json::to_value(&stated.statement).unwrap();
    known["facts"].as_object_mut().unwrap().remove("observed");
    expect![[r#"{"at":"2026-05-28T00:00:00Z","cadence":"weekly","facts":{"aum_usd":450200000.0,"checks":{"linked_address_share":0.05,"market_price_usd":1.081,"nav_usd":1.08,"wash_volume_share":0.02},"issuer":{"attested_at":"2026-05-01T00:00:00Z","bankruptcy_remote":true,"operating_years":5.0,"supervision":"exempt"},"jurisdiction":"US","redemption":{"frequency":"daily","notice_days":1.0,"observed_days":1.5},"secondary":{"holder_hhi":0.02,"monthly_active_addresses":900.0,"monthly_turnover":0.3}},"status":"active"}"#]]
    .assert_eq(&known.to_string());
    assert_eq!(
        stated.description.blockchains.unwrap(),
        ["Ethereum", "Solana"]
    );
    assert_eq!(stated.description.holder_count, Some(12_400));
    assert_eq!(stated.description.defillama.unwrap(), "ondo-yield-assets");
}

#[test]
fn a_row_says_what_the_same_json_says() {
    let full = full();
    let fields = full.as_object().unwrap();
    let header: Vec<&str> = fields.keys().map(String::as_str).collect();
    let row = fields
        .values()
        .map(|value| value.as_str().map_or(value.to_string(), str::to_owned));
    let csv = format!(
        "{}\n{}\n",
        header.join(","),
        row.collect::<Vec<_>>().join(",")
    );
    let mut file = ImportFile::<ProtocolForm>::open("a.csv", csv.as_bytes()).unwrap();
    let line = file.next_line().unwrap().unwrap();
    assert_eq!(line.form.unwrap().parse(now()), parse(full));
}

#[test]
fn all_that_is_wrong_is_told() {
    let form = json!({
        "slug": "Ondo USDY", "as_of": "2027-01-01", "name": "a\nb", "category": "stocks", "blockchains": ";", "cadence": "often",
        "status": "gone", "defillama": "ondo usdy", "yield_pct": "5,1", "holder_count": 1.5, "aum_usd": -1, "redemption_frequency": "variable",
        "redemption_notice_days": "soon", "holder_hhi": 1.1, "supervision": "strict", "attested_at": "yesterday",
        "bankruptcy_remote": "maybe", "jurisdiction": "USA", "nav_usd": "NaN", "wash_volume_share": 2
    });
    expect![[r#"
        slug slug_invalid
        as_of time_invalid
        name text_invalid
        category category_unknown
        blockchains text_invalid
        yield_pct number_invalid
        holder_count number_invalid
        defillama slug_invalid
        aum_usd number_out_of_range
        redemption_frequency frequency_unknown
        redemption_notice_days number_invalid
        holder_hhi number_out_of_range
        supervision word_unknown
        attested_at time_invalid
        bankruptcy_remote flag_invalid
        jurisdiction jurisdiction_invalid
        nav_usd number_out_of_range
        wash_volume_share number_out_of_range
        cadence word_unknown
        status word_unknown"#]]
    .assert_eq(
        &wrong(form.clone())
            .iter()
            .map(|(field, reason)| format!("{field} {reason}"))
            .collect::<Vec<_>>()
            .join("\n"),
    );
    let messages = parse(form)
        .unwrap_err()
        .into_iter()
        .map(|error| error.message);
    assert!(messages.into_iter().all(|message| message.len() > 15));
    assert_eq!(
        wrong(json!({})),
        [
            ("slug".to_owned(), "field_missing"),
            ("as_of".to_owned(), "field_missing")
        ]
    );
    assert_eq!(
        wrong(json!({ "slug": "a", "as_of": "2014-12-31" })),
        [("as_of".to_owned(), "time_invalid")]
    );
}

#[test]
fn a_slug_of_defillama_may_have_other_characters_than_ours() {
    let given =
        |slug: &str| parse(json!({ "slug": "a", "as_of": "2026-05-28", "defillama": slug }));
    for slug in ["stake.link", "Maker_RWA", &"x".repeat(100)] {
        let (_, stated) = given(slug).unwrap();
        assert_eq!(stated.description.defillama.as_deref(), Some(slug));
    }
    for slug in ["a b", "ü", "a\nb", &"x".repeat(101)] {
        assert!(given(slug).is_err(), "{slug}");
    }
}

#[test]
fn what_is_left_out_says_nothing() {
    let (_, stated) =
        parse(json!({ "slug": "a", "as_of": "2026-05-28T10:00:00.5Z", "name": "", "aum_usd": "" }))
            .unwrap();
    assert_eq!(stated.description, Description::default());
    assert!(stated.statement.is_empty());
    assert_eq!(stated.statement.at.to_string(), "2026-05-28T10:00:00Z");
}

proptest! {
    #[test]
    fn numbers_of_any_kind_are_taken_or_refused(number in any::<f64>(), text in "\\PC{0,12}") {
        for given in [Given::Number(number), Given::Text(number.to_string()), Given::Text(text)] {
            let form = ProtocolForm {
                slug: "a".to_owned(),
                as_of: "2026-05-28".to_owned(),
                aum_usd: Some(given.clone()),
                holder_count: Some(given),
                ..ProtocolForm::default()
            };
            if let Ok((_, stated)) = form.parse(now()) {
                let usd = stated.statement.facts.aum_usd.unwrap_or(0.0);
                prop_assert!((0.0..=1e15).contains(&usd) && usd.is_sign_positive());
            }
        }
    }
}
