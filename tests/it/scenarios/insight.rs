use http::Method;
use intent::Kind;
use serde_json::json;
use tests::{Customer, known, signal};

use super::{Act, Scenario, Stage};

const PROFILES: &str = "/api/v1/score/profiles";
const PREVIEW: &str = "/api/v1/score/preview";

pub(super) fn scenarios() -> Vec<Scenario> {
    let mut all = scores();
    all.extend(previews());
    all.extend(profiles());
    all
}

fn scores() -> Vec<Scenario> {
    vec![
        Scenario::new("insight: history, 1 point", async |stage| {
            let customer = informed(&stage).await;
            get(&stage, &customer, "/api/v1/score/history?domain=stripe.com")
        }),
        Scenario::new("insight: explain, 6 signals", async |stage| {
            let customer = informed(&stage).await;
            let path = "/api/v1/score/explain?domain=stripe.com&at=2026-11-15";
            get(&stage, &customer, path)
        }),
    ]
}

fn previews() -> Vec<Scenario> {
    vec![
        Scenario::new("insight: preview, 6 signals", async |stage| {
            let customer = informed(&stage).await;
            preview(&stage, &customer, None)
        }),
        Scenario::new("insight: preview by a profile", async |stage| {
            let customer = informed(&stage).await;
            let id = profile(&stage, &customer).await;
            let path = format!("{PREVIEW}?domain=stripe.com&profile={id}");
            get(&stage, &customer, &path)
        }),
        Scenario::new("insight: preview, with an idempotency key", async |stage| {
            let customer = informed(&stage).await;
            preview(&stage, &customer, Some("a key of this test")).repeatable()
        }),
        Scenario::new("insight: preview, replayed", async |stage| {
            let customer = informed(&stage).await;
            let preview = preview(&stage, &customer, Some("a key of this test"));
            preview.repeatable().once_before().await
        }),
    ]
}

fn profiles() -> Vec<Scenario> {
    vec![
        Scenario::new("insight: create a profile", async |stage| {
            let customer = informed(&stage).await;
            let app = stage.subject;
            Act::call(201, move || {
                app.post(PROFILES).key(&customer).json(&growing_teams())
            })
        }),
        Scenario::new("insight: list of 1 profile", async |stage| {
            let customer = informed(&stage).await;
            profile(&stage, &customer).await;
            get(&stage, &customer, PROFILES)
        }),
        Scenario::new("insight: profile", async |stage| {
            one(stage, Method::GET, 200).await
        }),
        Scenario::new("insight: replace a profile", async |stage| {
            one(stage, Method::PUT, 200).await
        }),
        Scenario::new("insight: remove a profile", async |stage| {
            one(stage, Method::DELETE, 204).await
        }),
    ]
}

/// A customer whose key the instance remembers, five signals of a company and one of its own, and its score.
async fn informed(stage: &Stage) -> Customer {
    let customer = stage.app.customer(1_000).await;
    for day in 1..=5 {
        let signal = known(Kind::Hiring, day, &day.to_string());
        stage.app.publish("stripe.com", signal).await;
    }
    let own = [signal("stripe.com", "funding", 14, "own")];
    stage.app.learn(&customer, &own).await;
    let score = stage.app.get("/api/v1/score?domain=stripe.com");
    score.key(&customer).send().await.expect(200);
    get(stage, &customer, PROFILES).once_before().await;
    customer
}

fn get(stage: &Stage, customer: &Customer, path: &str) -> Act {
    let (app, customer, path) = (stage.subject.clone(), customer.clone(), path.to_owned());
    Act::call(200, move || app.get(&path).key(&customer))
}

fn preview(stage: &Stage, customer: &Customer, key: Option<&'static str>) -> Act {
    let (app, customer) = (stage.subject.clone(), customer.clone());
    Act::call(200, move || {
        let numbers = json!({ "domain": "stripe.com", "weights": { "hiring": 60 } });
        let call = app.post(PREVIEW).key(&customer).json(&numbers);
        match key {
            Some(key) => call.header("idempotency-key", key),
            None => call,
        }
    })
}

fn growing_teams() -> serde_json::Value {
    json!({ "name": "Growing teams", "weights": { "hiring": 60 } })
}

/// The id of a new profile.
async fn profile(stage: &Stage, customer: &Customer) -> String {
    let create = stage.app.post(PROFILES).key(customer);
    let made = create.json(&growing_teams()).send().await.expect(201);
    made.json["profile_id"].as_str().unwrap().to_owned()
}

async fn one(stage: Stage, method: Method, status: u16) -> Act {
    let customer = informed(&stage).await;
    let path = format!("{PROFILES}/{}", profile(&stage, &customer).await);
    Act::call(status, move || {
        let call = stage.subject.call(method.clone(), &path).key(&customer);
        if method == Method::PUT {
            call.json(&growing_teams())
        } else {
            call
        }
    })
}
