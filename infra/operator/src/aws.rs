//! Region, credentials and timeouts.

use std::sync::Arc;

use aws_config::BehaviorVersion;
use aws_types::SdkConfig;
use config::Env;
use runtime::Failure;

/// How long a call may take, in milliseconds, unless `CALL_TIMEOUT_MS` says otherwise. An import uploads up to 100 MB in one.
const CALL_TIMEOUT_MS: &str = "60000";

/// Resolves region and credentials as the AWS CLI does: environment variables, then a profile (static keys, an assumed role,
/// `credential_process` or SSO), then the instance role.
pub(crate) async fn config(env: &Env) -> Result<Arc<SdkConfig>, Failure> {
    // Fully configured by variables, as in a function: no file is read and no service is called.
    let config =
        if env.optional("AWS_ACCESS_KEY_ID").is_some() && env.optional("AWS_REGION").is_some() {
            SdkConfig::clone(&*runtime::aws::config(env)?)
        } else {
            aws_config::defaults(BehaviorVersion::latest())
                .http_client(runtime::aws::http_client(env.flag("NATIVE_ROOTS")?))
                .load()
                .await
        };
    if config.region().is_none() {
        let advice = "set AWS_REGION, or AWS_PROFILE to a profile that has one";
        return Err(format!("no AWS region is configured; {advice}").into());
    }
    let timeout = env.optional("CALL_TIMEOUT_MS");
    let timeout = timeout.unwrap_or_else(|| CALL_TIMEOUT_MS.to_owned());
    let timeouts = runtime::aws::timeouts(&Env::from_pairs([("CALL_TIMEOUT_MS", timeout)]))?;
    let config = config.into_builder().timeout_config(timeouts).build();
    Ok(Arc::new(config))
}
