//! Reports on protocols as PDF: made on demand, counted by month, and downloaded by links of their own.

mod answer;
mod data;
mod description;
mod file;
mod form;
mod generate;
mod list;
mod making;
mod read;

use std::sync::Arc;

use accounts::Accounts;
use api::{ApiContext, ApiError, Routes};
use aws_types::SdkConfig;
use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRef, Path};
use blob::Bucket;
use config::Env;
use endpoints::liquidity;
use liquidity_store::Protocols;
use runtime::Failure;
use store::Dynamo;
use types::{AccountId, Clock, ReportId};
use workspace::{ReportLinks, Reports, Workspace};

pub use description::operations;

/// What the endpoints work with.
#[derive(Clone, Debug, FromRef)]
pub struct App {
    context: ApiContext,
    protocols: Protocols,
    reports: Reports,
    links: ReportLinks,
    bucket: Bucket,
}

impl App {
    /// From `ACCOUNTS_TABLE`, `WORKSPACE_TABLE`, `INTEL_TABLE`, `BUCKET` and the variables of [`ApiContext::from_env`].
    pub fn from_env(env: &Env, aws: &Arc<SdkConfig>, clock: Clock) -> Result<Self, Failure> {
        let dynamo = Dynamo::new(aws);
        let accounts = Accounts::new(&dynamo, env.required("ACCOUNTS_TABLE")?);
        let workspace = Workspace::new(&dynamo, env.required("WORKSPACE_TABLE")?, accounts);
        let bucket = Bucket::new(Arc::clone(aws), env.required("BUCKET")?);
        let context = ApiContext::from_env(env, aws, &dynamo, clock)?;
        Ok(Self {
            context: context.with_idempotency(bucket.clone()),
            protocols: Protocols::new(&dynamo, env.required("INTEL_TABLE")?),
            reports: Reports::new(&workspace),
            links: ReportLinks::new(&workspace),
            bucket,
        })
    }
}

/// The routes.
pub fn router(app: App) -> Router {
    Routes::new()
        .on(&liquidity::REPORT_GENERATE, generate::generate)
        .on(&liquidity::REPORT_LIST, list::list)
        .on(&liquidity::REPORT_READ, read::read)
        .on(&liquidity::REPORT_FILE, file::file)
        .serve(app)
}

type PathId = Result<Path<String>, PathRejection>;

/// The id in the path. Text that cannot be one is no report's.
fn named(id: PathId) -> Result<ReportId, ApiError> {
    let Path(text) = id.map_err(|_| unknown())?;
    text.parse().map_err(|_| unknown())
}

fn unknown() -> ApiError {
    ApiError::not_found("report")
}

/// The key of a report's file.
fn object_key(account: AccountId, report: ReportId) -> String {
    format!("reports/{account}/{report}.pdf")
}
