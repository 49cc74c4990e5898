use std::sync::Arc;

use bytes::Bytes;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::{digest, hkdf};
use types::{AccountId, KeyId, random_bytes};

use crate::IdempotencyKey;

/// One request of a caller, however often it is sent.
#[derive(Clone, Debug)]
pub struct Operation {
    account: AccountId,
    id: String,
    seal: Arc<LessSafeKey>,
}

/// A sealed body that cannot be opened: it was changed, or is another operation's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sealed response cannot be opened")]
pub struct Unreadable;

impl Operation {
    /// What `key` identifies at this method and path, for the keys of this lineage: a rotated key can repeat a request of the
    /// one before it.
    pub fn new(
        account: AccountId,
        lineage: KeyId,
        method: &str,
        path: &str,
        key: &IdempotencyKey,
    ) -> Result<Self, Unreadable> {
        // None of the parts can hold a line feed.
        let scope = format!("{account}\n{lineage}\n{method}\n{path}\n");
        let mut hash = digest::Context::new(&digest::SHA256);
        hash.update(scope.as_bytes());
        hash.update(key.as_bytes());
        let secret =
            hkdf::Salt::new(hkdf::HKDF_SHA256, b"assay idempotency 1").extract(key.as_bytes());
        let info = [scope.as_bytes()];
        let seal = secret
            .expand(&info, &CHACHA20_POLY1305)
            .map_err(|_| Unreadable)?;
        Ok(Self {
            account,
            id: hex::encode(hash.finish()),
            seal: Arc::new(LessSafeKey::new(UnboundKey::from(seal))),
        })
    }

    /// The id that it is stored under, from which its key cannot be derived: 64 hex digits.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The object key of one run's response.
    pub(crate) fn object(&self, lease: &str) -> String {
        format!("answers/{}/{}/{lease}", self.account, self.id)
    }

    /// Encrypts a body so that only the idempotency key opens it, and binds `associated` data to it.
    pub(crate) fn seal(&self, associated: &str, body: &[u8]) -> Result<Vec<u8>, Unreadable> {
        let nonce: [u8; NONCE_LEN] = random_bytes();
        let mut sealed = Vec::with_capacity(NONCE_LEN + body.len() + CHACHA20_POLY1305.tag_len());
        sealed.extend(body);
        let nonce_used = Nonce::assume_unique_for_key(nonce);
        self.seal
            .seal_in_place_append_tag(nonce_used, Aad::from(associated), &mut sealed)
            .map_err(|_| Unreadable)?;
        sealed.extend(nonce);
        Ok(sealed)
    }

    /// The body that was sealed.
    pub(crate) fn open(&self, associated: &str, sealed: Bytes) -> Result<Bytes, Unreadable> {
        let mut sealed = Vec::from(sealed);
        let at = sealed.len().checked_sub(NONCE_LEN).ok_or(Unreadable)?;
        let nonce = sealed.split_off(at);
        let nonce = Nonce::try_assume_unique_for_key(&nonce).map_err(|_| Unreadable)?;
        let body = self
            .seal
            .open_in_place(nonce, Aad::from(associated), &mut sealed)
            .map_err(|_| Unreadable)?;
        let length = body.len();
        sealed.truncate(length);
        Ok(sealed.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::Timestamp;

    const BODY: &[u8] = b"{\"secret\": \"shown once\"}";

    fn operation(key: &str, path: &str) -> Operation {
        let key = IdempotencyKey::read([key.as_bytes()]).unwrap();
        let account = AccountId::from_parts(Timestamp::UNIX_EPOCH, 7);
        let lineage = KeyId::from_parts(Timestamp::UNIX_EPOCH, 8);
        Operation::new(account, lineage, "POST", path, &key).unwrap()
    }

    #[test]
    fn only_its_own_key_opens_a_response() {
        let sealed = Bytes::from(operation("a", "/x").seal("200", BODY).unwrap());
        assert!(!sealed.windows(6).any(|part| part == b"secret"));
        let open =
            |operation: Operation, associated: &str| operation.open(associated, sealed.clone());
        assert_eq!(open(operation("a", "/x"), "200").unwrap(), BODY);
        assert_eq!(open(operation("b", "/x"), "200"), Err(Unreadable));
        assert_eq!(open(operation("a", "/y"), "200"), Err(Unreadable));
        assert_eq!(open(operation("a", "/x"), "404"), Err(Unreadable));
    }

    #[test]
    fn a_response_that_was_changed_does_not_open() {
        let operation = operation("a", "/x");
        let sealed = operation.seal("200", BODY).unwrap();
        for byte in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[byte] ^= 1;
            assert_eq!(operation.open("200", changed.into()), Err(Unreadable));
        }
        for length in 0..sealed.len() {
            let cut = Bytes::copy_from_slice(&sealed[..length]);
            assert_eq!(operation.open("200", cut), Err(Unreadable));
        }
    }

    #[test]
    fn operations_have_different_ids() {
        assert_eq!(operation("a", "/x").id(), operation("\"a\"", "/x").id());
        assert_ne!(operation("a", "/x").id(), operation("a", "/y").id());
        assert_ne!(operation("a", "/x").id(), operation("b", "/x").id());
    }
}
