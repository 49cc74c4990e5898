use std::fmt::Display;
use std::str::FromStr;

use imports::{FieldError, ImportForm};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use liquidity::{
    Cadence, Category, CheckFacts, CountryCode, Facts, Frequency, IssuerFacts, RedemptionFacts,
    SecondaryFacts, Statement, Status, Supervision,
};
use liquidity_store::{Description, Stated};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde::de::value::{Error as WordError, StrDeserializer};
use types::{ProtocolSlug, Timestamp, is_one_line, parse_time, whole_second};

/// Characters of a name, an issuer or a source.
const MAX_TEXT: usize = 500;
/// The most chains of a protocol.
const MAX_CHAINS: usize = 50;
/// The first day that a statement may be about: no such product is older.
const FIRST_DAY: &str = "2015-01-01";

/// What a source states of a protocol, unvalidated: a line of a file. All but `slug` and `as_of` may be left out, and then says nothing.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProtocolForm {
    slug: String,
    as_of: String,
    name: Option<String>,
    category: Option<String>,
    issuer: Option<String>,
    blockchains: Option<String>,
    defillama: Option<String>,
    source: Option<String>,
    cadence: Option<String>,
    status: Option<String>,
    yield_pct: Option<Given>,
    holder_count: Option<Given>,
    aum_usd: Option<Given>,
    redemption_frequency: Option<String>,
    redemption_notice_days: Option<Given>,
    redemption_observed_days: Option<Given>,
    monthly_turnover: Option<Given>,
    monthly_active_addresses: Option<Given>,
    holder_hhi: Option<Given>,
    supervision: Option<String>,
    operating_years: Option<Given>,
    attested_at: Option<String>,
    bankruptcy_remote: Option<Flag>,
    jurisdiction: Option<String>,
    nav_usd: Option<Given>,
    market_price_usd: Option<Given>,
    linked_address_share: Option<Given>,
    wash_volume_share: Option<Given>,
}

/// A number in JSON, or the text of a CSV field.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged, expecting = "expected a number")]
enum Given {
    Number(f64),
    Text(String),
}

/// A boolean in JSON, or the text of a CSV field.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged, expecting = "expected true or false")]
enum Flag {
    Bool(bool),
    Text(String),
}

impl ImportForm for ProtocolForm {
    const REQUIRED: &'static [&'static str] = &["slug", "as_of"];
    const OPTIONAL: &'static [&'static str] = &[
        "name",
        "category",
        "issuer",
        "blockchains",
        "defillama",
        "source",
        "cadence",
        "status",
        "yield_pct",
        "holder_count",
        "aum_usd",
        "redemption_frequency",
        "redemption_notice_days",
        "redemption_observed_days",
        "monthly_turnover",
        "monthly_active_addresses",
        "holder_hhi",
        "supervision",
        "operating_years",
        "attested_at",
        "bankruptcy_remote",
        "jurisdiction",
        "nav_usd",
        "market_price_usd",
        "linked_address_share",
        "wash_volume_share",
    ];

    fn of_row(field: impl Fn(&str) -> Option<String>) -> Self {
        let number = |name| field(name).map(Given::Text);
        Self {
            slug: field("slug").unwrap_or_default(),
            as_of: field("as_of").unwrap_or_default(),
            name: field("name"),
            category: field("category"),
            issuer: field("issuer"),
            blockchains: field("blockchains"),
            defillama: field("defillama"),
            source: field("source"),
            cadence: field("cadence"),
            status: field("status"),
            yield_pct: number("yield_pct"),
            holder_count: number("holder_count"),
            aum_usd: number("aum_usd"),
            redemption_frequency: field("redemption_frequency"),
            redemption_notice_days: number("redemption_notice_days"),
            redemption_observed_days: number("redemption_observed_days"),
            monthly_turnover: number("monthly_turnover"),
            monthly_active_addresses: number("monthly_active_addresses"),
            holder_hhi: number("holder_hhi"),
            supervision: field("supervision"),
            operating_years: number("operating_years"),
            attested_at: field("attested_at"),
            bankruptcy_remote: field("bankruptcy_remote").map(Flag::Text),
            jurisdiction: field("jurisdiction"),
            nav_usd: number("nav_usd"),
            market_price_usd: number("market_price_usd"),
            linked_address_share: number("linked_address_share"),
            wash_volume_share: number("wash_volume_share"),
        }
    }
}

