use store::KeyHash;
use types::{Product, random_bytes};

/// A raw API key: prefix, 24 random hex digits, and the CRC-32 of all before it in 8 hex digits, so that a mistyped
/// key is refused without a look at any table. It has no `Debug` and no `Display`; only its hash is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct RawKey {
    text: String,
    product: Product,
}

/// Why a text is not an API key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RawKeyError {
    /// It begins like no product's key.
    #[error("this is not an API key; keys look like iq_live_sk_ and 32 hex digits")]
    UnknownPrefix,
    /// A digit is missing, too many, or none.
    #[error(
        "the API key is not 32 lower-case hex digits after its prefix; was it cut off when it was copied?"
    )]
    WrongLength,
    /// The digits do not belong together.
    #[error("the API key's checksum does not match; was it mistyped?")]
    WrongChecksum,
}

/// The prefix of each product's keys. None is the beginning of another.
const PREFIXES: [(&str, Product); 4] = [
    ("iq_live_sk_", Product::Intent),
    ("lq_live_", Product::Leads),
    ("ilq_", Product::Liquidity),
    ("ik_live_", Product::Portal),
];
const RANDOM_BYTES: usize = 12;
const CHECKSUM_DIGITS: usize = 8;

impl RawKey {
    /// A new key. Show it once; keep its hash.
    pub fn generate(product: Product) -> Self {
        let prefix = PREFIXES
            .iter()
            .find(|(_, of)| *of == product)
            .map_or("", |(prefix, _)| prefix);
        let body = format!("{prefix}{}", hex::encode(random_bytes::<RANDOM_BYTES>()));
        Self {
            text: format!("{body}{}", checksum(&body)),
            product,
        }
    }

    /// Reads a key as a caller sent it. Looks nothing up.
    pub fn parse(text: &str) -> Result<Self, RawKeyError> {
        let (prefix, product) = PREFIXES
            .iter()
            .find(|(prefix, _)| text.starts_with(prefix))
            .ok_or(RawKeyError::UnknownPrefix)?;
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
            product: *product,
        })
    }

    /// The product whose key it is, by its prefix.
    pub const fn product(&self) -> Product {
        self.product
    }

    /// The hash that the key is stored and found under.
    pub fn hash(&self) -> KeyHash {
        KeyHash::of(&self.text)
    }

    /// How it begins: the part that tells its product and nothing else.
    pub fn prefix(&self) -> &str {
        let digits = RANDOM_BYTES * 2 + CHECKSUM_DIGITS;
        self.text.get(..self.text.len() - digits).unwrap_or("")
    }

    /// Its last four characters, by which its owner tells it from others.
    pub fn last4(&self) -> &str {
        self.text.get(self.text.len() - 4..).unwrap_or("")
    }

    /// The key itself, for its one showing.
    pub fn reveal(&self) -> &str {
        &self.text
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
    fn a_key_has_the_documented_form() {
        let key = RawKey::generate(Product::Intent);
        let digits = key.reveal().strip_prefix("iq_live_sk_").unwrap();
        assert_eq!(digits.len(), 32);
        assert!(digits.chars().all(|c| c.is_ascii_hexdigit()));
        for product in Product::ALL {
            assert_eq!(
                RawKey::parse(RawKey::generate(product).reveal())
                    .unwrap()
                    .product(),
                product
            );
        }
    }

    #[test]
    fn says_how_a_key_is_wrong() {
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

    proptest! {
        #[test]
        fn one_wrong_digit_is_found(position in 0usize..32, by in 1u32..16) {
            let key = RawKey::generate(Product::Intent).reveal().to_owned();
            let at = key.len() - 32 + position;
            let digit = key[at..=at].chars().next().unwrap().to_digit(16).unwrap();
            let other = char::from_digit((digit + by) % 16, 16).unwrap();
            let mistyped = format!("{}{other}{}", &key[..at], &key[at + 1..]);
            prop_assert_eq!(RawKey::parse(&mistyped).err(), Some(RawKeyError::WrongChecksum));
        }

        #[test]
        fn any_text_parses_or_is_refused(text in "(iq_live_sk_|ilq_|)\\PC{0,40}") {
            let _ = RawKey::parse(&text);
        }
    }
}
