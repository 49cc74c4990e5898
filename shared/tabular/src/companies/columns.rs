use std::collections::HashSet;

use types::{Domain, DomainError};

use super::lost;
use crate::form::{Named, has_domain, holds_domain};
use crate::parser::is_blank;
use crate::records::Records;
use crate::{Row, TabularError, table};

/// Names of a column of domains, most likely first.
const DOMAIN: [&str; 15] = [
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
    "site",
    "hostname",
];

/// Words of which a name of a column of domains has one, most likely first.
pub(super) const DOMAIN_WORDS: [&[&str]; 4] = [
    &[
        "domain",
        "domains",
        "dominio",
        "dominios",
        "domaine",
        "domaines",
        "domäne",
        "domein",
        "домен",
        "域名",
        "ドメイン",
    ],
    &[
        "website",
        "websites",
        "webseite",
        "webseiten",
        "webpage",
        "weburl",
        "webadresse",
        "webaddress",
        "internetseite",
        "internetadresse",
        "netzseite",
        "sitioweb",
        "siteweb",
        "paginaweb",
        "webbplats",
        "webside",
        "hemsida",
        "hjemmeside",
        "kotisivu",
        "сайт",
        "网站",
        "网址",
        "ウェブサイト",
        "サイト",
        "홈페이지",
        "웹사이트",
    ],
    &[
        "homepage",
        "homepages",
        "ホームページ",
        "url",
        "urls",
        "uri",
        "hostname",
        "host",
        "fqdn",
        "www",
    ],
    &[
        "web", "site", "sites", "sitio", "sito", "página", "pagina", "strona",
    ],
];

/// Words of names of columns that hold another address, or something about a domain.
const OTHER_WORDS: [&str; 40] = [
    "linkedin",
    "facebook",
    "twitter",
    "instagram",
    "youtube",
    "tiktok",
    "xing",
    "crunchbase",
    "github",
    "angellist",
    "social",
    "profile",
    "email",
    "emails",
    "mail",
    "logo",
    "image",
    "picture",
    "photo",
    "icon",
    "source",
    "referrer",
    "phone",
    "fax",
    "id",
    "status",
    "count",
    "rank",
    "authority",
    "age",
    "created",
    "updated",
    "expires",
    "registrar",
    "visits",
    "traffic",
    "title",
    "description",
    "language",
    "type",
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

/// Rows that are sampled to find the column of domains by what is in it.
const SAMPLE: usize = 50;

/// The columns of an upload that are used.
pub(super) struct Found {
    /// The columns of domains: of a row the first that is not empty counts.
    pub(super) domains: Vec<usize>,
    pub(super) name: Option<usize>,
    /// Generated names of the columns, if the file has no header.
    pub(super) headerless: Option<Vec<String>>,
}

/// The column of domains of a row that is a header, by its name.
pub(super) fn named(row: &Row) -> Option<Named> {
    let (rank, column) = ranked(row).into_iter().next()?;
    let is_known = rank < DOMAIN.len();
    Some(Named { column, is_known })
}

/// Finds the columns by the header; if it names no column of domains, by which fields of the first rows are domains.
pub(super) fn find(records: &Records) -> Result<Found, TabularError> {
    let first = records.rows().first().ok_or(TabularError::Empty)?;
    let names = first.names();
    if records.rows().len() == 1 && lost::line_ends(&names) {
        return Err(TabularError::LineEndsLost);
    }
    let domains = named_all(first);
    if !domains.is_empty() {
        let name = table::find(&names, &NAME);
        return Ok(Found {
            domains,
            name,
            headerless: None,
        });
    }
    let domain = column_of_domains(records)?.ok_or_else(|| TabularError::NoDomainColumn {
        found: names.clone(),
        instead: instead(records),
    })?;
    // A title has no field there; it may be a company without a domain, and is kept.
    if !has_domain(first) && first.cells().len() > domain {
        let name = table::find(&names, &NAME);
        return Ok(Found {
            domains: vec![domain],
            name,
            headerless: None,
        });
    }
    let width = names.len().max(domain + 1);
    let name = (0..width).find(|column| *column != domain);
    let generated = (0..width).map(|column| match column {
        _ if column == domain => "domain".to_owned(),
        _ if Some(column) == name => "company_name".to_owned(),
        _ => format!("column_{}", column + 1),
    });
    Ok(Found {
        domains: vec![domain],
        name,
        headerless: Some(generated.collect()),
    })
}

/// The columns whose names say that they hold domains, most likely first.
fn named_all(row: &Row) -> Vec<usize> {
    let ranked = ranked(row).into_iter();
    ranked.map(|(_, column)| column).collect()
}

/// The same with a rank: a known name has that of [`DOMAIN`].
fn ranked(row: &Row) -> Vec<(usize, usize)> {
    let names = row.names();
    let mut found: Vec<(usize, usize)> = Vec::new();
    // `company.name` and `web.site` are domains as well. A row with two known names is a header.
    let known = names.iter().filter(|name| is_known(name));
    let known: HashSet<String> = known.map(|name| table::normalized(name)).collect();
    let is_header = known.len() > 1;
    for (column, name) in names.iter().enumerate() {
        let may_be = is_header || !name.contains('.') || Domain::parse(name).is_err();
        let exact = DOMAIN
            .iter()
            .position(|known| may_be && table::is_same_name(name, known));
        // A company may be called so.
        let by_word = || (!has_domain(row)).then(|| by_word(name)).flatten();
        if let Some(rank) = exact.or_else(|| Some(DOMAIN.len() + by_word()?)) {
            found.push((rank, column));
        }
    }
    found.sort_unstable();
    found
}

/// Whether a name is a known one of a column of domains or names.
pub(super) fn is_known(name: &str) -> bool {
    let name = table::normalized(name);
    let mut known = DOMAIN.iter().chain(&NAME);
    known.any(|known| table::normalized(known) == name)
}

/// Names and words of columns of domains that a company's name hardly begins with, in lower case.
pub(super) fn long_words() -> impl Iterator<Item = &'static str> {
    let words = DOMAIN.iter().chain(DOMAIN_WORDS.iter().copied().flatten());
    words
        .copied()
        .filter(|word| word.len() > 5 && !word.contains('_'))
}

