//! The format of a bulk upload: a file of companies, one per row.

mod columns;
mod lost;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use types::{Domain, DomainError};

use crate::charset::of_utf16;
use crate::form::has_domain;
use crate::records::Records;
use crate::{Limits, Row, TabularError};

/// A parsed file of companies. It is stored as JSON while its job runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The indices of the columns of domains: of a row the first that is not empty counts.
    pub domain_columns: Vec<usize>,
    /// The index of the column of company names, if there is one.
    pub name_column: Option<usize>,
    /// The rows, in the order of the file.
    pub rows: Vec<CompanyRow>,
}

/// A row of an upload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanyRow {
    /// The line of the file on which the row starts, from 1.
    pub line: u64,
    /// One field for each column.
    pub fields: Vec<String>,
    /// The company that the row names.
    pub company: Company,
}

/// The company that a row names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Company {
    /// The first row of this company.
    Valid {
        /// Its domain.
        domain: Domain,
    },
    /// A company that an earlier row names.
    Duplicate {
        /// Its domain.
        domain: Domain,
        /// The index in `rows` of the first row that names it.
        first: usize,
    },
    /// No valid company.
    Invalid {
        /// A stable word for programs.
        reason: String,
        /// What is wrong, for the caller.
        message: String,
    },
}

/// The number of rows of an upload by status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// All rows: the sum of the others.
    pub total: usize,
    /// The first rows of their company.
    pub valid: usize,
    /// Rows without a valid company.
    pub invalid: usize,
    /// Rows that repeat a company.
    pub duplicate: usize,
}

impl Upload {
    /// Reads a whole file, with a header or without; at least one row names a company. UTF-16 is read by its byte order mark.
    pub fn read(bytes: &[u8], limits: Limits) -> Result<Self, TabularError> {
        if bytes.len() <= limits.max_bytes
            && let Some(text) = of_utf16(bytes)?
        {
            return Self::read(text.as_bytes(), limits);
        }
        let records = Records::read(bytes, limits, columns::named)?;
        let found = columns::find(&records)?;
        let delimiter = records.delimiter();
        let (columns, rows) = match found.headerless {
            Some(columns) => (columns.clone(), records.without_header(columns.len())?),
            None => records.with_header()?,
        };
        if rows.is_empty() {
            return Err(TabularError::NoRows);
        }
        for row in &rows {
            row.check_quotes(&found.domains, delimiter)?;
        }
        let rows = companies(&rows, &found.domains, columns.len());
        no_company(&rows).map_or(Ok(()), Err)?;
        Ok(Self {
            rows,
            columns,
            domain_columns: found.domains,
            name_column: found.name,
        })
    }

    /// The number of rows by status.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts {
            total: self.rows.len(),
            ..Counts::default()
        };
        for row in &self.rows {
            match row.company {
                Company::Valid { .. } => counts.valid += 1,
                Company::Duplicate { .. } => counts.duplicate += 1,
                Company::Invalid { .. } => counts.invalid += 1,
            }
        }
        counts
    }

    /// The companies, each once, in the order of the file.
    pub fn domains(&self) -> Vec<&Domain> {
        self.rows
            .iter()
            .filter_map(|row| row.company.valid_domain())
            .collect()
    }

    /// The name that the file gives to the company of a row, if any.
    pub fn company_name<'a>(&self, row: &'a CompanyRow) -> Option<&'a str> {
        let name = row.fields.get(self.name_column?)?.trim();
        (!name.is_empty()).then_some(name)
    }
}

impl Company {
    /// The domain of the row, valid or duplicate.
    pub const fn domain(&self) -> Option<&Domain> {
        match self {
            Self::Valid { domain } | Self::Duplicate { domain, .. } => Some(domain),
            Self::Invalid { .. } => None,
        }
    }

    const fn valid_domain(&self) -> Option<&Domain> {
        match self {
            Self::Valid { domain } => Some(domain),
            Self::Duplicate { .. } | Self::Invalid { .. } => None,
        }
    }
}

fn companies(rows: &[Row], domain_columns: &[usize], width: usize) -> Vec<CompanyRow> {
    let mut first = HashMap::with_capacity(rows.len());
    let company = |(index, row): (usize, &Row)| {
        let mut named = domain_columns
            .iter()
            .map(|column| Domain::parse(row.get(*column)));
        // `N/A` is as good as empty.
        let named = named.find(|named| named != &Err(DomainError::Empty));
        let company = match named.unwrap_or(Err(DomainError::Empty)) {
            Ok(domain) => match *first.entry(domain.clone()).or_insert(index) {
                first if first == index => Company::Valid { domain },
                first => Company::Duplicate { domain, first },
            },
            Err(_) if row.surplus() > 0 => Company::Invalid {
                reason: "row_too_long".to_owned(),
                message: too_long(row, width),
            },
            Err(DomainError::Empty) if is_joined(row, width) => Company::Invalid {
                reason: "row_too_short".to_owned(),
                message: format!(
                    "this row has 1 field and the file {width} columns; separate its fields as the other rows do"
                ),
            },
            Err(error) => Company::Invalid {
                reason: error.reason().to_owned(),
                message: error.to_string(),
            },
        };
        CompanyRow {
            line: row.line,
            fields: row.fields().map(str::to_owned).collect(),
            company,
        }
    };
    rows.iter().enumerate().map(company).collect()
}

/// The error of a file none of whose rows names a company: that of its first row.
fn no_company(rows: &[CompanyRow]) -> Option<TabularError> {
    let (mut line, mut error) = (0, None);
    for row in rows {
        let Company::Invalid { message, .. } = &row.company else {
            return None;
        };
        if error.is_none() {
            (line, error) = (row.line, Some(message));
        }
    }
    let mut message = error?.clone();
    // A delimiter that is not known.
    let is_joined = |row: &CompanyRow| matches!(&*row.fields, [field] if field.contains(JOINS));
    if rows.first().is_some_and(is_joined) {
        message.push_str(
            " (each row is read as one field; separate fields by a comma, semicolon, tab or pipe)",
        );
    }
    Some(TabularError::NoValidRows { line, message })
}

/// What people separate fields by, and is not read as that.
const JOINS: [char; 12] = [
    ' ', ',', ':', '^', '~', '§', '¦', '，', '；', '、', '\u{1}', '\u{1f}',
];

/// Whether a row of a wider file is one field that has another delimiter, and a domain behind it.
fn is_joined(row: &Row, width: usize) -> bool {
    width > 1 && row.filled() == 1 && has_domain(row)
}

fn too_long(row: &Row, width: usize) -> String {
    let found = width + row.surplus();
    format!(
        "this row has {found} fields and the file {width} columns; put a field that holds the delimiter in double quotes"
    )
}

#[cfg(test)]
mod forms;
#[cfg(test)]
mod kinds;
#[cfg(test)]
mod tests;
