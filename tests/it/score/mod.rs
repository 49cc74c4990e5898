//! `GET /api/v1/score`.

mod answer;
mod cache;
mod credits;
mod domain;
mod headers;
mod keys;
mod sources;
mod sources_change;
mod start;
mod tenants;
mod windows;
mod words;
mod writer;
