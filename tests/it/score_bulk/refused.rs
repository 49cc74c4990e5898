//! Files that are refused before anything is charged or stored.

use serde_json::Value;
use tests::{Call, Customer, TestApp};
use types::Credits;

use super::{PATH, companies};

async fn assert_nothing_happened(app: &TestApp, customer: &Customer, balance: i64) {
    assert_eq!(app.balance(customer).await, Credits::whole(balance));
    let meter = app.meter(customer).await;
    assert_eq!(meter.jobs_active, 0);
    let ledger = app.accounts.ledger(customer.account, customer.product);
    assert_eq!(ledger.await.unwrap().len(), 1, "the test's grant");
    assert!(app.objects("jobs/").await.is_empty());
    assert_eq!(app.stored_jobs().await, 0);
}

#[tokio::test]
async fn files_that_are_no_list_of_companies() {
    let app = TestApp::new().await;
    let customer = app.customer(5_000).await;
    let files: [(&[u8], &str); 19] = [
        (b"", "file_empty"),
        (b" \r\n \n", "file_empty"),
        (b"company_name,domain\n", "file_without_rows"),
        (b"Firma,Ort\nStripe,Dublin\n", "no_domain_column"),
        (b"name,email\nAcme,jane@acme.com\n", "no_domain_column"),
        (b"domain\nno\nnone\n", "no_valid_rows"),
        (b"domain\nx@stripe.com\ny@stripe.com\n", "no_valid_rows"),
        (b"domain\n\"stripe.com\n", "quote_unclosed"),
        (b"domain,note\nstripe.com,\"a\" b\n", "text_after_quote"),
        (
            b"company_name,domainStripe,stripe.comNotion,notion.so",
            "line_ends_lost",
        ),
        (b"\x1f\x8b\x08\0\x01\x02", "file_not_csv"),
        (
            b"PK\x03\x04..[Content_Types].xml..xl/workbook.xml",
            "file_not_csv",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "file_not_csv"),
        (b"%PDF-1.7\n", "file_not_csv"),
        (b"[{\"domain\":\"stripe.com\"}]", "file_not_csv"),
        (b"<!doctype html><html>", "file_not_csv"),
        (b"d\0o\0m\0a\0i\0n\0", "file_not_csv"),
        (b"domain,name\nstripe.com,Caf\xe9\n", "file_not_utf8"),
        (b"domain\nstripe.com\0\n", "file_has_nul"),
    ];
    for (file, reason) in files {
        let bodies = [
            app.post(PATH).form("file", file),
            app.post(PATH).body("text/csv", file),
        ];
        for call in bodies {
            let answer = call.key(&customer).send().await.expect(400);
            assert_eq!(answer.error(), ("BAD_REQUEST", reason));
            assert_eq!(answer.json["error"]["field"], "file");
        }
    }
    assert_eq!(app.calls_this_minute(&customer).await, 38);
    assert_nothing_happened(&app, &customer, 5_000).await;
    assert!(app.meter(&customer).await.days.is_empty());
}

#[tokio::test]
async fn bytes_that_are_not_what_they_are_declared_as() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let refused = async |call: Call, status: u16, reason: &str| {
        let answer = call.key(&customer).send().await.expect(status);
        assert_eq!(answer.error().1, reason);
    };
    let body = |content_type: &str, file: &[u8]| app.post(PATH).body(content_type, file);
    let part = |charset: &str, file: &[u8]| {
        let head = format!(
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\nContent-Type: text/csv; charset={charset}\r\n\r\n"
        );
        let form = [head.as_bytes(), file, b"\r\n--b--\r\n"].concat();
        app.post(PATH).body("multipart/form-data; boundary=b", form)
    };
    // A gateway hands a text on with U+FFFD for what is not UTF-8.
    let replaced = "name,domain\r\nCaf\u{fffd},stripe.com\r\n";
    refused(body("text/csv", replaced.as_bytes()), 400, "file_not_utf8").await;
    let latin = b"name,domain\r\nCaf\xe9,stripe.com\r\n";
    refused(
        body("text/csv; charset=windows-1252", latin),
        415,
        "charset_unsupported",
    )
    .await;
    refused(
        body("text/csv; charset=utf-16", b"domain\nstripe.com"),
        415,
        "charset_unsupported",
    )
    .await;
    refused(part("klingon", latin), 400, "charset_unknown").await;
    refused(
        part("Shift_JIS", b"domain\n\xff.com\n"),
        400,
        "file_not_in_charset",
    )
    .await;
    refused(part("utf-8", latin), 400, "file_not_utf8").await;
    assert_nothing_happened(&app, &customer, 10).await;

    let call = part("windows-1252", latin).key(&customer);
    let answer = call.send().await.expect(202);
    assert_eq!(answer.json["rows"]["valid"], 1);
    let call = body("text/csv; charset=UTF-8", b"domain\nstripe.com\n").key(&customer);
    call.send().await.expect(202);
}

