//! What the deployed functions send to a webhook, received by the code that the documentation prints.

mod documented;

use std::collections::HashMap;

use documented::{LIBRARIES, Receiver};
use reqwest::RequestBuilder;
use serde::Deserialize;
use serde_json::{Value, json};
use tests::{Customer, Deployed, answer};
use types::Product;

/// A secret of nobody.
const OTHER: &str = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
/// How the receivers say why they refuse a request.
const NOT_SIGNED: [&str; 2] = ["signature invalid", "No matching signature found"];
const TOO_OLD: [&str; 1] = ["timestamp too old"];

/// A request that arrived, its headers in lower case.
#[derive(Clone, Debug, Deserialize)]
struct Request {
    headers: HashMap<String, String>,
    body: String,
}

impl Request {
    /// The same request with another time in its header.
    fn at(&self, seconds: i64) -> Self {
        let mut changed = self.clone();
        let name = "webhook-timestamp".to_owned();
        changed.headers.insert(name, seconds.to_string());
        changed
    }

    /// The same request with another body, which is JSON as well.
    fn with_another_body(&self) -> Self {
        let mut changed = self.clone();
        changed.body = self.body.replace("ondo-usdy", "ondo-ousg");
        assert_ne!(changed.body, self.body);
        changed
    }
}

/// A webhook of the deployed stack.
struct Registered {
    stack: Deployed,
    customer: Customer,
    id: String,
    secret: String,
    /// Where the requests to it can be read.
    posted: String,
}

impl Registered {
    async fn new() -> Self {
        let stack = Deployed::running();
        let customer = stack.customer_on(Product::Liquidity, "professional").await;
        let path = format!("example.com/{}", types::unique(stack.now()));
        let form =
            json!({ "name": "e2e", "url": format!("https://{path}"), "events": ["score_change"] });
        let request = stack.post("/api/v1/webhooks").bearer_auth(&customer.raw);
        let made = answer(request.json(&form)).await.expect(201).json;
        Self {
            posted: format!("{}/posted/{path}", stack.stack.web_url),
            id: text(&made["webhook"]["id"]),
            secret: text(&made["secret"]),
            customer,
            stack,
        }
    }

    fn post(&self, action: &str) -> RequestBuilder {
        let path = format!("/api/v1/webhooks/{}/{action}", self.id);
        self.stack.post(&path).bearer_auth(&self.customer.raw)
    }

    /// The request of a test that is sent now.
    async fn request(&self) -> Request {
        let sent = answer(self.post("test")).await.expect(202).json;
        let delivery = text(&sent["id"]);
        let arrived = async || {
            let posted = answer(self.stack.get(&self.posted)).await.expect(200).json;
            let posted: Vec<Request> = serde_json::from_value(posted).unwrap();
            posted
                .into_iter()
                .find(|request| request.headers["x-intliq-delivery-id"] == delivery)
        };
        self.stack.wait_for("the request", 60, arrived).await
    }

    /// The secret that takes the place of the present one after some hours.
    async fn replace_secret(&self, grace_hours: u8) -> String {
        let form = json!({ "grace_hours": grace_hours });
        let replaced = self.post("rotate-secret").json(&form);
        text(&answer(replaced).await.expect(200).json["secret"])
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

#[track_caller]
fn accepts(receiver: Receiver, secret: &str, request: &Request) {
    let event = receiver.receive(secret, request);
    let id = request.headers["webhook-id"].clone();
    assert_eq!(event, Ok(id), "{receiver:?}");
}

#[track_caller]
fn refuses(receiver: Receiver, secret: &str, request: &Request, reasons: &[&str]) {
    let reason = receiver.receive(secret, request).unwrap_err();
    let is_known = reasons.iter().any(|known| reason.contains(known));
    assert!(is_known, "{receiver:?}: {reason}");
}

#[tokio::test]
async fn a_library_accepts_a_request_unless_it_was_changed_or_is_old() {
    let webhook = Registered::new().await;
    let request = webhook.request().await;
    let now = webhook.stack.now().as_second();
    let secret = &webhook.secret;
    for library in LIBRARIES {
        accepts(library, secret, &request);
        refuses(library, secret, &request.with_another_body(), &NOT_SIGNED);
        refuses(library, OTHER, &request, &NOT_SIGNED);
        refuses(library, secret, &request.at(now - 301), &TOO_OLD);
        // In time, but another time than the one that is signed.
        refuses(library, secret, &request.at(now - 240), &NOT_SIGNED);
    }
}

#[tokio::test]
async fn the_function_by_hand_accepts_a_request_unless_its_body_was_changed() {
    let webhook = Registered::new().await;
    let request = webhook.request().await;
    let now = webhook.stack.now().as_second();
    let (receiver, secret) = (Receiver::ByHand, &webhook.secret);
    accepts(receiver, secret, &request);
    refuses(receiver, secret, &request.with_another_body(), &NOT_SIGNED);
    refuses(receiver, OTHER, &request, &NOT_SIGNED);
    // As the page says: its signature has no time.
    accepts(receiver, secret, &request.at(now - 301));
}

#[tokio::test]
async fn while_a_secret_is_replaced_libraries_accept_either_and_the_function_the_old_one() {
    let webhook = Registered::new().await;
    let old = &webhook.secret;
    let new = webhook.replace_secret(24).await;
    let during = webhook.request().await;
    for library in LIBRARIES {
        accepts(library, old, &during);
        accepts(library, &new, &during);
        refuses(library, OTHER, &during, &NOT_SIGNED);
    }
    accepts(Receiver::ByHand, old, &during);
    refuses(Receiver::ByHand, &new, &during, &NOT_SIGNED);

    // Which ends the others at once.
    let newest = webhook.replace_secret(0).await;
    let after = webhook.request().await;
    for receiver in LIBRARIES.into_iter().chain([Receiver::ByHand]) {
        accepts(receiver, &newest, &after);
        refuses(receiver, &new, &after, &NOT_SIGNED);
        refuses(receiver, old, &after, &NOT_SIGNED);
    }
}
