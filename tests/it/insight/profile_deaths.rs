//! A profile whose making dies at any of its writes is made again, once.

use http::Method;
use tests::{Answer, Customer, Death, TestApp};

use super::{PROFILES, growing, list, on};

async fn create(app: &TestApp, customer: &Customer) -> Answer {
    let call = app.post(PROFILES).key(customer).json(&growing("Once"));
    call.header("idempotency-key", "a key of this test")
        .send()
        .await
}

#[tokio::test]
async fn at_any_write() {
    let app = TestApp::new().await;
    let mortal = app.on_mortal();
    let deaths = (0..).flat_map(|write| [Death::Before(write), Death::After(write)]);
    let mut died = 0;
    for death in deaths {
        let customer = app.customer(10).await;
        let run = app.deaths.run(Some(death), create(&mortal, &customer));
        if run.await.is_some() {
            break;
        }
        died += 1;
        app.clock.advance(30);
        let answer = create(&app, &customer).await.expect(201);
        assert_eq!(
            list(&app, &customer).await,
            std::slice::from_ref(&answer.json)
        );
        assert_eq!(create(&app, &customer).await.bytes, answer.bytes);
        // It takes one place and gives one back.
        on(&app, &customer, Method::DELETE, &answer.json["profile_id"])
            .await
            .expect(204);
        for number in 0..20 {
            let form = growing(&format!("Number {number}"));
            super::create(&app, &customer, &form).await.expect(201);
        }
    }
    // The claim, the admission, the profile, the answer.
    assert_eq!(died, 8);
}
