use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
};
use aws_types::SdkConfig;
use types::random_bytes;

/// Tables and a bucket of one test alone. They have no stream, so the deployed functions leave them in peace.
pub(crate) struct Tables {
    pub(crate) accounts: String,
    pub(crate) workspace: String,
    pub(crate) intel: String,
    pub(crate) bucket: String,
}

impl Tables {
    pub(crate) async fn create(aws: &SdkConfig) -> Self {
        let unique = u64::from_be_bytes(random_bytes());
        let name = |role: &str| format!("test-{unique:016x}-{role}");
        let tables = Self {
            accounts: name("accounts"),
            workspace: name("workspace"),
            intel: name("intel"),
            bucket: name("bucket"),
        };
        let dynamo = aws_sdk_dynamodb::Client::new(aws);
        let s3 = aws_sdk_s3::config::Builder::from(aws)
            .force_path_style(true)
            .build();
        let bucket = aws_sdk_s3::Client::from_conf(s3)
            .create_bucket()
            .bucket(&tables.bucket)
            .send();
        let ((), (), (), bucket) = futures::join!(
            create(&dynamo, &tables.accounts),
            create(&dynamo, &tables.workspace),
            create(&dynamo, &tables.intel),
            bucket
        );
        bucket.unwrap();
        tables
    }
}

async fn create(dynamo: &aws_sdk_dynamodb::Client, name: &str) {
    let mut table = dynamo
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest);
    for (attribute, role) in [("pk", KeyType::Hash), ("sk", KeyType::Range)] {
        let definition = AttributeDefinition::builder()
            .attribute_name(attribute)
            .attribute_type(ScalarAttributeType::S)
            .build()
            .unwrap();
        let key = KeySchemaElement::builder()
            .attribute_name(attribute)
            .key_type(role)
            .build()
            .unwrap();
        table = table.attribute_definitions(definition).key_schema(key);
    }
    table.send().await.unwrap();
}
