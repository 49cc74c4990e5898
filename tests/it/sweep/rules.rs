use std::collections::BTreeSet;

use auth::Scope;
use endpoints::{Access, Dialect, Endpoint};
use http::Method;
use tests::{Answer, Call, Customer, Issuer, TestApp, signal};
use types::{Credits, Product};

use crate::operator::operate;

use super::routes::{only_reads, plan, products, read_scope, uri};

fn call(app: &TestApp, endpoint: &Endpoint) -> Call {
    app.call(endpoint.method.as_str().parse().unwrap(), &uri(endpoint))
}

async fn customer(app: &TestApp, product: Product) -> Customer {
    app.customer_on(product, plan(product), 10).await
}

/// An app, and the session of a user who has a plan of liquidity with reports.
async fn signed_in(issuer: &Issuer) -> (TestApp, String) {
    let app = TestApp::new().await.with_issuer(issuer);
    let session = issuer.token("ada", app.clock.now());
    let stats = app
        .get("/api/v1/usage/stats?product=leads")
        .bearer(&session);
    let account = stats.send().await.expect(200).json["userId"].clone();
    let words = ["account", "set-plan", account.as_str().unwrap()];
    let words = [&words[..], &["liquidity", plan(Product::Liquidity)]].concat();
    assert_eq!(operate(&app, &words).await.code, 0);
    (app, session)
}

/// The endpoints that a key of a product may call: the product's, and those of the account.
fn open_to(product: Product) -> impl Iterator<Item = &'static Endpoint> {
    endpoints::all().filter(move |endpoint| endpoint.product.is_none_or(|of| of == product))
}

/// The scope that a key of `product` needs at an endpoint. Portal's scopes are about its clients, so any of its keys may ask
/// about the account.
fn needed(endpoint: &Endpoint, product: Product) -> Option<Scope> {
    let of_account = endpoint.product.is_none() && product == Product::Portal;
    endpoint.scope().filter(|_| !of_account)
}

/// What any key gets where a key does not do.
#[track_caller]
fn assert_keyless(endpoint: &Endpoint, answer: Answer) {
    let reason = match endpoint.access {
        Access::Key(_) => panic!("{endpoint:?} takes keys"),
        Access::Session => answer.expect(403).error().1.to_owned(),
        // Nobody may report leaks here, so there is no such route.
        Access::Signature => answer.expect(404).error().1.to_owned(),
        // A key is no part of a link.
        Access::Link => answer.expect(400).error().1.to_owned(),
    };
    let expected = ["session_required", "route_unknown", "parameter_missing"];
    assert!(expected.contains(&&*reason), "{endpoint:?}: {reason}");
}

#[tokio::test]
async fn no_answer_without_a_key() {
    let app = TestApp::new().await;
    for endpoint in endpoints::all() {
        let answer = call(&app, endpoint).send().await;
        answer.shown();
        if matches!(endpoint.access, Access::Signature | Access::Link) {
            assert_keyless(endpoint, answer);
        } else {
            assert_eq!(answer.expect(401).error().1, "key_missing", "{endpoint:?}");
        }
    }
}

#[tokio::test]
async fn an_error_is_in_the_dialect_of_its_path() {
    let app = TestApp::new().await;
    for endpoint in endpoints::all() {
        if matches!(endpoint.access, Access::Signature | Access::Link) {
            continue;
        }
        let answer = call(&app, endpoint).send().await.expect(401);
        let (json, headers) = (&answer.json, &answer.headers);
        match endpoint.dialect {
            Dialect::Standard => assert!(json["error"]["code"].is_string(), "{endpoint:?}: {json}"),
            Dialect::LeadsGraphql => {
                assert_eq!(json["errors"][0]["extensions"]["response"]["status"], 401);
                assert_eq!(headers["www-authenticate"], "Basic realm=\"assay\"");
            }
            Dialect::LeadsRest => assert!(json["code"].is_string(), "{endpoint:?}: {json}"),
        }
        // Whoever is told how to send a key is not told another product's form.
        let message = json.to_string();
        for (product, prefix) in [
            (Product::Intent, "iq_live_sk_"),
            (Product::Liquidity, "ilq_"),
            (Product::Leads, "lq_live_"),
            (Product::Portal, "ik_live_"),
        ] {
            let named =
                message.contains(&format!(" {prefix}")) || message.contains(&format!(" {prefix}…"));
            let here = endpoint.products().any(|of| of == product);
            assert!(here || !named, "{endpoint:?}: {message}");
        }
    }
}

