//! Compresses what the function serves, and writes the table of it that `src/file.rs` includes.

use std::error::Error;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

/// Below the package's folder.
const RENDERER: &str = "node_modules/@scalar/api-reference/dist/browser/standalone.js";
const DESCRIPTION: &str = "../../../docs/openapi.json";
/// More than this as it is would be near the 6 MB that Lambda returns at most; then it is served compressed only.
const MOST_PLAIN: usize = 3_000_000;

const JSON: &str = "application/json";
const HTML: &str = "text/html; charset=utf-8";

/// A file to be served.
struct File {
    path: String,
    media_type: &'static str,
    content: Vec<u8>,
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=page");
    println!("cargo::rerun-if-changed={DESCRIPTION}");
    println!("cargo::rerun-if-changed={RENDERER}");
    if !Path::new(RENDERER).exists() {
        println!(
            "cargo::error=the renderer of the reference page is missing; fetch it with: make renderer"
        );
        return Ok(());
    }
    let mut files = vec![
        asset("scalar.js", "text/javascript; charset=utf-8", renderer()?),
        asset(
            "page.js",
            "text/javascript; charset=utf-8",
            fs::read("page/page.js")?,
        ),
        asset(
            "page.css",
            "text/css; charset=utf-8",
            fs::read("page/page.css")?,
        ),
        asset("icon.svg", "image/svg+xml", fs::read("page/icon.svg")?),
    ];
    let page = page(&files)?;
    files.push(at("/docs", HTML, page));
    files.push(at("/openapi.json", JSON, fs::read(DESCRIPTION)?));

    let folder = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo names OUT_DIR")?);
    let rows: String = files
        .iter()
        .map(|file| row(file, &folder))
        .collect::<Result<_, _>>()?;
    fs::write(folder.join("files.rs"), format!("&[{rows}]"))?;
    Ok(())
}

/// The renderer with its licence, and without the map of its sources, which is not served.
fn renderer() -> Result<Vec<u8>, Box<dyn Error>> {
    let script = fs::read_to_string(RENDERER)?;
    let (script, _map) = script
        .rsplit_once("//# sourceMappingURL=")
        .unwrap_or((&script, ""));
    let licence = fs::read_to_string("page/scalar-license.txt")?;
    Ok(format!("/*!\n{licence}*/\n{script}").into_bytes())
}

/// The page with the paths of its files in the place of their names.
fn page(files: &[File]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut page = fs::read_to_string("page/index.html")?;
    for file in files {
        let (stem, rest) = file.path.split_once('-').ok_or("a name with a digest")?;
        let (_, extension) = rest.split_once('.').ok_or("a name with an extension")?;
        let name = format!("{}.{extension}", stem.trim_start_matches("/docs/"));
        page = page.replace(&format!("{{{{{name}}}}}"), &file.path);
    }
    if page.contains("{{") {
        return Err("page/index.html names a file that is not served".into());
    }
    Ok(page.into_bytes())
}

/// A file of the page, with its digest in its name.
fn asset(name: &str, media_type: &'static str, content: Vec<u8>) -> File {
    let (stem, extension) = name.split_once('.').unwrap_or((name, ""));
    let path = format!("/docs/{stem}-{}.{extension}", digest(&content));
    File {
        path,
        media_type,
        content,
    }
}

fn at(path: &str, media_type: &'static str, content: Vec<u8>) -> File {
    File {
        path: path.to_owned(),
        media_type,
        content,
    }
}

/// The first 64 bits of a SHA-256, in hexadecimal.
fn digest(content: &[u8]) -> String {
    let mut digest = hex::encode(Sha256::digest(content));
    digest.truncate(16);
    digest
}

/// The row of a file in the table, its content written beside it in each encoding.
fn row(file: &File, folder: &Path) -> Result<String, Box<dyn Error>> {
    let File {
        path,
        media_type,
        content,
    } = file;
    let digest = digest(content);
    let (gzipped, brotlied) = (format!("{digest}.gz"), format!("{digest}.br"));
    store(folder, &gzipped, || gzip(content))?;
    store(folder, &brotlied, || brotli(content))?;
    let plain = if content.len() > MOST_PLAIN {
        "None".to_owned()
    } else {
        store(folder, &digest, || Ok(content.clone()))?;
        format!("Some({})", included(&digest))
    };
    let (gzip, brotli) = (included(&gzipped), included(&brotlied));
    Ok(format!(
        "File {{ path: {path:?}, media_type: {media_type:?}, digest: {digest:?}, gzip: {gzip}, brotli: {brotli}, plain: {plain} }},"
    ))
}

fn included(name: &str) -> String {
    format!("include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}\"))")
}

/// Makes a file of this name, unless an earlier build has: its name tells its content.
fn store(
    folder: &Path,
    name: &str,
    make: impl FnOnce() -> Result<Vec<u8>, Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let path = folder.join(name);
    if !path.exists() {
        let draft = folder.join("draft");
        fs::write(&draft, make()?)?;
        fs::rename(draft, path)?;
    }
    Ok(())
}

fn gzip(content: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

fn brotli(content: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 24,
        size_hint: content.len(),
        ..Default::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut compressed, &parameters)?;
    Ok(compressed)
}
