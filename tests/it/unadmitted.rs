//! A handler that forgets admission: the types make it hard, and the layer around every router finds it.

use api::{ApiContext, ApiError, Caller, Routes};
use auth::Scope;
use axum::Router;
use axum::extract::FromRef;
use endpoints::{Endpoint, Method};
use store::Dynamo;
use tests::{Call, TestApp};
use types::Product;

static FORGETFUL: Endpoint = Endpoint::new(Method::Post, "/forgetful", Some(Product::Intent))
    .key(Scope::Read)
    .code(1);
static PUBLIC: Endpoint = Endpoint::new(Method::Post, "/public", Some(Product::Intent)).code(2);
static ADMITTED: Endpoint = Endpoint::new(Method::Post, "/admitted", Some(Product::Intent))
    .key(Scope::Read)
    .code(3);

#[derive(Clone, FromRef)]
struct App {
    context: ApiContext,
}

async fn forgetful(caller: Caller) -> Result<&'static str, ApiError> {
    caller.authorize(Ok(())).await?;
    Ok("for free, with a key that may be revoked")
}

async fn public() -> &'static str {
    "for anybody"
}

async fn admitted(caller: Caller) -> Result<&'static str, ApiError> {
    let (call, ()) = caller.authorize(Ok(())).await?;
    call.admit().await?;
    Ok("fine")
}

fn router(app: &TestApp) -> Router {
    let (dynamo, clock) = (Dynamo::new(&app.aws), app.clock.clock());
    let context = ApiContext::from_env(&app.env, &app.aws, &dynamo, clock).unwrap();
    Routes::new()
        .on(&FORGETFUL, forgetful)
        .on(&PUBLIC, public)
        .on(&ADMITTED, admitted)
        .serve(App { context })
}

#[tokio::test]
async fn a_success_without_an_admission_is_an_error() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let router = router(&app);
    for (path, status) in [("/forgetful", 500), ("/public", 500), ("/admitted", 200)] {
        let answer = Call::post_to(&router, path).key(&customer).send().await;
        let answer = answer.expect(status);
        assert_eq!(answer.bytes == b"fine", status == 200, "{path}");
    }
}