impl ProtocolForm {
    /// The protocol and what is stated of it, or every invalid field.
    pub fn parse(self, now: Timestamp) -> Result<(ProtocolSlug, Stated), Vec<FieldError>> {
        let mut check = Check::default();
        let slug = check.required("slug", Some(self.slug), "slug_invalid", |text| {
            text.parse::<ProtocolSlug>()
                .map_err(|error| error.to_string())
        });
        let at = check.required("as_of", Some(self.as_of), "time_invalid", |text| {
            time(text, now)
        });
        let description = Description {
            name: check.text("name", self.name),
            category: check.parsed("category", self.category, "category_unknown", |text| {
                Category::from_str(text).map_err(|error| error.to_string())
            }),
            issuer: check.text("issuer", self.issuer),
            blockchains: check.parsed("blockchains", self.blockchains, "text_invalid", chains),
            yield_pct: check.number("yield_pct", self.yield_pct, -100.0..=1_000.0),
            holder_count: check.whole("holder_count", self.holder_count),
            defillama: check.parsed("defillama", self.defillama, "slug_invalid", |text| {
                let slug = text.parse::<ProtocolSlug>();
                slug.map(|slug| slug.to_string())
                    .map_err(|error| error.to_string())
            }),
            source: check.text("source", self.source),
        };
        let redemption = RedemptionFacts {
            frequency: check.parsed(
                "redemption_frequency",
                self.redemption_frequency,
                "frequency_unknown",
                |text| Frequency::from_str(text).map_err(|error| error.to_string()),
            ),
            notice_days: check.number(
                "redemption_notice_days",
                self.redemption_notice_days,
                0.0..=3_660.0,
            ),
            observed_days: check.number(
                "redemption_observed_days",
                self.redemption_observed_days,
                0.0..=3_660.0,
            ),
        };
        let secondary = SecondaryFacts {
            monthly_turnover: check.number("monthly_turnover", self.monthly_turnover, 0.0..=1e6),
            monthly_active_addresses: check.number(
                "monthly_active_addresses",
                self.monthly_active_addresses,
                0.0..=1e12,
            ),
            holder_hhi: check.number("holder_hhi", self.holder_hhi, 0.0..=1.0),
        };
        let issuer = IssuerFacts {
            supervision: check.word::<Supervision>("supervision", self.supervision),
            operating_years: check.number("operating_years", self.operating_years, 0.0..=1_000.0),
            attested_at: check.parsed("attested_at", self.attested_at, "time_invalid", |text| {
                time(text, now)
            }),
            bankruptcy_remote: check.flag("bankruptcy_remote", self.bankruptcy_remote),
        };
        let facts = Facts {
            aum_usd: check.number("aum_usd", self.aum_usd, 0.0..=1e15),
            redemption,
            secondary,
            issuer,
            jurisdiction: check.parsed(
                "jurisdiction",
                self.jurisdiction,
                "jurisdiction_invalid",
                |text| CountryCode::from_str(text).map_err(|error| error.to_string()),
            ),
            checks: CheckFacts {
                nav_usd: check.number("nav_usd", self.nav_usd, 0.0..=1e12),
                market_price_usd: check.number(
                    "market_price_usd",
                    self.market_price_usd,
                    0.0..=1e12,
                ),
                linked_address_share: check.number(
                    "linked_address_share",
                    self.linked_address_share,
                    0.0..=1.0,
                ),
                wash_volume_share: check.number(
                    "wash_volume_share",
                    self.wash_volume_share,
                    0.0..=1.0,
                ),
            },
            ..Facts::default()
        };
        let cadence = check.word::<Cadence>("cadence", self.cadence);
        let status = check.word::<Status>("status", self.status);
        match (slug, at, check.errors.is_empty()) {
            (Some(slug), Some(at), true) => Ok((
                slug,
                Stated {
                    description,
                    statement: Statement {
                        at,
                        cadence,
                        facts,
                        status,
                    },
                },
            )),
            _ => Err(check.errors),
        }
    }
}

/// Reads the fields of a line, and keeps what is wrong with them.
#[derive(Default)]
struct Check {
    errors: Vec<FieldError>,
}

impl Check {
    fn fail(&mut self, field: &'static str, reason: &'static str, rule: impl Display) {
        let error = FieldError::new(field, reason, format!("{field}: {rule}"));
        self.errors.push(error);
    }

