//! Another product's watchlists, with entries of its own and no refresher.

use serde::{Deserialize, Serialize};
use store::keys::all_after;
use tests::TestApp;
use types::{AccountId, Product, Timestamp};
use workspace::{Added, Change, Watched, Watchlists};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct ProtocolWatch {
    account: AccountId,
    slug: String,
    alert_on_tier_change: bool,
    created_at: Timestamp,
}

impl Watched for ProtocolWatch {
    const PRODUCT: Product = Product::Liquidity;

    fn account(&self) -> AccountId {
        self.account
    }

    fn subject(&self) -> &str {
        &self.slug
    }
}

fn entry(account: AccountId, slug: &str, now: Timestamp) -> ProtocolWatch {
    ProtocolWatch {
        account,
        slug: slug.to_owned(),
        alert_on_tier_change: true,
        created_at: now,
    }
}

#[tokio::test]
async fn entries_without_a_refresher_are_counted_listed_and_removed() {
    let app = TestApp::new().await;
    let now = app.clock.now();
    let lists = Watchlists::<ProtocolWatch>::new(&app.workspace);
    let (one, other) = (AccountId::new(now), AccountId::new(now));
    for slug in ["ondo-usdy", "blackrock-buidl"] {
        let added = lists.add(&entry(one, slug, now), Some(2), None).await;
        assert_eq!(added.unwrap(), Added::Yes);
    }
    let again = entry(one, "ondo-usdy", now);
    let added = lists.add(&again, Some(2), None).await.unwrap();
    assert_eq!(added, Added::Exists(Box::new(again)));
    let third = entry(one, "third", now);
    assert_eq!(lists.add(&third, Some(2), None).await.unwrap(), Added::Full);
    let added = lists.add(&entry(other, "ondo-usdy", now), None, None).await;
    assert_eq!(added.unwrap(), Added::Yes);

    let (page, _) = lists.page(one, all_after(None), 10).await.unwrap();
    let slugs: Vec<&str> = page.iter().map(|entry| &*entry.slug).collect();
    assert_eq!(slugs, ["blackrock-buidl", "ondo-usdy"]);
    let (page, last) = lists.page(one, all_after(None), 1).await.unwrap();
    assert_eq!((page.len(), last.as_deref()), (1, Some("blackrock-buidl")));
    let rest = all_after(last.as_deref());
    let (page, _) = lists.page(one, rest, 10).await.unwrap();
    assert_eq!(page.len(), 1);
    assert_eq!(page[0].slug, "ondo-usdy");
    let mut watchers = lists.watchers("ondo-usdy").await.unwrap();
    watchers.sort_unstable();
    let mut expected = vec![one, other];
    expected.sort_unstable();
    assert_eq!(watchers, expected);

    let quiet = vec![(
        "alert_on_tier_change",
        Change::Set(aws_sdk_dynamodb::types::AttributeValue::Bool(false)),
    )];
    let changed = lists.change(one, "ondo-usdy", quiet).await.unwrap();
    assert!(!changed.unwrap().alert_on_tier_change);

    assert!(lists.remove(one, "ondo-usdy").await.unwrap());
    assert!(!lists.remove(one, "ondo-usdy").await.unwrap());
    assert_eq!(lists.count(one).await.unwrap(), 1);
    assert_eq!(lists.watchers("ondo-usdy").await.unwrap(), [other]);
}

#[tokio::test]
async fn a_subject_without_a_refresher_is_never_due() {
    let app = TestApp::new().await;
    let now = app.clock.now();
    let lists = Watchlists::<ProtocolWatch>::new(&app.workspace);
    let account = AccountId::new(now);
    let entry = entry(account, "ondo-usdy", now);
    let added = lists.add(&entry, None, None).await;
    assert_eq!(added.unwrap(), Added::Yes);
    for partition in Watchlists::<ProtocolWatch>::due_partitions() {
        let due = lists.due(partition, None, Timestamp::MAX, 10).await;
        assert_eq!(due.unwrap(), []);
    }
    let stored = app.workspace_item("WATCHED#liquidity#ondo-usdy", "WATCHERS");
    assert!(!stored.await.unwrap().contains_key("index_pk"));
}
