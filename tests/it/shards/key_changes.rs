use auth::{KeyRequest, Keyring, KeyringError, Scope};
use quota::Plan;
use types::KeyId;

use super::*;

fn keyring(app: &TestApp) -> Keyring {
    Keyring::new(app.accounts.clone(), Plan::rotation_days)
}

fn by(app: &TestApp) -> ChangedBy {
    ChangedBy {
        actor: Actor::Operator,
        now: app.clock.now(),
        request: None,
    }
}

async fn issue(app: &TestApp, customer: &Customer) -> Result<Customer, KeyringError> {
    let request = KeyRequest {
        product: product(),
        scopes: vec![Scope::Read],
        label: None,
        expires_at: None,
    };
    let id = KeyId::new(app.clock.now());
    let keyring = keyring(app);
    let (key, raw) = keyring
        .issue(&by(app), customer.account, id, &request)
        .await?;
    Ok(Customer {
        key: key.row.key,
        raw: raw.reveal().into_owned(),
        ..customer.clone()
    })
}

#[tokio::test]
async fn a_revoked_key_is_refused_on_every_shard_at_once() {
    let app = TestApp::new().await;
    let customer = unlimited(&app, 0).await;
    let other = app.with_scopes(&customer, &[Scope::Read]).await;
    let traffic = calls(&app, &customer, FREE, 150);
    let revoke = customer.revoke(&app.accounts, app.clock.now());
    let (answers, ()) = futures::join!(traffic, revoke);
    let let_in = answers.iter().filter(|answer| answer.status == 200);
    let let_in = 1 + let_in.count() as u64;

    let after = calls(&app, &customer, FREE, 150).await;
    all_are(&after, 401);
    assert_eq!(after[0].error(), ("UNAUTHORIZED", "key_revoked"));
    assert_eq!(calls_of_month(&app, &customer).await, let_in);
    all_are(&calls(&app, &other, FREE, 50).await, 200);
    assert_in_step(&app, &customer).await;
}

#[tokio::test]
async fn five_keys_and_no_more() {
    let app = TestApp::new().await;
    let first = unlimited(&app, 0).await;
    let issued = join_all((0..20).map(|_| issue(&app, &first))).await;
    let (made, refused): (Vec<_>, Vec<_>) = issued.into_iter().partition(Result::is_ok);
    assert_eq!(made.len(), 4);
    for error in refused {
        assert!(matches!(error, Err(KeyringError::Full)));
    }
    for key in made {
        all_are(&calls(&app, &key.unwrap(), FREE, 20).await, 200);
    }
    assert_in_step(&app, &first).await;
}

#[tokio::test]
async fn a_rotated_key_is_taken_for_its_grace_on_every_shard() {
    let app = TestApp::new().await;
    let old = unlimited(&app, 0).await;
    let id = KeyId::new(app.clock.now());
    let (keyring, by) = (keyring(&app), by(&app));
    let rotated = keyring.rotate(&by, old.account, old.key, id).await;
    let (new, raw, _) = rotated.unwrap();
    let new = Customer {
        key: new.row.key,
        raw: raw.reveal().into_owned(),
        ..old.clone()
    };
    assert_in_step(&app, &old).await;
    all_are(&calls(&app, &new, FREE, 50).await, 200);
    all_are(&calls(&app, &old, FREE, 50).await, 200);
    app.clock.advance(86_400);
    all_are(&calls(&app, &old, FREE, 50).await, 401);
    all_are(&calls(&app, &new, FREE, 50).await, 200);
}

#[tokio::test]
async fn keys_written_while_shards_come_and_go_are_on_all_items() {
    let app = TestApp::new().await;
    let customer = unlimited(&app, 0).await;
    let change_plans = async {
        for plan in [LIMITED, UNLIMITED].iter().cycle().take(10) {
            set_plan(&app.accounts, &customer, plan, app.clock.now())
                .await
                .unwrap();
        }
    };
    let change_keys = async |_: usize| {
        let mut kept = customer.clone();
        for _ in 0..4 {
            let next = issue(&app, &customer).await.unwrap();
            let dropped = std::mem::replace(&mut kept, next);
            if dropped.key != customer.key {
                dropped.revoke(&app.accounts, app.clock.now()).await;
                all_are(&calls(&app, &dropped, FREE, 5).await, 401);
            }
        }
        kept
    };
    let keys = join_all((0..2).map(change_keys));
    let (mut kept, ()) = futures::join!(keys, change_plans);
    assert_in_step(&app, &customer).await;
    kept.push(customer.clone());
    let mut expected: Vec<String> = kept.iter().map(|one| one.key.suffix()).collect();
    expected.sort();
    let meter = app.item(&customer, "METER#intent").await.unwrap();
    assert_eq!(active(&meter), expected);
    for one in kept {
        all_are(&calls(&app, &one, FREE, 20).await, 200);
    }
}
