//! The profiles that an account keeps.

use std::collections::BTreeSet;

use futures::future::join_all;
use http::Method;
use serde_json::{Value, json};
use tests::TestApp;
use types::Credits;

use super::{PROFILES, create, growing, list, on, put};

#[tokio::test]
async fn made_read_replaced_and_removed() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let mut made = create(&app, &customer, &growing("  Growing\n teams "))
        .await
        .expect(201);
    let id = made.json["profile_id"].clone();
    assert_eq!(
        on(&app, &customer, Method::GET, &id).await.expect(200).json,
        made.json
    );
    assert_eq!(list(&app, &customer).await, [made.json.clone()]);
    made.json["profile_id"] = "[profile]".into();
    insta::assert_json_snapshot!(made.shown(), @r#"
    {
      "body": {
        "created_at": "2026-11-15T12:00:10Z",
        "half_lives": {
          "hiring": 30.0
        },
        "name": "Growing teams",
        "profile_id": "[profile]",
        "updated_at": "2026-11-15T12:00:10Z",
        "weights": {
          "hiring": 60.0,
          "news": 0.0
        }
      },
      "status": 201
    }
    "#);

    app.clock.advance(5);
    let other = json!({ "name": "Growing teams", "weights": { "funding": 0.5 } });
    let replaced = put(&app, &customer, &id, &other).await.expect(200).json;
    assert_eq!(replaced["weights"], json!({ "funding": 0.5 }));
    assert_eq!(replaced["half_lives"], json!({}));
    assert_eq!(replaced["created_at"], "2026-11-15T12:00:10Z");
    assert_eq!(replaced["updated_at"], "2026-11-15T12:00:15Z");
    assert_eq!(list(&app, &customer).await, [replaced]);

    on(&app, &customer, Method::DELETE, &id).await.expect(204);
    for method in [Method::DELETE, Method::GET] {
        on(&app, &customer, method, &id).await.expect(404);
    }
    put(&app, &customer, &id, &other).await.expect(404);
    assert!(list(&app, &customer).await.is_empty());
    assert_eq!(app.balance(&customer).await, Credits::whole(10));
}

#[tokio::test]
async fn a_name_is_one_profile_s() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let one = create(&app, &customer, &growing("One"))
        .await
        .expect(201)
        .json;
    let two = create(&app, &customer, &growing("Two"))
        .await
        .expect(201)
        .json;
    let taken = create(&app, &customer, &growing("ONE")).await;
    insta::assert_json_snapshot!(taken.shown(), @r#"
    {
      "body": {
        "error": {
          "code": "DUPLICATE",
          "field": "name",
          "message": "another of your profiles has this name; give it a name of its own",
          "reason": "name_taken",
          "requestId": "[request]"
        }
      },
      "status": 409
    }
    "#);
    let id = &two["profile_id"];
    let refused = put(&app, &customer, id, &growing("one")).await.expect(409);
    assert_eq!(refused.error(), ("DUPLICATE", "name_taken"));
    // Its own in other letters is no other's; and a name that was given up is free.
    put(&app, &customer, id, &growing("TWO")).await.expect(200);
    put(&app, &customer, id, &growing("Three"))
        .await
        .expect(200);
    create(&app, &customer, &growing("two")).await.expect(201);
    on(&app, &customer, Method::DELETE, &one["profile_id"])
        .await
        .expect(204);
    create(&app, &customer, &growing("One")).await.expect(201);
    // Another account has names of its own.
    create(&app, &app.customer(1).await, &growing("One"))
        .await
        .expect(201);
}

#[tokio::test]
async fn twenty_and_no_more_however_many_at_once() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let names: Vec<Value> = (0..30)
        .map(|number| growing(&format!("Number {number}")))
        .collect();
    let answers = join_all(names.iter().map(|form| create(&app, &customer, form))).await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(made, 20);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!(answer.error(), ("LIMIT_REACHED", "resource"));
        assert_eq!(answer.json["error"]["limit"], 20);
    }
    let kept = list(&app, &customer).await;
    assert_eq!(kept.len(), 20);
    // As many removals of one give one place back.
    let id = &kept[0]["profile_id"];
    let removals = (0..5).map(|_| on(&app, &customer, Method::DELETE, id));
    let removed = join_all(removals).await;
    assert_eq!(
        removed.iter().filter(|answer| answer.status == 204).count(),
        1
    );
    create(&app, &customer, &growing("One more"))
        .await
        .expect(201);
    create(&app, &customer, &growing("And one"))
        .await
        .expect(429);
}

#[tokio::test]
async fn of_many_of_one_name_one_is_made() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let form = growing("Same");
    let answers = join_all((0..12).map(|_| create(&app, &customer, &form))).await;
    let statuses: BTreeSet<u16> = answers
        .iter()
        .map(|answer| answer.status.as_u16())
        .collect();
    assert_eq!(statuses, BTreeSet::from([201, 409]));
    let made = list(&app, &customer).await;
    assert_eq!(made.len(), 1);

    // Two are renamed to the same.
    let other = create(&app, &customer, &growing("Other"))
        .await
        .expect(201)
        .json;
    let ids = [made[0]["profile_id"].clone(), other["profile_id"].clone()];
    let renamed = join_all(ids.iter().map(|id| async {
        put(&app, &customer, id, &growing("New"))
            .await
            .status
            .as_u16()
    }));
    let statuses: BTreeSet<u16> = renamed.await.into_iter().collect();
    assert_eq!(statuses, BTreeSet::from([200, 409]));
    let names: BTreeSet<String> = list(&app, &customer)
        .await
        .iter()
        .map(|row| row["name"].to_string())
        .collect();
    assert_eq!(names.len(), 2);
}

#[tokio::test]
async fn another_account_s_is_none() {
    let app = TestApp::new().await;
    let (owner, other) = (app.customer(10).await, app.customer(10).await);
    let made = create(&app, &owner, &growing("Mine"))
        .await
        .expect(201)
        .json;
    let id = &made["profile_id"];
    for method in [Method::GET, Method::DELETE] {
        assert_eq!(
            on(&app, &other, method, id).await.expect(404).error().0,
            "NOT_FOUND"
        );
    }
    put(&app, &other, id, &growing("Yours")).await.expect(404);
    assert!(list(&app, &other).await.is_empty());
    assert_eq!(list(&app, &owner).await, [made]);
    let path = format!("{PROFILES}/nothing");
    app.get(&path).key(&owner).send().await.expect(404);
}
