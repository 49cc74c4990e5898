//! Parsing of HTML and XML: a scan for tags is enough here.

pub(crate) mod charset;
pub(crate) mod feed;
pub(crate) mod tags;
