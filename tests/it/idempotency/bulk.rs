//! `POST /api/v1/score/bulk` with an idempotency key.

use accounts::EntryKind;
use futures::future::join_all;
use tests::{Call, TestApp};
use types::Credits;

use super::{KEY, Keyed, assert_replays};

const PATH: &str = "/api/v1/score/bulk";
const FILE: &str = "name,domain\nStripe,stripe.com\nNotion,notion.so\n";

#[tokio::test]
async fn fifty_at_once_make_one_job_and_one_charge() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let calls = (0..50).map(|_| app.post(PATH).keyed(&customer, KEY).csv(FILE).send());
    let answers = join_all(calls).await;
    let is_replay = |answer: &&tests::Answer| answer.header("idempotent-replayed") == "true";
    let replays = answers.iter().filter(is_replay).count();
    let in_flight = answers.iter().filter(|answer| answer.status == 409);
    for answer in in_flight.clone() {
        assert_eq!(answer.error().0, "IN_PROGRESS");
        let wait: i64 = answer.header("retry-after").parse().unwrap();
        assert!((1..=3).contains(&wait));
    }
    assert_eq!(replays + in_flight.count(), 49);
    assert_eq!(app.stored_jobs().await, 1);
    assert_eq!(app.balance(&customer).await, Credits::whole(8));
    let first = answers
        .iter()
        .find(|answer| answer.status == 202 && !is_replay(answer));
    for replay in answers.iter().filter(is_replay) {
        assert_replays(first.unwrap(), replay);
    }
    let again = app.post(PATH).keyed(&customer, KEY).csv(FILE).send().await;
    assert_replays(first.unwrap(), &again);
    assert_eq!(app.calls_this_minute(&customer).await, 51);
    let ledger = app.accounts.ledger(customer.account, customer.product);
    let ledger = ledger.await.unwrap();
    let reserved = ledger
        .iter()
        .filter(|entry| entry.kind == EntryKind::Reserve);
    assert_eq!((ledger.len(), reserved.count()), (2, 1));
}

#[tokio::test]
async fn the_file_counts_and_not_the_form_around_it() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let post = || app.post(PATH).keyed(&customer, KEY);
    let form = |boundary: &str, file: &str| {
        let body = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n{file}\r\n--{boundary}--\r\n"
        );
        post().body(&format!("multipart/form-data; boundary={boundary}"), body)
    };
    let first = form("one", FILE).send().await.expect(202);
    let same: [Call; 4] = [
        form("two", FILE),
        post().csv(FILE),
        post().csv(&FILE.replace('\n', "\r\n")),
        post().csv(&FILE.replace(',', ";")),
    ];
    for call in same {
        assert_replays(&first, &call.send().await);
    }
    let other = post().csv(&FILE.replace("Notion", "Notions")).send().await;
    assert_eq!(other.expect(422).error().0, "IDEMPOTENCY_MISMATCH");
    assert_eq!(app.stored_jobs().await, 1);
}

#[tokio::test]
async fn refusals_are_not_kept() {
    let app = TestApp::new().await;
    let customer = app.customer(1).await;
    let post = |file: &str| app.post(PATH).keyed(&customer, KEY).csv(file).send();
    post("nothing").await.expect(400);
    post(FILE).await.expect(402);
    let first = post("domain\nstripe.com\n").await.expect(202);
    assert_replays(&first, &post("domain\nstripe.com\n").await);
    assert_eq!(app.balance(&customer).await, Credits::ZERO);
}

#[tokio::test]
async fn a_bucket_that_does_not_answer_leaves_the_key_to_its_request() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let broken = app.with_variable("BUCKET", "no-such-bucket");
    let post = |app: &TestApp| app.post(PATH).keyed(&customer, KEY).csv(FILE).send();
    post(&broken).await.expect(503);
    let first = post(&app).await.expect(202);
    assert_replays(&first, &post(&app).await);
    assert_eq!(app.stored_jobs().await, 1);
}

#[tokio::test]
async fn costs_two_writes_and_a_replay_is_two() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let mortal = app.on_mortal();
    let writes = async |call: Call| {
        app.deaths.run(None, call.send()).await.unwrap().expect(202);
        app.deaths.writes()
    };
    let without = writes(mortal.post(PATH).key(&customer).csv(FILE)).await;
    let with = || mortal.post(PATH).keyed(&customer, KEY).csv(FILE);
    assert_eq!(writes(with()).await, without + 2);
    assert_eq!(writes(with()).await, 2);
}
