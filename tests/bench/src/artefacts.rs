//! What is measured, built as it is deployed: a package at a time, since one build of many unifies their features.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::needs::{Language, Subject};
use crate::process::output;

/// The programs of a run, built and installed.
#[derive(Clone, Debug, Default)]
pub struct Artefacts(BTreeMap<Subject, PathBuf>);

impl Artefacts {
    /// Builds these programs and no others. `root` is the repository.
    pub fn build(root: &Path, subjects: &[Subject]) -> Result<Self> {
        let build = |subject: &Subject| Ok((*subject, build_subject(root, *subject)?));
        subjects.iter().map(build).collect::<Result<_>>().map(Self)
    }

    /// The binary of a program, or the folder of a peer; an error if the run has not built it.
    pub fn path(&self, subject: Subject) -> Result<&Path> {
        let path = self.0.get(&subject).map(PathBuf::as_path);
        path.with_context(|| format!("no section of this run declares that it needs the {subject}"))
    }
}

fn build_subject(root: &Path, subject: Subject) -> Result<PathBuf> {
    if let Subject::Peer(language) = subject {
        return install(root, language);
    }
    let (workspace, package) = subject.package(root).context("cargo builds it")?;
    build(&workspace, package, subject.name())
}

/// Installs a peer, and returns its folder.
fn install(root: &Path, language: Language) -> Result<PathBuf> {
    let peer = root.join("tests/bench/peers").join(language.name());
    eprintln!("  installing {}", peer.display());
    output(&mut Command::new(peer.join("setup")))?;
    Ok(peer)
}

/// What is uploaded to Lambda.
#[derive(Clone, Copy, Debug)]
pub struct Package {
    /// Bytes of the binary; none where the runtime is Lambda's.
    pub binary: Option<f64>,
    /// Bytes of the zip file.
    pub zip: f64,
}

/// Builds one binary of one package of a workspace, and returns its path.
fn build(workspace: &Path, package: &str, binary: &str) -> Result<PathBuf> {
    eprintln!("  building {binary}");
    let mut cargo = Command::new("cargo");
    cargo
        .args(["build", "--release", "--quiet", "--message-format=json"])
        .args(["-p", package, "--bin", binary])
        .arg("--manifest-path")
        .arg(workspace.join("Cargo.toml"))
        // As it is for everyone who does not know of it; nothing of ours has the code that reads it.
        .env("AWS_LC_SYS_NO_JITTER_ENTROPY", "0");
    // ring's build script watches these. With them it would run again, and all that links ring be built again, every time.
    for (name, _) in env::vars_os().filter(|(name, _)| is_of_a_package(name)) {
        cargo.env_remove(name);
    }
    executable(&output(&mut cargo)?, binary).with_context(|| format!("cargo built no {binary}"))
}

/// Whether it is a variable by which `cargo run` tells a program of its package: this one of `bench`.
fn is_of_a_package(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with("CARGO_MANIFEST_") || name.starts_with("CARGO_PKG_")
}

/// How often a crate is among those that a program is linked from.
pub fn linked(root: &Path, subject: Subject, named: &str) -> Result<f64> {
    let (workspace, package) = subject.package(root).context("cargo builds it")?;
    let mut cargo = Command::new("cargo");
    cargo
        .current_dir(workspace)
        .args(["tree", "-p", package, "-e", "normal", "--prefix", "none"]);
    let tree = output(&mut cargo)?;
    let crates = tree.lines().filter_map(|line| line.split(' ').next());
    Ok(crates
        .filter(|name| *name == named)
        .fold(0.0, |sum, _| sum + 1.0))
}

/// The size of a binary and of the zip file that it is uploaded in.
pub fn package(binary: &Path, folder: &Path) -> Result<Package> {
    Ok(Package {
        binary: Some(size(binary)?),
        zip: zip(&[binary.to_owned()], folder)?,
    })
}

/// The bytes of files and folders as a zip file.
pub fn zip(content: &[PathBuf], folder: &Path) -> Result<f64> {
    let file = folder.join("package.zip");
    output(
        Command::new("python3")
            .args(["-m", "zipfile", "-c"])
            .arg(&file)
            .args(content),
    )?;
    let bytes = size(&file)?;
    fs::remove_file(&file)?;
    Ok(bytes)
}

fn size(file: &Path) -> Result<f64> {
    Ok(f64::from(u32::try_from(fs::metadata(file)?.len())?))
}

/// The executable of this name among cargo's messages.
fn executable(messages: &str, name: &str) -> Option<PathBuf> {
    let messages = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    messages
        .filter_map(|message| Some(PathBuf::from(message.get("executable")?.as_str()?)))
        .find(|path| path.file_stem().is_some_and(|stem| stem == name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_executable_is_found_among_the_messages() {
        let messages = "{\"reason\":\"compiler-artifact\",\"executable\":null}\n\
                        {\"reason\":\"compiler-artifact\",\"executable\":\"/t/release/score\"}\n";
        assert_eq!(
            executable(messages, "score"),
            Some("/t/release/score".into())
        );
        assert_eq!(executable(messages, "bulk"), None);
    }
}
