//! Parses a CSV file of protocols.

use std::collections::BTreeMap;
use std::str::FromStr;

use csv::{ErrorKind, Reader, StringRecord};
use liquidity::Category;
use liquidity_store::Protocol;
use runtime::Failure;
use serde::Serialize;
use types::{Date, ProtocolSlug};

/// Required columns, then optional ones.
const REQUIRED: [&str; 5] = ["slug", "name", "category", "as_of", "source"];
const OPTIONAL: [&str; 7] = [
    "issuer",
    "jurisdiction",
    "blockchains",
    "aum_usd",
    "yield_pct",
    "redemption_frequency",
    "holder_count",
];
/// Characters of a text field.
const MAX_TEXT: usize = 500;

/// An invalid field.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct RowError {
    /// The row number; the header is row 1.
    pub(crate) row: usize,
    /// The column; empty if the whole row is invalid.
    pub(crate) column: &'static str,
    /// The rule, with an example.
    pub(crate) message: String,
}

/// The protocol or the errors of each row, in order.
pub(crate) fn read(content: &[u8]) -> Result<Vec<Result<Protocol, Vec<RowError>>>, Failure> {
    let mut reader = Reader::from_reader(content);
    let header = reader
        .headers()
        .map_err(|error| format!("the header cannot be read: {error}"))?;
    let columns = columns(header)?;
    let mut seen = BTreeMap::new();
    let mut rows = Vec::new();
    for (record, row) in reader.records().zip(2..) {
        rows.push(match record {
            Ok(record) => {
                let fields = Fields::new(&columns, &record, row);
                fields.protocol(&mut seen)
            }
            Err(error) => Err(vec![RowError {
                row,
                column: "",
                message: unreadable(&error),
            }]),
        });
    }
    if rows.is_empty() {
        return Err("the file has no rows below the header".into());
    }
    Ok(rows)
}

/// The index of each column in the file.
fn columns(header: &StringRecord) -> Result<BTreeMap<&'static str, usize>, Failure> {
    let mut columns = BTreeMap::new();
    for (name, index) in header.iter().map(str::trim).zip(0..) {
        let mut known = REQUIRED.into_iter().chain(OPTIONAL);
        let known = known.find(|known| *known == name).ok_or_else(|| {
            let all = [&REQUIRED[..], &OPTIONAL].concat().join(", ");
            format!("unknown column {name:?}; the columns are {all}")
        })?;
        if columns.insert(known, index).is_some() {
            return Err(format!("the column {known} occurs twice").into());
        }
    }
    match REQUIRED.iter().find(|name| !columns.contains_key(*name)) {
        Some(name) => Err(format!("the column {name} is missing").into()),
        None => Ok(columns),
    }
}

fn unreadable(error: &csv::Error) -> String {
    match error.kind() {
        ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => format!("has {len} fields, but the header has {expected_len}"),
        ErrorKind::Utf8 { .. } => "is not UTF-8; save the file as CSV UTF-8".to_owned(),
        _ => error.to_string(),
    }
}

/// The fields of a row, and their errors so far.
struct Fields<'a> {
    columns: &'a BTreeMap<&'static str, usize>,
    record: &'a StringRecord,
    row: usize,
    errors: Vec<RowError>,
}

impl<'a> Fields<'a> {
    const fn new(
        columns: &'a BTreeMap<&'static str, usize>,
        record: &'a StringRecord,
        row: usize,
    ) -> Self {
        Self {
            columns,
            record,
            row,
            errors: Vec::new(),
        }
    }

