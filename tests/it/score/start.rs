//! What an instance does before its first call.

use tests::TestApp;

#[tokio::test]
async fn a_start_that_does_not_reach_the_keys_is_left_to_the_first_call() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let broken = app.with_variable("ACCOUNTS_TABLE", "no-such-table");
    let function = score::App::from_env(&broken.env, &broken.aws, app.clock.clock()).unwrap();
    let _ready = api::start(function, score::router).await;
    let call = broken.get("/api/v1/score?domain=stripe.com").key(&customer);
    assert!(call.send().await.status.is_server_error());
}
