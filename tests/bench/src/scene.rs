//! Everything that the sections on functions measure: built, with DynamoDB running and seeded.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::dynoxide::Dynoxide;
use crate::function::Function;
use crate::{peers, seed};

/// Functions and the DynamoDB that they share.
#[derive(Debug)]
pub struct Scene {
    /// Where logs and other files of a run go.
    pub folder: PathBuf,
    /// DynamoDB.
    pub dynamo: Dynoxide,
    /// Ours first, then what they are held against.
    pub functions: Vec<Function>,
}

/// Our HTTP functions: package and binary.
pub const OURS: [(&str, &str); 7] = [
    (SCORED, SCORED),
    ("bulk", "bulk"),
    ("ingest", "signals"),
    ("insight", "insight"),
    ("keys", "keys"),
    ("usage", "usage"),
    ("watchlist", "watchlist"),
];

/// The one of ours that takes the request that the baselines and peers take.
const SCORED: &str = "score";

impl Scene {
    /// Builds and seeds it. `root` is the repository.
    pub fn new(root: &Path) -> Result<Self> {
        let folder = root.join("target/bench");
        fs::create_dir_all(&folder)?;
        let dynamo = Dynoxide::start(&folder)?;
        let event = seed::event(root, &seed::ours(&dynamo)?)?;
        let mut variables = seed::variables();
        variables.push((
            "AWS_ENDPOINT_URL".to_owned(),
            format!("http://{}", dynamo.address()),
        ));

        let baselines = root.join("tests/bench/peers/rust");
        let baselines = ["hello", "sdk-defaults"].map(|name| (baselines.as_path(), name, name));
        let ours = OURS.map(|(package, binary)| (root, package, binary));
        let mut functions = Vec::new();
        for (workspace, package, binary) in ours.into_iter().chain(baselines) {
            let built = Function::build(workspace, package, binary, &variables, &folder)?;
            let takes_it = workspace != root || binary == SCORED;
            functions.push(Function {
                event: takes_it.then(|| event.clone()),
                ..built
            });
        }
        functions.extend(peers::all(root, &dynamo, &folder)?);
        Ok(Self {
            folder,
            dynamo,
            functions,
        })
    }
}
