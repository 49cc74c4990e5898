use std::fs;
use std::path::PathBuf;

/// The folder of a target's seeds.
pub(crate) fn folder(target: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "corpus", target]
        .iter()
        .collect()
}

/// The seeds of a target, by name.
///
/// # Panics
/// If there are none.
pub(crate) fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = folder(target);
    let entries = fs::read_dir(&folder).into_iter().flatten();
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.sort();
    let seeds: Vec<Vec<u8>> = files
        .iter()
        .filter_map(|file| fs::read(file).ok())
        .collect();
    assert!(!seeds.is_empty(), "{} has no seeds", folder.display());
    seeds
}

/// What a mutation inserts: the words of the seeds, and what parsers trip over.
pub(crate) fn words(seeds: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut words: Vec<Vec<u8>> = TRAPS.iter().map(|word| word.to_vec()).collect();
    for seed in seeds {
        let parts = seed.chunk_by(|a, b| a.is_ascii_alphanumeric() == b.is_ascii_alphanumeric());
        let parts = parts.filter(|part| part.len() <= 32).take(500);
        words.extend(parts.map(<[u8]>::to_vec));
    }
    words.sort();
    words.dedup();
    words
}

const TRAPS: [&[u8]; 56] = [
    b"\0",
    b"\xff",
    b"\xff\xfe",
    b"\xfe\xff",
    b"\xef\xbb\xbf",
    b"\xef\xbf\xbd",
    b"\xed\xa0\x80",
    b"\xc0\x80",
    b"\xf4\x90\x80\x80",
    b"\r\n",
    b"\n",
    b"\r",
    b"\t",
    b"\"",
    b"\"\"",
    b"'",
    b"\\",
    b"\\\"",
    b",",
    b";",
    b"|",
    b":",
    b".",
    b"=",
    b"=1+1",
    b"-1",
    b"+",
    b"@",
    b"-0",
    b"0.0",
    b"1e999",
    b"1e-999",
    b"9007199254740993",
    b"18446744073709551616",
    b"-9223372036854775809",
    b"\\u0000",
    b"\\ud800",
    b"\\u00e9",
    "\u{200b}".as_bytes(),
    "\u{202e}".as_bytes(),
    "\u{2028}".as_bytes(),
    "\u{a0}".as_bytes(),
    "ü".as_bytes(),
    "İ".as_bytes(),
    "ß".as_bytes(),
    "＝".as_bytes(),
    "。".as_bytes(),
    "😀".as_bytes(),
    b"xn--",
    b"www.",
    b"://",
    b"%00",
    b"%",
    b"\x1a",
    b"\x1e",
    b"{}",
];
