//! The key schema: one file per table, one variant per entity.

mod accounts;
mod intel;
mod workspace;

pub(crate) use accounts::{ACCOUNT, AUDIT, AccountsKey, ISSUED_KEYS, METERS};
pub(crate) use intel::{IntelKey, PAST, SIGNALS, SOURCES};
pub(crate) use workspace::{JOBS, Line, WATCHERS, WorkspaceKey, behind, behind_all, due, rank};
