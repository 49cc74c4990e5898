use sha2::{Digest, Sha256};

/// The SHA-256 of a raw API key in hex: all that is kept of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KeyHash(String);

impl KeyHash {
    /// The hash of a raw key.
    pub fn of(raw: &str) -> Self {
        Self(hex::encode(Sha256::digest(raw)))
    }

    /// 64 hex digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The SHA-256 of an e-mail address in hex, whatever the case of its letters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AddressHash(String);

impl AddressHash {
    /// The hash of an address.
    pub fn of(address: &str) -> Self {
        Self(hex::encode(Sha256::digest(address.trim().to_lowercase())))
    }

    /// 64 hex digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The SHA-256 of an identity provider and one of its users, in hex: who it is stays with the provider.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SubjectHash(String);

impl SubjectHash {
    /// The hash of a token's `iss` and `sub`.
    pub fn of(issuer: &str, subject: &str) -> Self {
        // No URL has a | in it, so no two pairs give one text.
        Self(hex::encode(Sha256::digest(format!("{issuer}|{subject}"))))
    }

    /// 64 hex digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The SHA-256 of the token of a link in hex: all that is kept of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LinkHash(String);

impl LinkHash {
    /// The hash of a token.
    pub fn of(token: &str) -> Self {
        Self(hex::encode(Sha256::digest(token)))
    }

    /// 64 hex digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
