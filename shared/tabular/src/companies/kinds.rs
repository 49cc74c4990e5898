//! What goes wrong with files of companies, by kind: each line is a file and the right outcome.

use super::*;
use crate::to_utf8;
use proptest::prelude::*;

const LIMITS: Limits = Limits {
    max_bytes: 1_000_000,
    max_rows: 100,
};

/// What is right for a file: the name and domain of each row, an empty domain for an invalid one; or the reason of the refusal
/// and a part of its message.
enum Right {
    Read(&'static [(&'static str, &'static str)]),
    Refused(&'static str, &'static str),
}
use Right::{Read, Refused};

#[track_caller]
fn check(files: &[(&str, &[u8], Right)]) {
    for (what, file, right) in files {
        match (Upload::read(file, LIMITS), right) {
            (Ok(upload), Read(rows)) => {
                let domain = |row: &CompanyRow| row.company.domain().map(ToString::to_string);
                let read = upload.rows.iter().map(|row| {
                    let name = upload.company_name(row).unwrap_or_default();
                    (name.to_owned(), domain(row).unwrap_or_default())
                });
                let rows = rows
                    .iter()
                    .map(|(name, domain)| ((*name).to_owned(), (*domain).to_owned()));
                assert_eq!(read.collect::<Vec<_>>(), rows.collect::<Vec<_>>(), "{what}");
            }
            (Err(error), Refused(reason, part)) => {
                assert_eq!(error.reason(), *reason, "{what}");
                assert!(error.to_string().contains(part), "{what}: {error}");
            }
            (Ok(upload), Refused(..)) => panic!("{what}: {upload:?}"),
            (Err(error), Read(_)) => panic!("{what}: {error}"),
        }
    }
}

const BOTH: &[(&str, &str)] = &[("Northwind", "northwind.io"), ("Globex", "globex.com")];
const ONE: &[(&str, &str)] = &[("Northwind", "northwind.io")];
const DOMAINS: &[(&str, &str)] = &[("", "northwind.io"), ("", "globex.com")];

#[test]
fn bytes_that_are_not_utf8() {
    check(&[
        (
            "Windows-1252",
            b"company,domain\r\nCaf\xe9 \x97 K\xf6ln,northwind.io\r\n",
            Refused("file_not_utf8", "line 2"),
        ),
        (
            "Mac Roman",
            b"company,domain\rCaf\x8e,northwind.io\r",
            Refused("file_not_utf8", "line 2"),
        ),
        (
            "Shift-JIS",
            b"company,domain\n\x93\xfa\x96\x7b,northwind.io\n",
            Refused("file_not_utf8", "line 2"),
        ),
        (
            "ISO-2022-JP, which is ASCII",
            b"company,domain\n\n\x1b$BF|K\\\x1b(B,northwind.io\n",
            Refused("file_not_utf8", "line 3"),
        ),
        (
            "overlong",
            b"company,domain\n\xc0\xafx,northwind.io\n",
            Refused("file_not_utf8", "line 2"),
        ),
        (
            "a surrogate",
            b"company,domain\n\xed\xa0\xbd,northwind.io\n",
            Refused("file_not_utf8", "line 2"),
        ),
        (
            "gzip",
            b"\x1f\x8b\x08\0\xe5\x08k\x02\xffKK",
            Refused("file_not_csv", "gzip"),
        ),
        (
            "gzip, with U+FFFD",
            "\u{1f}\u{fffd}\u{8}\0".as_bytes(),
            Refused("file_not_csv", "gzip"),
        ),
        (
            "Numbers",
            b"PK\x03\x04\x14..Index/Document.iwa",
            Refused("file_not_csv", "Numbers"),
        ),
        (
            "Word",
            b"PK\x03\x04\x14..word/document.xml",
            Refused("file_not_csv", "Word"),
        ),
        (
            "rich text",
            b"{\\rtf1\\ansi northwind.io\\par}",
            Refused("file_not_csv", "rich text"),
        ),
        (
            "JSON lines",
            b"\xef\xbb\xbf{\"domain\":\"globex.com\"}\n",
            Refused("file_not_csv", "JSON"),
        ),
        (
            "a PNG",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
            Refused("file_has_nul", "line 3"),
        ),
        (
            "a NUL byte",
            b"company,domain\nNorth\0wind,northwind.io\n",
            Refused("file_has_nul", "line 2"),
        ),
        (
            "two byte order marks",
            "\u{feff}\u{feff}company,domain\nNorthwind,northwind.io\n".as_bytes(),
            Read(ONE),
        ),
        (
            "a mark of DOS at the end",
            b"company,domain\r\nNorthwind,northwind.io\r\n\x1a",
            Read(ONE),
        ),
        (
            "U+FFFD that the sender wrote",
            "company,domain\nN\u{fffd}rthwind,northwind.io\n".as_bytes(),
            Read(&[("N\u{fffd}rthwind", "northwind.io")]),
        ),
    ]);
}

#[test]
fn the_form_is_found_by_all_rows() {
    check(&[
        ("sep=;", b"sep=;\r\ncompany;domain\r\nNorthwind;northwind.io\r\nGlobex;globex.com\r\n", Read(BOTH)),
        ("sep=tab", b"sep=\t\r\ncompany\tdomain\r\nNorthwind\tnorthwind.io\r\n", Read(ONE)),
        ("sep=; with the other columns' delimiters behind it", b"sep=;;;\r\ncompany;domain;x\r\nNorthwind;northwind.io;1\r\n", Read(ONE)),
        ("a pipe", b"company|domain\r\nNorthwind|northwind.io\r\n", Read(ONE)),
        ("a pipe with blanks", b"company | domain\nNorthwind | northwind.io\nGlobex | globex.com\n", Read(BOTH)),
        ("a table of Markdown", b"| company | domain |\n|---|---|\n| Northwind | northwind.io |\n", Read(&[("---", ""), ("Northwind", "northwind.io")])),
        ("commas in a header of semicolons", b"ARR, net, EUR;company;Webseite\r\n1,5;Northwind;northwind.io\r\n2,5;Globex;globex.com\r\n", Read(BOTH)),
        ("decimal commas and no header", b"1,5;Northwind;northwind.io\n2,5;Globex;globex.com\n", Read(&[("1,5", "northwind.io"), ("2,5", "globex.com")])),
        ("a tab in quotes", b"company,domain\n\"North\twind\",northwind.io\n", Read(&[("North\twind", "northwind.io")])),
        ("mixed line ends", b"company,domain\r\nNorthwind,northwind.io\nGlobex,globex.com\r", Read(BOTH)),
        ("CR CR LF", b"company,domain\r\r\nNorthwind,northwind.io\r\r\nGlobex,globex.com\r\r\n", Read(BOTH)),
        ("a title", b"Accounts as of 2026-11-20\r\n\r\ncompany,domain\r\nNorthwind,northwind.io\r\n", Read(ONE)),
        ("a header on line 4", b"Accounts\nby \"Jane\", sales\n\ncompany,domain\nNorthwind,northwind.io\nGlobex,globex.com\n", Read(BOTH)),
        ("comments, one with a domain", b"# from crm.northwind.io today\n# x\ncompany,domain\nNorthwind,northwind.io\n", Read(ONE)),
        ("two rows of headers", b"Firm,,Person,\ncompany,domain,mail,phone\nNorthwind,northwind.io,a@northwind.io,1\n", Read(ONE)),
        ("a title and no header", b"My accounts\n\nNorthwind,northwind.io\nGlobex,globex.com\n", Read(&[("My accounts", ""), ("Northwind", "northwind.io"), ("Globex", "globex.com")])),
        ("totals", b"company,domain,arr\nNorthwind,northwind.io,5\nTotal,,5\n", Read(&[("Northwind", "northwind.io"), ("Total", "")])),
        ("a byte order mark behind an empty line", "\r\n\u{feff}domain,company\r\nnorthwind.io,Northwind\r\n".as_bytes(), Read(ONE)),
        ("marks without width in a header", "com\u{200b}pany,\u{200e}Domain\u{feff}\nNorthwind,northwind.io\n".as_bytes(), Read(ONE)),
        ("names in brackets", b"<Company>,domain\nNorthwind,northwind.io\n", Read(ONE)),
        ("names in square brackets", b"[company],[domain]\nNorthwind,northwind.io\n", Read(ONE)),
        ("full-width names", "ｃｏｍｐａｎｙ,ｄｏｍａｉｎ\nNorthwind,northwind.io\n".as_bytes(), Read(ONE)),
        ("names that are domains", b"company.website,company.name\nnorthwind.io,Northwind\n", Read(ONE)),
        ("a company that is called like a column", b"web.site,web.site\nGlobex,globex.com\n", Read(&[("web.site", "web.site"), ("Globex", "globex.com")])),
        ("empty columns at the end", [b"domain,company".to_vec(), vec![b','; 600], b"\nnorthwind.io,Northwind\n".to_vec()].concat().leak(), Read(ONE)),
        ("the next column that holds a value", b"company,Domain,Website\nNorthwind,,https://northwind.io\nGlobex,N/A,globex.com\nNone,-,\n", Read(&[("Northwind", "northwind.io"), ("Globex", "globex.com"), ("None", "")])),
        ("two columns of one name", b"Website,Website,company\n,northwind.io,Northwind\n", Read(ONE)),
        ("rows with another delimiter", b"company,domain\nNorthwind,northwind.io\nGlobex;globex.com\n", Read(&[("Northwind", "northwind.io"), ("Globex;globex.com", "")])),
        ("links of a spreadsheet", b"company,domain\nNorthwind,\"=HYPERLINK(\"\"https://northwind.io\"\",\"\"x\"\")\"\nGlobex,\"=\"\"globex.com\"\"\"\n", Read(BOTH)),
        ("one company", b"globex.com", Read(&[("", "globex.com")])),
        ("one company that begins like a column", b"webflow.com\n", Read(&[("", "webflow.com")])),
        (
            "a domain that begins like a column",
            b"Best Sites,websitesinc.com,UK\n",
            Read(&[("Best Sites", "websitesinc.com")]),
        ),
        ("one row that begins like a column", b"Domainr,domainr.com\n", Read(&[("Domainr", "domainr.com")])),
    ]);
}

#[test]
fn rows_that_would_be_lost_refuse_the_file() {
    let lost = || Refused("line_ends_lost", "--data-binary");
    check(&[
        (
            "a header, without line ends",
            b"company_name,domainNorthwind,northwind.ioGlobex,globex.com",
            lost(),
        ),
        (
            "semicolons",
            b"company;domainNorthwind;northwind.ioGlobex;globex.com",
            lost(),
        ),
        (
            "a number first",
            b"Nr,Webseite1,northwind.io2,globex.com",
            lost(),
        ),
        (
            "a column of domains first",
            b"Webseite,Firmanorthwind.io,Northwindglobex.com,Globex",
            lost(),
        ),
        (
            "in the middle",
            b"Firma,Webseite,OrtNorthwind,northwind.io,RomeGlobex,globex.com,Nice",
            lost(),
        ),
        (
            "a name that is not known",
            b"Kunde,NetzNorthwind,northwind.ioGlobex,globex.com",
            lost(),
        ),
        (
            "URL",
            b"Kunde,URLNorthwind,northwind.iog,globex.com",
            lost(),
        ),
        (
            "in quotes",
            b"\"company\",\"domain\"\"Northwind\",\"northwind.io\"",
            lost(),
        ),
        ("domains only", b"northwind.comglobex.comacme.com", lost()),
        (
            "URLs only",
            b"https://northwind.iohttps://globex.com",
            lost(),
        ),
        (
            "the next line",
            "company,domain\u{2028}Northwind,northwind.io\u{2028}Globex,globex.com".as_bytes(),
            lost(),
        ),
        (
            "companies side by side",
            b"northwind.io, globex.com, acme.com",
            Refused("domain_column_ambiguous", "columns 1 and 3"),
        ),
        (
            "two columns of other domains",
            b"northwind.io;globex.com\nacme.com;acme.de\n",
            Refused("domain_column_ambiguous", "one company on each line"),
        ),
        (
            "the same with names",
            b"a,b\nnorthwind.io,globex.com\nacme.com,apple.com\n",
            Refused("domain_column_ambiguous", "name its column domain"),
        ),
    ]);
}

#[test]
fn broken_quotes_are_refused_with_their_line() {
    let text = |line: &'static str| Refused("text_after_quote", line);
    check(&[
        ("text behind a quote", b"\"company\",\"domain\",\"note\"\r\n\"Northwind\",\"northwind.io\",\"Cold\"\"\r\n\"Globex\",\"globex.com\",\"x\"\r\n", text("line 2")),
        ("a backslash before a quote", b"company,domain\n\"The \\\"real\\\" Globex\",globex.com\n", text("line 2")),
        ("inches", b"company,domain,note\nA,a.com,x\nB,b.com,\"24\" wide\"\n", text("line 3")),
        ("a quote that is not closed", b"company,domain\nNorthwind,northwind.io\n\"Globex,globex.com\n", Refused("quote_unclosed", "line 3")),
        ("a quote at the end", b"company,domain\nNorthwind,northwind.io\n\"", Refused("quote_unclosed", "line 3")),
        ("a row in the quotes of another", b"company,domain,note\nA,a.com,\"5\nB,b.com,6\"\nC,c.com,7\n", Refused("row_in_quotes", "holds line 3")),
        ("the first part of a row", b"company,domain\n\"A,a.com\nB\",b.com\n", Refused("row_in_quotes", "line 2")),
        (
            "the last part of a row",
            b"company,note,domain\nA,\"x,a.com\nB,y\",b.com\n",
            Refused("row_in_quotes", "line 2"),
        ),
        ("a blank before a quote", b"company, domain, city\r\n\"Northwind\", \"northwind.io\", \"Rome, IT\"\r\n", Read(ONE)),
        ("a field of two lines", b"company,domain,note\nNorthwind,northwind.io,\"see globex.com\nand more, later\"\n", Read(ONE)),
        ("quotes within text", b"company,domain\n5\" tools \"x\",northwind.io\n", Read(&[("5\" tools \"x\"", "northwind.io")])),
        ("quotes of typographers", "company,domain\n“Northwind”,“northwind.io”\n".as_bytes(), Read(&[("“Northwind”", "northwind.io")])),
    ]);
}

#[test]
fn the_cause_is_told() {
    let none = |part: &'static str| Refused("no_valid_rows", part);
    check(&[
        (
            "e-mail addresses",
            b"company,domain\r\nJane,jane@globex.com\r\n",
            none("line 2: this is an e-mail address"),
        ),
        (
            "profiles",
            b"company,Website\nA,https://www.linkedin.com/company/a\n",
            none("a page on linkedin.com"),
        ),
        (
            "numbers",
            b"company,domain\nA,1\nB,2\n",
            none("line 2: this is not a domain name"),
        ),
        (
            "words for nothing",
            b"company,domain\nA,N/A\nB,-\n",
            none("domain is empty"),
        ),
        (
            "a delimiter that is not read",
            b"company^domain\nNorthwind^northwind.io\n",
            none("separate fields by a comma"),
        ),
        (
            "a symbol that a name could hold",
            "company§domain\nNorthwind§northwind.io\n".as_bytes(),
            none("separate fields by a comma"),
        ),
        (
            "rows in quotes",
            b"\"company,domain\"\n\"Northwind,northwind.io\"\n",
            none("separate fields by a comma"),
        ),
        (
            "names with commas",
            b"company,domain\nNorthwind, Inc.,northwind.io\n",
            none("has 3 fields and the file 2 columns"),
        ),
        (
            "e-mail addresses by another name",
            b"company,E-mail\nA,a@globex.com\n",
            Refused(
                "no_domain_column",
                "line 2, column 2: this is an e-mail address",
            ),
        ),
        (
            "e-mail addresses alone",
            b"a@globex.com\nb@globex.com\n",
            Refused(
                "no_domain_column",
                "line 1, column 1: this is an e-mail address",
            ),
        ),
        (
            "profiles by another name",
            b"company,linkedin\nA,linkedin.com/company/a\n",
            Refused("no_domain_column", "a page on linkedin.com"),
        ),
        (
            "no column of domains",
            b"Firma,Ort\nGlobex,Rom\n",
            Refused("no_domain_column", "\"Firma\", \"Ort\""),
        ),
    ]);
    // A single row's.
    let upload = Upload::read(
        b"company,domain\nNorthwind,northwind.io\nGlobex;globex.com\n",
        LIMITS,
    )
    .unwrap();
    let Company::Invalid { reason, message } = &upload.rows[1].company else {
        panic!("{upload:?}")
    };
    assert_eq!(reason, "row_too_short");
    assert!(
        message.contains("1 field and the file 2 columns"),
        "{message}"
    );
}

#[test]
fn lists_of_a_column() {
    check(&[
        (
            "one on each line",
            b"northwind.io\nglobex.com\n",
            Read(DOMAINS),
        ),
        (
            "with commas behind",
            b"northwind.io,\nglobex.com,\n",
            Read(DOMAINS),
        ),
    ]);
}

/// A way to write a table, and what is read.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is varied by itself")]
struct Written {
    delimiter: char,
    quote: char,
    quotes_all: bool,
    line_end: &'static str,
    above: Above,
    header: Option<&'static str>,
    is_last: bool,
    charset: &'static str,
    is_declared: bool,
    has_end_mark: bool,
}

#[derive(Clone, Copy, Debug)]
enum Above {
    Nothing,
    Title,
    Comments,
    Sep,
}

impl Written {
    fn any() -> impl Strategy<Value = Self> {
        let delimiters = prop::sample::select(vec![',', ';', '\t', '|', '^', ':', '§']);
        let ends = prop::sample::select(vec!["\n", "\r\n", "\r"]);
        let above = prop::sample::select(vec![
            Above::Nothing,
            Above::Title,
            Above::Comments,
            Above::Sep,
        ]);
        let header = prop::sample::select(vec![
            None,
            Some("domain"),
            Some("Website*"),
            Some("Company Website"),
            Some("Netz"),
        ]);
        let charset = prop::sample::select(vec![
            "utf-8",
            "utf-8",
            "utf-8",
            "utf-8 bom",
            "windows-1252",
            "windows-1251",
            "shift_jis",
            "iso-2022-jp",
            "utf-16le bom",
            "utf-16be bom",
            "utf-16le",
        ]);
        let quotes = prop::sample::select(vec!['"', '"', '"', '\'']);
        let form = (delimiters, quotes, any::<bool>(), ends, above, header);
        (form, any::<bool>(), charset, any::<bool>(), any::<bool>()).prop_map(
            |(
                (delimiter, quote, quotes_all, line_end, above, header),
                is_last,
                charset,
                is_declared,
                has_end_mark,
            )| Self {
                delimiter,
                quote,
                quotes_all,
                line_end,
                above,
                header,
                is_last,
                charset,
                is_declared,
                has_end_mark,
            },
        )
    }

