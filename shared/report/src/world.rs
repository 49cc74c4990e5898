use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, Source};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

const TEMPLATE: &str = include_str!("../template/report.typ");
/// Only these: a font of the machine would make other pages of the same data.
const FONTS: [&[u8]; 2] = [
    include_bytes!("../fonts/IBMPlexSans-Regular.ttf"),
    include_bytes!("../fonts/IBMPlexSans-Bold.ttf"),
];
/// What the template reads.
const DATA: &str = "data.json";

/// What all reports have in common. It is built once.
struct Common {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    template: Source,
}

static COMMON: LazyLock<Common> = LazyLock::new(|| {
    let fonts = FONTS.map(|font| Font::new(Bytes::new(font), 0));
    let fonts: Vec<Font> = fonts.into_iter().flatten().collect();
    Common {
        library: LazyHash::new(Library::default()),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
        template: Source::detached(TEMPLATE),
    }
});

/// All that the template can see: itself, the fonts and the data of one report. No file, no package, no clock.
pub(crate) struct ReportWorld {
    common: &'static Common,
    data: Bytes,
}

impl ReportWorld {
    /// With the JSON that the template reads.
    pub(crate) fn new(json: Vec<u8>) -> Self {
        Self {
            common: &COMMON,
            data: Bytes::new(json),
        }
    }
}

/// Whether every font has a glyph for it.
pub(crate) fn has_glyph(c: char) -> bool {
    let fonts = &COMMON.fonts;
    fonts
        .iter()
        .all(|font| font.info().coverage.contains(u32::from(c)))
}

impl World for ReportWorld {
    fn library(&self) -> &LazyHash<Library> {
        &self.common.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.common.book
    }

    fn main(&self) -> FileId {
        self.common.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main() {
            Ok(self.common.template.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id.vpath().get_without_slash() == DATA {
            Ok(self.data.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.common.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_font_is_one() {
        let families: Vec<_> = COMMON
            .fonts
            .iter()
            .map(|font| &font.info().family)
            .collect();
        assert_eq!(families, ["IBM Plex Sans"; FONTS.len()]);
    }

    #[test]
    fn latin_greek_and_cyrillic_have_glyphs() {
        let covered = "AZaz09ÄßçñøœŁżőŠ ΑΩαωάώ АЯаяЁёЇїЂ Ậặ €£¥ …–−→·";
        assert!(covered.chars().all(has_glyph));
        assert!(!"日本العربية🏦".chars().any(has_glyph));
    }
}
