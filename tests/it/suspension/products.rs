//! Products and shards that come and go while an account is suspended and resumed.

use futures::future::join_all;
use tests::Item;

use super::*;

async fn set_plan(app: &TestApp, account: AccountId, product: &str, plan: &str) {
    let account = account.to_string();
    let words = ["account", "set-plan", &account, product, plan];
    loop {
        let outcome = operate(app, &words).await;
        if outcome.code == 0 {
            return;
        }
        // The account was suspended at this moment.
        assert!(outcome.stderr.contains("try again"), "{outcome:?}");
    }
}

/// The items that admit calls of a product.
pub(super) async fn items(app: &TestApp, customer: &Customer, product: Product) -> Vec<Item> {
    let customer = Customer {
        product,
        ..customer.clone()
    };
    let mut items = Vec::new();
    items.extend(app.item(&customer, &format!("METER#{product}")).await);
    let shards = join_all((0..16).map(|shard| app.shard(&customer, shard))).await;
    let open = |item: &Item| item.contains_key("shard");
    items.extend(shards.into_iter().flatten().filter(open));
    items
}

#[tokio::test]
async fn a_product_that_is_added_is_suspended_too() {
    let app = TestApp::new().await;
    let customer = open(&app, "1").await;
    suspend(&app, customer.account).await;
    set_plan(&app, customer.account, "liquidity", "institutional").await;
    let added = items(&app, &customer, Product::Liquidity).await;
    assert_eq!(added.len(), 17);
    assert!(added.iter().all(|item| item.contains_key("suspended")));
    resume(&app, customer.account).await;
    let added = items(&app, &customer, Product::Liquidity).await;
    assert!(!added.iter().any(|item| item.contains_key("suspended")));
    set_plan(&app, customer.account, "portal", "pro").await;
    let added = items(&app, &customer, Product::Portal).await;
    assert!(!added[0].contains_key("suspended"));
}

#[tokio::test]
async fn shards_that_are_opened_are_suspended_too() {
    let app = TestApp::new().await;
    let customer = open(&app, "1").await;
    let account = customer.account;
    set_plan(&app, account, "liquidity", "analyst").await;
    suspend(&app, account).await;
    set_plan(&app, account, "liquidity", "institutional").await;
    let opened = items(&app, &customer, Product::Liquidity).await;
    assert_eq!(opened.len(), 17);
    assert!(opened.iter().all(|item| item.contains_key("suspended")));
}

#[tokio::test]
async fn all_items_are_in_step_whatever_happens_at_once() {
    let app = TestApp::new().await;
    for product in ["leads", "portal"] {
        let customer = open(&app, "1").await;
        let account = customer.account;
        set_plan(&app, account, "liquidity", "analyst").await;
        let plans = async {
            for plan in ["institutional", "analyst"].iter().cycle().take(5) {
                set_plan(&app, account, "liquidity", plan).await;
            }
        };
        let suspensions = async {
            for _ in 0..3 {
                suspend(&app, account).await;
                resume(&app, account).await;
            }
            suspend(&app, account).await;
        };
        let addition = set_plan(&app, account, product, "free");
        futures::join!(plans, suspensions, addition);
        let mut all = Vec::new();
        for product in Product::ALL {
            all.extend(items(&app, &customer, product).await);
        }
        assert_eq!(all.len(), 3 + 16);
        for item in &all {
            assert!(item.contains_key("suspended"), "{item:?}");
        }
    }
}
