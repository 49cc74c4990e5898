//! From a file as people have them to the result and the errors.

use bulk::Attempt;
use intent_store::ScoreJob;
use tests::{TestApp, signal};
use types::Credits;
use workspace::Job;

async fn run(file: &str) -> (TestApp, Job<ScoreJob>, String) {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let signals = [signal("stripe.com", "hiring", 10, "1")];
    app.learn(&customer, &signals).await;
    let job = app.submit(&customer, file).await;
    let row = app.deliver(&customer, job, Attempt::Score).await;
    let charged = Credits::from_tenths(row.charged.unwrap());
    assert_eq!(app.balance(&customer).await, Credits::whole(10) - charged);
    let result = app
        .object(row.work.files.result_key.as_ref().unwrap())
        .await;
    (app, row, result)
}

#[tokio::test]
async fn a_spreadsheet_s_export() {
    let (app, row, result) = run("\u{feff}Website;Company;Notiz\r\n\
        https://www.Stripe.com/pricing;Stripe;=1+1\r\n\
        www.bücher.de;\"Bücher\r\nGmbH; Berlin\";-2\r\n\
        \r\n\
        stripe.com:443;\"Stripe \"\"again\"\"\";@x\r\n\
        not a domain;+49 30;\tx\r\n\
        ;No site;leer\r\n\
        ;;\r\n\
        jane@acme.com;Acme\r\n")
    .await;
    let counts = (
        row.work.rows_total,
        row.work.rows_valid,
        row.work.rows_invalid,
        row.work.rows_duplicate,
    );
    assert_eq!(counts, (6, 2, 3, 1));
    assert_eq!(row.charged, Some(Credits::whole(1).tenths()));
    insta::assert_snapshot!(result, @r#"
    Website,Company,Notiz,scored_domain,status,score,band,confidence,signals,momentum,reasoning,scored_at,cached,credits_charged
    https://www.Stripe.com/pricing,Stripe,'=1+1,stripe.com,scored,28,COLD,low,1,,1 hiring signal on 10 Nov 2026: “Seen in hiring” (test).,2026-11-15T12:00:10Z,false,1
    www.bücher.de,"Bücher
    GmbH; Berlin",-2,xn--bcher-kva.de,no_signals,0,COLD,none,0,,No signals are known for xn--bcher-kva.de.,2026-11-15T12:00:10Z,false,0
    stripe.com:443,"Stripe ""again""",'@x,stripe.com,scored,28,COLD,low,1,,1 hiring signal on 10 Nov 2026: “Seen in hiring” (test).,2026-11-15T12:00:10Z,false,0
    not a domain,+49 30,	x,,domain_malformed,,,,,,,,false,0
    ,No site,leer,,domain_empty,,,,,,,,false,0
    jane@acme.com,Acme,,,domain_is_email,,,,,,,,false,0
    "#);
    let errors = app
        .object(row.work.files.errors_key.as_ref().unwrap())
        .await;
    insta::assert_snapshot!(errors, @r#"
    Website,Company,Notiz,line,reason,message
    not a domain,+49 30,	x,7,domain_malformed,this is not a domain name; give a company domain such as stripe.com
    ,No site,leer,8,domain_empty,domain is empty; give a company domain such as stripe.com
    jane@acme.com,Acme,,10,domain_is_email,"this is an e-mail address; give the company domain after the @, such as stripe.com"
    "#);
}

#[tokio::test]
async fn names_in_the_character_set_that_the_form_declares() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    // The name of the file is not that of the field.
    let form = b"--b\r\nContent-Disposition: form-data; filename=\"a; name=x\"; name=\"file\"\r\nContent-Type: text/csv; charset=windows-1252\r\n\r\n\
        sep=;\r\nFirma;Webseite*\r\nCaf\xe9 \x96 Bar;stripe.com\r\n\r\n--b--\r\n";
    let call = app.post("/api/v1/score/bulk").key(&customer);
    let call = call.body("multipart/form-data; boundary=b", form);
    let answer = call.send().await.expect(202);
    let job = answer.json["job_id"].as_str().unwrap().parse().unwrap();
    let row = app.deliver(&customer, job, Attempt::Score).await;
    let result = app
        .object(row.work.files.result_key.as_ref().unwrap())
        .await;
    let line = result.lines().nth(1).unwrap();
    assert!(
        line.starts_with("Café – Bar,stripe.com,stripe.com,"),
        "{line}"
    );
}

#[tokio::test]
async fn a_list_without_a_header() {
    let (_, row, result) = run("notion.so\nstripe.com\nNOTION.SO").await;
    assert_eq!(row.work.files.errors_key, None);
    insta::assert_snapshot!(result, @r"
    domain,scored_domain,status,score,band,confidence,signals,momentum,reasoning,scored_at,cached,credits_charged
    notion.so,notion.so,no_signals,0,COLD,none,0,,No signals are known for notion.so.,2026-11-15T12:00:10Z,false,0
    stripe.com,stripe.com,scored,28,COLD,low,1,,1 hiring signal on 10 Nov 2026: “Seen in hiring” (test).,2026-11-15T12:00:10Z,false,1
    NOTION.SO,notion.so,no_signals,0,COLD,none,0,,No signals are known for notion.so.,2026-11-15T12:00:10Z,false,0
    ");
}

#[tokio::test]
async fn a_file_keeps_its_own_columns() {
    let (_, _, result) = run("id,status,score,Domain\n7,open,=A1,stripe.com\n").await;
    insta::assert_snapshot!(result, @r"
    id,status,score,Domain,scored_domain,status,score,band,confidence,signals,momentum,reasoning,scored_at,cached,credits_charged
    7,open,'=A1,stripe.com,stripe.com,scored,28,COLD,low,1,,1 hiring signal on 10 Nov 2026: “Seen in hiring” (test).,2026-11-15T12:00:10Z,false,1
    ");
}
