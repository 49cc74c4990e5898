use std::collections::VecDeque;
use std::time::Duration;

use futures::Stream;
use futures::stream::unfold;
use http::StatusCode;
use runtime::Failure;
use types::{DeliveryId, Timestamp, WebhookId};

use super::api::{Api, Delivery};
use super::failed_call::FailedCall;
use super::seen::{Listed, Seen};

/// Pages of a webhook that are read at a time.
const MAX_PAGES: usize = 20;

/// Finds the deliveries of webhooks that are to be forwarded.
pub(super) struct Poller<'a> {
    api: Api<'a>,
    interval: Duration,
    /// The next to be looked at is the first.
    webhooks: VecDeque<(WebhookId, Seen)>,
    /// Found, and not read yet.
    found: VecDeque<(WebhookId, DeliveryId)>,
}

impl<'a> Poller<'a> {
    /// Looks every `interval` at one webhook, each in its turn: for what is new from now on, or what happened after `since`.
    pub(super) async fn start(
        (api, interval): (Api<'a>, Duration),
        webhooks: impl Iterator<Item = WebhookId>,
        since: Option<Timestamp>,
    ) -> Result<Self, Failure> {
        let mut poller = Self {
            api,
            interval,
            webhooks: VecDeque::new(),
            found: VecDeque::new(),
        };
        for webhook in webhooks {
            let mut seen = Seen::before(since.unwrap_or(Timestamp::UNIX_EPOCH));
            if since.is_some() {
                poller.look(webhook, &mut seen).await?;
            } else {
                let (listed, is_whole) = poller.list(webhook, &seen, 1).await?;
                seen.take(&listed, is_whole);
            }
            poller.webhooks.push_back((webhook, seen));
        }
        Ok(poller)
    }

    /// The deliveries as they are found. It ends with the first error.
    pub(super) fn deliveries(self) -> impl Stream<Item = Result<Delivery, Failure>> {
        unfold(Some(self), async |poller| {
            let mut poller = poller?;
            match poller.next().await {
                Ok(delivery) => Some((Ok(delivery), Some(poller))),
                Err(error) => Some((Err(error.into()), None)),
            }
        })
    }

    async fn next(&mut self) -> Result<Delivery, FailedCall> {
        loop {
            while let Some((webhook, delivery)) = self.found.pop_front() {
                match self.api.delivery(webhook, delivery).await {
                    Err(FailedCall::Refused {
                        status: Some(StatusCode::NOT_FOUND),
                        ..
                    }) => self.api.note(&format!("{delivery} is no longer kept")),
                    result => return result,
                }
            }
            tokio::time::sleep(self.interval).await;
            if let Some((webhook, mut seen)) = self.webhooks.pop_front() {
                self.look(webhook, &mut seen).await?;
                self.webhooks.push_back((webhook, seen));
            }
        }
    }

    /// Finds what is new of a webhook.
    async fn look(&mut self, webhook: WebhookId, seen: &mut Seen) -> Result<(), FailedCall> {
        let (listed, is_whole) = self.list(webhook, seen, MAX_PAGES).await?;
        let new = seen.take(&listed, is_whole);
        let oldest = listed.last().map(|oldest| oldest.id);
        if !is_whole && new.first().copied() == oldest {
            let count = listed.len();
            self.api.note(&format!(
                "{webhook} has more deliveries than the newest {count}; the others are left out"
            ));
        }
        let found = new.into_iter().map(|delivery| (webhook, delivery));
        self.found.extend(found);
        Ok(())
    }

    /// The newest deliveries, and whether they are all that count.
    async fn list(
        &self,
        webhook: WebhookId,
        seen: &Seen,
        pages: usize,
    ) -> Result<(Vec<Listed>, bool), FailedCall> {
        let (mut listed, mut cursor) = (Vec::new(), None);
        for _ in 0..pages {
            let page = self.api.page(webhook, cursor).await?;
            let is_last = page.next_cursor.is_none() || seen.begins_in(&page.deliveries);
            listed.extend(page.deliveries);
            if is_last {
                return Ok((listed, true));
            }
            cursor = page.next_cursor;
        }
        Ok((listed, false))
    }
}
