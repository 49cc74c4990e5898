use std::borrow::Cow;

use encoding_rs::Encoding;

use crate::decode::Lines;
use crate::{Format, TabularError};

/// The bytes of a file as UTF-8, by the name of its character set as a `Content-Type` declares it
/// (<https://encoding.spec.whatwg.org/#names-and-labels>). What is declared as UTF-8 is left as it is.
pub fn to_utf8<'a>(bytes: &'a [u8], charset: &str) -> Result<Cow<'a, [u8]>, TabularError> {
    let unknown = || TabularError::UnknownCharset {
        charset: charset.chars().take(40).collect(),
    };
    let encoding = Encoding::for_label(charset.as_bytes()).ok_or_else(unknown)?;
    // A byte order mark says more than a declaration (<https://encoding.spec.whatwg.org/#decode>).
    let is_marked =
        Encoding::for_bom(bytes).is_some_and(|(marked, _)| marked == encoding_rs::UTF_8);
    if encoding == encoding_rs::UTF_8 || is_marked {
        return Ok(Cow::Borrowed(bytes));
    }
    let charset = encoding.name();
    if encoding.is_single_byte() && !bytes.is_ascii() && std::str::from_utf8(bytes).is_ok() {
        return Err(TabularError::Utf8InCharset { charset });
    }
    let (text, _, had_errors) = encoding.decode(bytes);
    if had_errors {
        return Err(TabularError::NotInCharset { charset });
    }
    Ok(Cow::Owned(text.into_owned().into_bytes()))
}

/// The text of a file that begins with the byte order mark of UTF-16, as what Excel calls Unicode text does.
pub(crate) fn of_utf16(bytes: &[u8]) -> Result<Option<String>, TabularError> {
    let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let Some(encoding) = marked.filter(|encoding| *encoding != encoding_rs::UTF_8) else {
        return Ok(None);
    };
    let (text, had_errors) = encoding.decode_with_bom_removal(bytes);
    if had_errors {
        let charset = encoding.name();
        return Err(TabularError::NotInCharset { charset });
    }
    Ok(Some(text.into_owned()))
}

/// Checks a text that API Gateway may have replaced characters in, as it does with bytes of a `text/…` body that are not UTF-8.
/// What it puts there, U+FFFD, is in no file that was sent as it was meant.
pub fn check_replacements(bytes: &[u8]) -> Result<(), TabularError> {
    if let Some(format) = Format::of(bytes) {
        return Err(TabularError::NotCsv(format));
    }
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    match text.find('\u{fffd}') {
        Some(offset) => Err(TabularError::NotUtf8 {
            line: Lines::new(bytes).at(offset),
        }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_character_sets_are_read() {
        let read = |bytes: &[u8], charset: &str| {
            let text = to_utf8(bytes, charset).unwrap().into_owned();
            String::from_utf8(text).unwrap()
        };
        assert_eq!(read(b"Caf\xe9 \x96", "windows-1252"), "Café –");
        assert_eq!(read(b"Caf\xe9", "ISO-8859-1"), "Café");
        assert_eq!(read("Café".as_bytes(), "utf-8"), "Café");
        assert_eq!(read(b"\xff\xfed\0\xe9\0", "utf-16"), "dé");
        assert_eq!(read(b"\x83\x65", "Shift_JIS"), "テ");
        // A wrong declaration is not believed.
        assert_eq!(
            read("\u{feff}Café".as_bytes(), "windows-1252"),
            "\u{feff}Café"
        );
        assert_eq!(
            to_utf8("Café".as_bytes(), "windows-1252"),
            Err(TabularError::Utf8InCharset {
                charset: "windows-1252"
            })
        );
        assert_eq!(read(b"\x1b$BF|K\\\x1b(B", "iso-2022-jp"), "日本");
        assert_eq!(
            to_utf8(b"", "klingon").unwrap_err().reason(),
            "charset_unknown"
        );
        assert_eq!(
            to_utf8(b"\xff", "Shift_JIS").unwrap_err().reason(),
            "file_not_in_charset"
        );
    }

    #[test]
    fn replaced_characters_are_found() {
        assert_eq!(check_replacements("é".as_bytes()), Ok(()));
        let error = check_replacements("a\r\nCaf\u{fffd}".as_bytes());
        assert_eq!(error, Err(TabularError::NotUtf8 { line: 2 }));
        let error = check_replacements("\u{1f}\u{fffd}\u{8}".as_bytes());
        assert_eq!(error, Err(TabularError::NotCsv(Format::Gzip)));
    }
}
