use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;

/// The signature algorithms that are accepted (RFC 7518, section 3.1). A token's header can only choose from this list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Algorithm {
    Rs256,
    Es256,
}

impl Algorithm {
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "RS256" => Some(Self::Rs256),
            "ES256" => Some(Self::Es256),
            _ => None,
        }
    }
}

/// One public key of an issuer.
#[derive(Clone, Debug)]
pub(super) enum Jwk {
    /// At least 2,048 bits; ring refuses less.
    Rsa { n: Vec<u8>, e: Vec<u8> },
    /// A point of P-256, uncompressed.
    P256(Vec<u8>),
}

/// A key as an issuer publishes it (RFC 7517).
#[derive(Deserialize)]
pub(super) struct Published {
    kty: String,
    #[serde(default)]
    kid: String,
    alg: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl Published {
    /// The key and its id, if it signs with an algorithm of the list.
    pub(super) fn usable(self) -> Option<(String, Jwk)> {
        if self.purpose.is_some_and(|purpose| purpose != "sig") || self.kid.is_empty() {
            return None;
        }
        let key = match (self.kty.as_str(), self.crv.as_deref()) {
            ("RSA", _) => Jwk::Rsa {
                n: decode(self.n)?,
                e: decode(self.e)?,
            },
            ("EC", Some("P-256")) => {
                let (x, y) = (decode(self.x)?, decode(self.y)?);
                Jwk::P256([&[4], &*x, &*y].concat())
            }
            _ => return None,
        };
        let declared = self.alg.as_deref().map(Algorithm::named);
        declared
            .is_none_or(|declared| declared == Some(key.algorithm()))
            .then_some((self.kid, key))
    }
}

impl Jwk {
    /// The one algorithm that this key is for.
    pub(super) const fn algorithm(&self) -> Algorithm {
        match self {
            Self::Rsa { .. } => Algorithm::Rs256,
            Self::P256(_) => Algorithm::Es256,
        }
    }

    /// Whether `signature` is this key's of `text`.
    pub(super) fn verifies(&self, text: &[u8], signature: &[u8]) -> bool {
        let checked = match self {
            Self::Rsa { n, e } => {
                RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, text, signature)
            }
            Self::P256(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(text, signature)
            }
        };
        checked.is_ok()
    }
}

fn decode(part: Option<String>) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(part?).ok()
}
