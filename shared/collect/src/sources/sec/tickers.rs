use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;
use tokio::sync::Mutex;
use types::Timestamp;

use crate::collector::CollectContext;
use crate::company::Company;
use crate::source_error::SourceError;
use crate::web::Fetched;

/// How long the list is valid, in seconds.
const VALID_FOR: i64 = 24 * 3600;
/// Words at the end of a company's name that are not in its domain.
const FORMS: [&str; 20] = [
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "co",
    "company",
    "ltd",
    "limited",
    "plc",
    "llc",
    "lp",
    "sa",
    "nv",
    "ag",
    "se",
    "holdings",
    "holding",
    "group",
    "de",
    "com",
];

/// The companies listed in the United States, by name. One megabyte, so it is fetched once a day.
#[derive(Debug, Default)]
pub(crate) struct Tickers(Mutex<Option<(Timestamp, Arc<Names>)>>);

/// Numbers (CIK) by name; none if two companies have the same name.
pub(crate) type Names = HashMap<String, Option<u64>>;

impl Tickers {
    /// Returns the number of a company, if exactly one has the name of its domain, and that is under `.com`.
    pub(crate) async fn find(
        &self,
        context: &CollectContext<'_>,
    ) -> Result<Option<u64>, SourceError> {
        if !context.company.is_named_by_label() {
            return Ok(None);
        }
        let names = self.names(context).await?;
        Ok(number(&names, context.company))
    }

    async fn names(&self, context: &CollectContext<'_>) -> Result<Arc<Names>, SourceError> {
        let mut known = self.0.lock().await;
        if let Some((at, names)) = known.as_ref()
            && context.now.as_second() - at.as_second() < VALID_FOR
        {
            return Ok(names.clone());
        }
        let url = "https://www.sec.gov/files/company_tickers.json";
        let Fetched::Page(reply) = context.web.get(url).await? else {
            return Err(SourceError::Failed);
        };
        let names = Arc::new(read(&reply.body)?);
        *known = Some((context.now, names.clone()));
        Ok(names)
    }
}

fn number(names: &Names, company: &Company) -> Option<u64> {
    let label: String = company
        .label
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    names.get(&label).copied().flatten()
}

/// Parses the list.
pub(crate) fn read(body: &[u8]) -> Result<Names, SourceError> {
    #[derive(Deserialize)]
    struct Listed {
        cik_str: u64,
        title: String,
    }
    let listed: HashMap<String, Listed> = serde_json::from_slice(body)?;
    let mut names = Names::new();
    for company in listed.into_values() {
        // A company has a ticker for each class of its shares.
        let number = names
            .entry(name(&company.title))
            .or_insert(Some(company.cik_str));
        if *number != Some(company.cik_str) {
            *number = None;
        }
    }
    Ok(names)
}

/// Returns a company's name as it would be written in a domain.
fn name(title: &str) -> String {
    let lower = title.to_lowercase();
    let mut words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '.')
        .filter(|word| !word.is_empty())
        .collect();
    while words.len() > 1
        && words
            .last()
            .is_some_and(|word| FORMS.contains(&word.trim_matches('.')))
    {
        words.pop();
    }
    words
        .concat()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::Domain;

    #[test]
    fn a_company_is_found_by_its_exact_name() {
        let body = br#"{"0":{"cik_str":320193,"ticker":"AAPL","title":"Apple Inc."},"1":{"cik_str":1652044,"ticker":"GOOGL","title":"Alphabet Inc."},
            "2":{"cik_str":1652044,"ticker":"GOOG","title":"Alphabet Inc."},"3":{"cik_str":1,"ticker":"A","title":"ACME CORP /DE/"},
            "4":{"cik_str":2,"ticker":"B","title":"Acme Holdings, Ltd."}}"#;
        let names = read(body).unwrap();
        let found = |domain: &str| number(&names, &Company::of(&Domain::parse(domain).unwrap()));
        assert_eq!(found("apple.com"), Some(320_193));
        assert_eq!(found("alphabet.com"), Some(1_652_044));
        assert_eq!(found("acme.com"), None, "there are two");
        assert_eq!(found("stripe.com"), None);
        assert!(read(b"[]").is_err());
    }
}
