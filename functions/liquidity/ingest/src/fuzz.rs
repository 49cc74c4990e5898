use api::FieldError;
use fuzzing::{assert_linear, check};
use imports::ImportFile;
use liquidity_store::Stated;
use serde_json::{Map, Value, json};
use types::{ProtocolSlug, Timestamp};

use crate::ProtocolForm;

type Parsed = Result<(ProtocolSlug, Stated), Vec<FieldError>>;

fn now() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

/// Every line of a file.
fn lines(key: &str, file: &[u8]) -> Result<Vec<Parsed>, String> {
    let mut open = ImportFile::<ProtocolForm>::open(key, file)?;
    let mut lines = Vec::new();
    while let Some(line) = open.next_line()? {
        lines.push(line.form.and_then(|form| form.parse(now())));
    }
    Ok(lines)
}

fn assert_sound(lines: Result<Vec<Parsed>, String>) {
    match lines {
        Err(message) => assert!(!message.is_empty()),
        Ok(lines) => lines.iter().for_each(|line| match line {
            Ok((slug, stated)) => assert_round_trip(slug, stated),
            Err(errors) => assert_told(errors),
        }),
    }
}

/// An error names field, reason and rule, however long the input is.
fn assert_told(errors: &[FieldError]) {
    assert!(!errors.is_empty());
    for error in errors {
        assert!(!error.reason.is_empty() && !error.message.is_empty());
        assert!(error.field.chars().count() <= 200 && error.message.chars().count() <= 2_500);
    }
}

/// What was read is read again from a file of either format, and is finite, dated and not in the future.
fn assert_round_trip(slug: &ProtocolSlug, stated: &Stated) {
    let at = stated.statement.at;
    assert!(at <= now() && at.subsec_nanosecond() == 0);
    let fields = fields(slug, stated);
    let expected = Ok(vec![Ok((slug.clone(), stated.clone()))]);
    let object = Value::Object(fields.clone()).to_string();
    assert_eq!(lines("a.ndjson", object.as_bytes()), expected, "{object}");
    let names: Vec<&str> = fields.keys().map(String::as_str).collect();
    let text = |value: &Value| value.as_str().map_or(value.to_string(), str::to_owned);
    let quoted = |value: &Value| format!("\"{}\"", text(value).replace('"', "\"\""));
    let row: Vec<String> = fields.values().map(quoted).collect();
    let csv = format!("{}\n{}\n", names.join(","), row.join(","));
    assert_eq!(lines("a.csv", csv.as_bytes()), expected, "{csv}");
}

/// The fields of a line that states this.
fn fields(slug: &ProtocolSlug, stated: &Stated) -> Map<String, Value> {
    let (of, said) = (&stated.description, &stated.statement);
    let facts = &said.facts;
    let (redemption, secondary) = (&facts.redemption, &facts.secondary);
    let (issuer, checks) = (&facts.issuer, &facts.checks);
    let chains = of.blockchains.as_ref().map(|chains| chains.join(";"));
    let all = json!({
        "slug": slug.as_str(), "as_of": said.at, "name": of.name, "category": of.category, "issuer": of.issuer,
        "blockchains": chains, "source": of.source, "defillama": of.defillama, "cadence": said.cadence,
        "status": said.status, "yield_pct": of.yield_pct, "holder_count": of.holder_count, "aum_usd": facts.aum_usd,
        "redemption_frequency": redemption.frequency, "redemption_notice_days": redemption.notice_days,
        "redemption_observed_days": redemption.observed_days, "monthly_turnover": secondary.monthly_turnover,
        "monthly_active_addresses": secondary.monthly_active_addresses, "holder_hhi": secondary.holder_hhi,
        "supervision": issuer.supervision, "operating_years": issuer.operating_years,
        "attested_at": issuer.attested_at, "bankruptcy_remote": issuer.bankruptcy_remote,
        "jurisdiction": facts.jurisdiction, "nav_usd": checks.nav_usd, "market_price_usd": checks.market_price_usd,
        "linked_address_share": checks.linked_address_share, "wash_volume_share": checks.wash_volume_share,
    });
    let Value::Object(all) = all else {
        unreachable!("it is an object")
    };
    all.into_iter()
        .filter(|(_, value)| !value.is_null())
        .collect()
}

#[test]
fn fuzz_protocol_ndjson() {
    check("protocol_ndjson", |file| {
        assert_sound(lines("a.ndjson", file));
    });
}

#[test]
fn fuzz_protocol_csv() {
    check("protocol_csv", |file| assert_sound(lines("a.csv", file)));
}

#[test]
fn long_files_take_time_in_proportion() {
    let row = "ondo-usdy,2026-05-28,450200000,Ethereum;Solana\n";
    let head = "slug,as_of,aum_usd,blockchains\n";
    let shapes = [
        (head, "\n"),
        (head, "a,b,c,d\n"),
        ("slug,as_of,blockchains\na,2026-05-28,\"", "x;"),
        ("slug,as_of,aum_usd\na,2026-05-28,\"", "9"),
        ("slug,as_of,name\na,2026-05-28,\"", "\"\""),
    ];
    assert_linear((head, row), &shapes, |file| {
        let _ = lines("a.csv", file);
    });
}
