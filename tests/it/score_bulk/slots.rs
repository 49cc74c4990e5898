//! Three unfinished jobs an account.

use auth::Scope;
use bulk::Attempt;
use futures::future::join_all;
use tests::TestApp;
use types::Credits;

use super::{PATH, companies};

#[tokio::test]
async fn the_fourth_job_waits_for_one_of_the_three() {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    let first = app.submit(&customer, &companies(1)).await;
    for _ in 0..2 {
        app.submit(&customer, &companies(1)).await;
    }
    let fourth = app
        .post(PATH)
        .key(&customer)
        .csv(&companies(1))
        .send()
        .await;
    insta::assert_json_snapshot!(fourth.shown(), @r#"
    {
      "body": {
        "error": {
          "code": "LIMIT_REACHED",
          "limit": 3,
          "message": "3 bulk jobs are unfinished; wait for one to end, or cancel one",
          "reason": "concurrency",
          "requestId": "[request]"
        }
      },
      "status": 429
    }
    "#);
    assert_eq!(fourth.header("retry-after"), "10");
    assert_eq!(fourth.header("x-ratelimit-remaining"), "56", "not the rate");
    // The slots are the account's, whichever key it uses, and no other account's.
    let second_key = app.with_scopes(&customer, &[Scope::Write]).await;
    let call = app.post(PATH).key(&second_key).csv(&companies(1));
    assert_eq!(call.send().await.expect(429).error().1, "concurrency");
    app.submit(&app.customer(1).await, &companies(1)).await;

    app.deliver(&customer, first, Attempt::Score).await;
    assert_eq!(app.meter(&customer).await.jobs_active, 2);
    app.submit(&customer, &companies(1)).await;
}

#[tokio::test]
async fn of_ten_jobs_at_once_three_get_in() {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    let calls = (0..10).map(|_| app.post(PATH).key(&customer).csv(&companies(2)).send());
    let answers = join_all(calls).await;
    let refused = answers.iter().filter(|answer| answer.status == 429);
    assert!(refused.clone().all(
        |answer| answer.error().1 == "concurrency" && !answer.header("retry-after").is_empty()
    ));
    assert_eq!(refused.count(), 7, "{answers:?}");
    assert_eq!(app.meter(&customer).await.jobs_active, 3);
    assert_eq!(app.balance(&customer).await, Credits::whole(94));
    assert_eq!(app.stored_jobs().await, 3);
    assert_eq!(
        app.objects("jobs/").await.len(),
        3,
        "no upload without a job"
    );
}
