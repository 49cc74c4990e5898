use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use types::random_bytes;

const PREFIX: &str = "whsec_";
/// Random bytes of a secret. Standard Webhooks asks for 24 to 64.
const BYTES: usize = 32;

/// The secret that a webhook's requests are signed with: `whsec_` and the Base64 of 32 random bytes. It has no `Debug` and no
/// `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A new one.
    pub fn generate() -> Self {
        let bytes = random_bytes::<BYTES>();
        Self(format!("{PREFIX}{}", BASE64.encode(bytes)))
    }

    /// The secret of this text; none if it is not one.
    pub fn parse(text: &str) -> Option<Self> {
        let secret = Self(text.to_owned());
        (secret.key()?.len() == BYTES).then_some(secret)
    }

    /// Its text, which is shown once.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The key of the signatures of Standard Webhooks.
    pub(crate) fn key(&self) -> Option<Vec<u8>> {
        BASE64.decode(self.0.strip_prefix(PREFIX)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_secret_is_one() {
        let secret = Secret::generate();
        assert!(Secret::parse(secret.text()).is_some_and(|parsed| parsed == secret));
        assert!(Secret::generate() != secret);
        for text in ["", "whsec_", "whsec_AAAA", &secret.text()[6..], "whsec_?"] {
            assert!(Secret::parse(text).is_none(), "{text}");
        }
    }
}
