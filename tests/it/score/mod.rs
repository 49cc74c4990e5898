//! `GET /api/v1/score`.

mod answer;
mod cache;
mod credits;
mod domain;
mod headers;
mod keys;
pub(crate) mod sources;
mod sources_change;
mod sources_formats;
mod sources_manners;
mod start;
mod tenants;
mod windows;
mod words;
mod writer;
