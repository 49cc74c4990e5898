use crate::{Format, MAX_COLUMNS};

/// Why a file is refused. The message is fit for the caller and says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TabularError {
    /// No bytes, or only white space and delimiters.
    #[error("the file is empty; send a CSV file with a header line and the rows below it")]
    Empty,
    /// A header and nothing below it.
    #[error("the file has a header but no rows; put one company on each line below it")]
    NoRows,
    /// A file in another format.
    #[error("this is {0}, not a CSV file; {advice}", advice = .0.advice())]
    NotCsv(Format),
    /// Bytes that are not UTF-8, such as those of Windows-1252.
    #[error("line {line} is not UTF-8 text; save the file as “CSV UTF-8” and send it again")]
    NotUtf8 {
        /// Line in the file, from 1.
        line: u64,
    },
    /// A character set that is not known.
    #[error(
        "the character set {charset:?} is not known; save the file as “CSV UTF-8” and send it again"
    )]
    UnknownCharset {
        /// Its name as it was declared.
        charset: String,
    },
    /// Bytes that the declared character set does not have.
    #[error(
        "the file is declared as {charset}, and has bytes that are none of its characters; save it as “CSV UTF-8” and send it again"
    )]
    NotInCharset {
        /// The name of the character set.
        charset: &'static str,
    },
    /// UTF-8 that is declared as a character set of one byte each.
    #[error(
        "the file is declared as {charset}, and is UTF-8 text; leave the declaration out, or declare charset=utf-8"
    )]
    Utf8InCharset {
        /// The name of the character set.
        charset: &'static str,
    },
    /// No row names a company.
    #[error("no row of the file names a company; line {line}: {message}")]
    NoValidRows {
        /// The line of the first row, from 1.
        line: u64,
        /// What is wrong with it.
        message: String,
    },
    /// A byte of value 0, which text does not have.
    #[error(
        "line {line} holds a NUL byte: the file is damaged or not text; save it as “CSV UTF-8” and send it again"
    )]
    NulByte {
        /// Line in the file, from 1.
        line: u64,
    },
    /// A quoted field that is not closed before the file ends.
    #[error(
        "a double quote is opened in the row that starts on line {line} and never closed; close it, or double it if it is part of the text"
    )]
    UnclosedQuote {
        /// Line in the file, from 1.
        line: u64,
    },
    /// Text between the closing quote of a field and the next delimiter.
    #[error(
        "in the row that starts on line {line}, text follows the closing double quote of a field; write a double quote that is part of the text twice, and put a field that holds one in double quotes"
    )]
    TextAfterQuote {
        /// Line in the file, from 1.
        line: u64,
    },
    /// A quoted field that holds another row.
    #[error(
        "in the row that starts on line {line}, a quoted field holds line {within}, which looks like a row of its own; close the double quote before it, or double it if it is part of the text"
    )]
    RowInQuotes {
        /// Line in the file, from 1.
        line: u64,
        /// The line of the other row.
        within: u64,
    },
    /// One line that has the fields of several.
    #[error(
        "the file is one line and reads as several: its line ends were lost, as curl -d does; send it with --data-binary, or as a form with -F file=@companies.csv"
    )]
    LineEndsLost,
    /// More bytes than [`Limits::max_bytes`](crate::Limits::max_bytes).
    #[error("the file has {bytes} bytes and at most {max_bytes} are read; split it")]
    TooLarge {
        /// Bytes of the file.
        bytes: usize,
        /// Bytes allowed.
        max_bytes: usize,
    },
    /// More rows than [`Limits::max_rows`](crate::Limits::max_rows).
    #[error("the file has {rows} rows and at most {max_rows} are taken at once; split it")]
    TooManyRows {
        /// Rows of the file, not counting the header and empty lines.
        rows: usize,
        /// Rows allowed.
        max_rows: usize,
    },
    /// More columns than [`MAX_COLUMNS`], in the header or in any other row.
    #[error("line {line} has more than {MAX_COLUMNS} columns; leave out those that are not needed")]
    TooManyColumns {
        /// Line in the file, from 1.
        line: u64,
    },
    /// No column of an upload is known to hold domains.
    #[error("no column is named domain, website or url; rename the one that holds the domains to domain. The columns are: {}{}", listed(.found), .instead.as_deref().unwrap_or_default())]
    NoDomainColumn {
        /// The names of the columns.
        found: Vec<String>,
        /// What a column holds instead, as the end of the message.
        instead: Option<String>,
    },
    /// Columns that no header names hold different domains.
    #[error(
        "columns {first} and {second} both hold domains; put one company on each line, and name its column domain in a header line"
    )]
    AmbiguousColumns {
        /// A column, from 1.
        first: usize,
        /// Another one.
        second: usize,
    },
}

impl TabularError {
    /// A stable word for programs: `reason` in responses.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Empty => "file_empty",
            Self::NoRows => "file_without_rows",
            Self::NotCsv(_) => "file_not_csv",
            Self::NotUtf8 { .. } => "file_not_utf8",
            Self::NulByte { .. } => "file_has_nul",
            Self::UnknownCharset { .. } => "charset_unknown",
            Self::NotInCharset { .. } | Self::Utf8InCharset { .. } => "file_not_in_charset",
            Self::NoValidRows { .. } => "no_valid_rows",
            Self::UnclosedQuote { .. } => "quote_unclosed",
            Self::TextAfterQuote { .. } => "text_after_quote",
            Self::RowInQuotes { .. } => "row_in_quotes",
            Self::LineEndsLost => "line_ends_lost",
            Self::TooLarge { .. } => "file_too_large",
            Self::TooManyRows { .. } => "too_many_rows",
            Self::TooManyColumns { .. } => "too_many_columns",
            Self::NoDomainColumn { .. } => "no_domain_column",
            Self::AmbiguousColumns { .. } => "domain_column_ambiguous",
        }
    }
}

/// The first names, each shortened: enough to recognise the file by.
fn listed(found: &[String]) -> String {
    let names: Vec<String> = found
        .iter()
        .take(10)
        .map(|name| format!("{:?}", shorten(name)))
        .collect();
    let more = if found.len() > names.len() {
        ", …"
    } else {
        ""
    };
    format!("{}{more}", names.join(", "))
}

fn shorten(name: &str) -> String {
    name.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn messages_say_what_to_do() {
        let error = TabularError::TooManyRows {
            rows: 1001,
            max_rows: 1000,
        };
        expect!["the file has 1001 rows and at most 1000 are taken at once; split it"]
            .assert_eq(&error.to_string());
        let error = TabularError::NotCsv(Format::Excel);
        expect!["this is an Excel workbook, not a CSV file; save it as “CSV UTF-8” and send that"]
            .assert_eq(&error.to_string());
        let found = vec!["Firma".to_owned(), "x".repeat(99)];
        expect![[r#"no column is named domain, website or url; rename the one that holds the domains to domain. The columns are: "Firma", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#]].assert_eq(&TabularError::NoDomainColumn { found, instead: None }.to_string());
        let found = vec!["a".to_owned(); 12];
        expect![[r#"no column is named domain, website or url; rename the one that holds the domains to domain. The columns are: "a", "a", "a", "a", "a", "a", "a", "a", "a", "a", …"#]].assert_eq(&TabularError::NoDomainColumn { found, instead: None }.to_string());
    }
}
