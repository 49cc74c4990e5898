#![expect(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]

use super::*;
use expect_test::{Expect, expect};
use proptest::prelude::*;

const LIMITS: Limits = Limits {
    max_bytes: 1_000_000,
    max_rows: 6,
};

/// Columns, then each row's line, fields and company.
#[track_caller]
fn check(file: &str, shown: &Expect) {
    let upload = Upload::read(file.as_bytes(), LIMITS).unwrap();
    let mut lines = vec![upload.columns.join(" | ")];
    for row in &upload.rows {
        let named = match &row.company {
            Company::Valid { domain } => format!("{domain}"),
            Company::Duplicate { domain, first } => format!("{domain} as in row {first}"),
            Company::Invalid { reason, message } => format!("{reason}: {message}"),
        };
        let name = upload.company_name(row).unwrap_or("-");
        lines.push(format!(
            "{}: {} → {name}, {named}",
            row.line,
            row.fields.join(" | ")
        ));
    }
    shown.assert_eq(&lines.join("\n"));
}

#[track_caller]
fn refuse(file: &str, reason: &str) {
    assert_eq!(
        Upload::read(file.as_bytes(), LIMITS).unwrap_err().reason(),
        reason
    );
}

#[test]
fn the_format_of_the_documentation() {
    check(
        "company_name,domain\nStripe,stripe.com\nNotion,notion.so\nLinear,linear.app\n",
        &expect![[r#"
            company_name | domain
            2: Stripe | stripe.com → Stripe, stripe.com
            3: Notion | notion.so → Notion, notion.so
            4: Linear | linear.app → Linear, linear.app"#]],
    );
}

#[test]
fn what_people_put_in_the_column() {
    check(
        "Website;Company\r\nhttps://www.Stripe.com/pricing;Stripe\r\nwww.bücher.de;\r\nstripe.com; Stripe again \r\n;No site\r\njane@acme.com;Acme\r\n",
        &expect![[r#"
            Website | Company
            2: https://www.Stripe.com/pricing | Stripe → Stripe, stripe.com
            3: www.bücher.de |  → -, xn--bcher-kva.de
            4: stripe.com |  Stripe again  → Stripe again, stripe.com as in row 0
            5:  | No site → No site, domain_empty: domain is empty; give a company domain such as stripe.com
            6: jane@acme.com | Acme → Acme, domain_is_email: this is an e-mail address; give the company domain after the @, such as stripe.com"#]],
    );
}

#[test]
fn the_most_likely_column_is_used_and_the_others_are_kept() {
    check(
        "URL,Notes,Company Domain,Account\nhttps://a.com/x,\"=1\n2\",stripe.com,\n,,notion.so\n",
        &expect![[r#"
            URL | Notes | Company Domain | Account
            2: https://a.com/x | =1
            2 | stripe.com |  → -, stripe.com
            4:  |  | notion.so |  → -, notion.so"#]],
    );
}

#[test]
fn rows_that_are_too_long() {
    check(
        "name,domain\nAcme, Inc.,acme.com\nApple,apple.com\n",
        &expect![[r#"
            name | domain
            2: Acme |  Inc.,acme.com → Acme, row_too_long: this row has 3 fields and the file 2 columns; put a field that holds the delimiter in double quotes
            3: Apple | apple.com → Apple, apple.com"#]],
    );
    check(
        "domain,name\nacme.com,Acme, Inc.\n",
        &expect![[r#"
        domain | name
        2: acme.com | Acme, Inc. → Acme, Inc., acme.com"#]],
    );
}

#[test]
fn files_without_a_header() {
    check(
        "stripe.com\nnotion.so\nNotion\n",
        &expect![[r#"
        domain
        1: stripe.com → -, stripe.com
        2: notion.so → -, notion.so
        3: Notion → -, domain_suffix_unknown: notion does not end in a known top-level domain; give a company domain such as stripe.com"#]],
    );
    // The name is a domain as well; the rows below show which column is which.
    check(
        "Venue.ink,venue.ink,7\nStripe,stripe.com,8\n",
        &expect![[r#"
            company_name | domain | column_3
            1: Venue.ink | venue.ink | 7 → Venue.ink, venue.ink
            2: Stripe | stripe.com | 8 → Stripe, stripe.com"#]],
    );
    check(
        "Venue.ink,venue.ink\n",
        &expect![[r#"
        company_name | domain
        1: Venue.ink | venue.ink → Venue.ink, venue.ink"#]],
    );
}

#[test]
fn what_is_refused_as_a_whole() {
    refuse("", "file_empty");
    refuse("company_name,domain\n\n,\n", "file_without_rows");
    refuse("Firma,Ort\nStripe,Dublin\n", "no_domain_column");
    refuse("name,email\nAcme,jane@acme.com\n", "no_domain_column");
    let error = Upload::read(
        b"name,domain\n\nJane,jane@acme.com\nJoe,joe@acme.com\n",
        LIMITS,
    );
    expect!["no row of the file names a company; line 3: this is an e-mail address; give the company domain after the @, such as stripe.com"].assert_eq(&error.unwrap_err().to_string());
    refuse("[{\"domain\":\"stripe.com\"}]", "file_not_csv");
    let rows = "stripe.com\n".repeat(6);
    assert!(Upload::read(rows.as_bytes(), LIMITS).is_ok());
    assert!(Upload::read(format!("domain\n{rows}").as_bytes(), LIMITS).is_ok());
    refuse(&format!("{rows}stripe.com"), "too_many_rows");
    refuse(&format!("domain\n{rows}stripe.com"), "too_many_rows");
}

#[test]
fn rows_over_the_limit_are_counted_exactly() {
    let limits = Limits {
        max_rows: 1000,
        ..LIMITS
    };
    for header in ["", "domain\n"] {
        let file = format!("{header}{}", "stripe.com\r\n\r\n".repeat(1001));
        let error = Upload::read(file.as_bytes(), limits).unwrap_err();
        assert_eq!(
            error,
            TabularError::TooManyRows {
                rows: 1001,
                max_rows: 1000
            }
        );
    }
}

#[test]
fn counts_and_companies() {
    let upload = Upload::read(b"domain\nb.com\na.com\nWWW.B.COM\nnope\n", LIMITS).unwrap();
    assert_eq!(
        upload.counts(),
        Counts {
            total: 4,
            valid: 2,
            invalid: 1,
            duplicate: 1
        }
    );
    assert_eq!(
        upload.domains(),
        [
            &Domain::parse("b.com").unwrap(),
            &Domain::parse("a.com").unwrap()
        ]
    );
    let json = serde_json::to_string(&upload).unwrap();
    assert_eq!(serde_json::from_str::<Upload>(&json).unwrap(), upload);
    expect![[r#"{"line":4,"fields":["WWW.B.COM"],"company":{"status":"duplicate","domain":"b.com","first":0}}"#]].assert_eq(&serde_json::to_string(&upload.rows[2]).unwrap());
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
        let _ = Upload::read(&bytes, LIMITS);
    }

    #[test]
    fn any_csv_is_read_or_refused(text in "[a-c\",;\\t\\r\\n \u{feff}.com]{0,60}") {
        let limits = Limits { max_rows: 99, ..LIMITS };
        if let Ok(upload) = Upload::read(text.as_bytes(), limits) {
            prop_assert!(upload.rows.iter().all(|row| row.fields.len() == upload.columns.len()));
            prop_assert!(upload.rows.is_sorted_by(|a, b| a.line < b.line));
            let counts = upload.counts();
            prop_assert_eq!(counts.total, counts.valid + counts.invalid + counts.duplicate);
        }
    }

    #[test]
    fn order_is_kept_and_each_company_is_valid_once(names in prop::collection::vec("[a-c]{1,2}", 1..60)) {
        let limits = Limits { max_rows: 60, ..LIMITS };
        let file = names.iter().fold("domain\n".to_owned(), |file, name| file + name + ".com\n");
        let upload = Upload::read(file.as_bytes(), limits).unwrap();
        let mut expected: Vec<String> = Vec::new();
        for (row, name) in upload.rows.iter().zip(&names) {
            let domain = format!("{name}.com");
            prop_assert_eq!(&row.fields, &vec![domain.clone()]);
            prop_assert_eq!(row.company.domain().unwrap().as_str(), &domain);
            if let Company::Duplicate { first, .. } = row.company {
                prop_assert_eq!(&upload.rows[first].fields, &row.fields);
            } else {
                expected.push(domain);
            }
        }
        prop_assert_eq!(upload.domains().iter().map(|d| d.as_str().to_owned()).collect::<Vec<_>>(), expected);
    }
}
