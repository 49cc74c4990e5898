//! A suspension just before each write of what opens products and shards, and the other way round.

use accounts::{Accounts, Actor, AuditAction, Suspension};
use auth::ChangedBy;
use quota::Plan;
use store::{Dynamo, StoreError};

use super::products::items;
use super::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Suspend,
    /// Adds a product with shards.
    Add,
    /// Opens the shards of a product that has none.
    Open,
}

async fn act(
    app: &TestApp,
    accounts: &Accounts,
    act: Act,
    account: AccountId,
) -> Result<(), StoreError> {
    let by = ChangedBy {
        actor: Actor::Operator,
        now: app.clock.now(),
        request: None,
    };
    let audit = by.entry(
        AuditAction::AccountSuspend,
        account.to_string(),
        String::new(),
    );
    let meter = Plan::named(Product::Liquidity, "institutional")
        .unwrap()
        .meter();
    // As the command line does: what was changed by another at this moment is tried again.
    for _ in 0..3 {
        let done = match act {
            Act::Suspend => {
                let suspension = Suspension {
                    since: by.now,
                    reason: REASON.to_owned(),
                };
                accounts
                    .suspend(account, &suspension, &audit)
                    .await
                    .map(drop)
            }
            Act::Add => {
                accounts
                    .add_product(account, Product::Liquidity, &meter, &audit)
                    .await
            }
            Act::Open => {
                accounts
                    .set_plan(account, Product::Liquidity, &meter, &audit)
                    .await
            }
        };
        match done {
            Err(StoreError::Conflict) => {}
            done => return done,
        }
    }
    Err(StoreError::Conflict)
}

#[tokio::test]
async fn whatever_comes_between_all_items_are_suspended() {
    let app = TestApp::new().await;
    let table = app.env.required("ACCOUNTS_TABLE").unwrap();
    let held = Accounts::new(&Dynamo::new(&app.mortal), table);
    for (first, second) in [
        (Act::Suspend, Act::Add),
        (Act::Add, Act::Suspend),
        (Act::Suspend, Act::Open),
        (Act::Open, Act::Suspend),
    ] {
        for number in 0.. {
            let customer = open(&app, "1").await;
            let account = customer.account;
            if [first, second].contains(&Act::Open) {
                let analyst = [
                    "account",
                    "set-plan",
                    &account.to_string(),
                    "liquidity",
                    "analyst",
                ];
                text(&app, &analyst).await;
            }
            let process = act(&app, &held, first, account);
            let other = async { act(&app, &app.accounts, second, account).await.unwrap() };
            let (done, was_held) = app.deaths.meanwhile(number, process, other).await;
            done.unwrap();
            if !was_held {
                assert!(number > 0, "{first:?} has no write");
                break;
            }
            let mut all = items(&app, &customer, Product::Intent).await;
            all.extend(items(&app, &customer, Product::Liquidity).await);
            assert_eq!(all.len(), 1 + 17, "{first:?}, {second:?}");
            for item in all {
                let is_suspended = item.contains_key("suspended");
                assert!(
                    is_suspended,
                    "{first:?}, {second:?} before write {number}: {item:?}"
                );
            }
        }
    }
}
