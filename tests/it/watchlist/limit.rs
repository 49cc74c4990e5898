use futures::future::join_all;
use http::Method;
use tests::{Answer, TestApp};
use types::Product;

use super::PATH;

fn split(answers: Vec<Answer>) -> (Vec<Answer>, Vec<Answer>) {
    answers.into_iter().partition(|answer| answer.status == 201)
}

#[tokio::test]
async fn parallel_additions_fill_the_plan_s_watchlist_and_no_more() {
    let app = TestApp::new().await;
    let customer = app.customer_on(Product::Intent, "free", 100).await;
    let domains: Vec<String> = (0..50)
        .map(|number| format!("company{number}.com"))
        .collect();
    let calls = domains
        .iter()
        .map(|domain| app.watch(&customer, domain).send());
    let (added, refused) = split(join_all(calls).await);
    assert_eq!((added.len(), refused.len()), (25, 25));
    for answer in refused {
        let answer = answer.expect(429);
        assert_eq!(answer.error(), ("LIMIT_REACHED", "resource"));
        assert_eq!(answer.json["error"]["limit"], 25);
    }
    assert_eq!(app.watchlist(&customer).await.len(), 25);
    assert_eq!(
        app.intent_workspace
            .watch_count(customer.account)
            .await
            .unwrap(),
        25
    );
    // One that is removed makes room for one.
    app.clock.advance(60);
    let first = added[0].json["domain"].as_str().unwrap();
    let call = app.call(Method::DELETE, &format!("{PATH}/{first}"));
    call.key(&customer).send().await.expect(204);
    let calls = ["one.com", "two.com"].map(|domain| app.watch(&customer, domain).send());
    let (added, refused) = split(join_all(calls).await);
    assert_eq!((added.len(), refused.len()), (1, 1));
    assert_eq!(app.watchlist(&customer).await.len(), 25);
}

#[tokio::test]
async fn parallel_additions_of_one_company_leave_one() {
    let app = TestApp::new().await;
    let customer = app.customer_on(Product::Intent, "free", 100).await;
    let calls = (0..50).map(|_| app.watch(&customer, "stripe.com").send());
    let (added, refused) = split(join_all(calls).await);
    assert_eq!(added.len(), 1);
    for answer in refused {
        assert_eq!(answer.expect(409).error(), ("DUPLICATE", "already_watched"));
    }
    assert_eq!(app.watchlist(&customer).await.len(), 1);
    assert_eq!(
        app.intent_workspace
            .watch_count(customer.account)
            .await
            .unwrap(),
        1
    );
    assert_eq!(app.watcher_count("stripe.com").await, "1");
}

#[tokio::test]
async fn accounts_that_watch_the_same_company_are_counted() {
    let app = TestApp::new().await;
    let mut customers = Vec::new();
    for _ in 0..20 {
        customers.push(app.customer(100).await);
    }
    let calls = customers
        .iter()
        .map(|customer| app.watch(customer, "stripe.com").send());
    let (added, _) = split(join_all(calls).await);
    assert_eq!(added.len(), 20);
    assert_eq!(app.watcher_count("stripe.com").await, "20");
    let path = format!("{PATH}/stripe.com");
    let calls = customers
        .iter()
        .take(7)
        .map(|customer| app.call(Method::DELETE, &path).key(customer).send());
    join_all(calls).await;
    assert_eq!(app.watcher_count("stripe.com").await, "13");
}
