#![doc = include_str!("../README.md")]

mod authenticator;
mod key_request;
mod keyring;
mod principal;
mod raw_key;
mod session;

pub use authenticator::{AuthError, Authenticator};
pub use key_request::{ChangedBy, KeyRequest, KeyringError};
pub use keyring::{Keyring, MAX_ACTIVE_KEYS, RotationDays};
pub use principal::Principal;
pub use raw_key::{RawKey, RawKeyError};
pub use session::{SessionError, Sessions, User};
pub use types::Scope;
