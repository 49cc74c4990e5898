use aws_runtime::invocation_id::InvocationIdInterceptor;
use aws_runtime::request_info::RequestInfoInterceptor;
use aws_runtime::service_clock_skew::ServiceClockSkewInterceptor;
use aws_runtime::user_agent::UserAgentInterceptor;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeSerializationInterceptorContextRef, BeforeTransmitInterceptorContextMut,
};
use aws_smithy_runtime_api::client::interceptors::{
    Intercept, disable_interceptor, dyn_dispatch_hint,
};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

const USER_AGENT: &str = concat!("assay/", env!("CARGO_PKG_VERSION"));
const TRACE: &str = "x-amzn-trace-id";
const WHY: &str = "a tenth of a call's instructions, for what DynamoDB does not read";

/// Says who we are in one constant header, in place of what the SDK works out and writes anew for each request: its own
/// description, twice, the number of the call and of the attempt, the trace by which Lambda finds loops through SQS, SNS and S3,
/// and the correction of a clock that is wrong, which [`SigV4`](crate::sigv4::SigV4) does not use.
#[derive(Debug)]
pub(crate) struct FewHeaders;

#[dyn_dispatch_hint]
impl Intercept for FewHeaders {
    fn name(&self) -> &'static str {
        "FewHeaders"
    }

    fn read_before_execution(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let state = config.interceptor_state();
        state
            .store_put(disable_interceptor::<InvocationIdInterceptor>(WHY))
            .store_put(disable_interceptor::<RequestInfoInterceptor>(WHY))
            .store_put(disable_interceptor::<ServiceClockSkewInterceptor>(WHY))
            .store_put(disable_interceptor::<UserAgentInterceptor>(WHY));
        Ok(())
    }

    /// The trace cannot be disabled, but is not added where there is one.
    fn modify_before_retry_loop(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let headers = context.request_mut().headers_mut();
        headers.insert(TRACE, "");
        headers.insert("user-agent", USER_AGENT);
        Ok(())
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        context.request_mut().headers_mut().remove(TRACE);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::Fake;

    #[tokio::test]
    async fn a_request_has_these_headers_and_no_others() {
        let fake = Fake::answering([(200, "{}")]);
        let call = fake.dynamo().0.list_tables().send();
        call.await.unwrap();
        let requests = fake.requests();
        let mut names: Vec<&str> = requests[0].headers.keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(
            names,
            [
                "authorization",
                "content-length",
                "content-type",
                "user-agent",
                "x-amz-date",
                "x-amz-security-token",
                "x-amz-target",
            ]
        );
        assert_eq!(requests[0].headers["user-agent"], USER_AGENT);
    }
}
