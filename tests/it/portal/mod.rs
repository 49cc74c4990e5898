//! Portal: clients.

mod clients;
