//! What CloudFormation says of a stack.

use std::collections::HashMap;
use std::error::Error as _;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_cloudformation::Client;
use aws_sdk_cloudformation::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_cloudformation::operation::describe_stacks::DescribeStacksError;
use aws_types::SdkConfig;
use runtime::Failure;

/// A deployed stack.
pub(crate) struct Stack {
    /// Such as `UPDATE_COMPLETE`.
    pub(crate) status: String,
    /// Its outputs by name; none while it is created for the first time.
    pub(crate) outputs: HashMap<String, String>,
}

/// The stack of this name, in the region and account of the credentials.
pub(crate) async fn stack(aws: &SdkConfig, name: &str) -> Result<Stack, Failure> {
    let describe = Client::new(aws).describe_stacks().stack_name(name);
    let described = describe.send().await;
    let described = described.map_err(|error| explain(error, name, aws))?;
    let [stack] = described.stacks() else {
        return Err(format!("CloudFormation knows several stacks {name}").into());
    };
    let outputs = stack.outputs().iter();
    let outputs = outputs.filter_map(|output| {
        let (name, value) = (output.output_key()?, output.output_value()?);
        Some((name.to_owned(), value.to_owned()))
    });
    Ok(Stack {
        status: stack
            .stack_status()
            .map_or_else(String::new, |status| status.as_str().to_owned()),
        outputs: outputs.collect(),
    })
}

fn explain(error: SdkError<DescribeStacksError>, name: &str, aws: &SdkConfig) -> Failure {
    let message = error.message().unwrap_or_default();
    if message.contains("does not exist") {
        let region = aws.region().map_or("", |region| region.as_ref());
        return format!(
            "there is no stack {name} in {region}; set AWS_REGION and AWS_PROFILE to where it is deployed"
        )
        .into();
    }
    if is_of_credentials(&error) {
        return "no AWS credentials were found; set AWS_PROFILE, and sign in if it uses SSO: aws sso login"
            .into();
    }
    error.into()
}

fn is_of_credentials(error: &SdkError<DescribeStacksError>) -> bool {
    let mut next = error.source();
    while let Some(error) = next {
        if error.is::<CredentialsError>() {
            return true;
        }
        next = error.source();
    }
    false
}
