//! Files in the forms that people have them in: delimiter, title, header, quotes.

use super::*;
use proptest::prelude::*;

const LIMITS: Limits = Limits {
    max_bytes: 1_000_000,
    max_rows: 100,
};

/// The domains of a file's rows, and how many rows have none.
fn read(file: &str) -> Result<(Vec<String>, usize), TabularError> {
    let upload = Upload::read(file.as_bytes(), LIMITS)?;
    let domains = upload.domains().into_iter().map(ToString::to_string);
    Ok((domains.collect(), upload.counts().invalid))
}

#[track_caller]
fn check(file: &str, domains: &[&str]) {
    let (found, invalid) = read(file).unwrap();
    assert_eq!(
        (found, invalid),
        (
            domains.iter().map(|domain| (*domain).to_owned()).collect(),
            0
        ),
        "{file}"
    );
}

#[track_caller]
fn refuse(file: &str, reason: &str) {
    assert_eq!(read(file).unwrap_err().reason(), reason, "{file}");
}

const BOTH: &[&str] = &["acme.com", "apple.com"];

#[test]
fn delimiters() {
    check("name|domain\r\nAcme|acme.com\r\nApple|apple.com\r\n", BOTH);
    check(
        "sep=;\r\nname;domain\r\nAcme;acme.com\r\nApple;apple.com\r\n",
        BOTH,
    );
    check(
        "\u{feff}\"SEP=\t\"\r\nname\tdomain\r\nAcme\tacme.com\r\nApple\tapple.com\r\n",
        BOTH,
    );
    check("sep=^\nname^domain\nAcme^acme.com\nApple^apple.com\n", BOTH);
    // The header holds the other delimiter.
    check(
        "Turnover, net, EUR;Company;Website\n1,5;Acme;acme.com\n2,5;Apple;apple.com\n",
        BOTH,
    );
    check(
        "Name, legal|Domain, main\nAcme, Inc.|acme.com\nApple, Inc.|apple.com\n",
        BOTH,
    );
    check("1,5;acme.com\n2,5;apple.com\n", BOTH);
    check("Acme, Inc.;acme.com;a, b\nApple, Inc.;apple.com;c\n", BOTH);
    check("Acme\tacme.com\tx, y\nApple\tapple.com\tz\n", BOTH);
}

#[test]
fn what_stands_above_the_header() {
    check(
        "Accounts export 2026-11-20\r\n\r\nname,domain\r\nAcme,acme.com\r\nApple,apple.com\r\n",
        BOTH,
    );
    check(
        "Our web site list\n\nname,Webseite\nAcme,acme.com\nApple,apple.com\n",
        BOTH,
    );
    check(
        "Accounts;;\nby: Jane, 2026;;\nname;domain;city\nAcme;acme.com;Rome\nApple;apple.com;Nice\n",
        BOTH,
    );
    check(
        "\r\n\u{feff}domain,name\r\nacme.com,Acme\r\napple.com,Apple\r\n",
        BOTH,
    );
    check(
        "\u{200b}Domain\u{200e},name\nacme.com,Acme\napple.com,Apple\n",
        BOTH,
    );
    // A row with a company is never skipped.
    let above = "acme.com,x\nname,domain\nApple,apple.com\n";
    let upload = Upload::read(above.as_bytes(), LIMITS).unwrap();
    assert_eq!(upload.rows.len(), 3);
}

#[test]
fn names_of_the_column_of_domains() {
    for name in [
        "Website*",
        "Domains",
        "homepage_url",
        "homepageUrl",
        "account_domain",
        "organization_primary_domain",
        "Webseite",
        "Company Website (required)",
        "Web-Site",
        "Sitio web",
        "Site web",
        "Dominio",
        "Página web",
        "WWW",
        "Internetadresse",
        "网站",
        "Root Domain",
        "URL (main)",
    ] {
        check(&format!("Number,{name}\n1,acme.com\n2,apple.com\n"), BOTH);
        // The name alone says which column it is.
        let file = format!("Other,{name}\nexample.org,\nexample.net,acme.com\n");
        let upload = Upload::read(file.as_bytes(), LIMITS);
        assert_eq!(upload.unwrap().domain_columns, [1], "{name}");
    }
    // By what is in it.
    check(
        "Konto,Netz\nAcme,acme.com\nApple,https://apple.com/de\n",
        BOTH,
    );
    for name in [
        "LinkedIn URL",
        "email domain",
        "Website status",
        "logo_url",
        "Domain Authority",
    ] {
        refuse(&format!("Number,{name}\n1,x\n2,y\n"), "no_domain_column");
    }
    check(
        "LinkedIn URL,Company Domain Name\nhttps://linkedin.com/company/acme,acme.com\n,apple.com\n",
        BOTH,
    );
    // A company may be called like a column.
    check("Site Search,acme.com\nWeb Hosts,apple.com\n", BOTH);
}

#[test]
fn several_columns_of_domains() {
    check(
        "Name,Domain,Website\nAcme,,https://acme.com\nApple,apple.com,https://example.com\n",
        BOTH,
    );
    check(
        "Website,Website,name\n,acme.com,Acme\n \u{200b},apple.com,Apple\n",
        BOTH,
    );
    // What is there and wrong is not passed over.
    let nope = read("Domain,Website\nnope,acme.com\n,apple.com\n");
    assert_eq!(nope.unwrap(), (vec!["apple.com".to_owned()], 1));
}

