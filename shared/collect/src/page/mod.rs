//! What is read out of HTML and XML, which here is enough to scan for tags.

pub(crate) mod feed;
pub(crate) mod tags;
