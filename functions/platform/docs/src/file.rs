use crate::encoding::Encoding;

/// A file that is served, in every encoding. `build.rs` writes the table of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct File {
    pub(crate) path: &'static str,
    pub(crate) media_type: &'static str,
    /// Of its content.
    pub(crate) digest: &'static str,
    gzip: &'static [u8],
    brotli: &'static [u8],
    /// None for one that is too large for a response as it is.
    plain: Option<&'static [u8]>,
}

static FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

impl File {
    /// The file at a path.
    pub(crate) fn at(path: &str) -> Option<&'static Self> {
        FILES.iter().find(|file| file.path == path)
    }

    /// Whether its name changes with its content.
    pub(crate) fn is_immutable(&self) -> bool {
        self.path.contains(self.digest)
    }

    /// Whether a browser shows it as a page.
    pub(crate) fn is_page(&self) -> bool {
        self.media_type.starts_with("text/html")
    }

    /// Its content, encoded as asked; one that is too large as it is comes as gzip, which every browser reads.
    pub(crate) fn content(&self, wanted: Encoding) -> (Encoding, &'static [u8]) {
        match (wanted, self.plain) {
            (Encoding::Brotli, _) => (Encoding::Brotli, self.brotli),
            (Encoding::Plain, Some(plain)) => (Encoding::Plain, plain),
            (Encoding::Gzip | Encoding::Plain, _) => (Encoding::Gzip, self.gzip),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Lambda returns at most.
    const LIMIT: usize = 6_291_556;
    /// The headers of a response and what is around them.
    const AROUND: usize = 10_000;

    #[test]
    fn a_response_fits_into_what_lambda_returns() {
        for file in FILES {
            for encoding in [Encoding::Plain, Encoding::Gzip, Encoding::Brotli] {
                let (encoding, content) = file.content(encoding);
                let sent = match encoding {
                    Encoding::Plain => serde_json::to_string(str::from_utf8(content).unwrap())
                        .unwrap()
                        .len(),
                    // In Base64.
                    Encoding::Gzip | Encoding::Brotli => content.len().div_ceil(3) * 4,
                };
                assert!(sent + AROUND < LIMIT, "{}: {sent}", file.path);
            }
        }
    }

    #[test]
    fn only_files_of_the_page_are_immutable() {
        for file in FILES {
            assert_eq!(
                file.is_immutable(),
                file.path.starts_with("/docs/"),
                "{}",
                file.path
            );
        }
    }
}
