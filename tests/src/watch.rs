use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use types::{Deadline, Domain, Timestamp};
use watchlist::{Order, Refresher, Report};

use crate::{Answer, Call, Customer, Item, TestApp};

/// Seconds between two scores of a watched company.
pub const PERIOD: i64 = 21_600;

impl TestApp {
    /// A call that adds a company to a customer's watchlist.
    pub fn watch(&self, customer: &Customer, domain: &str) -> Call {
        let call = self.post("/api/v1/watchlist").key(customer);
        call.json(&json!({ "domain": domain, "company_name": domain.to_uppercase() }))
    }

    /// The first page of a customer's watchlist.
    pub async fn watchlist(&self, customer: &Customer) -> Vec<Value> {
        let answer = self.get("/api/v1/watchlist?limit=500").key(customer).send();
        let answer: Answer = answer.await.expect(200);
        answer.json.as_array().expect("an array").clone()
    }

    /// A refresher of this app.
    pub fn refresher(&self) -> Refresher {
        Refresher::from_env(&self.env, &self.aws, self.clock.clock()).unwrap()
    }

    /// A refresher that can be killed.
    pub fn mortal_refresher(&self) -> Refresher {
        Refresher::from_env(&self.env, &self.mortal, self.clock.clock()).unwrap()
    }

    /// The deadline of a run that starts now.
    pub fn deadline(&self) -> Deadline {
        Deadline(Timestamp::from_second(self.clock.now().as_second() + 240).unwrap())
    }

    /// One run of the refresher.
    pub async fn refresh(&self) -> Report {
        let refresher = self.refresher();
        let run = refresher.run(Order::default(), self.deadline());
        run.await.unwrap()
    }

    /// Corrupts a customer's entry so that it cannot be parsed.
    pub async fn spoil_watch(&self, customer: &Customer, domain: &str) {
        let key = [
            ("pk", format!("ACCT#{}", customer.account)),
            ("sk", format!("WATCH#intent#{domain}")),
        ];
        let key = key.map(|(name, value)| (name.to_owned(), AttributeValue::S(value)));
        aws_sdk_dynamodb::Client::new(&self.aws)
            .update_item()
            .table_name(self.env.required("WORKSPACE_TABLE").unwrap())
            .set_key(Some(key.into()))
            .update_expression("SET score = :bad")
            .expression_attribute_values(":bad", AttributeValue::S("bad".to_owned()))
            .send()
            .await
            .unwrap();
    }

    /// The stored item with the watchers of a company.
    pub async fn watchers(&self, domain: &str) -> Option<Item> {
        let domain = Domain::parse(domain).unwrap();
        self.workspace_item(&format!("WATCHED#intent#{domain}"), "WATCHERS")
            .await
    }

    /// The stored number of watchers of a company.
    pub async fn watcher_count(&self, domain: &str) -> String {
        let watchers = self.watchers(domain).await.unwrap();
        watchers["watchers"].as_n().unwrap().clone()
    }
}
