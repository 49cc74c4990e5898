use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType,
};
use aws_types::SdkConfig;
use types::random_bytes;

/// Tables and a bucket for one test. They have no stream, so no deployed function reacts to them.
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
            create_workspace(&dynamo, &tables.workspace),
            create(&dynamo, &tables.intel),
            bucket
        );
        bucket.unwrap();
        tables
    }
}

async fn create(dynamo: &aws_sdk_dynamodb::Client, name: &str) {
    create_with(dynamo, name, None).await;
}

/// The workspace table also has the index of template.yaml.
async fn create_workspace(dynamo: &aws_sdk_dynamodb::Client, name: &str) {
    let projection = Projection::builder().projection_type(ProjectionType::KeysOnly);
    let index = GlobalSecondaryIndex::builder()
        .index_name("by_sort_position")
        .set_key_schema(Some(schema(["index_pk", "index_sk"])))
        .projection(projection.build());
    create_with(dynamo, name, Some(index.build().unwrap())).await;
}

async fn create_with(
    dynamo: &aws_sdk_dynamodb::Client,
    name: &str,
    index: Option<GlobalSecondaryIndex>,
) {
    let mut attributes = vec!["pk", "sk"];
    attributes.extend(index.iter().flat_map(|_| ["index_pk", "index_sk"]));
    let definition = |name: &str| {
        let definition = AttributeDefinition::builder().attribute_name(name);
        let definition = definition.attribute_type(ScalarAttributeType::S);
        definition.build().unwrap()
    };
    dynamo
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .set_attribute_definitions(Some(attributes.into_iter().map(definition).collect()))
        .set_key_schema(Some(schema(["pk", "sk"])))
        .set_global_secondary_indexes(index.map(|index| vec![index]))
        .send()
        .await
        .unwrap();
}

fn schema([hash, range]: [&str; 2]) -> Vec<KeySchemaElement> {
    let element = |name: &str, role| {
        let element = KeySchemaElement::builder().attribute_name(name);
        element.key_type(role).build().unwrap()
    };
    vec![element(hash, KeyType::Hash), element(range, KeyType::Range)]
}
