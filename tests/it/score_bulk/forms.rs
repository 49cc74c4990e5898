//! Files in the forms that people have them in, each as a form and as a body.

use bulk::Attempt;
use tests::{Answer, Customer, TestApp};

use super::PATH;

/// The answers to a file as a form and as a body.
async fn sent(app: &TestApp, customer: &Customer, file: &[u8]) -> [Answer; 2] {
    let form = app.post(PATH).form("file", file).key(customer);
    let body = app.post(PATH).body("text/csv", file).key(customer);
    [form.send().await, body.send().await]
}

#[tokio::test]
async fn what_is_read() {
    let app = TestApp::new().await;
    let wide = [
        b"domain,company".to_vec(),
        vec![b','; 700],
        b"\nnorthwind.io,Northwind\n".to_vec(),
    ]
    .concat();
    // Valid and invalid rows.
    let files: [(&[u8], u64, u64); 16] = [
        (b"\r\n\xef\xbb\xbfdomain,company\r\nnorthwind.io,Northwind\r\n", 1, 0),
        (b"sep=;\r\ncompany;domain\r\nNorthwind;northwind.io\r\nGlobex;globex.com\r\n", 2, 0),
        (b"sep=\t\r\ncompany\tdomain\r\nNorthwind\tnorthwind.io\r\n", 1, 0),
        (b"company|domain\r\nNorthwind|northwind.io\r\n", 1, 0),
        (b"Accounts as of 2026-11-20\r\n\r\ncompany,domain\r\nNorthwind,northwind.io\r\n", 1, 0),
        (b"ARR, net, EUR;Firma;Webseite\r\n1,5;Northwind;northwind.io\r\n2,5;Globex;globex.com\r\n", 2, 0),
        (b"company, domain, city\r\n\"Northwind\", \"northwind.io\", \"Rome, IT\"\r\n", 1, 0),
        (b"Website,Website,company\r\n,northwind.io,Northwind\r\n,globex.com,Globex\r\n", 2, 0),
        (b"Company,Domain,Website\r\nNorthwind,,https://northwind.io\r\nGlobex,N/A,globex.com\r\nNone,-,\r\n", 2, 1),
        (&wide, 1, 0),
        (b"<Company>,domain\r\nNorthwind,northwind.io\r\n", 1, 0),
        (b"[Company],[domain]\r\nNorthwind,northwind.io\r\n", 1, 0),
        (b"company,Website*\rNorthwind,northwind.io\rTotal,\r\x1a", 1, 1),
        (b"'company','domain'\n'Northwind, Inc.','northwind.io'\n", 1, 0),
        (b"My accounts\n\nNorthwind,northwind.io\nGlobex,globex.com\n", 2, 1),
        (b"northwind.io\nglobex.com\nhttps://www.linkedin.com/company/globex\nhttps://www.linkedin.com/company/acme\n", 2, 2),
    ];
    for (file, valid, invalid) in files {
        let customer = app.customer(10).await;
        for answer in sent(&app, &customer, file).await {
            let shown = String::from_utf8_lossy(file);
            assert_eq!(answer.status, 202, "{shown}: {}", answer.json);
            let rows = &answer.json["rows"];
            assert_eq!(
                (&rows["valid"], &rows["invalid"]),
                (&valid.into(), &invalid.into()),
                "{shown}"
            );
        }
    }
}

