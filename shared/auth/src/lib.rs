#![doc = include_str!("../README.md")]

mod authenticator;
mod principal;
mod raw_key;
mod scope;

pub use authenticator::{AuthError, Authenticator};
pub use principal::Principal;
pub use raw_key::{RawKey, RawKeyError};
pub use scope::Scope;