#[test]
fn empty_columns_at_the_end_are_dropped() {
    for count in [3, 400, 700] {
        let empty = ",".repeat(count);
        let upload = format!("domain,name{empty}\nacme.com,Acme{empty}\napple.com,Apple\n");
        let upload = Upload::read(upload.as_bytes(), LIMITS).unwrap();
        assert_eq!(upload.columns, ["domain", "name"]);
    }
    let upload = Upload::read(b"domain,name,,\nacme.com,Acme,x,\n", LIMITS).unwrap();
    assert_eq!(upload.columns, ["domain", "name", ""]);
    assert_eq!(upload.rows[0].fields, ["acme.com", "Acme", "x"]);
}

#[test]
fn files_whose_line_ends_were_lost() {
    refuse(
        "company_name,domainAcme,acme.comApple,apple.com",
        "line_ends_lost",
    );
    refuse("domainacme.comapple.com", "line_ends_lost");
    refuse("website;nameacme.com;Acme", "line_ends_lost");
    check("domain.com", &["domain.com"]);
    check("Acme,acme.com", &["acme.com"]);
    refuse("company_name,domain", "file_without_rows");
}

#[test]
fn quotes() {
    check(
        "name, domain, city\n\"Acme\", \"acme.com\", \"Rome, Italy\"\n\"Apple\" ,\"apple.com\"\t,\"x\"\n",
        BOTH,
    );
    check(
        "a;domain\n5\" tools;acme.com\nthe \"best\";apple.com\n",
        BOTH,
    );
    check(
        "a,domain\n\"say \"\"hi\"\"\",acme.com\n\"\",apple.com\n",
        BOTH,
    );
    refuse(
        "\"name\",\"domain\",\"note\"\n\"Acme\",\"acme.com\",\"Patient\"\"\n\"Apple\",\"apple.com\",\"x\"\n",
        "text_after_quote",
    );
    refuse(
        "name,domain\n\"The \\\"best\\\" Inc\",acme.com\n",
        "text_after_quote",
    );
    refuse("name,domain\n\"Acme\" Inc,acme.com\n", "text_after_quote");
    refuse("domain,note\nacme.com,\"a\" b\n", "text_after_quote");
    refuse(
        "name,domain\n\"Acme,acme.com\nApple,apple.com\n",
        "quote_unclosed",
    );
}

#[test]
fn single_quotes() {
    check(
        "'name','domain'\n'Acme, Inc','acme.com'\n'O''Apple\nLtd','apple.com'\n",
        BOTH,
    );
    let upload = Upload::read(b"'name';'domain'\n'O''Acme; Inc';'acme.com'\n", LIMITS).unwrap();
    assert_eq!(upload.columns, ["name", "domain"]);
    assert_eq!(upload.rows[0].fields, ["O'Acme; Inc", "acme.com"]);
    refuse("'name','domain'\n'O'Acme','acme.com'\n", "text_after_quote");
    // Apostrophes.
    let upload = Upload::read(
        b"name,domain\n'n Acme',acme.com\n'Apple',apple.com\n",
        LIMITS,
    )
    .unwrap();
    assert_eq!(upload.rows[0].fields, ["'n Acme'", "acme.com"]);
    assert_eq!(upload.rows[1].fields, ["'Apple'", "apple.com"]);
}

#[test]
fn utf16_is_read_by_its_mark() {
    let text = "\u{feff}Firma\tWebseite\r\nCafé 日本\tacme.com\r\n";
    let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for file in [&le, &be] {
        let upload = Upload::read(file, LIMITS).unwrap();
        assert_eq!(upload.rows[0].fields, ["Café 日本", "acme.com"]);
        // Without the mark it is not known which it is.
        let error = Upload::read(&file[2..], LIMITS).unwrap_err();
        assert_eq!(error.reason(), "file_not_csv");
    }
    let cut = Upload::read(&le[..le.len() - 1], LIMITS).unwrap_err();
    assert_eq!(cut.reason(), "file_not_in_charset");
    let limits = Limits {
        max_bytes: 9,
        ..LIMITS
    };
    assert_eq!(
        Upload::read(&le, limits).unwrap_err().reason(),
        "file_too_large"
    );
}

#[test]
fn a_name_in_angle_brackets_is_no_markup() {
    check("<Company>,domain\nAcme,acme.com\nApple,apple.com", BOTH);
    refuse(
        "<table><tr><td>acme.com</td></tr></table>\n",
        "file_not_csv",
    );
}

proptest! {
    /// What has no form is read or refused, and every row is there.
    #[test]
    fn no_row_is_lost(text in "[a-c\",;|\\t\\r\\n =<>{}\u{feff}.com]{0,80}") {
        if let Ok(upload) = Upload::read(text.as_bytes(), LIMITS) {
            let lines = text.split(['\r', '\n']).filter(|line| line.chars().any(char::is_alphanumeric)).count();
            // A quoted field may hold line ends; at most the header and what stands above it are no rows.
            prop_assert!(text.contains('"') || upload.rows.len() + 11 >= lines.min(12));
        }
    }
}
