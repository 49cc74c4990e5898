//! A user whose account is suspended.

use super::*;
use accounts::{AuditAction, IssuedKey, KeyLimits, KeyRow};
use auth::{KeyringError, RawKey};
use store::StoreError;
use types::KeyId;

const REASON: &str = "chargeback of invoice 17";

impl User {
    async fn suspend(&self) {
        let account = self.account().await.to_string();
        let words = ["account", "suspend", &account, "--reason", REASON];
        crate::operator::text(&self.app, &words).await;
    }

    async fn resume(&self) {
        let account = self.account().await.to_string();
        crate::operator::text(&self.app, &["account", "resume", &account]).await;
    }
}

#[track_caller]
fn assert_suspended(answer: &Answer) {
    assert_eq!(answer.status, 403, "{}", answer.json);
    assert_eq!(answer.error(), ("FORBIDDEN", "account_suspended"));
    let shown = String::from_utf8_lossy(&answer.bytes);
    assert!(shown.contains("contact the operator"), "{shown}");
    assert!(!shown.contains("chargeback"), "{shown}");
}

#[tokio::test]
async fn no_session_gets_in_and_all_is_as_before_when_it_is_resumed() {
    let user = User::new().await;
    let (id, raw) = user.key().await;
    let once = || {
        let call = user.app.post(KEYS).header("idempotency-key", "once");
        user.with_session(call)
            .json(&json!({ "product": "intent" }))
            .send()
    };
    let made = once().await.expect(201);
    let before = user.listed().await;
    user.app.clock.advance(1);
    user.suspend().await;

    let get = |path: &str| user.with_session(user.app.get(path)).send();
    let create = user.create(&json!({ "product": "intent" }));
    let answers = [
        get(KEYS).await,
        get("/api/v1/audit").await,
        get(SCORE).await,
        get("/api/v1/score/bulk").await,
        get("/api/v1/watchlist?product=liquidity").await,
        get("/api/v1/usage").await,
        get("/api/v1/usage?product=nothing").await,
        get("/api/v1/credits?product=leads").await,
        create.send().await,
        once().await,
        user.rotate(&id).await,
        user.revoke(&id).await,
        user.score(&raw).await,
    ];
    for answer in &answers {
        assert_suspended(answer);
    }

    user.app.clock.advance(1);
    user.resume().await;
    assert_eq!(user.listed().await, before);
    assert_eq!(once().await.expect(201).bytes, made.bytes);
    user.score(&raw).await.expect(200);
    get(SCORE).await.expect(200);
    user.app.clock.advance(1);
    user.rotate(&id).await.expect(201);
    let log: Vec<String> = user.log().await.into_iter().map(|entry| entry.0).collect();
    assert_eq!(log[1..3], ["account.resume", "account.suspend"]);
    let log = get("/api/v1/audit").await.expect(200);
    assert!(!log.json.to_string().contains("chargeback"));
}

#[tokio::test]
async fn a_run_that_has_read_its_meter_makes_no_key_either() {
    let user = User::new().await;
    let (id, _) = user.key().await;
    let (accounts, account) = (&user.app.accounts, user.account().await);
    let meter = accounts.own_meter(account, Product::Intent).await;
    let meter = meter.unwrap().unwrap();
    user.suspend().await;

    let by = ChangedBy {
        actor: Actor::Operator,
        now: user.app.clock.now(),
        request: None,
    };
    let (new, raw) = (KeyId::new(by.now), RawKey::generate(Product::Intent));
    let old = accounts.issued_key(account, id.parse().unwrap()).await;
    let old = old.unwrap().unwrap();
    let key = IssuedKey {
        row: KeyRow {
            key: new,
            ..old.row.clone()
        },
        ..old.clone()
    };
    let limits = KeyLimits {
        active: 5,
        made_in_hour: Some(10),
    };
    let audit = by.entry(AuditAction::KeyCreate, new.to_string(), String::new());
    let hash = raw.hash();
    let issued = accounts.issue_key(&hash, &key, limits, &meter, &audit);
    assert!(matches!(issued.await, Err(StoreError::Conflict)));
    let rotated = accounts.rotate_key((&old, by.now), (&hash, &key), limits, &meter, &audit);
    assert!(matches!(rotated.await, Err(StoreError::Conflict)));

    let keyring = Keyring::new(accounts.clone(), Plan::rotation_days);
    let request = KeyRequest {
        product: Product::Intent,
        scopes: vec![Scope::Read],
        label: None,
        expires_at: None,
    };
    let issued = keyring.issue(&by, account, new, &request).await;
    assert!(matches!(issued, Err(KeyringError::Suspended)));
    let rotated = keyring.rotate(&by, account, old.row.key, new).await;
    assert!(matches!(rotated, Err(KeyringError::Suspended)));
    let issue = ["key", "issue", &account.to_string(), "leads"];
    let refused = crate::operator::refusal(&user.app, &issue).await;
    assert_eq!(refused, "the account is suspended, so no key can be made");
    // A key can be revoked: it does not come back when the account does.
    keyring.revoke(&by, account, old.row.key).await.unwrap();
    user.resume().await;
    assert_eq!(user.state_of(&id).await, "revoked");
}