/// How likely it is by its words that a column of this name holds domains, from 0.
fn by_word(name: &str) -> Option<usize> {
    let words = words(name);
    let joined = words.concat();
    // `LinkedIn` is two words and one.
    let is_other = |other: &&str| {
        words.iter().any(|word| word == other) || (other.len() > 5 && joined.contains(other))
    };
    if OTHER_WORDS.iter().any(is_other) {
        return None;
    }
    let is_known = |known: &&str| joined == **known || words.iter().any(|word| word == *known);
    DOMAIN_WORDS
        .iter()
        .position(|known| known.iter().any(&is_known))
}

/// The words of a name in lower case: `companyWebsite_URL` has three.
fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut before = ' ';
    for c in name.chars() {
        let begins = c.is_uppercase() && before.is_lowercase();
        if begins || !c.is_alphabetic() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphabetic() {
            word.extend(table::narrow(c).to_lowercase());
        }
        before = c;
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// The column in which most of the first rows have a domain: at least half of those that have something in it. The later
/// one in a tie, as a name may be a domain as well (`Booking.com,booking.com`), unless most of their domains differ.
fn column_of_domains(records: &Records) -> Result<Option<usize>, TabularError> {
    let sample = || records.rows().iter().take(SAMPLE);
    let width = sample().map(Row::filled).max().unwrap_or(0);
    let counted = (0..width).map(|column| {
        let domains = sample().filter(|row| holds_domain(row, column)).count();
        // The first row may be a header.
        let filled = sample()
            .skip(1)
            .filter(|row| !row.get(column).trim().is_empty())
            .count();
        (domains, filled, column)
    });
    let most: Vec<(usize, usize, usize)> = counted
        .filter(|(domains, filled, _)| *domains > 0 && domains * 2 >= *filled)
        .collect();
    let Some((domains, _, last)) = most.iter().max_by_key(|(domains, ..)| *domains) else {
        return Ok(None);
    };
    let differ = |column: usize| {
        let rows = sample().filter(|row| holds_domain(row, column) && holds_domain(row, *last));
        rows.filter(|row| Domain::parse(row.get(column)) != Domain::parse(row.get(*last)))
            .count()
    };
    let rival = most
        .iter()
        .find(|(count, _, column)| count == domains && differ(*column) * 2 > *domains);
    match rival {
        Some((.., rival)) => Err(TabularError::AmbiguousColumns {
            first: rival + 1,
            second: last + 1,
        }),
        None => Ok(Some(*last)),
    }
}

/// What most fields of a column hold instead of domains, if it is known: e-mail addresses, or pages on a shared site.
fn instead(records: &Records) -> Option<String> {
    let sample = || records.rows().iter().take(SAMPLE);
    let width = sample().map(Row::filled).max().unwrap_or(0);
    (0..width).find_map(|column| {
        let known = |row: &&Row| {
            let error = Domain::parse(row.get(column)).err();
            error.filter(|error| matches!(error, DomainError::Email | DomainError::Profile(_)))
        };
        let filled = sample().filter(|row| !is_blank(row.get(column))).count();
        let count = sample().filter(|row| known(row).is_some()).count();
        // The first row may be a header.
        let row = sample().find(|row| known(row).is_some())?;
        let message = known(&row).filter(|_| count * 2 >= filled.saturating_sub(1))?;
        let line = row.line;
        Some(format!("; line {line}, column {}: {message}", column + 1))
    })
}
