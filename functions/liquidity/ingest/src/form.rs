use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

use api::FieldError;
use imports::ImportForm;
use liquidity::{
    Cadence, Category, CheckFacts, CountryCode, Facts, Frequency, IssuerFacts, RedemptionFacts,
    SecondaryFacts, Statement, Status, Supervision,
};
use liquidity_store::{Description, Stated};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde::de::value::{Error as WordError, StrDeserializer};
use types::{ProtocolSlug, Timestamp, is_one_line, parse_time_or_day, whole_second};

/// Characters of a name, an issuer or a source.
const MAX_TEXT: usize = 500;
/// Characters of a slug of DefiLlama.
const MAX_FOREIGN_SLUG: usize = 100;
/// The most chains of a protocol.
pub(crate) const MAX_CHAINS: usize = 50;
const DAYS: RangeInclusive<f64> = 0.0..=3_660.0;
const SHARE: RangeInclusive<f64> = 0.0..=1.0;
const PRICE: RangeInclusive<f64> = 0.0..=1e12;
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
    source: Option<String>,
    defillama: Option<String>,
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
        "source",
        "defillama",
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
            source: field("source"),
            defillama: field("defillama"),
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
        let slug = check.required(
            "slug",
            &self.slug,
            "slug_invalid",
            parsed::<ProtocolSlug, _>,
        );
        let at = check.required("as_of", &self.as_of, "time_invalid", |text| time(text, now));
        let description = self.description(&mut check);
        let facts = self.facts(&mut check, now);
        let cadence = check.word::<Cadence>("cadence", self.cadence.as_deref());
        let status = check.word::<Status>("status", self.status.as_deref());
        let (Some(slug), Some(at), true) = (slug, at, check.errors.is_empty()) else {
            return Err(check.errors);
        };
        let statement = Statement {
            at,
            cadence,
            facts,
            status,
        };
        Ok((
            slug,
            Stated {
                description,
                statement,
            },
        ))
    }

    fn description(&self, check: &mut Check) -> Description {
        Description {
            name: check.parsed("name", self.name.as_deref(), "text_invalid", text),
            category: check.parsed(
                "category",
                self.category.as_deref(),
                "category_unknown",
                parsed::<Category, _>,
            ),
            issuer: check.parsed("issuer", self.issuer.as_deref(), "text_invalid", text),
            blockchains: check.parsed(
                "blockchains",
                self.blockchains.as_deref(),
                "text_invalid",
                chains,
            ),
            yield_pct: check.number("yield_pct", self.yield_pct.as_ref(), -100.0..=1_000.0),
            holder_count: check.whole("holder_count", self.holder_count.as_ref()),
            source: check.parsed("source", self.source.as_deref(), "text_invalid", text),
            defillama: check.parsed(
                "defillama",
                self.defillama.as_deref(),
                "slug_invalid",
                foreign_slug,
            ),
        }
    }

    fn facts(&self, check: &mut Check, now: Timestamp) -> Facts {
        Facts {
            aum_usd: check.number("aum_usd", self.aum_usd.as_ref(), 0.0..=1e15),
            redemption: self.redemption(check),
            secondary: self.secondary(check),
            issuer: self.issuer_facts(check, now),
            jurisdiction: check.parsed(
                "jurisdiction",
                self.jurisdiction.as_deref(),
                "jurisdiction_invalid",
                parsed::<CountryCode, _>,
            ),
            checks: self.checks(check),
            ..Facts::default()
        }
    }

    fn redemption(&self, check: &mut Check) -> RedemptionFacts {
        let (notice, observed) = (&self.redemption_notice_days, &self.redemption_observed_days);
        RedemptionFacts {
            frequency: check.parsed(
                "redemption_frequency",
                self.redemption_frequency.as_deref(),
                "frequency_unknown",
                parsed::<Frequency, _>,
            ),
            notice_days: check.number("redemption_notice_days", notice.as_ref(), DAYS),
            observed_days: check.number("redemption_observed_days", observed.as_ref(), DAYS),
        }
    }

    fn secondary(&self, check: &mut Check) -> SecondaryFacts {
        let (turnover, active) = (&self.monthly_turnover, &self.monthly_active_addresses);
        SecondaryFacts {
            monthly_turnover: check.number("monthly_turnover", turnover.as_ref(), 0.0..=1e6),
            monthly_active_addresses: check.number(
                "monthly_active_addresses",
                active.as_ref(),
                0.0..=1e12,
            ),
            holder_hhi: check.number("holder_hhi", self.holder_hhi.as_ref(), SHARE),
        }
    }

    fn issuer_facts(&self, check: &mut Check, now: Timestamp) -> IssuerFacts {
        IssuerFacts {
            supervision: check.word::<Supervision>("supervision", self.supervision.as_deref()),
            operating_years: check.number(
                "operating_years",
                self.operating_years.as_ref(),
                0.0..=1_000.0,
            ),
            attested_at: check.parsed(
                "attested_at",
                self.attested_at.as_deref(),
                "time_invalid",
                |text| time(text, now),
            ),
            bankruptcy_remote: check.flag("bankruptcy_remote", self.bankruptcy_remote.as_ref()),
        }
    }

    fn checks(&self, check: &mut Check) -> CheckFacts {
        let (linked, wash) = (&self.linked_address_share, &self.wash_volume_share);
        CheckFacts {
            nav_usd: check.number("nav_usd", self.nav_usd.as_ref(), PRICE),
            market_price_usd: check.number(
                "market_price_usd",
                self.market_price_usd.as_ref(),
                PRICE,
            ),
            linked_address_share: check.number("linked_address_share", linked.as_ref(), SHARE),
            wash_volume_share: check.number("wash_volume_share", wash.as_ref(), SHARE),
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
        given: Option<&str>,
        reason: &'static str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        let given = given?.trim();
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
        given: &str,
        reason: &'static str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        if given.trim().is_empty() {
            self.fail(field, "field_missing", "it is required");
        }
        self.parsed(field, Some(given), reason, parse)
    }

    /// A word of an enum, as it is in JSON.
    fn word<T: DeserializeOwned>(&mut self, field: &'static str, given: Option<&str>) -> Option<T> {
        self.parsed(field, given, "word_unknown", |text| {
            let word = StrDeserializer::<WordError>::new(text);
            T::deserialize(word).map_err(|error| error.to_string())
        })
    }

    fn number(
        &mut self,
        field: &'static str,
        given: Option<&Given>,
        range: RangeInclusive<f64>,
    ) -> Option<f64> {
        let number = match given? {
            Given::Number(number) => *number,
            Given::Text(text) => self.parsed(field, Some(text), "number_invalid", |text| {
                text.parse().map_err(|_| {
                    "a number such as 450200000 or 0.25, with a point and no separators".to_owned()
                })
            })?,
        };
        if !range.contains(&number) {
            let rule = format!("a number from {} to {}", range.start(), range.end());
            self.fail(field, "number_out_of_range", rule);
            return None;
        }
        Some(number + 0.0)
    }

    fn whole(&mut self, field: &'static str, given: Option<&Given>) -> Option<u64> {
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

    fn flag(&mut self, field: &'static str, given: Option<&Flag>) -> Option<bool> {
        match given? {
            Flag::Bool(flag) => Some(*flag),
            Flag::Text(text) => self.parsed(field, Some(text), "flag_invalid", |text| {
                text.to_ascii_lowercase()
                    .parse()
                    .map_err(|_| "true or false".to_owned())
            }),
        }
    }
}

fn parsed<T: FromStr<Err = E>, E: Display>(given: &str) -> Result<T, String> {
    given.parse().map_err(|error: E| error.to_string())
}

/// A slug of DefiLlama, which may have characters that ours have not, such as `stake.link`.
fn foreign_slug(given: &str) -> Result<String, String> {
    let is_slug = given.len() <= MAX_FOREIGN_SLUG && given.bytes().all(|c| c.is_ascii_graphic());
    is_slug
        .then(|| given.to_owned())
        .ok_or_else(|| format!("at most {MAX_FOREIGN_SLUG} characters of ASCII without spaces, such as ondo-yield-assets"))
}

pub(crate) fn text(given: &str) -> Result<String, String> {
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
    let first = parse_time_or_day(FIRST_DAY);
    match parse_time_or_day(given).map(whole_second) {
        Some(at) if at > now => Err("it must not be in the future".to_owned()),
        Some(at) if Some(at) >= first => Ok(at),
        _ => Err(format!(
            "a day such as 2026-05-28 or a time such as 2026-05-28T06:00:00Z, from {FIRST_DAY} on"
        )),
    }
}

#[cfg(test)]
mod tests;
