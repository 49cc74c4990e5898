//! Endpoints that no request arrives at, and what their accounts read of it. The texts of all of them:
//! shared/outbound/src/tests/endpoints.rs.

use std::net::TcpListener;

use tests::Webhooks;
use types::{Product, WebhookId};
use webhook_store::WebhookConfig;

use super::Set;

impl Set {
    /// Stores another URL, past what is checked when one is registered: what was allowed then may not be so any more.
    async fn is_now_at(&self, url: &str) {
        let webhooks = webhook_store::Webhooks::new(&self.workers.app.workspace);
        let id: WebhookId = self.webhook["id"].as_str().unwrap().parse().unwrap();
        let owner = (self.customer.account, Product::Liquidity);
        let row = webhooks.find(owner.0, owner.1, id).await.unwrap().unwrap();
        let config = WebhookConfig {
            url: url.to_owned(),
            ..row.config.clone()
        };
        webhooks.change(owner, row, config).await.unwrap();
    }
}

/// What the attempt at a URL says, by workers with another value of a variable.
async fn said(url: &str, name: &'static str, value: &str) -> String {
    let set = Set::up().await;
    set.is_now_at(url).await;
    set.happens(80).await;
    let app = set.workers.app.with_variable(name, value);
    let workers = Webhooks::of(&app, set.workers.queue.clone());
    assert_eq!(workers.send().await, 1);
    assert!(set.web.seen().is_empty());
    let shown = set.read("/deliveries").await;
    assert_eq!(shown["deliveries"][0]["state"], "pending");
    let error = &shown["deliveries"][0]["last_error"];
    error.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn what_a_name_has_become_since_it_was_registered() {
    let error = said("https://localhost/hook", "WEBHOOK_PORTS", "443").await;
    assert_eq!(error, "localhost has no public address");
}

#[tokio::test]
async fn a_port_that_the_operator_has_taken_off_the_list() {
    let other = "https://198.41.0.4:8443/hook";
    assert_eq!(
        said(other, "WEBHOOK_PORTS", "443").await,
        "this URL is not allowed: its port is not 443"
    );
    assert_eq!(
        said(other, "WEBHOOK_PORTS", "443,9443").await,
        "this URL is not allowed: its port is not 443 or 9443"
    );
    // One that is on it is no reason.
    let error = said("https://localhost:8443/hook", "WEBHOOK_PORTS", "443,8443").await;
    assert_eq!(error, "localhost has no public address");
}

#[tokio::test]
async fn a_server_that_is_not_there() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    let error = said(&origin, "OUTBOUND_ALLOWED_ORIGINS", &origin).await;
    assert_eq!(
        error,
        "no connection: 127.0.0.1 cannot be connected to: connection refused"
    );
}
