use intent::{Kind, Signal};
use serde::Deserialize;
use types::Timestamp;

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
struct Response {
    filings: Filings,
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

/// Returns the signals of a company's recent filings.
pub(crate) fn read(body: &[u8], cik: u64, now: Timestamp) -> Result<Vec<Signal>, SourceError> {
    let recent = serde_json::from_slice::<Response>(body)?.filings.recent;
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
            strength,
            at,
            id: number,
            evidence: format!("Form {form} filed with the SEC: {about}"),
            url: Some(&format!(
                "https://www.sec.gov/Archives/edgar/data/{cik}/{folder}/{document}"
            )),
        };
        observation.signal(Source::Sec)
    };
    Ok(newest(rows.enumerate().filter_map(signal).collect(), now))
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
        let signals = read(body, 320_193, now).unwrap();
        let found: Vec<_> = signals
            .iter()
            .map(|s| (s.kind, s.evidence.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                (
                    Kind::Leadership,
                    "Form 8-K filed with the SEC: change of directors or officers"
                ),
                (
                    Kind::Filing,
                    "Form 10-Q filed with the SEC: quarterly report"
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
        assert_eq!(read(short, 1, now).unwrap(), []);
        assert_eq!(read(b"{}", 1, now).unwrap_err(), SourceError::Malformed);
    }
}
