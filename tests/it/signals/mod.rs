//! `POST /api/v1/signals`.

mod allowance;
mod bodies;
mod items;
mod packed;
mod parallel;
mod refused;
mod repeat;

const PATH: &str = "/api/v1/signals";
