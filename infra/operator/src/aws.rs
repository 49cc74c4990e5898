//! Which AWS, and as whom.

use std::sync::Arc;

use aws_config::BehaviorVersion;
use aws_types::SdkConfig;
use config::Env;
use runtime::Failure;

/// Whatever the AWS command line would use: variables, else a profile (static, of a role, of a process, of SSO), else the
/// machine's own role. The limits of time are those of the functions.
pub(crate) async fn config(env: &Env) -> Result<Arc<SdkConfig>, Failure> {
    // All there, as in a function: no file is read and nobody is asked.
    if env.optional("AWS_ACCESS_KEY_ID").is_some() && env.optional("AWS_REGION").is_some() {
        return Ok(runtime::aws::config(env)?);
    }
    let usual = aws_config::defaults(BehaviorVersion::latest())
        .http_client(runtime::aws::http_client(env.flag("NATIVE_ROOTS")?))
        .timeout_config(runtime::aws::timeouts(env)?)
        .load()
        .await;
    if usual.region().is_none() {
        let advice = "set AWS_REGION, or AWS_PROFILE to a profile that has one";
        return Err(format!("no AWS region is known; {advice}").into());
    }
    Ok(Arc::new(usual))
}
