use intent::{Kind, Signal};
use serde::Deserialize;
use types::{Domain, Timestamp};

use crate::company::Company;
use crate::matched_by::MatchedBy;
use crate::observation::{Observation, newest, time};
use crate::source::Source;
use crate::source_error::SourceError;

/// The meaning of forms: <https://www.sec.gov/submit-filings/forms-index>. Those of insiders and funds are left out.
const FORMS: [(&str, Kind, f64, &str); 8] = [
    ("S-1", Kind::Funding, 0.8, "registration of new shares"),
    ("F-1", Kind::Funding, 0.8, "registration of new shares"),
    ("424B4", Kind::Funding, 0.8, "prospectus of an offering"),
    ("D", Kind::Funding, 0.7, "sale of unregistered securities"),
    ("10-K", Kind::Filing, 0.4, "annual report"),
    ("20-F", Kind::Filing, 0.4, "annual report"),
    ("10-Q", Kind::Filing, 0.3, "quarterly report"),
    ("8-K", Kind::Filing, 0.3, "current report"),
];

/// The meaning of the items of a current report (8-K), the most important first.
const ITEMS: [(&str, Kind, f64, &str); 4] = [
    (
        "2.01",
        Kind::Expansion,
        0.8,
        "completed acquisition or disposal",
    ),
    (
        "5.02",
        Kind::Leadership,
        0.6,
        "change of directors or officers",
    ),
    ("1.01", Kind::Filing, 0.5, "material agreement"),
    ("2.05", Kind::Filing, 0.4, "costs of an exit or disposal"),
];

/// The age of the oldest filings, in seconds: four half-lives of filings.
const OLDEST: i64 = 360 * 86_400;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Response {
    filings: Filings,
    /// Empty for most companies.
    website: Option<String>,
    /// The same.
    investor_website: Option<String>,
}

#[derive(Deserialize)]
struct Filings {
    recent: Recent,
}

/// A table by columns.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Recent {
    accession_number: Vec<String>,
    filing_date: Vec<String>,
    form: Vec<String>,
    #[serde(default)]
    items: Vec<String>,
    #[serde(default)]
    primary_document: Vec<String>,
}

/// Returns the signals of the recent filings of a company that was found by its name. They are weaker for that, unless the SEC
/// knows the company's site; if it knows another one, the filings are those of a namesake.
pub(crate) fn read(
    body: &[u8],
    cik: u64,
    company: &Company,
    now: Timestamp,
) -> Result<Vec<Signal>, SourceError> {
    let response: Response = serde_json::from_slice(body)?;
    let Some(matched_by) = matched_by(&response, company) else {
        return Ok(Vec::new());
    };
    let recent = response.filings.recent;
    let rows = recent
        .accession_number
        .iter()
        .zip(&recent.filing_date)
        .zip(&recent.form);
    let signal = |(row, ((number, date), form)): (usize, ((&String, &String), &String))| {
        let items = recent.items.get(row).map_or("", String::as_str);
        let (kind, strength, about) = meaning(form, items)?;
        let at = time(date).filter(|at| now.as_second() - at.as_second() < OLDEST)?;
        let folder = number.replace('-', "");
        let document = recent.primary_document.get(row).map_or("", String::as_str);
        let observation = Observation {
            kind,
            strength: strength * matched_by.factor(),
            at,
            id: number,
            evidence: format!(
                "Form {form} filed with the SEC: {about}{}",
                matched_by.doubt()
            ),
            url: Some(&format!(
                "https://www.sec.gov/Archives/edgar/data/{cik}/{folder}/{document}"
            )),
        };
        observation.signal(Source::Sec)
    };
    Ok(newest(rows.enumerate().filter_map(signal).collect(), now))
}

/// How the filer is known to be the company; none if it is not.
fn matched_by(response: &Response, company: &Company) -> Option<MatchedBy> {
    let sites = [&response.website, &response.investor_website];
    let sites = sites.into_iter().flatten().map(String::as_str);
    let mut known = sites.filter(|site| Domain::parse(site).is_ok()).peekable();
    if known.peek().is_none() {
        return Some(MatchedBy::Name);
    }
    known
        .any(|site| company.owns(site))
        .then_some(MatchedBy::Link)
}

