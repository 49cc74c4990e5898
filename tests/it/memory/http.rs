use std::collections::BTreeMap;

use endpoints::Endpoint;
use serde_json::{Value, json};
use tests::{Limited, TestApp, signal};
use types::Product;

/// Bytes of bodies: nearly the most that is parsed as GraphQL and as JSON, and nearly the most that Lambda takes.
const SIZES: [usize; 3] = [19_900, 4_490_000, 5_900_000];

/// Bodies with much in little: what each is, its type, and its text.
fn bodies(size: usize) -> Vec<(&'static str, &'static str, String)> {
    let array = |item: &str| format!("[{}0]", format!("{item},").repeat(size / (item.len() + 1)));
    vec![
        ("zeros", "application/json", array("0")),
        ("objects", "application/json", array("{}")),
        ("members", "application/json", array("{\"\":0}")),
        ("many members", "application/json", members(size)),
        ("open arrays", "application/json", "[".repeat(size)),
        (
            "one text",
            "application/json",
            format!("\"{}\"", "x".repeat(size)),
        ),
        ("fields", "application/json", query("{", "a ", size)),
        ("levels", "application/json", query("", "{a", size)),
        ("lists", "application/json", query("{a(b:", "[", size)),
        ("commas", "text/csv", ",".repeat(size)),
    ]
}

/// A GraphQL query that repeats a part.
fn query(start: &str, part: &str, size: usize) -> String {
    let parts = part.repeat((size - 40) / part.len());
    json!({ "query": format!("{start}{parts}") }).to_string()
}

/// An array of one object with many members.
fn members(size: usize) -> String {
    let members: Vec<String> = (0..size / 12).map(|id| format!("\"{id:06}\":0")).collect();
    format!("[{{{}}}]", members.join(","))
}

/// The endpoints that take a body, by function.
fn with_bodies() -> BTreeMap<&'static str, Vec<&'static Endpoint>> {
    let mut functions: BTreeMap<&str, Vec<&Endpoint>> = BTreeMap::new();
    for endpoint in endpoints::all() {
        if endpoint.takes_body {
            functions
                .entry(endpoint.function)
                .or_default()
                .push(endpoint);
        }
    }
    functions
}

#[tokio::test]
async fn no_body_ends_a_function() {
    let app = TestApp::new().await;
    for (function, endpoints) in with_bodies() {
        let process = Limited::to_half(&app, function);
        for endpoint in endpoints {
            let product = endpoint.product.unwrap_or(Product::Intent);
            let customer = super::customer(&app, product).await;
            for (what, content_type, body) in SIZES.into_iter().flat_map(bodies) {
                let route = (endpoint.method.as_str(), endpoint.path);
                let (status, answer) = process.call(&customer, route, (content_type, &body));
                assert!(!status.is_server_error(), "{route:?} {what}: {answer}");
            }
        }
        process.print_peak("bodies of 6 MB");
    }
}

#[tokio::test]
async fn as_many_signals_as_a_call_may_have() {
    let app = TestApp::new().await;
    let customer = super::customer(&app, Product::Intent).await;
    let signals = Limited::to_half(&app, "signals");
    let body = (0..500).map(|id| {
        let mut signal = signal(&format!("company{id}.com"), "hiring", 3, &id.to_string());
        signal["evidence"] = "\u{20ac}".repeat(500).into();
        signal["url"] = format!("https://example.com/{}", "x".repeat(2_000)).into();
        signal
    });
    let body = json!(body.collect::<Vec<Value>>()).to_string();
    let route = ("POST", "/api/v1/signals");
    let (status, answer) = signals.call(&customer, route, ("application/json", &body));
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["stored"], 500);
    signals.print_peak("500 signals of 4 kB");
}
