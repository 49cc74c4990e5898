//! The collectors, one file for each source; the job boards share one.

pub(crate) mod dns;
pub(crate) mod github;
pub(crate) mod hn;
pub(crate) mod job_board;
pub(crate) mod rdap;
pub(crate) mod sec;
pub(crate) mod site;
