//! The data: companies, their postings and their head counts.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

use anyhow::{Context as _, Result};
use jiff::civil::Date;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// A company, by the name its postings give.
#[derive(Debug)]
pub struct Company {
    /// In lower case.
    pub name: String,
    /// In the order they were opened.
    pub postings: Vec<Posting>,
    /// As one directory has it, where exactly one of its companies has a domain of the postings.
    pub head_count: Option<u32>,
}

/// An open position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Posting {
    /// The first day.
    pub opened: Date,
    /// The last day it was seen.
    pub last_seen: Date,
}

#[derive(Deserialize)]
struct PostingLine {
    company: String,
    source: String,
    date_posted: Date,
    last_seen: Date,
    company_domain: Option<String>,
}

#[derive(Deserialize)]
struct CompanyLine {
    domain: Option<String>,
    employee_count: Option<u32>,
}

/// The companies with postings of these sources, by name.
pub fn companies(folder: &Path, sources: &[&str]) -> Result<Vec<Company>> {
    let mut head_counts = BTreeMap::new();
    for line in lines::<CompanyLine>(&folder.join("companies.ndjson"))? {
        if let (Some(domain), Some(count)) = (line.domain, line.employee_count) {
            head_counts.insert(domain, count);
        }
    }
    let mut found: BTreeMap<String, (Vec<Posting>, BTreeSet<String>)> = BTreeMap::new();
    for line in lines::<PostingLine>(&folder.join("job_postings.ndjson"))? {
        if sources.contains(&line.source.as_str()) {
            let name = line.company.trim().to_lowercase();
            let (postings, domains) = found.entry(name).or_default();
            postings.push(Posting {
                opened: line.date_posted,
                last_seen: line.last_seen,
            });
            domains.extend(line.company_domain);
        }
    }
    let company = |(name, (mut postings, domains)): (_, (Vec<_>, BTreeSet<String>))| {
        postings.sort_unstable();
        let mut counts = domains.iter().filter_map(|domain| head_counts.get(domain));
        let head_count = counts.next().copied().filter(|_| counts.next().is_none());
        Company {
            name,
            postings,
            head_count,
        }
    };
    Ok(found.into_iter().map(company).collect())
}

fn lines<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>> {
    let file = File::open(path).with_context(|| path.display().to_string())?;
    let parsed = BufReader::new(file).lines().enumerate().map(|(at, line)| {
        serde_json::from_str(&line?).with_context(|| format!("{}, line {}", path.display(), at + 1))
    });
    parsed.collect()
}