#[tokio::test]
async fn the_thousand_and_first_row() {
    let app = TestApp::new().await;
    let customer = app.customer(5_000).await;
    // Rows that are not valid, or name a company again, are rows too.
    for file in [
        companies(1_001),
        "domain\n".to_owned() + &"stripe.com\n".repeat(1_001),
    ] {
        let answer = app.post(PATH).key(&customer).csv(&file).send().await;
        insta::allow_duplicates! {
            insta::assert_json_snapshot!(answer.shown(), @r#"
            {
              "body": {
                "error": {
                  "code": "BAD_REQUEST",
                  "field": "file",
                  "message": "the file has 1001 rows and at most 1000 are taken at once; split it",
                  "reason": "too_many_rows",
                  "requestId": "[request]"
                }
              },
              "status": 400
            }
            "#);
        }
    }
    assert_nothing_happened(&app, &customer, 5_000).await;
}

#[tokio::test]
async fn too_many_bytes() {
    let app = TestApp::new().await;
    let customer = app.customer(5_000).await;
    let large = format!("domain,note\nstripe.com,{}\n", "x".repeat(2_000_000));
    for call in [
        app.post(PATH).csv(&large),
        app.post(PATH).form("file", &large),
    ] {
        let answer = call.key(&customer).send().await.expect(413);
        assert_eq!(answer.error().0, "TOO_LARGE");
    }
    // In the form's margin, but the file alone is too large.
    let call = app.post(PATH).form("file", vec![b'x'; 2_000_001]);
    let answer = call.key(&customer).send().await.expect(413);
    assert_eq!(answer.error(), ("TOO_LARGE", "file_too_large"));
    assert_nothing_happened(&app, &customer, 5_000).await;
}

#[tokio::test]
async fn requests_without_a_file() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let file = companies(1);
    let refused = async |call: Call, status: u16, code: &str, reason: &str| {
        let answer = call.key(&customer).send().await.expect(status);
        assert_eq!(answer.error(), (code, reason));
    };
    let post = || app.post(PATH);
    refused(
        post().form("upload", &file),
        400,
        "BAD_REQUEST",
        "file_missing",
    )
    .await;
    let broken = post().body("multipart/form-data; boundary=frontier", "--frontier\r\nx");
    refused(broken, 400, "BAD_REQUEST", "form_invalid").await;
    let no_boundary = post().body("multipart/form-data", file.clone());
    refused(no_boundary, 400, "BAD_REQUEST", "form_invalid").await;
    for content_type in [
        "application/json",
        "text/plain",
        "application/octet-stream",
        "",
    ] {
        let call = post().body(content_type, file.clone());
        refused(call, 415, "UNSUPPORTED_MEDIA_TYPE", "").await;
    }
    refused(post(), 415, "UNSUPPORTED_MEDIA_TYPE", "").await;
    assert_nothing_happened(&app, &customer, 10).await;
}

#[tokio::test]
async fn credits_that_do_not_reach() {
    let app = TestApp::new().await;
    let customer = app.customer(4).await;
    let answer = app
        .post(PATH)
        .key(&customer)
        .csv(&companies(5))
        .send()
        .await;
    insta::assert_json_snapshot!(answer.shown(), @r#"
    {
      "body": {
        "error": {
          "balance": 4,
          "code": "INSUFFICIENT_CREDITS",
          "message": "this file needs 5 credits and 4 are left; top up, or send fewer rows",
          "requestId": "[request]",
          "required": 5,
          "upgradeUrl": "https://assay.example/pricing"
        }
      },
      "status": 402
    }
    "#);
    assert_nothing_happened(&app, &customer, 4).await;
    // A company that is named again, or none, needs no credit.
    let file = companies(4) + "Again,company0.com\nNone,none\n";
    app.submit(&customer, &file).await;
    assert_eq!(app.balance(&customer).await, Credits::ZERO);
}

#[tokio::test]
async fn parallel_jobs_never_overdraw() {
    let app = TestApp::new().await;
    let customer = app.customer(25).await;
    let calls = (0..8).map(|_| app.post(PATH).key(&customer).csv(&companies(10)).send());
    let answers = futures::future::join_all(calls).await;
    let with = |status: u16| {
        answers
            .iter()
            .filter(|answer| answer.status == status)
            .count()
    };
    assert_eq!((with(202), with(402)), (2, 6), "{answers:?}");
    assert_eq!(app.balance(&customer).await, Credits::whole(5));
    assert_eq!(
        app.objects("jobs/").await.len(),
        2,
        "no upload without a job"
    );
    assert_eq!(app.stored_jobs().await, 2);
    let refused = answers.iter().find(|answer| answer.status == 402).unwrap();
    assert_eq!(refused.json["error"]["required"], Value::from(10));
}
