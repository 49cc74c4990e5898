use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use store::KeyHash;
use types::{Product, random_bytes};

/// A raw API key: prefix, 24 random hex digits, and the CRC-32 of all before it in 8 hex digits, so that a mistyped
/// key is refused without reading a table. It has no `Debug` and no `Display`; only its hash is stored.
///
/// A key of leads is shown and sent as the Base64 of itself and a colon, as in `Authorization: Basic <key>`, or decoded, as
/// in `X-API-Key`.
#[derive(Clone, PartialEq, Eq)]
pub struct RawKey {
    text: String,
    product: Product,
}

/// Why a text is not an API key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RawKeyError {
    /// It has no product's prefix.
    #[error("this is not an API key; send it as it was shown when it was issued")]
    UnknownPrefix,
    /// It has too few or too many digits, or a character that is not one.
    #[error(
        "the API key is not 32 lower-case hex digits after its prefix; was it cut off when it was copied?"
    )]
    WrongLength,
    /// The checksum is not that of the digits.
    #[error("the API key's checksum does not match; was it mistyped?")]
    WrongChecksum,
}

const RANDOM_BYTES: usize = 12;
const CHECKSUM_DIGITS: usize = 8;
/// The longest text that is decoded. An encoded key has 56 characters.
const MAX_ENCODED: usize = 100;

impl RawKey {
    /// A new key. Show it once, and store only its hash.
    pub fn generate(product: Product) -> Self {
        let prefix = prefix_of(product);
        let body = format!("{prefix}{}", hex::encode(random_bytes::<RANDOM_BYTES>()));
        Self {
            text: format!("{body}{}", checksum(&body)),
            product,
        }
    }

    /// Parses a key as a caller sent it. Reads no table.
    pub fn parse(text: &str) -> Result<Self, RawKeyError> {
        let Some(product) = Self::product_of(text) else {
            return Err(RawKeyError::UnknownPrefix);
        };
        let text = &*decoded(text);
        let prefix = prefix_of(product);
        let digits = text.strip_prefix(prefix).unwrap_or_default();
        let is_digit = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        if digits.len() != RANDOM_BYTES * 2 + CHECKSUM_DIGITS || !digits.chars().all(is_digit) {
            return Err(RawKeyError::WrongLength);
        }
        let (body, sum) = text.split_at(text.len() - CHECKSUM_DIGITS);
        if checksum(body) != sum {
            return Err(RawKeyError::WrongChecksum);
        }
        Ok(Self {
            text: text.to_owned(),
            product,
        })
    }

    /// The product that a text is a key of, by its prefix.
    pub fn product_of(text: &str) -> Option<Product> {
        let text = decoded(text);
        let mut products = Product::ALL.into_iter();
        products.find(|product| text.starts_with(prefix_of(*product)))
    }

    /// The prefix of a product's keys, decoded.
    pub const fn prefix_for(product: Product) -> &'static str {
        prefix_of(product)
    }

    /// The product whose key it is, by its prefix.
    pub const fn product(&self) -> Product {
        self.product
    }

    /// The hash that the key is stored and found under.
    pub fn hash(&self) -> KeyHash {
        KeyHash::of(&self.text)
    }

    /// Its prefix, which identifies its product and nothing else.
    pub fn prefix(&self) -> &str {
        let digits = RANDOM_BYTES * 2 + CHECKSUM_DIGITS;
        self.text.get(..self.text.len() - digits).unwrap_or("")
    }

    /// Its last four characters, by which its owner recognises it.
    pub fn last4(&self) -> &str {
        self.text.get(self.text.len() - 4..).unwrap_or("")
    }

    /// The key itself as its holder sends it, to be shown once.
    pub fn reveal(&self) -> Cow<'_, str> {
        match self.product {
            Product::Leads => BASE64.encode(format!("{}:", self.text)).into(),
            Product::Intent | Product::Liquidity | Product::Portal => (&*self.text).into(),
        }
    }
}

/// The key as it was generated, from a text that may be encoded or end in a colon.
fn decoded(text: &str) -> Cow<'_, str> {
    let mut products = Product::ALL.into_iter();
    let is_known = products.any(|product| text.starts_with(prefix_of(product)));
    let leads = prefix_of(Product::Leads);
    if text.starts_with(leads) {
        return text.strip_suffix(':').unwrap_or(text).into();
    }
    if is_known || text.len() > MAX_ENCODED {
        return text.into();
    }
    let decoded = BASE64.decode(text).ok();
    match decoded.and_then(|bytes| String::from_utf8(bytes).ok()) {
        Some(decoded) if decoded.starts_with(leads) => {
            let key = decoded.strip_suffix(':').unwrap_or(&decoded);
            key.to_owned().into()
        }
        _ => text.into(),
    }
}

