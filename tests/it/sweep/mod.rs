//! What holds for every route alike, and that the route table, the template and the documentation agree.

mod bill;
mod documents;
mod routes;
mod rules;