#[tokio::test]
async fn what_would_be_read_wrongly_is_refused() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let files: [(&[u8], &str, &str); 12] = [
        (b"company,domain\r\nCaf\xe9 \x97 K\xf6ln,northwind.io\r\n", "file_not_utf8", "line 2"),
        (b"company,domain\n\x1b$BF|K\\\x1b(B,northwind.io\n", "file_not_utf8", "line 2"),
        (b"\x1f\x8b\x08\0\xe5\x08k\x02\xffKK", "file_not_csv", "gzip"),
        (b"\"company\",\"domain\",\"note\"\r\n\"Northwind\",\"northwind.io\",\"Cold\"\"\r\n\"Globex\",\"globex.com\",\"x\"\r\n", "text_after_quote", "line 2"),
        (b"company,domain\n\"The \\\"real\\\" Globex\",globex.com\n", "text_after_quote", "line 2"),
        (b"company,domain,note\nA,a.com,\"5\nB,b.com,6\"\nC,c.com,7\n", "row_in_quotes", "line 3"),
        (b"company_name,domainNorthwind,northwind.ioGlobex,globex.com", "line_ends_lost", "--data-binary"),
        (b"Nr,Webseite1,northwind.io2,globex.com", "line_ends_lost", "--data-binary"),
        (b"northwind.io, globex.com, acme.com", "domain_column_ambiguous", "one company on each line"),
        (b"company,domain\r\nJane,jane@globex.com\r\n", "no_valid_rows", "line 2: this is an e-mail address"),
        (b"company,E-mail\nA,a@globex.com\n", "no_domain_column", "this is an e-mail address"),
        (b"company^domain\nNorthwind^northwind.io\n", "no_valid_rows", "separate fields by a comma"),
    ];
    for (file, reason, part) in files {
        for answer in sent(&app, &customer, file).await {
            assert_eq!(
                (answer.status.as_u16(), answer.error().1),
                (400, reason),
                "{}",
                answer.json
            );
            let message = answer.json["error"]["message"].as_str().unwrap();
            assert!(message.contains(part), "{message}");
        }
    }
    assert_eq!(app.stored_jobs().await, 0);
}

/// UTF-16 is read by its mark in a form. A gateway hands a text on with U+FFFD for the mark, so there it is refused by name.
#[tokio::test]
async fn utf16() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let text = "\u{feff}Firma\tWebseite\r\nCafé 日本\tglobex.com\r\n";
    let file: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let [form, body] = sent(&app, &customer, &file).await;
    assert_eq!(body.expect(400).error().1, "file_not_csv");
    let job = form.expect(202).json["job_id"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let row = app.deliver(&customer, job, Attempt::Score).await;
    let result = app
        .object(row.work.files.result_key.as_ref().unwrap())
        .await;
    assert!(
        result.contains("\nCafé 日本,globex.com,globex.com,"),
        "{result}"
    );
}

#[tokio::test]
async fn numbers_stay_numbers_in_the_result() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let file = "delta,company,domain,growth,phone,handle,balance,note\n\
        -5.2,2*A1;x,northwind.io,-12%,+49 30 555123,@northwind,\"-1,234.56\",a;=1\n\
        --,Globex,globex.com,+3,+1,x,(5),\"a;\"\"=1\"\n";
    let job = app.submit(&customer, file).await;
    let row = app.deliver(&customer, job, Attempt::Score).await;
    let result = app
        .object(row.work.files.result_key.as_ref().unwrap())
        .await;
    let lines: Vec<&str> = result.lines().skip(1).collect();
    let first = "-5.2,'2*A1;x,northwind.io,-12%,+49 30 555123,'@northwind,\"-1,234.56\",a;'=1,northwind.io,";
    assert!(lines[0].starts_with(first), "{result}");
    let second = "--,Globex,globex.com,+3,+1,x,(5),\"'a;'\"\"=1\",globex.com,";
    assert!(lines[1].starts_with(second), "{result}");
}

#[tokio::test]
async fn forms_of_other_programs() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let send = async |body: String| {
        let call = app.post(PATH).body("multipart/form-data; boundary=b", body);
        call.key(&customer).send().await
    };
    let form = |disposition: &str| {
        format!(
            "--b\r\nContent-Disposition: form-data; {disposition}\r\n\r\ndomain\nglobex.com\n\r\n--b--\r\n"
        )
    };
    for disposition in [
        "filename=\"a; name=x\"; name=\"file\"",
        "filename=\"name=x\";name=file",
        "name=\"file\"; filename=\"Auszug – Köln.csv\"",
    ] {
        let answer = send(form(disposition)).await;
        assert_eq!(answer.status, 202, "{disposition}: {}", answer.json);
    }
    let other = send(form("filename=\"name=file\"; name=\"other\""))
        .await
        .expect(400);
    assert_eq!(other.error().1, "file_missing");
    let answer = send(form("name=\"file\"").replace("\r\n", "\n"))
        .await
        .expect(400);
    let message = answer.json["error"]["message"].as_str().unwrap();
    assert!(message.contains("its lines end in LF"), "{message}");
    assert_eq!(answer.error().1, "form_invalid");
}
