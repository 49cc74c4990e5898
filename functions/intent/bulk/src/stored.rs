//! The upload as it lies in the bucket while its job runs: a line of JSON for each chunk, with its domains, and a last one with
//! the whole upload. A worker reads its chunk's line alone, and whoever finishes the last.

use serde_json::Error;
use tabular::companies::Upload;
use types::Domain;

/// Chunks that a job is cut into at most: each is a message, and five calls whatever its size.
const MOST_CHUNKS: usize = 5;
/// Companies a chunk, in jobs that this cuts into fewer.
const LEAST_CHUNK: usize = 50;

/// An upload as one object.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) object: Vec<u8>,
    /// Companies a chunk; the last may have fewer.
    pub(crate) chunk_rows: usize,
    /// The byte at which each chunk's line ends.
    pub(crate) chunk_ends: Vec<u64>,
}

impl Stored {
    /// Cuts an upload into chunks.
    pub(crate) fn of(upload: &Upload) -> Result<Self, Error> {
        let domains = upload.domains();
        let chunk_rows = domains.len().div_ceil(MOST_CHUNKS).max(LEAST_CHUNK);
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

/// The domains of a chunk, from its line.
pub(crate) fn read_chunk(line: &[u8]) -> Result<Vec<Domain>, Error> {
    serde_json::from_slice(line)
}

/// The upload, from the whole object.
pub(crate) fn read(object: &[u8]) -> Result<Upload, Error> {
    // JSON on one line holds no line end.
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
