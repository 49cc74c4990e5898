//! The key schema: one file per table, one variant per entity.

mod accounts;
mod intel;
mod workspace;

pub use accounts::{ACCOUNT, AUDIT, AccountsKey, ISSUED_KEYS, METERS};
pub use intel::{IntelKey, PAST, SIGNALS, SOURCES};
pub use workspace::{JOBS, Line, WATCHERS, WorkspaceKey, behind, behind_all, due, rank};
