//! The way from an event of an account to its webhooks: deliveries for each event, messages for each delivery, requests for each
//! message.

mod dispatcher;
mod recover;
mod request;
mod secrets;
mod sender;

pub use dispatcher::Dispatcher;
pub use sender::Sender;
