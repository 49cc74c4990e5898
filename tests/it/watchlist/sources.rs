//! A refresh asks the public sources of what is watched.

use serde_json::json;

use tests::{PERIOD, Web};

use super::{PATH, entry};
use crate::score::sources::{acme, asking};

#[tokio::test]
async fn a_company_that_was_unknown_is_asked_about_once_for_all_who_watch_it() {
    let web: Web = acme();
    let (asking, first) = asking(&web).await;
    let second = asking.customer(100).await;
    // Whoever adds a company is told what is known already, and asks nobody.
    for customer in [&first, &second] {
        let body = json!({ "domain": "acme.com" });
        let call = asking.post(PATH).key(customer).json(&body);
        assert_eq!(call.send().await.expect(201).json["score"], 0);
    }
    assert_eq!(web.seen(), Vec::<String>::new());

    asking.clock.advance(PERIOD);
    let report = asking.refresh().await;
    assert_eq!((report.companies, report.entries), (1, 2));
    let found = entry(&asking, &first, "acme.com").await;
    assert!(found["score"].as_u64() > Some(0), "{found}");
    assert_eq!(
        entry(&asking, &second, "acme.com").await["score"],
        found["score"]
    );
    assert!(!web.seen().is_empty());

    // What answered holds for a day, so the next refresh asks nobody.
    asking.clock.advance(PERIOD);
    assert_eq!(asking.refresh().await.companies, 1);
    assert_eq!(web.seen(), Vec::<String>::new());
}
