//! List prices of AWS in us-east-1, in US dollars, without free tiers and volume discounts: a million, unless the name says
//! otherwise.

/// DynamoDB's write request units: on demand, Standard table class, since the cut of 1 November 2024
/// (<https://aws.amazon.com/dynamodb/pricing/on-demand/>).
pub const WRITE_UNITS: f64 = 0.625;
/// DynamoDB's read request units, likewise.
pub const READ_UNITS: f64 = 0.125;
/// Lambda's invocations, as of November 2026 (<https://aws.amazon.com/lambda/pricing/>).
pub const INVOCATIONS: f64 = 0.20;
/// Lambda's gigabyte-seconds on arm64, the first tier; since 1 August 2025 the time of a cold start counts too (the same page).
pub const GIGABYTE_SECONDS: f64 = 13.333_4;
/// S3 Standard's PUT, COPY, POST and LIST requests (<https://aws.amazon.com/s3/pricing/>). DELETE is free.
pub const S3_PUTS: f64 = 5.0;
/// S3 Standard's GET requests (the same page).
pub const S3_GETS: f64 = 0.40;
/// SQS's requests on a standard queue (<https://aws.amazon.com/sqs/pricing/>).
pub const SQS_REQUESTS: f64 = 0.40;
/// What a fair queue costs beside it, since July 2025 (the same page).
pub const SQS_FAIR: f64 = 0.10;
/// API Gateway's requests of an HTTP API of up to 512 KB, the first 300 million a month
/// (<https://aws.amazon.com/api-gateway/pricing/>).
pub const HTTP_API_REQUESTS: f64 = 1.0;
/// Data sent to the internet, a gigabyte, the first 10 TB a month (<https://aws.amazon.com/ec2/pricing/on-demand/>).
pub const A_GIGABYTE_OUT: f64 = 0.09;
/// Logs that `CloudWatch` takes in, a gigabyte (<https://aws.amazon.com/cloudwatch/pricing/>).
pub const A_GIGABYTE_OF_LOGS: f64 = 0.50;
/// Logs that it keeps, a gigabyte and month, as compressed (the same page).
pub const A_GIGABYTE_OF_LOGS_KEPT: f64 = 0.03;
/// An alarm on one metric, a month (the same page).
pub const AN_ALARM: f64 = 0.10;
/// A metric of one's own, such as of a metric filter, a month (the same page).
pub const A_METRIC: f64 = 0.30;
/// A key of KMS that customers manage, a month (<https://aws.amazon.com/kms/pricing/>).
pub const A_KEY: f64 = 1.0;
