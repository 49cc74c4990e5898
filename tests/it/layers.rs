//! Arrows point one way: a crate depends only on layers below its own. Foreign crates are cargo-deny's business
//! (deny.toml), but for the SDKs, of which each is behind crates of its own.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// Every crate in shared/, lowest layer first. A crate may depend on those of the rows above its own.
const LAYERS: [&[&str]; 12] = [
    &["types"],
    &["config", "endpoints"],
    &["intent", "liquidity", "tabular", "outbound", "webhook"],
    &[
        "report",
        "store",
        "blob",
        "queue",
        "seal",
        "schedule",
        "reasoning",
    ],
    &["accounts"],
    &["workspace"],
    &[
        "intent-store",
        "liquidity-store",
        "portal-store",
        "webhook-store",
    ],
    &["auth", "collect"],
    &["quota", "scores", "idempotency"],
    &["api"],
    &["openapi", "runtime"],
    &["imports"],
];

/// The crates that know each SDK: one, or for the tables one a repository.
const SDKS: [(&str, &[&str]); 6] = [
    ("aws-sdk-bedrockruntime", &["reasoning"]),
    (
        "aws-sdk-dynamodb",
        &[
            "store",
            "accounts",
            "workspace",
            "intent-store",
            "liquidity-store",
            "portal-store",
            "webhook-store",
        ],
    ),
    ("aws-sdk-kms", &["seal"]),
    ("aws-sdk-s3", &["blob"]),
    ("aws-sdk-scheduler", &["schedule"]),
    ("aws-sdk-sqs", &["queue"]),
];

struct Package {
    folder: PathBuf,
    dependencies: Vec<String>,
}

/// The packages of `shared` by name.
fn shared() -> BTreeMap<String, Package> {
    packages(folders(&Path::new(ROOT).join("shared")))
}

/// The packages of `functions` by name; each product has a folder of them.
fn functions() -> BTreeMap<String, Package> {
    let products = folders(&Path::new(ROOT).join("functions"));
    packages(products.iter().flat_map(|product| folders(product)))
}

fn folders(of: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(of).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

fn packages(folders: impl IntoIterator<Item = PathBuf>) -> BTreeMap<String, Package> {
    let mut packages = BTreeMap::new();
    for folder in folders {
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        let name = manifest
            .lines()
            .find_map(|line| line.strip_prefix("name = "));
        let name = name.unwrap().trim_matches('"').to_owned();
        let dependencies = dependencies(&manifest);
        packages.insert(
            name,
            Package {
                folder,
                dependencies,
            },
        );
    }
    assert!(!packages.is_empty());
    packages
}

/// The names in every section of dependencies but the tests' own.
fn dependencies(manifest: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut inside = false;
    for line in manifest.lines() {
        if let Some(section) = line.strip_prefix('[') {
            let section = section.trim_end_matches(']');
            inside = section.ends_with("dependencies") && section != "dev-dependencies";
            assert!(
                !section.contains("dependencies."),
                "{section}: write it on one line"
            );
        } else if inside && let Some((name, _)) = line.split_once(['.', ' ', '=']) {
            names.push(name.to_owned());
        }
    }
    names
}

fn layer(name: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&name))
}

#[test]
fn every_crate_of_shared_has_its_layer() {
    let packages = shared();
    for name in packages.keys() {
        assert!(layer(name).is_some(), "give {name} a layer");
    }
    assert_eq!(packages.len(), LAYERS.concat().len());
}

#[test]
fn shared_crates_depend_downwards_only() {
    let shared = shared();
    let mut above: Vec<String> = functions().into_keys().collect();
    above.extend(["assay".to_owned(), "tests".to_owned()]);
    for (name, package) in &shared {
        for dependency in &package.dependencies {
            assert!(
                !above.contains(dependency),
                "{name} depends on {dependency}"
            );
            if let Some(of) = layer(dependency) {
                assert!(of < layer(name).unwrap(), "{name} depends on {dependency}");
            }
        }
    }
    // Beside the others: what a function runs on knows nothing of what it does.
    let runtime = shared["runtime"].dependencies.iter();
    let ours = runtime.filter(|name| shared.contains_key(*name));
    for dependency in ours {
        assert!(
            ["types", "config"].contains(&&**dependency),
            "runtime depends on {dependency}"
        );
    }
}

/// The packages of functions that know others: they put together what products do on the paths, and with the bucket's prefix, that
/// they share.
const TOGETHER: [&str; 2] = ["shared-paths", "import"];

#[test]
fn a_function_never_knows_a_function() {
    let functions = functions();
    let is_alone = |name: &String| !TOGETHER.contains(&name.as_str());
    for (name, package) in functions.iter().filter(|(name, _)| is_alone(name)) {
        for dependency in &package.dependencies {
            assert!(
                !functions.contains_key(dependency),
                "{name} depends on {dependency}"
            );
            assert_ne!(dependency, "tests", "{name}");
        }
    }
}

#[test]
fn each_sdk_is_behind_its_crates() {
    for (name, package) in shared().into_iter().chain(functions()) {
        for dependency in &package.dependencies {
            if let Some((sdk, owners)) = SDKS.iter().find(|(sdk, _)| sdk == dependency) {
                assert!(owners.contains(&&*name), "{name} depends on {sdk}");
            } else {
                assert!(
                    !dependency.starts_with("aws-sdk-"),
                    "{name} depends on {dependency}"
                );
            }
        }
    }
}

#[test]
fn every_crate_says_what_it_is() {
    for (name, package) in shared().into_iter().chain(functions()) {
        let lib = fs::read_to_string(package.folder.join("src/lib.rs")).unwrap();
        let first = if let Ok(readme) = fs::read_to_string(package.folder.join("README.md")) {
            let included = lib.contains("#![doc = include_str!(\"../README.md\")]");
            assert!(included, "{name}: the README is the crate's documentation");
            readme.lines().next().unwrap_or_default().to_owned()
        } else {
            let first = lib
                .lines()
                .next()
                .and_then(|line| line.strip_prefix("//! "));
            first.unwrap_or_default().to_owned()
        };
        assert!(
            first.len() > 20 && !first.starts_with('#'),
            "{name}: {first:?}"
        );
    }
}