#[tokio::test]
async fn a_key_that_may_only_read_changes_nothing() {
    let app = TestApp::new().await;
    for product in products() {
        let customer = customer(&app, product).await;
        let reader = app.with_scopes(&customer, &[read_scope(product)]).await;
        for endpoint in open_to(product) {
            let answer = call(&app, endpoint).key(&reader).send().await;
            let Some(scope) = endpoint.scope() else {
                assert_keyless(endpoint, answer);
                continue;
            };
            if scope == Scope::Read || scope == read_scope(product) {
                assert_ne!(answer.status, 403, "{endpoint:?}");
            } else {
                assert_eq!(
                    answer.expect(403).error().1,
                    "scope_missing",
                    "{endpoint:?}"
                );
            }
        }
    }
    assert!(endpoints::all().all(|endpoint| {
        only_reads(endpoint)
            || ![Some(Scope::Read), Some(Scope::ClientsRead)].contains(&endpoint.scope())
    }));
}

#[tokio::test]
async fn a_key_without_any_scope_may_do_nothing() {
    let app = TestApp::new().await;
    for product in products() {
        let customer = customer(&app, product).await;
        let nobody = app.with_scopes(&customer, &[]).await;
        for endpoint in open_to(product) {
            let answer = call(&app, endpoint).key(&nobody).send().await;
            if endpoint.scope().is_none() {
                assert_keyless(endpoint, answer);
                continue;
            }
            let Some(scope) = needed(endpoint, product) else {
                continue;
            };
            let answer = answer.expect(403);
            assert_eq!(answer.error().1, "scope_missing", "{endpoint:?}");
            let json = answer.json.to_string();
            assert!(json.contains(&format!("\"scope\":\"{scope}\"")), "{json}");
        }
    }
}

#[tokio::test]
async fn another_product_s_key_may_do_nothing() {
    let app = TestApp::new().await;
    let of_products: Vec<&'static Endpoint> = endpoints::all()
        .filter(|endpoint| endpoint.product.is_some())
        .collect();
    for product in Product::ALL {
        // A key of these plans may call 60 times a minute.
        for endpoints in of_products.chunks(50) {
            let customer = customer(&app, product).await;
            for endpoint in endpoints {
                assert_other_product(&app, &customer, endpoint).await;
            }
        }
    }
}

/// Fails the test unless the endpoint refuses a key of another product.
async fn assert_other_product(app: &TestApp, customer: &Customer, endpoint: &'static Endpoint) {
    let product = customer.product;
    if endpoint.products().any(|of| of == product) {
        return;
    }
    let answer = call(app, endpoint).key(customer).send().await;
    if endpoint.access == Access::Session {
        assert_keyless(endpoint, answer);
        return;
    }
    // On a path that the products share, the key's product has other methods.
    let shares_path =
        endpoints::all().any(|other| other.path == endpoint.path && other.product == Some(product));
    if shares_path {
        answer.expect(405);
        return;
    }
    assert_eq!(
        answer.expect(403).error().1,
        "wrong_product",
        "{endpoint:?}"
    );
}

#[tokio::test]
async fn garbage_is_refused() {
    let issuer = Issuer::start();
    let (app, session) = signed_in(&issuer).await;
    for endpoint in endpoints::all().filter(|endpoint| endpoint.takes_body) {
        let product = endpoint.product.unwrap_or(Product::Intent);
        let customer = customer(&app, product).await;
        for content_type in [
            "application/json",
            "text/csv",
            "multipart/form-data",
            "x",
            "",
        ] {
            let call = call(&app, endpoint);
            let call = match endpoint.access {
                Access::Key(_) => call.key(&customer),
                Access::Session | Access::Signature | Access::Link => call.bearer(&session),
            };
            let answer = call
                .body(content_type, b"\0\xff{garbage".to_vec())
                .send()
                .await;
            assert!(
                [400, 415].contains(&answer.status.as_u16()),
                "{endpoint:?}: {}",
                answer.json
            );
            answer.error();
        }
    }
    let customer = app.customer(10).await;
    let body = app.call(Method::GET, "/api/v1/score").key(&customer);
    body.body("application/json", "garbage")
        .send()
        .await
        .expect(400);
}

