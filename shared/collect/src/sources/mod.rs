//! The sources, one file each.

pub(crate) mod ashby;
pub(crate) mod board;
pub(crate) mod dns;
pub(crate) mod github;
pub(crate) mod greenhouse;
pub(crate) mod hn;
pub(crate) mod lever;
pub(crate) mod rdap;
pub(crate) mod sec;
pub(crate) mod site;
pub(crate) mod workable;
