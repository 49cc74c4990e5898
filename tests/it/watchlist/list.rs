use intent::Kind;
use serde_json::{Value, json};
use tests::{Answer, Customer, TestApp, known};

use super::{PATH, entry, excite};

/// A company with this many signals that everyone sees.
async fn publish(app: &TestApp, domain: &str, signals: usize) {
    let kinds = [Kind::Engagement, Kind::Funding, Kind::Hiring, Kind::Product];
    for (kind, id) in kinds.into_iter().zip(0..signals) {
        app.publish(domain, known(kind, 14, &id.to_string())).await;
    }
}

async fn pages(app: &TestApp, customer: &Customer, query: &str) -> Vec<Answer> {
    let mut next = format!("{PATH}?{query}");
    let mut pages = Vec::new();
    loop {
        let page = app.get(&next).header("host", "api.example").key(customer);
        let page = page
            .header("x-forwarded-proto", "https")
            .send()
            .await
            .expect(200);
        let link = page.header("link").to_owned();
        pages.push(page);
        let Some((address, rest)) = link
            .strip_prefix("<https://api.example")
            .and_then(|link| link.split_once('>'))
        else {
            assert_eq!(link, "");
            return pages;
        };
        assert_eq!(rest, "; rel=\"next\"");
        address.clone_into(&mut next);
    }
}

fn of(pages: &[Answer], field: &str) -> Vec<Value> {
    let entries = pages.iter().flat_map(|page| page.json.as_array().unwrap());
    entries.map(|entry| entry[field].clone()).collect()
}

#[tokio::test]
async fn the_highest_score_comes_first_whatever_the_page() {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    for number in 0..23 {
        let domain = format!("company{number}.com");
        publish(&app, &domain, number % 5).await;
        app.watch(&customer, &domain).send().await.expect(201);
    }
    let whole = pages(&app, &customer, "limit=500").await;
    assert_eq!(whole.len(), 1);
    let scores: Vec<u64> = of(&whole, "score")
        .iter()
        .map(|score| score.as_u64().unwrap())
        .collect();
    assert_eq!(scores.len(), 23);
    assert!(scores.is_sorted_by(|one, next| one >= next), "{scores:?}");
    for limit in [1, 5, 7, 23] {
        let pages = pages(&app, &customer, &format!("limit={limit}")).await;
        assert!(pages.len() >= 23usize.div_ceil(limit));
        assert_eq!(of(&pages, "domain"), of(&whole, "domain"));
    }
    // Equal scores stand by name.
    let (names, none) = (
        of(&whole, "domain"),
        scores.iter().filter(|score| **score == 0).count(),
    );
    assert_eq!(none, 5);
    assert!(
        names[23 - none..]
            .iter()
            .map(|name| name.as_str().unwrap())
            .is_sorted()
    );
}

#[tokio::test]
async fn by_band() {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    for (domain, signals) in [("warm.com", 3), ("cold.com", 1), ("none.com", 0)] {
        publish(&app, domain, signals).await;
        app.watch(&customer, domain).send().await.expect(201);
    }
    excite(&app, "hot.com").await;
    app.watch(&customer, "hot.com").send().await.expect(201);
    for (band, expected) in [
        ("HOT", vec!["hot.com"]),
        ("WARM", vec!["warm.com"]),
        ("cold", vec!["cold.com", "none.com"]),
    ] {
        let pages = pages(&app, &customer, &format!("band={band}&limit=1")).await;
        assert_eq!(of(&pages, "domain"), expected, "{band}");
    }
}

#[tokio::test]
async fn a_page_begins_where_the_one_before_ended_though_its_last_entry_is_gone() {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    for domain in ["a.com", "b.com", "c.com"] {
        app.watch(&customer, domain).send().await.expect(201);
    }
    let call = app.call(http::Method::DELETE, &format!("{PATH}/b.com"));
    call.key(&customer).send().await.expect(204);
    let rest = pages(&app, &customer, "limit=2&cursor=0~b.com").await;
    assert_eq!(of(&rest, "domain"), ["c.com"]);
    // A cursor from before the band, or behind it.
    excite(&app, "hot.com").await;
    app.watch(&customer, "hot.com").send().await.expect(201);
    let all = pages(&app, &customer, "band=COLD&cursor=100~a.com").await;
    assert_eq!(of(&all, "domain"), ["a.com", "c.com"]);
    let none = pages(&app, &customer, "band=HOT&cursor=0~a.com").await;
    assert_eq!(none[0].json, json!([]));
}

#[tokio::test]
async fn an_entry_tells_how_old_its_score_is() {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    app.watch(&customer, "a.com").send().await.expect(201);
    app.clock.advance(90);
    assert_eq!(entry(&app, &customer, "a.com").await["score_age"], 90);
    assert_eq!(app.watchlist(&customer).await[0]["score_age"], 90);
}

#[tokio::test]
async fn parameters_that_are_not_in_order() {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    for (query, reason) in [
        ("band=LUKEWARM", "parameter_invalid"),
        ("limit=0", "parameter_invalid"),
        ("limit=501", "parameter_invalid"),
        ("page=2", "parameter_unknown"),
        ("band=HOT&band=WARM", "parameter_repeated"),
        ("cursor=", "cursor_invalid"),
        ("cursor=101~a.com", "cursor_invalid"),
        ("cursor=50~", "cursor_invalid"),
        ("cursor=50", "cursor_invalid"),
        ("cursor=%00~a.com", "cursor_invalid"),
    ] {
        let refused = app.get(&format!("{PATH}?{query}")).key(&customer).send();
        assert_eq!(refused.await.expect(400).error().1, reason, "{query}");
    }
}