/// An array is no object, whatever the order of the fields of a type; a field is there once; and what is not UTF-8 is not
/// replaced, neither by us nor, unnoticed, by a gateway.
#[tokio::test]
async fn json_is_what_it_is_meant_to_be() {
    let issuer = Issuer::start();
    let (app, session) = signed_in(&issuer).await;
    let bodies: [&[u8]; 7] = [
        b"[null]",
        b"[\"intent\", \"x\", [\"read\"], null]",
        b"[[\"a.com\", \"hiring\", 0.5, \"2026-11-01\", \"x\", \"1\"]]",
        b"{\"domain\": \"a.com\", \"domain\": \"b.com\"}",
        b"{\"domain\": \"Caf\xe9\"}",
        b"{\"domain\": \"Caf\xef\xbf\xbd\"}",
        b"\xff\xfe{\0}\0",
    ];
    for endpoint in endpoints::all().filter(|endpoint| endpoint.takes_body) {
        let product = endpoint.product.unwrap_or(Product::Intent);
        let customer = customer(&app, product).await;
        for body in bodies {
            let call = call(&app, endpoint).body("application/json", body);
            let call = match endpoint.access {
                Access::Key(_) => call.key(&customer),
                Access::Session | Access::Signature | Access::Link => call.bearer(&session),
            };
            let answer = call.send().await;
            // A list of signals is answered item by item.
            let is_failed = answer.json["stored"] == 0 && answer.json["failed"] != 0;
            assert!(
                [400, 401, 404, 415].contains(&answer.status.as_u16()) || is_failed,
                "{endpoint:?}: {body:?}: {}",
                answer.json
            );
        }
    }
}

/// A parameter that is mistyped or not known here would be ignored without a word, by endpoints that take none too.
#[tokio::test]
async fn no_parameter_is_ignored() {
    let issuer = Issuer::start();
    let (app, session) = signed_in(&issuer).await;
    for endpoint in endpoints::all().filter(|endpoint| endpoint.access != Access::Signature) {
        let product = endpoint.product.unwrap_or(Product::Intent);
        let customer = customer(&app, product).await;
        let uri = uri(endpoint);
        let and = if uri.contains('?') { '&' } else { '?' };
        let method = endpoint.method.as_str().parse().unwrap();
        let call = app.call(method, &format!("{uri}{and}colour=red"));
        let call = match endpoint.access {
            Access::Key(_) => call.key(&customer),
            Access::Session | Access::Signature | Access::Link => call.bearer(&session),
        };
        let call = if endpoint.takes_body {
            call.json(&serde_json::json!({}))
        } else {
            call
        };
        let answer = call.send().await.expect(400);
        assert_eq!(answer.error().1, "parameter_unknown", "{endpoint:?}");
        assert!(
            answer.json.to_string().contains("colour"),
            "{}",
            answer.json
        );
    }
}

#[tokio::test]
async fn an_idempotency_key_is_read_where_the_table_says_so_and_nowhere_else() {
    let issuer = Issuer::start();
    let (app, session) = signed_in(&issuer).await;
    for endpoint in endpoints::all().filter(|endpoint| !endpoint.idempotent) {
        let product = endpoint.product.unwrap_or(Product::Intent);
        let customer = customer(&app, product).await;
        let call = call(&app, endpoint).header("idempotency-key", "");
        let call = match endpoint.access {
            Access::Key(_) => call.key(&customer),
            Access::Session | Access::Signature | Access::Link => call.bearer(&session),
        };
        let json = call.send().await.json;
        assert!(
            !json.to_string().contains("Idempotency-Key"),
            "{endpoint:?}: {json}"
        );
    }
}

#[tokio::test]
async fn other_methods() {
    let app = TestApp::new().await;
    let paths: BTreeSet<&str> = endpoints::all().map(|endpoint| endpoint.path).collect();
    for path in paths {
        let here: Vec<&Endpoint> = endpoints::all().filter(|of| of.path == path).collect();
        let product = here[0].product.unwrap_or(Product::Intent);
        let customer = customer(&app, product).await;
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
            if here
                .iter()
                .any(|endpoint| endpoint.method.as_str() == method)
            {
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
    for endpoint in endpoints::all() {
        let path = format!("{}?domain=stripe.com", uri(endpoint));
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
