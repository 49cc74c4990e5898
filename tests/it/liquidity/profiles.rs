//! The scoring profiles that an account keeps.

use futures::future::join_all;
use http::Method;
use serde_json::{Value, json};
use tests::{Answer, Customer, Death, TestApp};

use super::customer;

pub(super) const PROFILES: &str = "/api/v1/scoring-profiles";

/// The weights of the published example.
pub(super) fn treasury(name: &str) -> Value {
    json!({
        "name": name,
        "weights": { "aum": 0.40, "redemption": 0.25, "secondaryVolume": 0.10, "issuer": 0.15, "jurisdiction": 0.10 },
    })
}

pub(super) async fn create(app: &TestApp, customer: &Customer, form: &Value) -> Answer {
    app.post(PROFILES).key(customer).json(form).send().await
}

/// The id of a new profile.
pub(super) async fn made(app: &TestApp, customer: &Customer, name: &str) -> String {
    let made = create(app, customer, &treasury(name)).await.expect(201);
    made.json["profile"]["id"].as_str().unwrap().to_owned()
}

/// A call on one profile, or below it.
pub(super) async fn on(app: &TestApp, customer: &Customer, method: Method, id: &str) -> Answer {
    let call = app.call(method, &format!("{PROFILES}/{id}"));
    call.key(customer).send().await
}

pub(super) async fn put(app: &TestApp, customer: &Customer, id: &str, form: &Value) -> Answer {
    let call = app.call(Method::PUT, &format!("{PROFILES}/{id}"));
    call.key(customer).json(form).send().await
}

pub(super) async fn list(app: &TestApp, customer: &Customer) -> Vec<Value> {
    let answer = app.get(PROFILES).key(customer).send().await.expect(200);
    answer.json["profiles"].as_array().unwrap().clone()
}

