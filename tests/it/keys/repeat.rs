//! Keys made with an `Idempotency-Key`: one, however often and wherever the request dies.

use super::*;
use tests::Death;

const IDEMPOTENCY_KEY: &str = "7d1f3c1e-52a8-4b7e-9c0d-2f6a8e4b1c37";

impl User {
    fn repeated(&self, app: &TestApp, path: &str, body: &Value) -> Call {
        let call = app.post(path).header("idempotency-key", IDEMPOTENCY_KEY);
        self.with_session(call).json(body)
    }

    fn make(&self, app: &TestApp) -> Call {
        self.repeated(app, KEYS, &json!({ "product": "intent" }))
    }

    fn replace(&self, app: &TestApp, id: &str) -> Call {
        self.repeated(app, &format!("{KEYS}/rotate"), &json!({ "keyId": id }))
    }
}

#[track_caller]
fn assert_replays(first: &Answer, again: &Answer) {
    assert_eq!((again.status, &again.bytes), (first.status, &first.bytes));
    assert_eq!(again.header("idempotent-replayed"), "true");
}

#[tokio::test]
async fn a_repetition_is_given_the_same_key_and_shown_it_again() {
    let user = User::new().await;
    let first = user.make(&user.app).send().await.expect(201);
    let again = user.make(&user.app.restarted()).send().await;
    assert_replays(&first, &again);
    assert_eq!(user.listed().await.len(), 1);
    let key = first.json["apiKey"].as_str().unwrap();
    user.score(key).await.expect(200);
    let other = user.repeated(&user.app, KEYS, &json!({ "product": "leads" }));
    let other = other.send().await.expect(422);
    assert_eq!(other.error().0, "IDEMPOTENCY_MISMATCH");
}

#[tokio::test]
async fn a_repetition_outlives_the_time_that_it_names() {
    let user = User::new().await;
    let end = types::Timestamp::from_second(user.app.clock.now().as_second() + 60).unwrap();
    let body = json!({ "product": "intent", "expires_at": end.to_string() });
    let make = || user.repeated(&user.app, KEYS, &body).send();
    let first = make().await.expect(201);
    user.app.clock.advance(120);
    assert_replays(&first, &make().await);
}

#[tokio::test]
async fn twenty_at_once_make_one_key() {
    let user = User::new().await;
    user.listed().await;
    let instances: Vec<TestApp> = (0..20).map(|_| user.app.restarted()).collect();
    let calls = instances.iter().map(|app| user.make(app).send());
    let answers = futures::future::join_all(calls).await;
    let made = |answer: &&Answer| answer.status == 201;
    let first = answers.iter().find(made).unwrap();
    for answer in answers.iter().filter(|answer| !made(answer)) {
        assert_eq!(answer.status, 409);
        assert_eq!(answer.error().0, "IN_PROGRESS");
    }
    for answer in answers.iter().filter(made) {
        assert_eq!(answer.bytes, first.bytes);
    }
    assert_eq!(user.listed().await.len(), 1);
}

#[tokio::test]
async fn a_run_that_dies_at_any_write_leaves_one_key_and_a_place_for_no_other() {
    let mut deaths = 0;
    for death in Death::every() {
        let user = User::new().await;
        // The fifth that there may be.
        for _ in 1..5 {
            user.key().await;
        }
        let mortal = user.app.on_mortal();
        let run = user.app.deaths.run(Some(death), user.make(&mortal).send());
        if run.await.is_some() {
            break;
        }
        deaths += 1;
        user.app.clock.advance(30);
        let answer = user.make(&user.app).send().await.expect(201);
        let key = answer.json["apiKey"].as_str().unwrap();
        user.score(key).await.expect(200);
        let keys = user.listed().await;
        assert_eq!(keys.len(), 5);
        assert_eq!(user.made_in_hour().await, 5);
        let listed = keys.iter().find(|key| key["keyId"] == answer.json["keyId"]);
        assert!(key.ends_with(listed.unwrap()["last4"].as_str().unwrap()));
        assert_replays(&answer, &user.make(&user.app).send().await);
    }
    // The claim, the transaction, the answer.
    assert_eq!(deaths, 6);
}

#[tokio::test]
async fn a_rotation_that_dies_at_any_write_leaves_one_successor() {
    let mut deaths = 0;
    for death in Death::every() {
        let user = User::new().await;
        let (id, old) = user.key().await;
        let mortal = user.app.on_mortal();
        let rotation = user.replace(&mortal, &id).send();
        if user.app.deaths.run(Some(death), rotation).await.is_some() {
            break;
        }
        deaths += 1;
        user.app.clock.advance(30);
        let answer = user.replace(&user.app, &id).send().await.expect(201);
        for key in [&old, answer.json["apiKey"].as_str().unwrap()] {
            user.score(key).await.expect(200);
        }
        let keys = user.listed().await;
        assert_eq!(keys.len(), 2);
        assert_eq!(user.made_in_hour().await, 2);
        let replaced = keys.iter().find(|key| key["keyId"] == *id).unwrap();
        assert_eq!(replaced["replaced_by"], answer.json["keyId"]);
        assert_replays(&answer, &user.replace(&user.app, &id).send().await);
    }
    assert_eq!(deaths, 6);
}

#[tokio::test]
async fn a_key_that_was_revoked_before_its_request_came_again_stays_so() {
    let user = User::new().await;
    user.listed().await;
    let mortal = user.app.on_mortal();
    let made = Some(Death::After(1));
    let run = user.app.deaths.run(made, user.make(&mortal).send()).await;
    assert!(run.is_none());
    let id = user.listed().await[0]["keyId"].as_str().unwrap().to_owned();
    user.revoke(&id).await.expect(204);
    user.app.clock.advance(30);
    let again = user.make(&user.app).send().await.expect(404);
    assert_eq!(again.error().1, "key_revoked");
    assert_eq!(user.state_of(&id).await, "revoked");
}
