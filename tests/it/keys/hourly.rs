//! How many keys can be made, whatever becomes of them: each new one begins its minute at zero.

use super::*;
use futures::future::join_all;
use tests::Death;

/// Seconds from the start of the tests' clock to the next hour.
const TO_NEXT_HOUR: i64 = 3_590;

impl User {
    /// Issues a key of intent; none if that is refused because of the hour.
    async fn try_key(&self) -> Option<String> {
        let answer = self.create(&json!({ "product": "intent" })).send().await;
        if answer.status == 201 {
            return Some(answer.json["keyId"].as_str().unwrap().to_owned());
        }
        assert_eq!(answer.error(), ("LIMIT_REACHED", "keys_per_hour"));
        answer.expect(429);
        None
    }

    /// Makes keys that are revoked at once.
    async fn spend(&self, keys: usize) {
        for _ in 0..keys {
            let (id, _) = self.key().await;
            self.revoke(&id).await.expect(204);
        }
    }
}

#[track_caller]
fn assert_hour_is_full(answer: &Answer, wait: i64) {
    assert_eq!(answer.status, 429, "{}", answer.json);
    assert_eq!(answer.error(), ("LIMIT_REACHED", "keys_per_hour"));
    assert_eq!(answer.json["error"]["limit"], 10);
    assert_eq!(answer.header("retry-after"), wait.to_string());
}

#[tokio::test]
async fn ten_whatever_was_revoked() {
    let user = User::new().await;
    user.spend(8).await;
    let (first, _) = user.key().await;
    let new = user.rotate(&first).await.expect(201).json;
    let body = json!({ "product": "intent" });
    let refused = user.create(&body).send().await;
    assert_hour_is_full(&refused, TO_NEXT_HOUR);
    let refused = user.rotate(new["keyId"].as_str().unwrap()).await;
    assert_hour_is_full(&refused, TO_NEXT_HOUR);
    // Each product has its own ten.
    let other = json!({ "product": "leads" });
    user.create(&other).send().await.expect(201);
    user.app.clock.advance(TO_NEXT_HOUR - 1);
    assert_hour_is_full(&user.create(&body).send().await, 1);
    user.app.clock.advance(1);
    user.spend(10).await;
    assert_hour_is_full(&user.create(&body).send().await, 3_600);
}

#[tokio::test]
async fn past_hours_are_swept() {
    let user = User::new().await;
    for _ in 0..4 {
        user.spend(1).await;
        user.app.clock.advance(3_600);
    }
    user.spend(1).await;
    let account = user.account().await;
    let customer = tests::Customer {
        account,
        product: Product::Intent,
        key: types::KeyId::new(user.app.clock.now()),
        raw: String::new(),
    };
    let meter = user.app.item(&customer, "METER#intent").await.unwrap();
    let hours = meter
        .keys()
        .filter(|name| name.starts_with('k') && name.len() == 5);
    assert_eq!(hours.count(), 2);
}

#[tokio::test]
async fn thirty_at_once_get_what_is_left() {
    let user = User::new().await;
    user.spend(8).await;
    let instances: Vec<TestApp> = (0..30).map(|_| user.app.restarted()).collect();
    let calls = instances.iter().map(|app| {
        let call = user.with_session(app.post(KEYS));
        call.json(&json!({ "product": "intent" })).send()
    });
    let answers = join_all(calls).await;
    let (made, refused): (Vec<Answer>, Vec<Answer>) =
        answers.into_iter().partition(|answer| answer.status == 201);
    assert_eq!(made.len(), 2);
    for answer in &refused {
        assert_hour_is_full(answer, TO_NEXT_HOUR);
    }
    assert_eq!(user.made_in_hour().await, 10);
}

#[tokio::test]
async fn issues_and_rotations_at_once_share_the_ten() {
    let user = User::new().await;
    user.spend(4).await;
    let keys = [user.key().await.0, user.key().await.0];
    let body = json!({ "product": "intent" });
    let issues = join_all((0..20).map(|_| user.create(&body).send()));
    let rotations = join_all((0..10).map(|index| user.rotate(&keys[index % 2])));
    let (created, rotated) = futures::join!(issues, rotations);
    let answers = || created.iter().chain(&rotated);
    let made = answers().filter(|answer| answer.status == 201).count();
    assert_eq!((made, user.made_in_hour().await), (4, 10));
    for answer in answers().filter(|answer| answer.status != 201) {
        assert!(matches!(answer.status.as_u16(), 409 | 429), "{answer:?}");
    }
}

