use types::Domain;

use crate::records::Records;
use crate::{Row, TabularError, table};

/// Names of a column of domains, most likely first.
const DOMAIN: [&str; 13] = [
    "domain",
    "company_domain",
    "domain_name",
    "company_domain_name",
    "primary_domain",
    "website",
    "company_website",
    "website_url",
    "web_site",
    "url",
    "company_url",
    "homepage",
    "web",
];

/// Names of a column of company names, most likely first.
const NAME: [&str; 9] = [
    "company_name",
    "company",
    "name",
    "account_name",
    "account",
    "organization_name",
    "organization",
    "organisation",
    "business_name",
];

/// Rows that are sampled to find the column of domains in a file without a header.
const SAMPLE: usize = 50;

/// The columns of an upload that are used.
pub(super) struct Found {
    pub(super) domain: usize,
    pub(super) name: Option<usize>,
    /// Generated names of the columns, if the file has no header.
    pub(super) headerless: Option<Vec<String>>,
}

/// Finds the columns by the header; if the first row is not one, by which of its fields are domains.
pub(super) fn find(records: &Records) -> Result<Found, TabularError> {
    let first = records.first().ok_or(TabularError::Empty)?;
    let names: Vec<&str> = first.cells().collect();
    if let Some(domain) = table::find(&names, &DOMAIN) {
        let name = table::find(&names, &NAME);
        return Ok(Found {
            domain,
            name,
            headerless: None,
        });
    }
    let domain = (0..names.len())
        .filter(|column| holds_domain(first, *column))
        .max_by_key(|column| domains(records, *column))
        .ok_or_else(|| TabularError::NoDomainColumn {
            found: names.iter().map(|name| name.trim().to_owned()).collect(),
        })?;
    let name = (0..names.len()).find(|column| *column != domain);
    let generated = (0..names.len()).map(|column| match column {
        _ if column == domain => "domain".to_owned(),
        _ if Some(column) == name => "company_name".to_owned(),
        _ => format!("column_{}", column + 1),
    });
    Ok(Found {
        domain,
        name,
        headerless: Some(generated.collect()),
    })
}

fn holds_domain(row: &Row, column: usize) -> bool {
    Domain::parse(row.get(column)).is_ok()
}

fn domains(records: &Records, column: usize) -> usize {
    let sample = records.rows().iter().take(SAMPLE);
    sample.filter(|row| holds_domain(row, column)).count()
}