    /// The protocol of the row. `seen` has the slugs of the rows before it.
    fn protocol(
        mut self,
        seen: &mut BTreeMap<ProtocolSlug, usize>,
    ) -> Result<Protocol, Vec<RowError>> {
        let slug = self.required("slug", |text| {
            ProtocolSlug::from_str(text).map_err(|e| e.to_string())
        });
        if let Some(first) = slug.as_ref().and_then(|slug| seen.get(slug)) {
            let message = format!("repeats row {first}; a file may contain a protocol only once");
            self.error("slug", message);
        }
        let name = self.required("name", text);
        let category = self.required("category", |text| {
            Category::from_str(text).map_err(|error| error.to_string())
        });
        let as_of = self.required("as_of", |text| {
            text.parse::<Date>()
                .map_err(|_| "must be a date such as 2026-05-28".to_owned())
        });
        let source = self.required("source", text);
        let issuer = self.optional("issuer", text);
        let jurisdiction = self.optional("jurisdiction", jurisdiction);
        let blockchains = self.optional("blockchains", blockchains);
        let aum_usd = self.optional("aum_usd", |text| whole(text, "US dollars", 450_200_000));
        let yield_pct = self.optional("yield_pct", percent);
        let redemption_frequency = self.optional("redemption_frequency", frequency);
        let holder_count = self.optional("holder_count", |text| whole(text, "holders", 12_400));
        let (Some(slug), Some(name), Some(category), Some(as_of), Some(source), true) =
            (slug, name, category, as_of, source, self.errors.is_empty())
        else {
            return Err(self.errors);
        };
        seen.insert(slug.clone(), self.row);
        Ok(Protocol {
            slug,
            name,
            category,
            issuer,
            jurisdiction,
            blockchains: blockchains.unwrap_or_default(),
            aum_usd,
            yield_pct,
            redemption_frequency,
            holder_count,
            as_of,
            source,
        })
    }

    /// A field that must not be empty.
    fn required<T>(
        &mut self,
        column: &'static str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let parsed = parse(self.text(column));
        self.parsed(column, parsed)
    }

    /// A field that may be empty, which means unknown.
    fn optional<T>(
        &mut self,
        column: &'static str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let given = self.text(column);
        if given.is_empty() {
            return None;
        }
        let parsed = parse(given);
        self.parsed(column, parsed)
    }

    fn parsed<T>(&mut self, column: &'static str, parsed: Result<T, String>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(message) => {
                self.error(column, message);
                None
            }
        }
    }

    fn error(&mut self, column: &'static str, message: String) {
        let row = self.row;
        self.errors.push(RowError {
            row,
            column,
            message,
        });
    }

    fn text(&self, column: &str) -> &'a str {
        let index = self.columns.get(column);
        let field = index.and_then(|index| self.record.get(*index));
        field.unwrap_or_default().trim()
    }
}

fn text(given: &str) -> Result<String, String> {
    let fits = (1..=MAX_TEXT).contains(&given.chars().count());
    if fits && !given.chars().any(char::is_control) {
        return Ok(given.to_owned());
    }
    Err(format!(
        "a text is 1 to {MAX_TEXT} characters on one line, such as Ondo US Dollar Yield"
    ))
}

fn jurisdiction(given: &str) -> Result<String, String> {
    if given.len() == 2 && given.bytes().all(|c| c.is_ascii_uppercase()) {
        return Ok(given.to_owned());
    }
    Err("a jurisdiction is an ISO 3166 code of two letters, such as US".to_owned())
}

fn blockchains(given: &str) -> Result<Vec<String>, String> {
    let chains = given.split(';').map(|chain| text(chain.trim()));
    let chains: Result<_, _> = chains.collect();
    chains.map_err(|_| {
        "blockchains are names separated by semicolons, such as Ethereum;Solana".to_owned()
    })
}

fn frequency(given: &str) -> Result<String, String> {
    let is_word = given.len() <= 40 && given.bytes().all(|c| c.is_ascii_lowercase() || c == b'_');
    if is_word {
        return Ok(given.to_owned());
    }
    Err(
        "a redemption frequency is a word of lower-case letters and underscores, such as daily"
            .to_owned(),
    )
}

/// A whole number without sign or separators, below 2^53 so that JSON represents it exactly.
fn whole(given: &str, unit: &str, example: u64) -> Result<u64, String> {
    let number = given.parse().ok();
    let number = number.filter(|number| *number < 1 << 53 && !given.starts_with('+'));
    number.ok_or_else(|| format!("must be a whole number of {unit}, such as {example}"))
}

