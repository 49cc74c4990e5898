//! Leads: GraphQL, and prospect lists by REST, each in its dialect.

mod credentials;
mod graphql;
mod whoami;