    /// A field that is there and not empty.
    fn parsed<T>(
        &mut self,
        field: &'static str,
        given: Option<String>,
        reason: &'static str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        let given = given?;
        let given = given.trim();
        if given.is_empty() {
            return None;
        }
        parse(given)
            .map_err(|rule| self.fail(field, reason, rule))
            .ok()
    }

    fn required<T>(
        &mut self,
        field: &'static str,
        given: Option<String>,
        reason: &'static str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        if given.as_deref().unwrap_or_default().trim().is_empty() {
            self.fail(field, "field_missing", "it is required");
            return None;
        }
        self.parsed(field, given, reason, parse)
    }

    fn text(&mut self, field: &'static str, given: Option<String>) -> Option<String> {
        self.parsed(field, given, "text_invalid", text)
    }

    /// A word of an enum, as it is in JSON.
    fn word<T: DeserializeOwned>(
        &mut self,
        field: &'static str,
        given: Option<String>,
    ) -> Option<T> {
        self.parsed(field, given, "word_unknown", |text| {
            let word = StrDeserializer::<WordError>::new(text);
            T::deserialize(word).map_err(|error| error.to_string())
        })
    }

    fn number(
        &mut self,
        field: &'static str,
        given: Option<Given>,
        range: std::ops::RangeInclusive<f64>,
    ) -> Option<f64> {
        let number = match given? {
            Given::Number(number) => number,
            Given::Text(text) if text.trim().is_empty() => return None,
            Given::Text(text) => match text.trim().parse::<f64>() {
                Ok(number) => number,
                Err(_) => {
                    let rule = "a number such as 450200000 or 0.25, with a point and no separators";
                    self.fail(field, "number_invalid", rule);
                    return None;
                }
            },
        };
        if !range.contains(&number) {
            let rule = format!("a number from {} to {}", range.start(), range.end());
            self.fail(field, "number_out_of_range", rule);
            return None;
        }
        Some(number + 0.0)
    }

    fn whole(&mut self, field: &'static str, given: Option<Given>) -> Option<u64> {
        let number = self.number(field, given, 0.0..=1e15)?;
        if number.fract() != 0.0 {
            self.fail(field, "number_invalid", "a whole number such as 12400");
            return None;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a whole number up to 10^15"
        )]
        let number = number as u64;
        Some(number)
    }

    fn flag(&mut self, field: &'static str, given: Option<Flag>) -> Option<bool> {
        match given? {
            Flag::Bool(flag) => Some(flag),
            Flag::Text(text) => self.parsed(field, Some(text), "flag_invalid", |text| {
                text.to_ascii_lowercase()
                    .parse()
                    .map_err(|_| "true or false".to_owned())
            }),
        }
    }
}

fn text(given: &str) -> Result<String, String> {
    if given.chars().count() <= MAX_TEXT && is_one_line(given) {
        Ok(given.to_owned())
    } else {
        Err(format!("at most {MAX_TEXT} characters, on one line"))
    }
}

fn chains(given: &str) -> Result<Vec<String>, String> {
    let names = given.split([';', ',']).map(str::trim);
    let names: Vec<String> = names
        .filter(|name| !name.is_empty())
        .map(text)
        .collect::<Result<_, _>>()?;
    if names.is_empty() || names.len() > MAX_CHAINS {
        return Err(format!(
            "1 to {MAX_CHAINS} names separated by semicolons, such as Ethereum;Solana"
        ));
    }
    Ok(names)
}

fn time(given: &str, now: Timestamp) -> Result<Timestamp, String> {
    let day = || given.parse::<Date>().ok().filter(|_| given.len() == 10);
    let start = |day: Date| Some(day.to_zoned(TimeZone::UTC).ok()?.timestamp());
    let at = parse_time(given).or_else(|| start(day()?));
    let first = FIRST_DAY.parse().ok().and_then(start);
    match at.map(whole_second) {
        Some(at) if at > now => Err("it must not be in the future".to_owned()),
        Some(at) if Some(at) >= first => Ok(at),
        _ => Err(format!(
            "a day such as 2026-05-28 or a time such as 2026-05-28T06:00:00Z, from {FIRST_DAY} on"
        )),
    }
}

#[cfg(test)]
mod tests;
