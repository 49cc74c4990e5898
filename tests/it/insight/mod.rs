//! `/api/v1/score/history`, `/explain`, `/preview` and `/profiles`.

mod explain;
mod history;
mod preview;
mod profile_deaths;
mod profiles;
mod property;
mod refused;

use http::Method;
use serde_json::{Value, json};
use tests::{Answer, Customer, TestApp};

const PROFILES: &str = "/api/v1/score/profiles";

async fn get(app: &TestApp, customer: &Customer, path: &str) -> Answer {
    app.get(&format!("/api/v1/score{path}"))
        .key(customer)
        .send()
        .await
}

async fn score(app: &TestApp, customer: &Customer) -> Value {
    get(app, customer, "?domain=stripe.com")
        .await
        .expect(200)
        .json
}

/// A profile that counts positions double and no news.
fn growing(name: &str) -> Value {
    json!({ "name": name, "weights": { "hiring": 60, "news": 0 }, "half_lives": { "hiring": 30 } })
}

async fn create(app: &TestApp, customer: &Customer, profile: &Value) -> Answer {
    app.post(PROFILES).key(customer).json(profile).send().await
}

/// A call on one profile.
async fn on(app: &TestApp, customer: &Customer, method: Method, id: &Value) -> Answer {
    let path = format!("{PROFILES}/{}", id.as_str().unwrap());
    app.call(method, &path).key(customer).send().await
}

async fn put(app: &TestApp, customer: &Customer, id: &Value, profile: &Value) -> Answer {
    let path = format!("{PROFILES}/{}", id.as_str().unwrap());
    let call = app.call(Method::PUT, &path).key(customer);
    call.json(profile).send().await
}

async fn list(app: &TestApp, customer: &Customer) -> Vec<Value> {
    let answer = app.get(PROFILES).key(customer).send().await.expect(200);
    answer.json["profiles"].as_array().unwrap().clone()
}
