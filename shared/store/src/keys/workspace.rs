use std::fmt;

use types::{AccountId, DeliveryId, JobId, Product, ReportId, WebhookId};

use crate::LinkHash;
use crate::item::PrimaryKey;

/// What the sort key of every job begins with. The outbox's stream filter in template.yaml matches it.
const JOBS: &str = "JOB#";
/// What the sort key of every event begins with. The stream filter of webhooks in template.yaml matches it.
pub const EVENTS: &str = "EVENT#";
/// What the sort key of every delivery begins with. The stream filter of webhooks in template.yaml matches it.
pub const DELIVERIES: &str = "DELIVERY#";
/// The sort key of every recovery. The stream filter of webhooks in template.yaml matches it.
pub const RECOVERY: &str = "RECOVERY";
/// What the sort key of every report begins with.
const REPORTS: &str = "REPORT#";
/// What the partition of everything that is watched begins with.
const WATCHED: &str = "WATCHED#";
/// What the sort keys of the items of one watched subject begin with.
pub const WATCHERS: &str = "WATCHER";

/// What a job does: a product, and a kind within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobKind {
    /// The product whose meter pays.
    pub product: Product,
    /// The kind's name, such as `score`.
    pub name: &'static str,
}

impl fmt::Display for JobKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.product, self.name)
    }
}

