#![doc = include_str!("../README.md")]

mod authenticator;
mod key_request;
mod keyring;
mod principal;
mod raw_key;
mod session;

pub use authenticator::{AuthError, Authenticator};
pub use key_request::{By, KeyRequest, KeyringError};
pub use keyring::{Keyring, MOST_ACTIVE, RotationDays};
pub use principal::Principal;
pub use raw_key::{RawKey, RawKeyError};
pub use session::{SessionError, Sessions};
pub use types::Scope;
