use api::ApiContext;
use axum::extract::FromRef;
use config::Env;
use intent_store::{Intel, IntentWorkspace};
use runtime::Failure;
use scores::Scores;
use store::Dynamo;
use workspace::Workspace;

/// State of the handlers.
#[derive(Clone, Debug, FromRef)]
pub struct App {
    pub(crate) context: ApiContext,
    pub(crate) workspace: IntentWorkspace,
    pub(crate) scores: Scores,
    /// Seconds until the first refresh of a company that no account watched before.
    pub(crate) period: i64,
}

impl App {
    /// From `INTEL_TABLE` and, if set, `REFRESH_SECONDS`.
    pub fn new(
        context: ApiContext,
        env: &Env,
        dynamo: &Dynamo,
        workspace: Workspace,
    ) -> Result<Self, Failure> {
        Ok(Self {
            context,
            workspace: IntentWorkspace::new(workspace),
            scores: Scores::new(Intel::new(dynamo, env.required("INTEL_TABLE")?)),
            period: crate::period(env)?,
        })
    }
}
