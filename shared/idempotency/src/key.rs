use std::fmt;

/// The most characters of a key.
const MAX_LENGTH: usize = 255;

/// An idempotency key, as the caller chose it. It decrypts the stored response, so it is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

/// What is wrong with an `Idempotency-Key` header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// It is empty.
    #[error("Idempotency-Key is empty; {USAGE}")]
    Empty,
    /// It is too long.
    #[error("Idempotency-Key is longer than {MAX_LENGTH} characters; {USAGE}")]
    TooLong,
    /// It has a character that is not printable ASCII, or a quote or comma in the wrong place.
    #[error("Idempotency-Key has a character that it must not have; {USAGE}")]
    Malformed,
    /// The header is given twice.
    #[error("Idempotency-Key is given twice; {USAGE}")]
    Repeated,
}

const USAGE: &str = "give 1 to 255 printable ASCII characters, in double quotes if there is a comma or quote among them, \
    for example Idempotency-Key: 7d1f3c1e-52a8-4b7e-9c0d-2f6a8e4b1c37";

impl KeyError {
    /// A stable word for programs: `reason` in responses.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Empty => "idempotency_key_empty",
            Self::TooLong => "idempotency_key_too_long",
            Self::Malformed => "idempotency_key_malformed",
            Self::Repeated => "idempotency_key_repeated",
        }
    }
}

impl IdempotencyKey {
    /// The key in a request's `Idempotency-Key` headers, of which there must be one.
    ///
    /// Its value is a string of Structured Fields (RFC 9651, 3.3.3) as the IETF draft requires (`"abc"`), or the bare
    /// text (`abc`), which most clients send. Both are the same key. A bare key has no comma: API Gateway joins two
    /// headers by one.
    pub fn read<'a>(values: impl IntoIterator<Item = &'a [u8]>) -> Result<Self, KeyError> {
        let mut values = values.into_iter();
        let value = values.next().unwrap_or_default();
        if values.next().is_some() {
            return Err(KeyError::Repeated);
        }
        let printable = |byte: &u8| matches!(byte, b' '..=b'~');
        let text = str::from_utf8(value).map_err(|_| KeyError::Malformed)?;
        let text = text.trim_matches([' ', '\t']);
        if !text.as_bytes().iter().all(printable) {
            return Err(KeyError::Malformed);
        }
        let key = match text.strip_prefix('"') {
            Some(rest) => unquote(rest).ok_or(KeyError::Malformed)?,
            None if text.contains([',', '"']) => return Err(KeyError::Malformed),
            None => text.to_owned(),
        };
        match key.len() {
            0 => Err(KeyError::Empty),
            1..=MAX_LENGTH => Ok(Self(key)),
            _ => Err(KeyError::TooLong),
        }
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdempotencyKey")
    }
}

/// The text of a quoted string, given from after its first quote; none unless it ends with its closing quote.
fn unquote(quoted: &str) -> Option<String> {
    let mut text = String::with_capacity(quoted.len());
    let mut rest = quoted.chars();
    loop {
        match rest.next()? {
            '"' => return rest.next().is_none().then_some(text),
            '\\' => text.push(
                rest.next()
                    .filter(|escaped| matches!(escaped, '"' | '\\'))?,
            ),
            other => text.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(value: &str) -> Result<String, KeyError> {
        IdempotencyKey::read([value.as_bytes()]).map(|key| key.0)
    }

    #[test]
    fn bare_and_quoted() {
        assert_eq!(read("order-17"), Ok("order-17".to_owned()));
        assert_eq!(read("\"order-17\""), Ok("order-17".to_owned()));
        assert_eq!(
            read(" \"a \\\"b\\\" \\\\ c, d\" "),
            Ok("a \"b\" \\ c, d".to_owned())
        );
        assert_eq!(read("C:\\x y"), Ok("C:\\x y".to_owned()));
    }

    #[test]
    fn refused() {
        for value in ["", "  ", "\"\""] {
            assert_eq!(read(value), Err(KeyError::Empty), "{value}");
        }
        for value in [
            "\"",
            "\"a",
            "a\"",
            "\"a\"b",
            "\"a\";p=1",
            "\"a\\b\"",
            "a,b",
            "\"a\", \"b\"",
            "a\tb",
            "é",
            "\"\u{7f}\"",
        ] {
            assert_eq!(read(value), Err(KeyError::Malformed), "{value}");
        }
        assert_eq!(read(&"x".repeat(256)), Err(KeyError::TooLong));
        assert!(read(&format!("\"{}\"", "\\\"".repeat(255))).is_ok());
        let twice = IdempotencyKey::read([b"a".as_slice(), b"a"]);
        assert_eq!(twice, Err(KeyError::Repeated));
        assert_eq!(
            IdempotencyKey::read([b"\xff".as_slice()]),
            Err(KeyError::Malformed)
        );
    }

    #[test]
    fn is_not_printed() {
        let key = IdempotencyKey::read([b"secret".as_slice()]);
        assert_eq!(format!("{key:?}"), "Ok(IdempotencyKey)");
    }

    /// Values of the header, one on each line.
    #[test]
    fn fuzz_idempotency_key() {
        fuzzing::check("idempotency_key", |input| {
            let values: Vec<&[u8]> = input.split(|byte| *byte == b'\n').collect();
            let key = match IdempotencyKey::read(values.iter().copied()) {
                Ok(key) => key.0,
                Err(error) => return assert_eq!(values.len() > 1, error == KeyError::Repeated),
            };
            assert!((1..=MAX_LENGTH).contains(&key.len()));
            assert!(key.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
            let escaped = key.replace('\\', "\\\\").replace('"', "\\\"");
            assert_eq!(read(&format!("\"{escaped}\"")), Ok(key.clone()));
            // A key reads as itself, unless it needs quotes.
            if !key.contains([',', '"']) && key.trim() == key {
                assert_eq!(read(&key), Ok(key));
            }
        });
    }

    proptest! {
        #[test]
        fn any_printable_text_can_be_quoted(key in "[ -~]{1,255}") {
            let escaped = key.replace('\\', "\\\\").replace('"', "\\\"");
            prop_assert_eq!(read(&format!("\"{escaped}\"")), Ok(key));
        }

        #[test]
        fn bare_is_quoted(key in "[!-+\\--~&&[^\"]]{1,255}") {
            let quoted = key.replace('\\', "\\\\");
            prop_assert_eq!(read(&key), read(&format!("\"{quoted}\"")));
            prop_assert_eq!(read(&key), Ok(key));
        }

        #[test]
        fn any_bytes_are_a_key_or_refused(bytes: Vec<u8>) {
            if let Ok(key) = IdempotencyKey::read([bytes.as_slice()]) {
                prop_assert!((1..=MAX_LENGTH).contains(&key.0.len()));
                prop_assert!(key.0.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
            }
        }
    }
}
