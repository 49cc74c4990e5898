//! A computed score in the words of a model, where one is configured.

use std::time::Duration;

use intent::Kind;
use serde_json::Value;
use tests::{Bedrock, Customer, TestApp, known};

const PATH: &str = "/api/v1/score?domain=stripe.com";
const REASONING: &str = "Hiring was seen on November 12, 2026.";
const TALK_TRACK: &str = "Open with the hiring of 12 November. What has to be delivered first?";
const SUBJECT: &str = "About the hiring at stripe.com";

async fn app_with_model() -> (TestApp, Bedrock, Customer) {
    let (app, bedrock) = (TestApp::new().await, Bedrock::start());
    let customer = app.customer(100).await;
    app.publish("stripe.com", known(Kind::Hiring, 12, "1"))
        .await;
    bedrock.writes(REASONING, TALK_TRACK, SUBJECT);
    (app.worded_by(&bedrock), bedrock, customer)
}

async fn score(app: &TestApp, customer: &Customer, more: &str) -> Value {
    let path = format!("{PATH}{more}");
    app.get(&path).key(customer).send().await.expect(200).json
}

#[tokio::test]
async fn the_texts_are_written_once_and_kept_with_the_score() {
    let (app, bedrock, customer) = app_with_model().await;
    let computed = score(&app, &customer, "").await;
    assert_eq!(computed["reasoning_source"], "model");
    assert_eq!(computed["reasoning"], REASONING);
    assert_eq!(computed["cached"], false);
    assert_eq!(computed.get("talk_track"), None);
    assert_eq!(computed.get("email_subject"), None);

    // Asked for only now, and by an instance without a model: they were written with the reasoning.
    let plain = app.with_variable("REASONING_MODEL_ID", "");
    for app in [&app, &plain] {
        let kept = score(
            app,
            &customer,
            "&include_talk_track=true&include_email_subject=true",
        )
        .await;
        assert_eq!(kept["cached"], true);
        assert_eq!(kept["reasoning_source"], "model");
        assert_eq!(kept["talk_track"], TALK_TRACK);
        assert_eq!(kept["email_subject"], SUBJECT);
        assert_eq!(kept["signals"], computed["signals"]);
    }
    assert_eq!(bedrock.asked().len(), 1);
}

#[tokio::test]
async fn a_new_signal_brings_new_texts() {
    let (app, bedrock, customer) = app_with_model().await;
    score(&app, &customer, "").await;
    app.publish("stripe.com", known(Kind::Funding, 11, "2"))
        .await;
    bedrock.writes("Funding was seen on 2026-11-11.", TALK_TRACK, SUBJECT);
    let next = score(&app, &customer, "").await;
    assert_eq!(next["reasoning"], "Funding was seen on 2026-11-11.");
}

#[tokio::test]
async fn a_model_that_fails_costs_the_caller_nothing_but_the_words() {
    let (app, bedrock, customer) = app_with_model().await;
    bedrock.takes(Duration::from_secs(20));
    let computed = score(&app, &customer, "&include_talk_track=true").await;
    assert_eq!(computed["reasoning_source"], "template");
    let expected = "1 hiring signal on 12 Nov 2026: “Seen in hiring” (test).";
    assert_eq!(computed["reasoning"], expected);
    assert_eq!(computed["credits_charged"], 1);

    // The template's texts are kept as well: a model that is down is not asked by every call.
    bedrock.takes(Duration::ZERO);
    let kept = score(&app, &customer, "").await;
    assert_eq!(kept["cached"], true);
    assert_eq!(kept["reasoning_source"], "template");
    assert_eq!(bedrock.asked().len(), 1);
}

#[tokio::test]
async fn what_is_not_known_is_not_told() {
    let (app, bedrock, customer) = app_with_model().await;
    let path = "/api/v1/score?domain=nobody.example.com";
    let answer = app.get(path).key(&customer).send().await.expect(200);
    assert_eq!(answer.json["reasoning_source"], "template");
    assert!(bedrock.asked().is_empty());
}
