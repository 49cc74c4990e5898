//! A source that is asked again says what is new since the last time.

use tests::Conduct;

use super::sources::{acme, answered, asking, missing, score, wait_for_rows};

const DAY: i64 = 86_400;

#[tokio::test]
async fn an_unchanged_answer_is_not_sent_again() {
    let web = acme();
    let jobs =
        r#"{"jobs":[{"id":1,"title":"Head of Sales","first_published":"2026-11-10T10:00:00Z"}]}"#;
    let board = "boards-api.greenhouse.io/v1/boards/acmeco/jobs";
    web.tell(
        board,
        Conduct::Answers(
            200,
            "etag: \"v1\"|last-modified: Tue, 10 Nov 2026 10:00:00 GMT",
            jobs.to_owned(),
        ),
    );
    let (app, customer) = asking(&web).await;
    score(&app, &customer).await;
    web.seen();
    web.tell(board, Conduct::Answers(304, "", String::new()));
    for _ in 0..2 {
        app.clock.advance(DAY);
        let answer = score(&app, &customer).await;
        assert!(answered(&answer).contains(&"greenhouse"));
        assert!(answer["signals"].to_string().contains("Head of Sales"));
        let seen = web.seen();
        let asked = seen.iter().find(|head| head.contains(board)).unwrap();
        assert!(
            asked.contains("if-none-match: \"v1\"") && asked.contains("if-modified-since: Tue, 10"),
            "{asked}"
        );
    }
}

#[tokio::test]
async fn another_mail_provider_is_a_signal() {
    let web = acme();
    let (app, customer) = asking(&web).await;
    score(&app, &customer).await;
    web.answer(
        "dns.google/resolve?name=acme.com&type=MX",
        r#"{"Status":0,"Answer":[{"data":"0 acme-com.mail.protection.outlook.com."}]}"#,
    );
    app.clock.advance(DAY);
    let answer = score(&app, &customer).await;
    let signals = answer["signals"].as_array().unwrap();
    let changes: Vec<_> = signals
        .iter()
        .filter(|one| one["source"] == "dns")
        .collect();
    assert_eq!(changes.len(), 2, "{changes:?}");
    assert!(changes.iter().any(|one| {
        one["evidence"]
            .as_str()
            .unwrap()
            .starts_with("Began to use Microsoft 365 for e-mail")
    }));

    // On the day after it is no news.
    app.clock.advance(DAY);
    let answer = score(&app, &customer).await;
    assert_eq!(
        answer["signals"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["source"] == "dns")
            .count(),
        2
    );
}

#[tokio::test]
async fn a_new_posting_of_the_next_day_is_in_the_next_score() {
    let web = acme();
    let (app, customer) = asking(&web).await;
    let first = score(&app, &customer).await;
    web.answer("api.ashbyhq.com/", r#"{"jobs":[{"id":"a2","title":"Chief Revenue Officer","publishedAt":"2026-11-16T10:00:00Z"}]}"#);
    app.clock.advance(DAY);
    let second = score(&app, &customer).await;
    assert!(
        second["signals"]
            .to_string()
            .contains("Chief Revenue Officer")
    );
    assert_eq!(
        second["signals"].as_array().unwrap().len(),
        first["signals"].as_array().unwrap().len() + 1
    );
}

#[tokio::test]
async fn a_run_that_died_is_made_up_for_when_its_claim_ends() {
    let web = acme();
    let (app, customer) = asking(&web).await;
    let domain = types::Domain::parse("acme.com").unwrap();
    let until = app.clock.now() + std::time::Duration::from_secs(10);
    app.intel
        .claim_collection(&domain, app.clock.now(), until)
        .await
        .unwrap();
    let hurried = app.with_variable("COLLECTOR_BUDGET_MS", "300");
    assert_eq!(
        missing(&score(&hurried, &customer).await).len(),
        10,
        "another call has the right to collect"
    );
    assert_eq!(web.seen(), Vec::<String>::new());
    app.clock.advance(10);
    assert_eq!(answered(&score(&app, &customer).await).len(), 10);
    wait_for_rows(&app, 10).await;
}
