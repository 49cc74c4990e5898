use std::sync::OnceLock;

use aws_sdk_dynamodb::config::endpoint::{
    DefaultResolver, Endpoint, EndpointFuture, Params, ResolveEndpoint,
};

/// Resolves DynamoDB's endpoint once by the SDK's rules, and caches it.
///
/// The rules depend on a client's region and configuration, which stay, and on the table's ARN, which changes from call to
/// call and which no rule reads as long as the credentials name no account. The SDK's own memory holds one set of
/// parameters, so two tables in turn would have it parse addresses at every call.
#[derive(Debug, Default)]
pub(crate) struct KeptEndpoint {
    rules: DefaultResolver,
    kept: OnceLock<Endpoint>,
}

impl ResolveEndpoint for KeptEndpoint {
    fn resolve_endpoint<'a>(&'a self, params: &'a Params) -> EndpointFuture<'a> {
        if params.account_id().is_some() {
            return self.rules.resolve_endpoint(params);
        }
        if let Some(kept) = self.kept.get() {
            return EndpointFuture::ready(Ok(kept.clone()));
        }
        EndpointFuture::new(async move {
            let found = self.rules.resolve_endpoint(params).await?;
            Ok(self.kept.get_or_init(|| found).clone())
        })
    }
}