#[tokio::test]
async fn a_repetition_of_the_tenth_is_not_refused() {
    let user = User::new().await;
    user.spend(9).await;
    let mortal = user.app.on_mortal();
    let once = |app: &TestApp| {
        let call = app.post(KEYS).header("idempotency-key", "the-tenth");
        let call = user.with_session(call);
        call.json(&json!({ "product": "intent" })).send()
    };
    // The claim of the key, then the transaction.
    let died = user.app.deaths.run(Some(Death::After(1)), once(&mortal));
    assert!(died.await.is_none());
    user.app.clock.advance(30);
    let made = once(&user.app).await.expect(201);
    user.score(made.json["apiKey"].as_str().unwrap())
        .await
        .expect(200);
    assert_eq!(once(&user.app).await.expect(201).bytes, made.bytes);
    assert_eq!(user.made_in_hour().await, 10);
    assert_eq!(user.try_key().await, None);
}

#[tokio::test]
async fn the_operator_s_keys_are_not_counted() {
    let user = User::new().await;
    user.listed().await;
    let account = user.account().await.to_string();
    for _ in 0..12 {
        let issue = ["key", "issue", &account, "intent"];
        let key = crate::operator::json(&user.app, &issue).await;
        let key = key["key_id"].as_str().unwrap();
        crate::operator::text(&user.app, &["key", "revoke", &account, key]).await;
    }
    user.spend(10).await;
    assert_eq!(user.try_key().await, None);
    crate::operator::text(&user.app, &["key", "issue", &account, "intent"]).await;
}

#[tokio::test]
async fn five_in_their_grace() {
    let user = User::new().await;
    let (mut id, _) = user.key().await;
    let mut old = Vec::new();
    for _ in 0..5 {
        let new = user.rotate(&id).await.expect(201).json;
        old.push(id);
        id = new["keyId"].as_str().unwrap().to_owned();
    }
    user.app.clock.advance(60);
    let refused = user.rotate(&id).await.expect(429);
    assert_eq!(refused.error(), ("LIMIT_REACHED", "keys_in_grace"));
    assert_eq!(refused.json["error"]["limit"], 5);
    assert_eq!(refused.header("retry-after"), (86_400 - 60).to_string());
    // One that is revoked makes room, and no more than that.
    user.revoke(&old[2]).await.expect(204);
    let new = user.rotate(&id).await.expect(201).json;
    let id = new["keyId"].as_str().unwrap();
    assert_eq!(user.rotate(id).await.expect(429).error().1, "keys_in_grace");
    // So does one whose day is over.
    user.app.clock.advance(86_400 - 60);
    user.rotate(id).await.expect(201);
}

#[tokio::test]
async fn thirty_rotations_at_once_leave_five_in_their_grace() {
    let user = User::new().await;
    let mut keys = Vec::new();
    for _ in 0..5 {
        keys.push(user.key().await.0);
    }
    for key in &mut keys[..3] {
        let new = user.rotate(key).await.expect(201).json;
        new["keyId"].as_str().unwrap().clone_into(key);
    }
    user.app.clock.advance(3_600);
    let rotations = join_all((0..30).map(|index| user.rotate(&keys[index % 5]))).await;
    let made = rotations.iter().filter(|answer| answer.status == 201);
    assert_eq!(made.count(), 2);
    let states = user.listed().await;
    let grace = states.iter().filter(|key| key["state"] == "grace");
    assert_eq!(grace.count(), 5);
    for answer in rotations.iter().filter(|answer| answer.status != 201) {
        let reason = answer.error().1;
        assert!(
            ["key_rotated", "keys_in_grace"].contains(&reason),
            "{answer:?}"
        );
    }
}

#[tokio::test]
async fn many_expired_keys_are_no_hindrance() {
    let user = User::new().await;
    for _ in 0..3 {
        let soon = user.app.clock.now().as_second() + 60;
        let soon = types::Timestamp::from_second(soon).unwrap().to_string();
        let body = json!({ "product": "intent", "expires_at": soon });
        for _ in 0..5 {
            user.create(&body).send().await.expect(201);
        }
        let lasting = json!({ "product": "intent" });
        let full = user.create(&lasting).send().await.expect(429);
        assert_eq!(full.error().1, "resource");
        user.app.clock.advance(3_600);
    }
    // Five that have expired are active still, ten were removed before.
    for _ in 0..5 {
        user.key().await;
    }
    let full = user.create(&json!({ "product": "intent" })).send().await;
    assert_eq!(full.expect(429).error().1, "resource");
}

#[tokio::test]
async fn the_tenth_is_made_once_whatever_comes_between() {
    for number in 0.. {
        let user = User::new().await;
        user.spend(9).await;
        let held = User {
            app: user.app.on_mortal(),
            issuer: user.issuer,
            name: user.name,
        };
        let direct = held.app.restarted();
        let create = |app: &TestApp| {
            let token = held.issuer.verified(held.name, app.clock.now());
            let create = app.post(KEYS).bearer(&token);
            create.json(&json!({ "product": "intent" })).send()
        };
        let other = async { drop(create(&direct).await.expect(201)) };
        let deaths = &direct.deaths;
        let (late, was_held) = deaths.meanwhile(number, create(&held.app), other).await;
        if !was_held {
            assert!(number > 0);
            break;
        }
        assert_hour_is_full(&late, TO_NEXT_HOUR);
    }
}
