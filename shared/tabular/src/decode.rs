use crate::{Format, Limits, TabularError};

/// The text of an uploaded file, without its byte order mark.
pub(crate) fn decode(bytes: &[u8], limits: Limits) -> Result<&str, TabularError> {
    if bytes.len() > limits.max_bytes {
        return Err(TabularError::TooLarge {
            bytes: bytes.len(),
            max_bytes: limits.max_bytes,
        });
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Some(format) = Format::of(bytes) {
        return Err(TabularError::NotCsv(format));
    }
    let bytes = without_end_mark(bytes);
    let mut lines = Lines::new(bytes);
    if let Some(shift) = shift(bytes) {
        return Err(TabularError::NotUtf8 {
            line: lines.at(shift),
        });
    }
    if let Some(nul) = bytes.iter().position(|byte| *byte == 0) {
        return Err(TabularError::NulByte {
            line: lines.at(nul),
        });
    }
    std::str::from_utf8(bytes).map_err(|error| TabularError::NotUtf8 {
        line: lines.at(error.valid_up_to()),
    })
}

/// The bytes before the mark that DOS puts at the end of a text, 0x1A.
fn without_end_mark(bytes: &[u8]) -> &[u8] {
    bytes
        .trim_ascii_end()
        .strip_suffix(b"\x1a")
        .unwrap_or(bytes)
}

/// Where a text first changes its character set, as ISO 2022 does (ISO-2022-JP and the like): these have only bytes of ASCII, and
/// would pass as UTF-8.
fn shift(bytes: &[u8]) -> Option<usize> {
    let is_shift = |window: &[u8]| {
        matches!(
            window,
            [0x1b, b'$', b'@' | b'A' | b'B' | b'(' | b')'] | [0x1b, b'(', b'I' | b'J']
        )
    };
    bytes.windows(3).position(is_shift)
}

/// Converts offsets, given in rising order, to line numbers as a text editor counts them: LF, CRLF or CR ends a line.
///
/// The parser's own count knows LF only, and is read before it skips the rest of the line before.
pub(crate) struct Lines<'a> {
    bytes: &'a [u8],
    offset: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            offset: 0,
            line: 1,
        }
    }

    /// Continues at an offset, which is on this line.
    pub(crate) const fn seek(&mut self, offset: usize, line: u64) {
        self.offset = offset;
        self.line = line;
    }

    /// The line, from 1, of the byte at `offset`.
    pub(crate) fn at(&mut self, offset: usize) -> u64 {
        let passed = self.bytes.get(self.offset..offset).unwrap_or_default();
        for (index, byte) in passed.iter().enumerate() {
            let next = self.bytes.get(self.offset + index + 1);
            if *byte == b'\n' || (*byte == b'\r' && next != Some(&b'\n')) {
                self.line += 1;
            }
        }
        self.offset = self.offset.max(offset);
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits {
        max_bytes: 64,
        max_rows: 9,
    };

    #[test]
    fn text_loses_its_marks() {
        assert_eq!(decode("\u{feff}café".as_bytes(), LIMITS).unwrap(), "café");
        for end in ["\x1a", "\x1a\r\n", "\x1a \n"] {
            let text = format!("a\r\nb\r\n{end}");
            assert_eq!(decode(text.as_bytes(), LIMITS).unwrap(), "a\r\nb\r\n");
        }
        assert_eq!(decode(b"a\x1ab", LIMITS).unwrap(), "a\x1ab");
    }

    #[test]
    fn bytes_that_are_not_text_are_refused_with_their_line() {
        let refuse = |bytes: &[u8]| decode(bytes, LIMITS).unwrap_err();
        assert_eq!(
            refuse(b"name\r\nCaf\xe9\r\n"),
            TabularError::NotUtf8 { line: 2 }
        );
        assert_eq!(
            refuse(b"name,domain\n\nAcme\0,acme.com"),
            TabularError::NulByte { line: 3 }
        );
        // ISO-2022-JP
        assert_eq!(
            refuse(b"name,domain\r\n\x1b$BF|K\\\x1b(B,acme.com"),
            TabularError::NotUtf8 { line: 2 }
        );
        assert_eq!(
            refuse(b"\xef\xbb\xbf{}"),
            TabularError::NotCsv(Format::Json)
        );
        assert_eq!(
            refuse(&[b'a'; 65]),
            TabularError::TooLarge {
                bytes: 65,
                max_bytes: 64
            }
        );
    }

    #[test]
    fn lines_end_in_any_way() {
        let mut lines = Lines::new(b"a\nb\r\nc\rd\n\ne");
        let at = [0, 1, 2, 3, 4, 5, 7, 9, 10, 11, 99].map(|offset| lines.at(offset));
        assert_eq!(at, [1, 1, 2, 2, 2, 3, 4, 5, 6, 6, 6]);
    }
}
