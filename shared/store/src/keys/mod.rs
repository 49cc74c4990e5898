//! The key schema: one file per table, one variant per entity, and the partitions and sort positions of the index.

mod accounts;
mod index;
mod intel;
mod workspace;

pub use accounts::{ACCOUNT, ACCOUNT_IDS, AUDIT, AccountsKey, ISSUED_KEYS, METERS, SUSPENDED};
pub use index::{IndexPartition, after_all, all_after, due_position, just_after, score_position};
pub use intel::{BRIEFS, IntelKey, PAST, PAST_BRIEFS, PROTOCOL_EVENTS, SIGNALS, SOURCES};
pub use workspace::{DELIVERIES, EVENTS, JobKind, RECOVERY, WATCHERS, WorkspaceKey};
