//! The same endpoint by others: in Python and Node.js on the libraries that one would take, in tests/bench/peers.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result};
use serde_json::{Map, Value};

use crate::artefacts::zip;
use crate::dynoxide::Dynoxide;
use crate::function::{Function, Package};
use crate::process::{Program, output};
use crate::seed;

/// What a peer's `seed` prints.
struct Seeded {
    key: String,
    variables: Map<String, Value>,
}

/// All peers, installed and with tables of their own. `root` is the repository.
pub fn all(root: &Path, dynamo: &Dynoxide, folder: &Path) -> Result<Vec<Function>> {
    let [python, node] = install(root)?;
    // Not through their `bootstrap`, a shell that callgrind would count instead.
    let run_python = [".venv/bin/python", "runtime.py"].map(|word| python.join(word));
    let run_node = [PathBuf::from("node"), node.join("src/runtime.js")];
    Ok(vec![
        function(
            root,
            "python",
            &python,
            &run_python,
            &packages(&python)?,
            dynamo,
            folder,
        )?,
        function(
            root,
            "node",
            &node,
            &run_node,
            &[node.join("dist")],
            dynamo,
            folder,
        )?,
    ])
}

/// Installs the Python and the Node peer, once a run, and answers where they are.
pub fn install(root: &Path) -> Result<[PathBuf; 2]> {
    static DONE: Mutex<bool> = Mutex::new(false);
    let peers = ["python", "node"].map(|peer| root.join("tests/bench/peers").join(peer));
    let mut done = DONE.lock().unwrap_or_else(PoisonError::into_inner);
    if !*done {
        for peer in &peers {
            eprintln!("  installing {}", peer.display());
            output(&mut Command::new(peer.join("setup")))?;
        }
        *done = true;
    }
    Ok(peers)
}

fn function(
    root: &Path,
    name: &str,
    peer: &Path,
    command: &[PathBuf],
    package: &[PathBuf],
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
    Ok(Function {
        name: name.to_owned(),
        program: Program {
            command: command
                .iter()
                .map(|word| word.display().to_string())
                .collect(),
            variables: variables.chain([endpoint]).collect(),
            folder: peer.to_owned(),
        },
        package: Package {
            binary: None,
            zip: zip(package, folder)?,
        },
        event: Some(seed::event(root, &seeded.key)?),
    })
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
