use std::collections::HashMap;
use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use config::{ConfigError, Env};
use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};

/// DER prefix of a P-256 public key (RFC 5480): algorithm and curve. The uncompressed point follows.
const P256_PREFIX: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

/// Public keys of the services that may report leaked keys, by identifier.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reporters(Arc<HashMap<String, Vec<u8>>>);

impl Reporters {
    /// From `LEAK_PUBLIC_KEYS`: a JSON object of PEM by identifier, as GitHub publishes them at
    /// <https://api.github.com/meta/public_keys/secret_scanning>. Empty if it is not set.
    pub(crate) fn from_env(env: &Env) -> Result<Self, ConfigError> {
        let name = "LEAK_PUBLIC_KEYS";
        let Some(value) = env.optional(name) else {
            return Ok(Self::default());
        };
        Self::parse(&value).ok_or(ConfigError::Invalid {
            name,
            value,
            expected: "a JSON object of PEM public keys on P-256, by identifier",
        })
    }

    /// Whether no service may report.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `signature` (Base64 of DER) is a valid signature of `body` by the key with this identifier.
    pub(crate) fn signed(&self, identifier: &str, signature: &str, body: &[u8]) -> bool {
        let Some((point, signature)) = self
            .0
            .get(identifier)
            .zip(BASE64_STANDARD.decode(signature).ok())
        else {
            return false;
        };
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point)
            .verify(body, &signature)
            .is_ok()
    }

    fn parse(json: &str) -> Option<Self> {
        let keys: HashMap<String, String> = serde_json::from_str(json).ok()?;
        let points = keys.into_iter().map(|(id, pem)| Some((id, point(&pem)?)));
        Some(Self(Arc::new(points.collect::<Option<_>>()?)))
    }
}

/// The point of a public key in PEM.
fn point(pem: &str) -> Option<Vec<u8>> {
    let base64: String = pem
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with("-----"))
        .collect();
    let der = BASE64_STANDARD.decode(base64).ok()?;
    let point = der.strip_prefix(&P256_PREFIX)?;
    (point.len() == 65).then(|| point.to_vec())
}
