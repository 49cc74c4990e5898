use std::fmt;

/// A format other than CSV, recognised by the first bytes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A workbook of Excel, old or new.
    Excel,
    /// An ODS spreadsheet (ISO/IEC 26300).
    Ods,
    /// A document of Word.
    Word,
    /// A document of Numbers, Pages or Keynote.
    Numbers,
    /// Any other ZIP archive.
    Zip,
    /// A gzip file.
    Gzip,
    /// A PDF document.
    Pdf,
    /// Rich text, as word processors write it.
    RichText,
    /// A web page, or XML.
    Html,
    /// JSON, or JSON lines.
    Json,
    /// Text, but in UTF-16: what Excel calls Unicode text.
    Utf16,
}

impl Format {
    /// The other format that the first bytes match, if any.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let text = bytes.trim_ascii_start();
        match bytes {
            [b'P', b'K', 3 | 5, 4 | 6, ..] => Some(Self::of_zip(bytes)),
            // What is no character may have been replaced by U+FFFD on the way.
            [0x1f, 0x8b, ..] | [0x1f, 0xef, 0xbf, 0xbd, 8, ..] => Some(Self::Gzip),
            [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..]
            | [0xef, 0xbf, 0xbd, 0xef, 0xbf, 0xbd, 0x11, ..] => Some(Self::Excel),
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some(Self::Utf16),
            _ if is_utf16(bytes) => Some(Self::Utf16),
            _ if text.starts_with(b"%PDF-") => Some(Self::Pdf),
            _ if text.starts_with(b"{\\rtf") => Some(Self::RichText),
            _ if is_markup(text) => Some(Self::Html),
            _ if is_json(text) => Some(Self::Json),
            _ => None,
        }
    }

    /// The names of the files in a ZIP archive are not compressed.
    fn of_zip(bytes: &[u8]) -> Self {
        let holds = |name: &[u8]| bytes.windows(name.len()).any(|window| window == name);
        if holds(b"xl/workbook.") {
            Self::Excel
        } else if holds(b"opendocument.spreadsheet") {
            Self::Ods
        } else if holds(b"word/document.") {
            Self::Word
        } else if holds(b".iwa") {
            Self::Numbers
        } else {
            Self::Zip
        }
    }

    /// What to do about it, for a caller who sends CSV.
    pub(crate) const fn advice(self) -> &'static str {
        match self {
            Self::Excel | Self::Ods | Self::Utf16 => "save it as “CSV UTF-8” and send that",
            Self::Numbers => "export it as CSV, in Unicode (UTF-8), and send that",
            Self::Word | Self::RichText => {
                "save it as plain text in UTF-8, one company on each line, and send that"
            }
            Self::Zip | Self::Gzip => "unpack it and send the CSV file in it",
            Self::Pdf | Self::Html => "send the CSV file itself",
            Self::Json => "send the rows as CSV",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Excel => "an Excel workbook",
            Self::Ods => "an OpenDocument spreadsheet",
            Self::Word => "a Word document",
            Self::Numbers => "a document of Numbers",
            Self::RichText => "rich text",
            Self::Zip => "a ZIP archive",
            Self::Gzip => "a gzip file",
            Self::Pdf => "a PDF document",
            Self::Html => "a web page or XML",
            Self::Json => "JSON",
            Self::Utf16 => "UTF-16 text",
        })
    }
}

/// Whether a text begins and ends with a tag, or begins with a declaration. A CSV file may begin with a name such as
/// `<Company>`.
fn is_markup(text: &[u8]) -> bool {
    let ends = || text.trim_ascii_end().ends_with(b">");
    let begins = |tag: &[u8]| {
        text.get(..tag.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(tag))
    };
    begins(b"<!") || begins(b"<?") || begins(b"<html") || (begins(b"<") && ends())
}

/// Whether a text begins as an object or array of JSON does. A CSV file may begin with a name such as `[Company]`.
fn is_json(text: &[u8]) -> bool {
    let Some((first, rest)) = text.split_first() else {
        return false;
    };
    let next = rest.trim_ascii_start().first();
    match first {
        b'{' => matches!(next, Some(b'"' | b'}') | None),
        b'[' => matches!(
            next,
            Some(b'{' | b'[' | b'"' | b']' | b'-' | b'0'..=b'9') | None
        ),
        _ => false,
    }
}

/// UTF-16 without a byte order mark is recognised by the first 64 bytes: at least a third are 0, all of them at odd or all
/// at even offsets.
fn is_utf16(bytes: &[u8]) -> bool {
    let start = bytes.get(..bytes.len().min(64)).unwrap_or_default();
    let zeros = |odd: usize| {
        start
            .iter()
            .skip(odd)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    (even == 0) != (odd == 0) && (even + odd) * 3 >= start.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], format: Option<Format>) {
        assert_eq!(Format::of(bytes), format);
    }

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn other_formats_are_recognised() {
        check(
            b"PK\x03\x04..[Content_Types].xml..xl/workbook.xml",
            Some(Format::Excel),
        );
        check(b"PK\x03\x04..xl/workbook.bin", Some(Format::Excel));
        check(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", Some(Format::Excel));
        check(
            b"PK\x03\x04..mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
            Some(Format::Ods),
        );
        check(b"PK\x03\x04..word/document.xml", Some(Format::Word));
        check(b"PK\x03\x04..Index/Document.iwa", Some(Format::Numbers));
        check(b"{\\rtf1\\ansi domain", Some(Format::RichText));
        check(
            b"<HTML><body>x</body></HTML>\n<!-- x -->\nx",
            Some(Format::Html),
        );
        check(b"[\n  {\"domain\": 1}\n]", Some(Format::Json));
        check(b"{ }", Some(Format::Json));
        check(b"[1,2]", Some(Format::Json));
        check(b"PK\x03\x04..companies.csv", Some(Format::Zip));
        check(b"\x1f\x8b\x08", Some(Format::Gzip));
        check(b"%PDF-1.7", Some(Format::Pdf));
        for (bytes, format) in [
            (&b"\x1f\x8b\x08\0"[..], Format::Gzip),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Format::Excel),
        ] {
            check(String::from_utf8_lossy(bytes).as_bytes(), Some(format));
        }
        check(b"\n<!DOCTYPE html>", Some(Format::Html));
        check(b"<?xml version=\"1.0\"?>", Some(Format::Html));
        check(b" {\"domain\":\"stripe.com\"}", Some(Format::Json));
        check(b"[\"stripe.com\"]", Some(Format::Json));
        check(b"\xff\xfed\0", Some(Format::Utf16));
        check(
            &utf16("domain\nstripe.com", u16::to_le_bytes),
            Some(Format::Utf16),
        );
        check(
            &utf16("domain\nstripe.com", u16::to_be_bytes),
            Some(Format::Utf16),
        );
    }

    #[test]
    fn csv_is_not_another_format() {
        for text in [
            "",
            "d",
            "domain\nstripe.com",
            "PKO,pko.pl",
            "\u{feff}domain",
            "a\0b,c\n",
            "<Company>,domain\nStripe,stripe.com",
            "[Company],[domain]\nStripe,stripe.com",
            "{Company},{domain}\nStripe,stripe.com",
        ] {
            check(text.as_bytes(), None);
        }
    }
}