#[tokio::test]
async fn the_printed_request_works_word_for_word() {
    let app = TestApp::new().await;
    let customer = customer(&app, "professional").await;
    let form = treasury("Conservative Treasury");
    let mut made = create(&app, &customer, &form).await.expect(201);
    let text = String::from_utf8(made.bytes.clone()).unwrap();
    assert!(text.contains(r#""maxTotalPenalty":70,"#), "{text}");
    let id = made.json["profile"]["id"].clone();
    let read = on(&app, &customer, Method::GET, id.as_str().unwrap()).await;
    assert_eq!(read.expect(200).json, made.json);
    assert_eq!(list(&app, &customer).await, [made.json["profile"].clone()]);
    made.json["profile"]["id"] = "[profile]".into();
    insta::assert_json_snapshot!(made.shown(), @r#"
    {
      "body": {
        "profile": {
          "created_at": "2026-11-15T12:00:10Z",
          "id": "[profile]",
          "is_default": false,
          "name": "Conservative Treasury",
          "penalty_caps": {
            "maxNavPenalty": 30,
            "maxStalenessPenalty": 50,
            "maxSybilPenalty": 60,
            "maxTotalPenalty": 70,
            "maxWashTradePenalty": 40
          },
          "updated_at": "2026-11-15T12:00:10Z",
          "weights": {
            "aum": 0.4,
            "issuer": 0.15,
            "jurisdiction": 0.1,
            "redemption": 0.25,
            "secondaryVolume": 0.1
          }
        }
      },
      "status": 201
    }
    "#);
}

#[tokio::test]
async fn replaced_and_removed() {
    let app = TestApp::new().await;
    let customer = customer(&app, "professional").await;
    let id = made(&app, &customer, "One").await;
    app.clock.advance(5);
    let other = json!({
        "name": "  Two ",
        "weights": { "aum": 1, "redemption": 0, "secondaryVolume": 0, "issuer": 0, "jurisdiction": 0.0 },
        "penaltyCaps": { "maxNavPenalty": 12.5, "maxSybilPenalty": 0, "maxTotalPenalty": null },
    });
    let replaced = put(&app, &customer, &id, &other).await.expect(200);
    let text = String::from_utf8(replaced.bytes.clone()).unwrap();
    let weights =
        r#""weights":{"aum":1,"redemption":0,"secondaryVolume":0,"issuer":0,"jurisdiction":0}"#;
    assert!(text.contains(weights), "{text}");
    let profile = &replaced.json["profile"];
    assert_eq!(profile["name"], "Two");
    assert_eq!(
        profile["penalty_caps"],
        json!({
            "maxTotalPenalty": 70, "maxNavPenalty": 12.5, "maxSybilPenalty": 0, "maxStalenessPenalty": 50,
            "maxWashTradePenalty": 40,
        })
    );
    assert_eq!(profile["created_at"], "2026-11-15T12:00:10Z");
    assert_eq!(profile["updated_at"], "2026-11-15T12:00:15Z");
    assert_eq!(list(&app, &customer).await, std::slice::from_ref(profile));
    let removed = on(&app, &customer, Method::DELETE, &id).await.expect(200);
    assert_eq!(removed.json, json!({ "success": true }));
    for method in [Method::DELETE, Method::GET] {
        on(&app, &customer, method, &id).await.expect(404);
    }
    put(&app, &customer, &id, &other).await.expect(404);
    assert!(list(&app, &customer).await.is_empty());
}

#[tokio::test]
async fn all_that_is_wrong_is_told_at_once() {
    let app = TestApp::new().await;
    let customer = customer(&app, "professional").await;
    let form = json!({
        "name": "x".repeat(101),
        "weights": { "aum": 0.5, "redemption": 0.25, "secondaryVolume": 0.10, "issuer": 0.15, "jurisdiction": 0.10 },
        "penaltyCaps": { "maxNavPenalty": 101, "maxSybilPenalty": "60" },
    });
    let refused = create(&app, &customer, &form).await;
    insta::assert_json_snapshot!(refused.shown(), @r#"
    {
      "body": {
        "error": {
          "code": "BAD_REQUEST",
          "errors": [
            {
              "field": "name",
              "message": "name is 1 to 100 characters on one line, for example \"Conservative Treasury\"",
              "reason": "text_invalid"
            },
            {
              "field": "weights",
              "message": "the weights add up to 1.100; they must add up to 1.0, within 0.01, such as 0.40, 0.25, 0.10, 0.15 and 0.10",
              "reason": "weights_sum"
            },
            {
              "field": "penaltyCaps.maxNavPenalty",
              "message": "maxNavPenalty is 101; give points from 0 to 100, such as 30",
              "reason": "cap_out_of_range"
            },
            {
              "field": "penaltyCaps.maxSybilPenalty",
              "message": "penaltyCaps.maxSybilPenalty is not a number; give points from 0 to 100, such as 30",
              "reason": "number_invalid"
            }
          ],
          "field": "name",
          "message": "name is 1 to 100 characters on one line, for example \"Conservative Treasury\"",
          "reason": "text_invalid",
          "requestId": "[request]"
        }
      },
      "status": 400
    }
    "#);
    let id = made(&app, &customer, "One").await;
    let errors = &put(&app, &customer, &id, &form).await.expect(400).json["error"]["errors"];
    assert_eq!(*errors, refused.json["error"]["errors"]);

    let with = |name: &str, value: Value| {
        let mut form = treasury("Name");
        form[name] = value;
        form
    };
    for (form, field) in [
        (with("colour", 1.into()), "colour"),
        (with("penalty_caps", json!({})), "penalty_caps"),
        (with("penaltyCaps", json!({ "max": 1 })), "penaltyCaps.max"),
        (with("weights", json!({ "news": 1 })), "weights.news"),
        (with("weights", 1.into()), "weights"),
        (with("name", 1.into()), "name"),
    ] {
        let refused = create(&app, &customer, &form).await.expect(400);
        assert_eq!(refused.error().1, "json_invalid", "{form}");
        assert_eq!(refused.json["error"]["field"], field, "{form}");
    }
    assert_eq!(list(&app, &customer).await.len(), 1);
    // The last that is right: a sum that is a hundredth off.
    let most = json!({ "aum": 0.41, "redemption": 0.25, "secondaryVolume": 0.10, "issuer": 0.15, "jurisdiction": 0.10 });
    create(&app, &customer, &with("weights", most))
        .await
        .expect(201);
}

#[tokio::test]
async fn a_plan_has_profiles_or_not() {
    let app = TestApp::new().await;
    let one = "profile_01k9xw3tkbc2v6m8p4h0r5zqde";
    for (plan, reason) in [("observer", "no_api_access"), ("analyst", "plan_too_small")] {
        let customer = customer(&app, plan).await;
        for (method, path) in [
            (Method::GET, String::new()),
            (Method::POST, String::new()),
            (Method::GET, format!("/{one}")),
            (Method::PUT, format!("/{one}")),
            (Method::DELETE, format!("/{one}")),
            (Method::PUT, format!("/{one}/default")),
            (Method::DELETE, "/default".to_owned()),
        ] {
            let call = app.call(method.clone(), &format!("{PROFILES}{path}"));
            let call = call.key(&customer);
            let takes_body = method == Method::POST || path == format!("/{one}");
            let call = if takes_body && method != Method::GET && method != Method::DELETE {
                call.json(&treasury("Name"))
            } else {
                call
            };
            let refused = call.send().await.expect(402);
            assert_eq!(
                refused.error(),
                ("PLAN_REQUIRED", reason),
                "{method} {path}"
            );
            let upgrade = &refused.json["error"]["upgradeUrl"];
            assert_eq!(upgrade, "https://assay.example/pricing");
        }
    }
}

#[tokio::test]
async fn as_many_as_the_plan_includes_however_many_at_once() {
    let app = TestApp::new().await;
    for (plan, limit) in [("professional", 3), ("institutional", 10)] {
        let customer = customer(&app, plan).await;
        // The last but one place is filled one by one, the last by one of many.
        for number in 1..limit {
            made(&app, &customer, &format!("Number {number}")).await;
        }
        let forms: Vec<Value> = (0..8)
            .map(|one| treasury(&format!("At once {one}")))
            .collect();
        let answers = join_all(forms.iter().map(|form| create(&app, &customer, form))).await;
        let made = answers.iter().filter(|answer| answer.status == 201).count();
        assert_eq!(made, 1, "{plan}");
        for refused in answers.iter().filter(|answer| answer.status != 201) {
            assert_eq!(refused.error(), ("LIMIT_REACHED", "resource"));
            assert_eq!(refused.json["error"]["limit"], limit);
        }
        let kept = list(&app, &customer).await;
        assert_eq!(kept.len(), limit);
        // As many removals of one give one place back.
        let id = kept[0]["id"].as_str().unwrap();
        let removals = (0..5).map(|_| on(&app, &customer, Method::DELETE, id));
        let removed = join_all(removals).await;
        let removed = removed.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(removed, 1);
        create(&app, &customer, &treasury("One more"))
            .await
            .expect(201);
        create(&app, &customer, &treasury("And one"))
            .await
            .expect(429);
    }
    // All at once.
    let customer = customer(&app, "institutional").await;
    let forms: Vec<Value> = (0..25)
        .map(|one| treasury(&format!("At once {one}")))
        .collect();
    let answers = join_all(forms.iter().map(|form| create(&app, &customer, form))).await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!((made, list(&app, &customer).await.len()), (10, 10));
}

#[tokio::test]
async fn a_name_is_one_profile_s() {
    let app = TestApp::new().await;
    let (customer, other) = (
        customer(&app, "professional").await,
        customer(&app, "professional").await,
    );
    let one = made(&app, &customer, "One").await;
    let two = made(&app, &customer, "Two").await;
    let taken = create(&app, &customer, &treasury("ONE")).await.expect(409);
    assert_eq!(taken.error(), ("DUPLICATE", "name_taken"));
    assert_eq!(taken.json["error"]["field"], "name");
    let taken = put(&app, &customer, &two, &treasury("one"))
        .await
        .expect(409);
    assert_eq!(taken.error(), ("DUPLICATE", "name_taken"));
    put(&app, &customer, &two, &treasury("TWO"))
        .await
        .expect(200);
    put(&app, &customer, &two, &treasury("Three"))
        .await
        .expect(200);
    on(&app, &customer, Method::DELETE, &one).await.expect(200);
    made(&app, &customer, "one").await;
    made(&app, &other, "One").await;
    let forms = [treasury("Same"), treasury("SAME")];
    let many = (0..6).map(|at| create(&app, &other, &forms[at % 2]));
    let answers = join_all(many).await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(made, 1);
}

#[tokio::test]
async fn another_account_s_is_none() {
    let app = TestApp::new().await;
    let (owner, other) = (
        customer(&app, "professional").await,
        customer(&app, "professional").await,
    );
    let id = made(&app, &owner, "Mine").await;
    let (mine, yours) = (made(&app, &other, "Mine").await, format!("{id}/default"));
    on(&app, &other, Method::PUT, &format!("{mine}/default"))
        .await
        .expect(200);
    for (method, path) in [
        (Method::GET, &id),
        (Method::DELETE, &id),
        (Method::PUT, &yours),
    ] {
        let none = on(&app, &other, method, path).await.expect(404);
        assert_eq!(none.json["error"]["message"], "there is no such profile");
    }
    let form = treasury("Yours");
    put(&app, &other, &id, &form).await.expect(404);
    for id in ["nothing", "profile_x", "watch_01k9xw3tkbc2v6m8p4h0r5zqde"] {
        on(&app, &owner, Method::GET, id).await.expect(404);
    }
    // The mark of the one is none of the other.
    let kept = list(&app, &owner).await;
    assert_eq!(kept.len(), 1);
    assert_eq!(
        (&kept[0]["name"], &kept[0]["is_default"]),
        (&json!("Mine"), &json!(false))
    );
    assert_eq!(list(&app, &other).await[0]["is_default"], true);
}

/// What is asked for again with its key was made before, wherever the first run died.
#[tokio::test]
async fn a_creation_that_dies_at_any_write_is_made_again_once() {
    let app = TestApp::new().await;
    let mortal = app.on_mortal();
    let deaths = (0..).flat_map(|write| [Death::Before(write), Death::After(write)]);
    let mut died = 0;
    for death in deaths {
        let customer = customer(&app, "professional").await;
        let send = |app: &TestApp| {
            let call = app.post(PROFILES).key(&customer).json(&treasury("Once"));
            call.header("idempotency-key", "a key of this test").send()
        };
        let run = app.deaths.run(Some(death), send(&mortal));
        if run.await.is_some() {
            break;
        }
        died += 1;
        app.clock.advance(30);
        let made = send(&app).await.expect(201);
        assert_eq!(list(&app, &customer).await, [made.json["profile"].clone()]);
        assert_eq!(send(&app).await.bytes, made.bytes);
    }
    // The claim, the admission, the profile, the answer.
    assert_eq!(died, 8);
}