fn meaning(form: &str, items: &str) -> Option<(Kind, f64, &'static str)> {
    // An amendment (`/A`) repeats its original, and has no entry in the table.
    let known = |(name, kind, strength, about): &(&str, Kind, f64, &'static str)| {
        (*name == form).then_some((*kind, *strength, *about))
    };
    if form == "8-K" {
        let item =
            |row: &&(&str, Kind, f64, &str)| items.split(',').any(|item| item.trim() == row.0);
        if let Some((_, kind, strength, about)) = ITEMS.iter().find(item) {
            return Some((*kind, *strength, about));
        }
    }
    FORMS.iter().find_map(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_and_items_become_signals() {
        let now: Timestamp = "2026-11-15T12:00:00Z".parse().unwrap();
        let body = br#"{"cik":"1","name":"Acme","sic":"7372","tickers":["ACME"],"filings":{"recent":{
            "accessionNumber":["0000000001-26-000009","0000000001-26-000008","0000000001-26-000007","0000000001-20-000001"],
            "filingDate":["2026-11-02","2026-10-20","2026-10-10","2020-01-01"],"form":["8-K","4","10-Q","10-K"],
            "items":["5.02,9.01","","",""],"primaryDocument":["a.htm","b.xml","c.htm","d.htm"]},"files":[]}}"#;
        let acme = Company::of(&Domain::parse("acme.com").unwrap());
        let signals = read(body, 320_193, &acme, now).unwrap();
        let found: Vec<_> = signals
            .iter()
            .map(|s| (s.kind, s.evidence.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                (
                    Kind::Leadership,
                    "Form 8-K filed with the SEC: change of directors or officers, company known by name only"
                ),
                (
                    Kind::Filing,
                    "Form 10-Q filed with the SEC: quarterly report, company known by name only"
                ),
            ]
        );
        assert_eq!(
            signals[0].url.as_deref(),
            Some("https://www.sec.gov/Archives/edgar/data/320193/000000000126000009/a.htm")
        );
        // Columns of different lengths are read as far as they go.
        let short =
            br#"{"filings":{"recent":{"accessionNumber":["1"],"filingDate":[],"form":["8-K"]}}}"#;
        assert_eq!(read(short, 1, &acme, now).unwrap(), []);
        assert_eq!(
            read(b"{}", 1, &acme, now).unwrap_err(),
            SourceError::Malformed
        );
    }

    #[test]
    fn a_filer_is_known_by_name_only_unless_the_sec_has_its_site() {
        let now: Timestamp = "2026-11-15T12:00:00Z".parse().unwrap();
        let acme = Company::of(&Domain::parse("acme.com").unwrap());
        let found = |website: &str, investors: &str| {
            let body = format!(
                r#"{{"cik":"0000000077","entityType":"operating","sic":"7372","sicDescription":"Services-Prepackaged Software",
                "name":"Acme Inc.","tickers":["ACME"],"exchanges":["NYSE"],"ein":"","website":{website},"investorWebsite":{investors},
                "category":"Large accelerated filer","fiscalYearEnd":"1231","filings":{{"recent":{{
                "accessionNumber":["0000000077-26-000009"],"filingDate":["2026-11-02"],"reportDate":[""],"form":["D"],"items":[""],
                "primaryDocument":["a.xml"]}},"files":[]}}}}"#
            );
            let signals = read(body.as_bytes(), 77, &acme, now).unwrap();
            let signal = signals
                .first()
                .map(|signal| (signal.strength.get(), signal.evidence.clone()));
            signal.map(|(strength, evidence)| (strength, evidence.contains("known by name only")))
        };
        let (by_name, by_link) = (Some((0.56, true)), Some((0.7, false)));
        assert_eq!(found("\"\"", "\"\""), by_name);
        assert_eq!(found("null", "null"), by_name);
        assert_eq!(found("\"none\"", "\"\""), by_name);
        assert_eq!(found("\"https://www.acme.com\"", "\"\""), by_link);
        assert_eq!(found("\"acme.com\"", "\"\""), by_link);
        assert_eq!(found("\"\"", "\"https://investors.acme.com/x\""), by_link);
        assert_eq!(
            found("\"https://acme.co\"", "\"https://investors.acme.com\""),
            by_link
        );
        assert_eq!(
            found("\"https://acme-steel.com\"", "\"\""),
            None,
            "a namesake"
        );
    }
}
