use aws_sdk_dynamodb::types::AttributeValue;
use aws_types::SdkConfig;
use intent::{Kind, Signal, Strength};
use serde_json::{Value, json};
use store::Owner;
use types::Domain;

use crate::{Answer, Customer, TestApp};

/// A signal of strength 0.5 to post, observed at noon on a day of the month of [`TestClock`](crate::TestClock).
pub fn signal(domain: &str, kind: &str, day: u8, external_id: &str) -> Value {
    json!({
        "domain": domain, "kind": kind, "observed_at": format!("2026-11-{day:02}T12:00:00Z"), "source": "test",
        "external_id": external_id, "evidence": format!("Seen in {kind}"),
    })
}

/// The same signal as stored.
pub fn known(kind: Kind, day: u8, external_id: &str) -> Signal {
    Signal {
        kind,
        strength: Strength::new(0.5).unwrap(),
        observed_at: format!("2026-11-{day:02}T12:00:00Z").parse().unwrap(),
        source: "test".to_owned(),
        external_id: external_id.to_owned(),
        evidence: format!("Seen in {kind}"),
        url: None,
    }
}

/// Says in this table how many own signals of a company a customer has stored, bypassing the crates under test.
pub async fn set_own_signals(
    aws: &SdkConfig,
    table: &str,
    customer: &Customer,
    domain: &str,
    count: i64,
) {
    let key = [
        ("pk", format!("COMPANY#{domain}#{}", customer.account)),
        ("sk", "SCORE".to_owned()),
    ];
    let key = key.map(|(name, value)| (name.to_owned(), AttributeValue::S(value)));
    aws_sdk_dynamodb::Client::new(aws)
        .update_item()
        .table_name(table)
        .set_key(Some(key.into()))
        .update_expression("SET own_signals = :count")
        .condition_expression("attribute_exists(own_signals)")
        .expression_attribute_values(":count", AttributeValue::N(count.to_string()))
        .send()
        .await
        .unwrap();
}

impl TestApp {
    /// Posts signals for a customer.
    pub async fn learn(&self, customer: &Customer, signals: &[Value]) -> Answer {
        let call = self.post("/api/v1/signals").key(customer);
        call.json(&json!(signals)).send().await.expect(200)
    }

    /// The signals and bytes that are counted of a customer today.
    pub async fn signals_today(&self, customer: &Customer) -> (u64, u64) {
        let day = types::day_of(self.clock.now());
        let item = self.item(customer, &format!("DAILY#intent#{day}")).await;
        let amount = |name: &str| {
            let stored = item.as_ref().and_then(|item| item.get(name));
            stored.map_or(0, |stored| stored.as_n().unwrap().parse().unwrap())
        };
        (amount("signals"), amount("bytes of signals"))
    }

    /// Says how many own signals of a company a customer has stored, bypassing the crates under test.
    pub async fn set_own_signals(&self, customer: &Customer, domain: &str, count: i64) {
        let table = self.env.required("INTEL_TABLE").unwrap();
        set_own_signals(&self.aws, &table, customer, domain, count).await;
    }

    /// Stores a shared signal, which counts in every account's scores.
    pub async fn publish(&self, domain: &str, signal: Signal) {
        let domain = Domain::parse(domain).unwrap();
        let signals = [signal];
        let added = self
            .intel
            .add_signals(&domain, Owner::Public, &signals, self.clock.now());
        added.await.unwrap();
    }

    /// The revisions of a company's signals: the shared ones, and the customer's own.
    pub async fn revisions(&self, customer: &Customer, domain: &str) -> (u64, u64) {
        let domain = Domain::parse(domain).unwrap();
        let domains = [domain];
        let mut rows = self
            .intel
            .score_rows(customer.account, &domains)
            .await
            .unwrap();
        let rows = rows.pop().unwrap();
        let revision = |row: Option<intent_store::ScoreRow>| row.map_or(0, |row| row.revision);
        (revision(rows.public), revision(rows.own))
    }
}