fn percent(given: &str) -> Result<f64, String> {
    let number = given.parse().ok();
    let number = number.filter(|percent: &f64| (-100.0..=1_000.0).contains(percent));
    number.ok_or_else(|| "must be a percentage per year from -100 to 1000, such as 5.10".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    const HEADER: &str = "slug,name,category,as_of,source,aum_usd,yield_pct,blockchains,jurisdiction,\
                          redemption_frequency,holder_count";

    fn shown(file: &str) -> String {
        let rows = read(file.as_bytes());
        let rows = match rows {
            Ok(rows) => rows,
            Err(error) => return error.to_string(),
        };
        let lines = rows.into_iter().flat_map(|row| match row {
            Ok(protocol) => vec![format!("{} is valid", protocol.slug)],
            Err(errors) => errors
                .into_iter()
                .map(|error| format!("{} {}: {}", error.row, error.column, error.message))
                .collect(),
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn the_sample_is_valid() {
        let sample = include_bytes!("../../sample/protocols.csv");
        let protocols: Result<Vec<Protocol>, _> = read(sample).unwrap().into_iter().collect();
        let protocols = protocols.unwrap();
        assert_eq!(protocols.len(), 32);
        let usdy = protocols.iter().find(|of| of.slug.as_str() == "ondo-usdy");
        let usdy = usdy.unwrap();
        assert_eq!(usdy.category, Category::Treasury);
        assert_eq!(
            (usdy.aum_usd, usdy.yield_pct),
            (Some(2_143_889_939), Some(3.49))
        );
        assert_eq!(usdy.blockchains.len(), 4);
        let unknown = protocols.iter().find(|of| of.slug.as_str() == "realt");
        assert_eq!(unknown.unwrap().aum_usd, None);
    }

    #[test]
    fn a_row_that_is_wrong_is_named_with_column_rule_and_example() {
        let file = format!(
            "{HEADER}\n\
             a,A,treasury,2026-05-28,test,,,,,,\n\
             A b,,gold,28.5.2026,,1.5,many,;,us,Daily,-1\n\
             a,A,treasury,2026-05-28,test,,,,,,\n\
             b,B,treasury\n\
             c,C,treasury,2026-05-28,test,9007199254740992,-101,,,,\n"
        );
        expect![[r#"
            a is valid
            3 slug: a slug is 1 to 100 lower-case letters, digits and hyphens, such as ondo-usdy
            3 name: a text is 1 to 500 characters on one line, such as Ondo US Dollar Yield
            3 category: a category is one of treasury, private_credit, real_estate, commodity, infrastructure
            3 as_of: must be a date such as 2026-05-28
            3 source: a text is 1 to 500 characters on one line, such as Ondo US Dollar Yield
            3 jurisdiction: a jurisdiction is an ISO 3166 code of two letters, such as US
            3 blockchains: blockchains are names separated by semicolons, such as Ethereum;Solana
            3 aum_usd: must be a whole number of US dollars, such as 450200000
            3 yield_pct: must be a percentage per year from -100 to 1000, such as 5.10
            3 redemption_frequency: a redemption frequency is a word of lower-case letters and underscores, such as daily
            3 holder_count: must be a whole number of holders, such as 12400
            4 slug: repeats row 2; a file may contain a protocol only once
            5 : has 3 fields, but the header has 11
            6 aum_usd: must be a whole number of US dollars, such as 450200000
            6 yield_pct: must be a percentage per year from -100 to 1000, such as 5.10"#]]
        .assert_eq(&shown(&file));
    }

    #[test]
    fn a_file_without_its_columns_or_rows_is_refused() {
        let all = "the columns are slug, name, category, as_of, source, issuer, jurisdiction, blockchains, aum_usd, \
                   yield_pct, redemption_frequency, holder_count";
        assert_eq!(
            shown("slug,title\na,A\n"),
            format!("unknown column \"title\"; {all}")
        );
        assert_eq!(shown("slug,name,slug\n"), "the column slug occurs twice");
        assert_eq!(shown("slug,name\na,A\n"), "the column category is missing");
        assert_eq!(
            shown(&format!("{HEADER}\n")),
            "the file has no rows below the header"
        );
        assert_eq!(shown(""), "the column slug is missing");
    }
}
