//! The same endpoint by others: in Python and Node.js on the libraries that one would take, in tests/bench/peers.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::{Map, Value};

use crate::artefacts::{Package, zip};
use crate::dynoxide::Dynoxide;
use crate::function::Function;
use crate::needs::Language;
use crate::process::{Program, output};
use crate::seed;

/// What a peer's `seed` prints.
struct Seeded {
    key: String,
    variables: Map<String, Value>,
}

/// A peer with tables of its own. `root` is the repository, `peer` the folder that it is installed in.
pub fn function(
    root: &Path,
    language: Language,
    peer: &Path,
    dynamo: &Dynoxide,
    folder: &Path,
) -> Result<Function> {
    let endpoint = format!("http://{}", dynamo.address());
    let seeded = seed_of(peer, &endpoint)?;
    let variables = seeded.variables.into_iter().filter_map(|(name, value)| {
        let value = value.as_str()?.to_owned();
        Some((name, value))
    });
    let endpoint = ("AWS_ENDPOINT_URL".to_owned(), endpoint);
    let command = command(language, peer).into_iter();
    Ok(Function {
        name: language.name().to_owned(),
        program: Program {
            command: command.map(|word| word.display().to_string()).collect(),
            variables: variables.chain([endpoint]).collect(),
            folder: peer.to_owned(),
        },
        package: Package {
            binary: None,
            zip: zip(&packaged(language, peer)?, folder)?,
        },
        event: Some(seed::event(root, &seeded.key)?),
    })
}

/// Not through its `bootstrap`, a shell that callgrind would count instead.
fn command(language: Language, peer: &Path) -> [PathBuf; 2] {
    match language {
        Language::Python => [".venv/bin/python", "runtime.py"].map(|word| peer.join(word)),
        Language::Node => [PathBuf::from("node"), peer.join("src/runtime.js")],
    }
}

/// The files and folders that are uploaded.
fn packaged(language: Language, peer: &Path) -> Result<Vec<PathBuf>> {
    match language {
        Language::Python => packages(peer),
        Language::Node => Ok(vec![peer.join("dist")]),
    }
}

fn seed_of(peer: &Path, endpoint: &str) -> Result<Seeded> {
    let mut seed = Command::new(peer.join("seed"));
    seed.envs([
        ("AWS_ENDPOINT_URL", endpoint),
        ("AWS_REGION", "us-east-1"),
        ("AWS_DEFAULT_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "bench"),
        ("AWS_SECRET_ACCESS_KEY", "bench"),
    ]);
    let printed: Value = serde_json::from_str(&output(&mut seed)?)?;
    let key = printed.get("key").and_then(Value::as_str);
    let variables = printed.get("env").and_then(Value::as_object);
    Ok(Seeded {
        key: key.context("the seed has no key")?.to_owned(),
        variables: variables.context("the seed has no env")?.clone(),
    })
}

/// The Python packages that a peer needs to run, and its own files.
fn packages(peer: &Path) -> Result<Vec<PathBuf>> {
    let library = entries(&peer.join(".venv/lib"))?;
    let library = library.first().context("no Python in .venv")?;
    let installed = entries(&library.join("site-packages"))?.into_iter();
    let installed = installed.filter(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // What every venv brings along.
        ![
            "pip",
            "setuptools",
            "_distutils",
            "pkg_resources",
            "distutils-",
        ]
        .iter()
        .any(|prefix| name.starts_with(prefix))
    });
    let own = entries(peer)?.into_iter();
    let own = own.filter(|path| path.extension().is_some_and(|kind| kind == "py"));
    Ok(installed.chain(own).collect())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let paths = entries.map(|entry| Ok(entry?.path()));
    paths.collect()
}
