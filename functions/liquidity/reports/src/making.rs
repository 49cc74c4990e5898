//! The steps of a report: counted first, then made, so that no death between two writes makes one that is not counted.

use api::{ApiError, Code};
use report::ReportData;
use types::{AccountId, Chain, Product, whole_second};
use workspace::{Begun, LinkToken, ReportRow, ReportState};

use crate::data::{Reported, history_days};
use crate::{App, object_key};

impl App {
    /// Makes a report and a link to it. A later run of the same request finds what an earlier one left, and goes on from there.
    pub(crate) async fn make(
        &self,
        account: AccountId,
        new: ReportRow,
        reported: &Reported,
        limit: Option<u64>,
    ) -> Result<(ReportRow, LinkToken), ApiError> {
        let begun = match self.reports.begin(account, new, limit).await? {
            Begun::Report(row) => row,
            Begun::Full => return Err(full(limit)),
        };
        if begun.state == ReportState::Rendering
            && let Err(error) = self.render(account, &begun, reported).await
        {
            self.give_back(account, &begun).await;
            return Err(error);
        }
        let token = self.links.issue(account, &begun).await?;
        Ok((begun, token))
    }

    /// Lays a report out, stores its file, and says that it is there.
    async fn render(
        &self,
        account: AccountId,
        begun: &ReportRow,
        reported: &Reported,
    ) -> Result<(), ApiError> {
        let slug = &reported.protocol.slug;
        let days = history_days(begun.created_at);
        let history = self.protocols.history(slug, days).await?;
        let data: ReportData = reported.data(&history, begun.created_at);
        let pdf = report::render(&data).map_err(|error| ApiError::internal(&error))?;
        let key = object_key(account, begun.report);
        self.bucket.put(&key, "application/pdf", pdf).await?;
        let now = whole_second(self.context.clock().now());
        let of = (account, Product::Liquidity);
        self.reports.finish(of, begun, now).await?;
        Ok(())
    }

    /// A report that is not made does not count. What is left of it is deleted with its file.
    async fn give_back(&self, account: AccountId, begun: &ReportRow) {
        if let Err(error) = self.reports.give_back(account, begun).await {
            tracing::error!(account.id = %account, report.id = %begun.report, error = %Chain(&error), "a report that could not be made was counted");
        }
    }
}

fn full(limit: Option<u64>) -> ApiError {
    let limit = limit.unwrap_or(u64::MAX);
    let message = format!(
        "the plan includes {limit} reports a UTC month and all are made; wait for the next month, or upgrade"
    );
    ApiError::new(Code::LimitReached, message)
        .reason("monthly_reports")
        .with("limit", limit)
}