    /// Whether it is one of the ways that the README says are read; the others are read or refused.
    fn is_supported(&self) -> bool {
        let is_utf8 = self.charset.starts_with("utf-8");
        let is_known = ",;\t|".contains(self.delimiter)
            || (matches!(self.above, Above::Sep) && self.delimiter.is_ascii());
        let has_name = self.header.is_some_and(|name| name != "Netz")
            || matches!(self.above, Above::Nothing | Above::Sep);
        let is_in_quotes = self.quote == '"';
        is_utf8 && is_known && has_name && is_in_quotes
    }

    fn bytes(&self, names: &[String]) -> Option<Vec<u8>> {
        let quoted = |text: &str| {
            let needs = self.quotes_all || text.contains([self.delimiter, self.quote, '\r', '\n']);
            let double = self.quote.to_string().repeat(2);
            if needs {
                format!("{0}{1}{0}", self.quote, text.replace(self.quote, &double))
            } else {
                text.to_owned()
            }
        };
        let row = |name: &str, domain: &str| {
            let mut fields = [quoted(name), quoted(domain), quoted("7")];
            if self.is_last {
                fields.reverse();
            }
            fields.join(&self.delimiter.to_string()) + self.line_end
        };
        let mut text = match self.above {
            Above::Nothing => String::new(),
            Above::Title => format!("Accounts 2026{0}{0}", self.line_end),
            Above::Comments => format!("# of crm.northwind.io, today{0}# two{0}", self.line_end),
            Above::Sep => format!("sep={}{}", self.delimiter, self.line_end),
        };
        if let Some(header) = self.header {
            text += &row("company", header);
        }
        for (index, name) in names.iter().enumerate() {
            text += &row(name, &domain(index));
        }
        if self.has_end_mark {
            text.push('\u{1a}');
        }
        let units =
            |unit: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
        Some(match self.charset {
            "utf-8" => text.into_bytes(),
            "utf-8 bom" => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            "utf-16le bom" => [b"\xff\xfe".to_vec(), units(u16::to_le_bytes)].concat(),
            "utf-16be bom" => [b"\xfe\xff".to_vec(), units(u16::to_be_bytes)].concat(),
            "utf-16le" => units(u16::to_le_bytes),
            label => {
                let (bytes, _, had_errors) =
                    encoding_rs::Encoding::for_label(label.as_bytes())?.encode(&text);
                if had_errors {
                    return None;
                }
                bytes.into_owned()
            }
        })
    }
}

fn domain(index: usize) -> String {
    format!("acme{index}.com")
}

proptest! {
    /// Whatever form a table is written in, each row that is read has its own name and domain, and none is left out without a
    /// word; in a form that is supported, all are read.
    #[test]
    fn any_form_is_read_as_it_was_meant_or_refused(
        written in Written::any(),
        names in prop::collection::vec("[A-Z][a-zé0-9 ,;|\"\t'.^:Жテ]{0,12}|[A-Z][a-z]{0,4}\n[a-z, ]{0,6}", 1..30),
    ) {
        // A name that is a domain itself is one, where a tab or a comma within it ends a field.
        let parts = names.iter().flat_map(|name| name.split([',', ';', '|', '\t']));
        prop_assume!(!parts.into_iter().any(|part| Domain::parse(part).is_ok()));
        let Some(bytes) = written.bytes(&names) else { return Ok(()); };
        let label = written.charset.split(' ').next().unwrap();
        let text = if written.is_declared { to_utf8(&bytes, label) } else { Ok(bytes.as_slice().into()) };
        let upload = match text.and_then(|text| Upload::read(&text, LIMITS)) {
            Ok(upload) => upload,
            Err(error) => {
                let is_row_in_quotes = error.reason() == "row_in_quotes";
                prop_assert!(!written.is_supported() || is_row_in_quotes, "{error}");
                return Ok(());
            }
        };
        let mut index = 0;
        for row in &upload.rows {
            let Some(read) = row.company.domain() else {
                prop_assert!(!written.is_supported());
                continue;
            };
            // In order, each once: a row that is invalid is told.
            while domain(index) != read.as_str() {
                prop_assert!(!written.is_supported() && index < names.len(), "{read} in {upload:?}");
                index += 1;
            }
            if written.quote == '"' {
                let column = if written.is_last { 2 } else { 0 };
                if row.fields.len() == 3 {
                    prop_assert_eq!(&row.fields[column], &names[index]);
                }
            }
            index += 1;
        }
        let invalid = upload.counts().invalid;
        prop_assert!(upload.domains().len() + invalid >= names.len(), "{upload:?}");
    }
}
