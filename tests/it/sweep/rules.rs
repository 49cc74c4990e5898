use std::collections::BTreeSet;

use auth::Scope;
use http::Method;
use tests::{Answer, Call, Issuer, TestApp, signal};
use types::{Credits, Product};

use super::routes::{Access, PUBLIC, ROUTES, Route, WRITE_WITH_READ};

fn call(app: &TestApp, route: &Route) -> Call {
    app.call(route.method.parse().unwrap(), &route.uri())
}

/// What any key gets where a key does not do.
#[track_caller]
fn assert_keyless(route: &Route, answer: Answer) {
    let reason = match route.access {
        Access::Key(_) => panic!("{route:?} takes keys"),
        Access::Session => answer.expect(403).error().1.to_owned(),
        // Nobody may report leaks here, so there is no such route.
        Access::Signature => answer.expect(404).error().1.to_owned(),
    };
    let expected = ["session_required", "route_unknown"];
    assert!(expected.contains(&&*reason), "{route:?}: {reason}");
}

#[tokio::test]
async fn no_answer_without_a_key() {
    let app = TestApp::new().await;
    for route in ROUTES {
        let answer = call(&app, &route).send().await;
        answer.shown();
        if PUBLIC.contains(&&*route.name()) {
            assert!(answer.status.is_success(), "{route:?}");
        } else if route.access == Access::Signature {
            assert_keyless(&route, answer);
        } else {
            assert_eq!(answer.expect(401).error().1, "key_missing", "{route:?}");
        }
    }
}

#[tokio::test]
async fn a_key_that_may_only_read_changes_nothing() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let reader = app.with_scopes(&customer, &[Scope::Read]).await;
    for route in ROUTES {
        let answer = call(&app, &route).key(&reader).send().await;
        if route.scope().is_none() {
            assert_keyless(&route, answer);
        } else if route.scope() == Some(Scope::Write) && !WRITE_WITH_READ.contains(&&*route.name())
        {
            assert_eq!(answer.expect(403).error().1, "scope_missing", "{route:?}");
        } else {
            assert_ne!(answer.status, 403, "{route:?}");
        }
    }
    assert!(
        ROUTES
            .iter()
            .all(|route| route.method == "GET" || route.scope() != Some(Scope::Read))
    );
}

#[tokio::test]
async fn a_key_without_any_scope_may_do_nothing() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let nobody = app.with_scopes(&customer, &[]).await;
    for route in ROUTES {
        let answer = call(&app, &route).key(&nobody).send().await;
        let Some(scope) = route.scope() else {
            assert_keyless(&route, answer);
            continue;
        };
        let answer = answer.expect(403);
        assert_eq!(answer.error().1, "scope_missing", "{route:?}");
        assert_eq!(answer.json["error"]["scope"], scope.as_str(), "{route:?}");
    }
}

#[tokio::test]
async fn another_product_s_key_may_do_nothing() {
    let app = TestApp::new().await;
    for (product, plan) in [
        (Product::Leads, "free"),
        (Product::Liquidity, "analyst"),
        (Product::Portal, "free"),
    ] {
        let customer = app.customer_on(product, plan, 10).await;
        for route in ROUTES.iter().filter(|route| route.of_product) {
            let answer = call(&app, route).key(&customer).send().await;
            assert_eq!(answer.expect(403).error().1, "wrong_product", "{route:?}");
        }
    }
}

#[tokio::test]
async fn garbage_is_refused() {
    let issuer = Issuer::start();
    let app = TestApp::new().await.with_issuer(&issuer);
    let customer = app.customer(10).await;
    let session = issuer.token("ada", app.clock.now());
    for route in ROUTES.iter().filter(|route| route.takes_body) {
        let credential = match route.access {
            Access::Key(_) => &customer.raw,
            Access::Session | Access::Signature => &session,
        };
        for content_type in [
            "application/json",
            "text/csv",
            "multipart/form-data",
            "x",
            "",
        ] {
            let call = call(&app, route).bearer(credential);
            let answer = call
                .body(content_type, b"\0\xff{garbage".to_vec())
                .send()
                .await;
            assert!(
                [400, 415].contains(&answer.status.as_u16()),
                "{route:?}: {}",
                answer.json
            );
            answer.error();
        }
    }
    let body = app.call(Method::GET, "/api/v1/score").key(&customer);
    body.body("application/json", "garbage")
        .send()
        .await
        .expect(400);
}

#[tokio::test]
async fn other_methods() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let paths: BTreeSet<&str> = ROUTES.iter().map(|route| route.path).collect();
    for path in paths {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
            let here = |route: &&Route| route.path == path && route.method == method;
            if ROUTES.iter().any(|route| here(&route)) {
                continue;
            }
            let method: Method = method.parse().unwrap();
            let answer = app.call(method.clone(), path).key(&customer).send().await;
            assert_eq!(
                answer.expect(405).error().0,
                "METHOD_NOT_ALLOWED",
                "{method} {path}"
            );
        }
    }
}

#[tokio::test]
async fn a_head_is_not_a_get_whose_answer_is_charged_and_not_seen() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    app.learn(&customer, &[signal("stripe.com", "hiring", 10, "1")])
        .await;
    for route in ROUTES {
        let path = format!("{}?domain=stripe.com", route.uri());
        let answer = app.call(Method::HEAD, &path).key(&customer).send().await;
        answer.expect(405);
    }
    assert_eq!(app.balance(&customer).await, Credits::whole(10));
}

#[tokio::test]
async fn unknown_routes() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    for path in [
        "/",
        "/api/v1",
        "/api/v2/score",
        "/api/v1/score/",
        "/api/v1/score/nothing",
        "/api/v1/score/bulk/",
        "/api/v1/score/bulk/job_x/nothing",
        "/api/v1/score/bulk/job_x/cancel/",
        "/api/v1/signals/1",
        "/api/v1/usage/",
        "/api/v1/watchlist/",
        "/api/v1/watchlist/stripe.com/nothing",
        "/api/v1/usage/nothing",
    ] {
        for key in [None, Some(&customer)] {
            let call = app.get(path);
            let call = key.into_iter().fold(call, Call::key);
            let answer = call.send().await;
            answer.shown();
            assert_eq!(
                answer.expect(404).error(),
                ("NOT_FOUND", "route_unknown"),
                "{path}"
            );
        }
    }
    assert_eq!(app.calls_this_minute(&customer).await, 0);
}
