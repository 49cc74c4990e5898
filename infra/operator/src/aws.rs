//! Region and credentials.

use std::sync::Arc;

use aws_config::BehaviorVersion;
use aws_types::SdkConfig;
use config::Env;
use runtime::Failure;

/// Resolves region and credentials as the AWS CLI does: environment variables, then a profile (static keys, an assumed role,
/// `credential_process` or SSO), then the instance role. Timeouts are those of the functions.
pub(crate) async fn config(env: &Env) -> Result<Arc<SdkConfig>, Failure> {
    // Fully configured by variables, as in a function: no file is read and no service is called.
    if env.optional("AWS_ACCESS_KEY_ID").is_some() && env.optional("AWS_REGION").is_some() {
        return Ok(runtime::aws::config(env)?);
    }
    let config = aws_config::defaults(BehaviorVersion::latest())
        .http_client(runtime::aws::http_client(env.flag("NATIVE_ROOTS")?))
        .timeout_config(runtime::aws::timeouts(env)?)
        .load()
        .await;
    if config.region().is_none() {
        let advice = "set AWS_REGION, or AWS_PROFILE to a profile that has one";
        return Err(format!("no AWS region is configured; {advice}").into());
    }
    Ok(Arc::new(config))
}
