use crate::form::{Named, has_domain, holds_domain};
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
const DOMAIN_WORDS: [&[&str]; 4] = [
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
    if records.rows().len() == 1 && begins_with_header(&names) {
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
    let domain = column_of_domains(records).ok_or_else(|| TabularError::NoDomainColumn {
        found: names.clone(),
    })?;
    if !has_domain(first) {
        let name = table::find(&names, &NAME);
        return Ok(Found {
            domains: vec![domain],
            name,
            headerless: None,
        });
    }
    let name = (0..names.len()).find(|column| *column != domain);
    let generated = (0..names.len()).map(|column| match column {
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
    for (column, name) in names.iter().enumerate() {
        let exact = DOMAIN
            .iter()
            .position(|known| table::is_same_name(name, known));
        // A company may be called so.
        let by_word = || (!has_domain(row)).then(|| by_word(name)).flatten();
        if let Some(rank) = exact.or_else(|| Some(DOMAIN.len() + by_word()?)) {
            found.push((rank, column));
        }
    }
    found.sort_unstable();
    found
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
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// Whether the names begin with one of a column, and go on with what stood on the next line, such as a domain.
fn begins_with_header(names: &[String]) -> bool {
    let known = || {
        DOMAIN
            .iter()
            .chain(&NAME)
            .map(|name| table::normalized(name))
    };
    let Some((first, rest)) = names.split_first() else {
        return false;
    };
    let first = table::normalized(first);
    if rest.is_empty() {
        // `domain.com` is a domain.
        let continues = |rest: &str| rest.contains('.') && !rest.starts_with('.');
        return known().any(|name| first.strip_prefix(&*name).is_some_and(continues));
    }
    known().any(|name| name == first) && rest.iter().any(|name| name.contains('.'))
}

/// The column in which most of the first rows have a domain: at least half of those that have something in it. The later
/// one in a tie.
fn column_of_domains(records: &Records) -> Option<usize> {
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
    let most = counted.filter(|(domains, filled, _)| *domains > 0 && domains * 2 >= *filled);
    most.max_by_key(|(domains, ..)| *domains)
        .map(|(.., column)| column)
}
