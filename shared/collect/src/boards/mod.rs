//! The job boards: how each links to a company's board and lists its postings, one file each, and what postings say.

pub(crate) mod all;
pub(crate) mod ashby;
pub(crate) mod board;
pub(crate) mod greenhouse;
pub(crate) mod lever;
pub(crate) mod links;
pub(crate) mod postings;
pub(crate) mod workable;