/// The prefix of a product's keys. None of them begins with another.
const fn prefix_of(product: Product) -> &'static str {
    match product {
        Product::Intent => "iq_live_sk_",
        Product::Leads => "lq_live_",
        Product::Liquidity => "ilq_",
        Product::Portal => "ik_live_",
    }
}

fn checksum(body: &str) -> String {
    format!("{:08x}", crc32fast::hash(body.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_key_has_the_documented_format() {
        let key = RawKey::generate(Product::Intent);
        let text = key.reveal().into_owned();
        let digits = text.strip_prefix("iq_live_sk_").unwrap();
        assert_eq!(digits.len(), 32);
        assert!(digits.chars().all(|c| c.is_ascii_hexdigit()));
        for product in Product::ALL {
            assert_eq!(
                RawKey::parse(&RawKey::generate(product).reveal())
                    .unwrap()
                    .product(),
                product
            );
        }
    }

    #[test]
    fn each_malformed_key_has_its_error() {
        let wrong = |text: &str| RawKey::parse(text).err().unwrap();
        assert_eq!(wrong(""), RawKeyError::UnknownPrefix);
        assert_eq!(wrong("sk_live_0011"), RawKeyError::UnknownPrefix);
        assert_eq!(wrong("iq_live_sk_0011"), RawKeyError::WrongLength);
        assert_eq!(
            wrong("iq_live_sk_0123456789abcdef01234567deadbeef"),
            RawKeyError::WrongChecksum
        );
        assert_eq!(
            wrong("iq_live_sk_••••••••••••••••••••••••••••••••"),
            RawKeyError::WrongLength
        );
    }

    #[test]
    fn a_key_of_leads_is_accepted_encoded_and_decoded() {
        let key = RawKey::generate(Product::Leads);
        let encoded = key.reveal().into_owned();
        let decoded = String::from_utf8(BASE64.decode(&encoded).unwrap()).unwrap();
        assert!(decoded.starts_with("lq_live_") && decoded.ends_with(':'));
        for text in [&*encoded, &*decoded, decoded.trim_end_matches(':')] {
            assert!(
                RawKey::parse(text).is_ok_and(|parsed| parsed == key),
                "{text}"
            );
        }
        assert_eq!(key.last4(), &decoded[decoded.len() - 5..decoded.len() - 1]);
        let other = BASE64.encode(RawKey::generate(Product::Intent).reveal().as_bytes());
        assert_eq!(
            RawKey::parse(&other).err(),
            Some(RawKeyError::UnknownPrefix)
        );
    }

    #[test]
    fn fuzz_api_key() {
        fuzzing::check("api_key", |input| {
            let Ok(text) = std::str::from_utf8(input) else {
                return;
            };
            let product = RawKey::product_of(text);
            match RawKey::parse(text) {
                Ok(key) => {
                    assert_eq!(product, Some(key.product()));
                    assert_eq!(key.prefix(), RawKey::prefix_for(key.product()));
                    assert_eq!(key.last4().len(), 4);
                    for same in [&*key.reveal(), &*key.text] {
                        let parsed = RawKey::parse(same);
                        assert!(
                            parsed.is_ok_and(|parsed| parsed == key && parsed.hash() == key.hash())
                        );
                    }
                    // No other text is the same key.
                    let colon = format!("{}:", key.text);
                    let forms = [
                        &key.text,
                        &colon,
                        &BASE64.encode(&key.text),
                        &BASE64.encode(&colon),
                    ]
                    .map(String::clone);
                    let count = if key.product() == Product::Leads {
                        4
                    } else {
                        1
                    };
                    assert!(forms[..count].iter().any(|form| form == text), "{text}");
                }
                Err(error) => assert_eq!(product.is_none(), error == RawKeyError::UnknownPrefix),
            }
        });
    }

    proptest! {
        #[test]
        fn one_wrong_digit_is_found(position in 0usize..32, by in 1u32..16) {
            let key = RawKey::generate(Product::Intent).reveal().into_owned();
            let at = key.len() - 32 + position;
            let digit = key[at..=at].chars().next().unwrap().to_digit(16).unwrap();
            let other = char::from_digit((digit + by) % 16, 16).unwrap();
            let mistyped = format!("{}{other}{}", &key[..at], &key[at + 1..]);
            prop_assert_eq!(RawKey::parse(&mistyped).err(), Some(RawKeyError::WrongChecksum));
        }

        #[test]
        fn any_text_parses_or_is_refused(text in "(iq_live_sk_|ilq_|lq_live_|bHFfbGl2ZV8|)\\PC{0,40}") {
            let _ = RawKey::parse(&text);
        }
    }
}
