use runtime::Failure;
use types::{Timestamp, whole_second};
use webhook_store::{
    DeliveryRow, DeliveryState, MonthLimit, RecoveredPage, RecoveryRow, RecoveryState, Resent,
};

use crate::Dispatcher;

/// Deliveries that one run sees.
const PAGE: usize = 100;

impl Dispatcher {
    /// Sends a page of a recovery's deliveries again. One that runs twice finds those marked that it has sent.
    pub(crate) async fn recover(&self, recovery: &RecoveryRow) -> Result<(), Failure> {
        if recovery.state != RecoveryState::Running {
            return Ok(());
        }
        let now = whole_second(self.clock.now());
        let month = self.month_of((recovery.account, recovery.product)).await?;
        let (rows, has_more) = self.deliveries.page_of_recovery(recovery, PAGE).await?;
        let mut page = RecoveredPage {
            last: rows.last().map(|row| row.delivery),
            has_more,
            ..RecoveredPage::default()
        };
        for row in &rows {
            match self.recover_one(row, recovery, month.as_ref(), now).await? {
                Some(Resent::Yes(_)) => page.resent += 1,
                Some(Resent::Full) => page.held += 1,
                Some(Resent::Busy) | None => {}
            }
        }
        self.deliveries
            .advance_recovery(recovery, page, now)
            .await?;
        tracing::info!(account.id = %recovery.account, webhook.id = %recovery.webhook, deliveries = page.resent, "deliveries recovered");
        Ok(())
    }

    /// Sends a delivery again, if it was not delivered and no attempt is due.
    async fn recover_one(
        &self,
        row: &DeliveryRow,
        recovery: &RecoveryRow,
        month: Option<&MonthLimit>,
        now: Timestamp,
    ) -> Result<Option<Resent>, Failure> {
        if row.resent_by.as_deref() == Some(&*recovery.run) {
            return Ok(Some(Resent::Yes(Box::new(row.clone()))));
        }
        let is_lost = match row.state {
            DeliveryState::Exhausted | DeliveryState::Canceled | DeliveryState::Held => true,
            DeliveryState::Pending | DeliveryState::Sending | DeliveryState::Delivered => false,
        };
        if !is_lost || row.is_worn_out() {
            return Ok(None);
        }
        let resent = self.deliveries.resend(row, &recovery.run, month, now);
        Ok(Some(resent.await?))
    }
}
