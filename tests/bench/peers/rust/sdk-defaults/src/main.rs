//! `GET /api/v1/score` with the AWS SDK, the Lambda runtime and tokio as their documentation sets them up.

use aws_sdk_dynamodb::config::BehaviorVersion;
use config::Env;
use lambda_http::Error;
use score::App;
use types::Clock;

#[tokio::main]
async fn main() -> Result<(), Error> {
    lambda_http::tracing::init_default_subscriber();
    let aws = aws_config::load_defaults(BehaviorVersion::latest()).await;
    let app = App::from_env(&Env::process(), &aws, Clock::system())
        .map_err(|failure| failure.to_string())?;
    lambda_http::run(score::router(app)).await
}