/// The entities of the `workspace` table: what an account owns. A subject is what is watched, as text: a company's domain,
/// a protocol's slug.
pub enum WorkspaceKey<'a> {
    /// A job. Ids sort by time, so a page of one kind's jobs is a page of keys.
    Job(AccountId, JobKind, JobId),
    /// Something that happened, by the event's id.
    Event(AccountId, &'a str),
    /// The profiles that an account scores by in a product, all in one.
    Profiles(AccountId, Product),
    /// A subject on an account's watchlist.
    Watch(AccountId, Product, &'a str),
    /// How many entries an account's watchlist has.
    WatchCount(AccountId, Product),
    /// How many accounts watch a subject, and when it is due to be refreshed.
    Watchers(Product, &'a str),
    /// An account that watches a subject.
    Watcher(Product, &'a str, AccountId),
    /// A client of an account's portal, by the account's own reference to it.
    Client(AccountId, &'a str),
    /// How many clients an account's portal has.
    ClientCount(AccountId),
    /// A report that an account had made. Ids sort by time, so a page of reports is a page of keys.
    Report(AccountId, ReportId),
    /// How many reports an account had made in a UTC month, such as `202611`.
    ReportMonth(AccountId, &'a str),
    /// A webhook of an account in a product.
    Webhook(AccountId, Product, WebhookId),
    /// Which URLs and events the webhooks of an account in a product have.
    WebhookTargets(AccountId, Product),
    /// The delivery of an event to a webhook. Ids sort by the time of the event, so a page of deliveries is a page of keys.
    Delivery(AccountId, WebhookId, DeliveryId),
    /// The last recovery of a webhook's deliveries.
    Recovery(AccountId, WebhookId),
    /// How many deliveries an account's webhooks in a product had in a UTC month, such as `202611`.
    WebhookMonth(AccountId, Product, &'a str),
    /// A link to a report, by the hash of its token. It is opened without an account.
    ReportLink(ReportId, &'a LinkHash),
}

impl WorkspaceKey<'_> {
    /// The partition of what an account owns.
    pub fn partition(account: AccountId) -> String {
        format!("ACCT#{account}")
    }

    /// The partition of those who watch a subject.
    pub fn watched(product: Product, subject: &str) -> String {
        format!("{WATCHED}{product}#{subject}")
    }

    /// What the keys of all [`WorkspaceKey::Job`] of a kind begin with.
    pub fn jobs(account: AccountId, kind: JobKind) -> PrimaryKey {
        PrimaryKey {
            pk: Self::partition(account),
            sk: format!("{JOBS}{kind}#"),
        }
    }

    /// What the keys of all [`WorkspaceKey::Webhook`] of a product begin with.
    pub fn webhooks(account: AccountId, product: Product) -> PrimaryKey {
        PrimaryKey {
            pk: Self::partition(account),
            sk: format!("WEBHOOK#{product}#"),
        }
    }

    /// What the keys of all [`WorkspaceKey::Delivery`] of a webhook begin with.
    pub fn deliveries(account: AccountId, webhook: WebhookId) -> PrimaryKey {
        PrimaryKey {
            pk: format!("WEBHOOK#{account}#{webhook}"),
            sk: DELIVERIES.to_owned(),
        }
    }

    /// What the keys of all [`WorkspaceKey::Report`] begin with.
    pub fn reports(account: AccountId) -> PrimaryKey {
        PrimaryKey {
            pk: Self::partition(account),
            sk: REPORTS.to_owned(),
        }
    }
}

impl PrimaryKey {
    /// The subject, if this is the key of an item on something that is watched in this product.
    pub fn watched_subject(&self, product: Product) -> Option<&str> {
        self.pk
            .strip_prefix(WATCHED)?
            .strip_prefix(product.as_str())?
            .strip_prefix('#')
    }

    /// The account, if this is the key of something in its partition.
    pub fn account(&self) -> Option<AccountId> {
        self.pk.strip_prefix("ACCT#")?.parse().ok()
    }

    /// The account, if this is the key of a watcher.
    pub fn watcher(&self) -> Option<AccountId> {
        self.sk
            .strip_prefix(WATCHERS)?
            .strip_prefix('#')?
            .parse()
            .ok()
    }
}

impl From<WorkspaceKey<'_>> for PrimaryKey {
    fn from(key: WorkspaceKey<'_>) -> Self {
        let of = WorkspaceKey::partition;
        let (pk, sk) = match key {
            WorkspaceKey::Job(account, kind, job) => (of(account), format!("{JOBS}{kind}#{job}")),
            WorkspaceKey::Event(account, event) => (of(account), format!("{EVENTS}{event}")),
            WorkspaceKey::Profiles(account, product) => {
                (of(account), format!("PROFILES#{product}"))
            }
            WorkspaceKey::Watch(account, product, subject) => {
                (of(account), format!("WATCH#{product}#{subject}"))
            }
            WorkspaceKey::WatchCount(account, product) => {
                (of(account), format!("WATCHLIST#{product}"))
            }
            WorkspaceKey::Watchers(product, subject) => (
                WorkspaceKey::watched(product, subject),
                format!("{WATCHERS}S"),
            ),
            WorkspaceKey::Watcher(product, subject, account) => (
                WorkspaceKey::watched(product, subject),
                format!("{WATCHERS}#{account}"),
            ),
            WorkspaceKey::Client(account, reference) => {
                (of(account), format!("CLIENT#{reference}"))
            }
            WorkspaceKey::ClientCount(account) => (of(account), "CLIENTS".to_owned()),
            WorkspaceKey::Report(account, report) => (of(account), format!("{REPORTS}{report}")),
            WorkspaceKey::ReportMonth(account, month) => (of(account), format!("REPORTS#{month}")),
            WorkspaceKey::Webhook(account, product, webhook) => {
                (of(account), format!("WEBHOOK#{product}#{webhook}"))
            }
            WorkspaceKey::WebhookTargets(account, product) => {
                (of(account), format!("WEBHOOKS#{product}"))
            }
            WorkspaceKey::Delivery(account, webhook, delivery) => {
                let PrimaryKey { pk, sk } = WorkspaceKey::deliveries(account, webhook);
                (pk, format!("{sk}{delivery}"))
            }
            WorkspaceKey::Recovery(account, webhook) => {
                let PrimaryKey { pk, .. } = WorkspaceKey::deliveries(account, webhook);
                (pk, RECOVERY.to_owned())
            }
            WorkspaceKey::WebhookMonth(account, product, month) => {
                (of(account), format!("WEBHOOKS#{product}#{month}"))
            }
            WorkspaceKey::ReportLink(report, token) => (
                format!("{REPORTS}{report}"),
                format!("LINK#{}", token.as_str()),
            ),
        };
        Self { pk, sk }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;
    use types::Timestamp;

    #[test]
    fn every_key_as_stored() {
        let account = AccountId::from_parts(Timestamp::UNIX_EPOCH, 7);
        let score = JobKind {
            product: Product::Intent,
            name: "score",
        };
        let at = Timestamp::UNIX_EPOCH;
        let report = ReportId::from_parts(at, 9);
        let webhook = WebhookId::from_parts(at, 10);
        let keys = [
            WorkspaceKey::Job(account, score, JobId::from_parts(Timestamp::UNIX_EPOCH, 8)),
            WorkspaceKey::Event(account, "credits.low#intent#tag"),
            WorkspaceKey::Profiles(account, Product::Intent),
            WorkspaceKey::Profiles(account, Product::Liquidity),
            WorkspaceKey::Watch(account, Product::Intent, "stripe.com"),
            WorkspaceKey::Watch(account, Product::Liquidity, "ondo-usdy"),
            WorkspaceKey::WatchCount(account, Product::Intent),
            WorkspaceKey::Watchers(Product::Intent, "stripe.com"),
            WorkspaceKey::Watcher(Product::Liquidity, "ondo-usdy", account),
            WorkspaceKey::Client(account, "partner-123"),
            WorkspaceKey::ClientCount(account),
            WorkspaceKey::Report(account, report),
            WorkspaceKey::ReportMonth(account, "202611"),
            WorkspaceKey::ReportLink(report, &LinkHash::of("token")),
            WorkspaceKey::Webhook(account, Product::Portal, webhook),
            WorkspaceKey::WebhookTargets(account, Product::Portal),
            WorkspaceKey::Delivery(account, webhook, DeliveryId::from_parts(at, 11)),
            WorkspaceKey::Recovery(account, webhook),
            WorkspaceKey::WebhookMonth(account, Product::Portal, "202611"),
        ];
        let shown: Vec<String> = keys
            .into_iter()
            .map(PrimaryKey::from)
            .map(|key| format!("{} | {}", key.pk, key.sk))
            .collect();
        expect![[r#"
            ACCT#acct_00000000000000000000000007 | JOB#intent#score#job_00000000000000000000000008
            ACCT#acct_00000000000000000000000007 | EVENT#credits.low#intent#tag
            ACCT#acct_00000000000000000000000007 | PROFILES#intent
            ACCT#acct_00000000000000000000000007 | PROFILES#liquidity
            ACCT#acct_00000000000000000000000007 | WATCH#intent#stripe.com
            ACCT#acct_00000000000000000000000007 | WATCH#liquidity#ondo-usdy
            ACCT#acct_00000000000000000000000007 | WATCHLIST#intent
            WATCHED#intent#stripe.com | WATCHERS
            WATCHED#liquidity#ondo-usdy | WATCHER#acct_00000000000000000000000007
            ACCT#acct_00000000000000000000000007 | CLIENT#partner-123
            ACCT#acct_00000000000000000000000007 | CLIENTS
            ACCT#acct_00000000000000000000000007 | REPORT#report_00000000000000000000000009
            ACCT#acct_00000000000000000000000007 | REPORTS#202611
            REPORT#report_00000000000000000000000009 | LINK#3c469e9d6c5875d37a43f353d4f88e61fcf812c66eee3457465a40b0da4153e0
            ACCT#acct_00000000000000000000000007 | WEBHOOK#portal#webhook_0000000000000000000000000a
            ACCT#acct_00000000000000000000000007 | WEBHOOKS#portal
            WEBHOOK#acct_00000000000000000000000007#webhook_0000000000000000000000000a | DELIVERY#delivery_0000000000000000000000000b
            WEBHOOK#acct_00000000000000000000000007#webhook_0000000000000000000000000a | RECOVERY
            ACCT#acct_00000000000000000000000007 | WEBHOOKS#portal#202611"#]]
        .assert_eq(&shown.join("\n"));
        let prefix = WorkspaceKey::jobs(account, score);
        assert_eq!(prefix.sk, "JOB#intent#score#");
    }

    #[test]
    fn a_watcher_is_read_from_its_key() {
        let account = AccountId::from_parts(Timestamp::UNIX_EPOCH, 7);
        let watcher = WorkspaceKey::Watcher(Product::Intent, "stripe.com", account);
        let watcher = PrimaryKey::from(watcher);
        assert_eq!(watcher.watched_subject(Product::Intent), Some("stripe.com"));
        assert_eq!(watcher.watched_subject(Product::Liquidity), None);
        assert_eq!(watcher.watcher(), Some(account));
    }
}
