//! The format of an upload in the bucket while its job runs: one line of JSON per chunk, with its domains, then one with the
//! whole upload. A worker reads only the line of its chunk; finishing the job reads the last line.

use serde_json::Error;
use tabular::companies::Upload;
use types::Domain;

/// Chunks per job: each costs one message and five AWS calls whatever its size.
const MAX_CHUNKS: usize = 5;
/// Companies per chunk, so that small jobs have fewer chunks.
const MIN_CHUNK_ROWS: usize = 50;

/// An upload as one object.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) object: Vec<u8>,
    /// Companies per chunk; the last may have fewer.
    pub(crate) chunk_rows: usize,
    /// The byte offset at which each chunk's line ends.
    pub(crate) chunk_ends: Vec<u64>,
}

impl Stored {
    /// Splits an upload into chunks.
    pub(crate) fn of(upload: &Upload) -> Result<Self, Error> {
        let domains = upload.domains();
        let chunk_rows = domains.len().div_ceil(MAX_CHUNKS).max(MIN_CHUNK_ROWS);
        let mut object = Vec::new();
        let mut chunk_ends = Vec::new();
        for domains in domains.chunks(chunk_rows) {
            serde_json::to_writer(&mut object, domains)?;
            object.push(b'\n');
            chunk_ends.push(object.len() as u64);
        }
        serde_json::to_writer(&mut object, upload)?;
        Ok(Self {
            object,
            chunk_rows,
            chunk_ends,
        })
    }
}

/// Parses the domains of a chunk from its line.
pub(crate) fn read_chunk(line: &[u8]) -> Result<Vec<Domain>, Error> {
    serde_json::from_slice(line)
}

/// Parses the upload from the whole object.
pub(crate) fn read(object: &[u8]) -> Result<Upload, Error> {
    // JSON without pretty-printing contains no newline.
    let last = object.rsplit(|byte| *byte == b'\n').next();
    serde_json::from_slice(last.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tabular::Limits;

    fn stored(companies: usize) -> (Upload, Stored) {
        let limits = Limits {
            max_bytes: 100_000,
            max_rows: 3_000,
        };
        let mut file = "domain,note\nnone,\"two\nlines\"\n".to_owned();
        for company in 0..companies {
            let domain = format!("company{company}.com");
            file.extend([&domain, ",\nwww.", &domain, ",again\n"]);
        }
        let upload = Upload::read(file.as_bytes(), limits).unwrap();
        let stored = Stored::of(&upload).unwrap();
        (upload, stored)
    }

    #[test]
    fn the_lines_hold_the_chunks_and_the_last_the_upload() {
        let (upload, stored) = stored(120);
        let mut start = 0;
        let mut domains = Vec::new();
        for end in stored.chunk_ends {
            let end = usize::try_from(end).unwrap();
            domains.push(read_chunk(&stored.object[start..end]).unwrap());
            start = end;
        }
        assert_eq!(
            domains.iter().map(Vec::len).collect::<Vec<_>>(),
            [50, 50, 20]
        );
        assert!(domains.iter().flatten().eq(upload.domains()));
        assert_eq!(read(&stored.object).unwrap(), upload);
    }

    #[test]
    fn a_large_file_is_cut_into_five_and_a_small_one_not_small() {
        let cut = |companies| {
            let (_, stored) = stored(companies);
            (stored.chunk_ends.len(), stored.chunk_rows)
        };
        assert_eq!(cut(1), (1, 50));
        assert_eq!(cut(250), (5, 50));
        assert_eq!(cut(251), (5, 51));
        assert_eq!(cut(1_000), (5, 200));
    }
}
