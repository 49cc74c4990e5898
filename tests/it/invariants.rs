//! docs/invariants.md: each names the tests that hold it, and each of these exists.

use std::fs;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// An invariant as the document lists it: its number, and `path::function` of each test.
struct Invariant {
    number: usize,
    tests: Vec<String>,
}

fn invariants() -> Vec<Invariant> {
    let document = fs::read_to_string(format!("{ROOT}/docs/invariants.md")).unwrap();
    let mut found: Vec<Invariant> = Vec::new();
    for line in document.lines() {
        if let Some((number, _)) = line.split_once(". **") {
            let number = number.parse().expect("an invariant begins with its number");
            let tests = Vec::new();
            found.push(Invariant { number, tests });
        } else if line.starts_with("    `") {
            let tests = line.split('`').filter(|part| part.contains("::"));
            let last = found.last_mut().expect("a test stands below its invariant");
            last.tests.extend(tests.map(str::to_owned));
        }
    }
    found
}

/// Whether the file has this function, marked as a test.
fn has_test(source: &str, function: &str) -> bool {
    let mut is_marked = false;
    for line in source.lines().map(str::trim) {
        let name = line.trim_start_matches("async ").strip_prefix("fn ");
        if let Some(name) = name.and_then(|rest| rest.split('(').next()) {
            if name == function {
                return is_marked;
            }
            is_marked = false;
        } else if line == "#[test]" || line.starts_with("#[tokio::test") {
            is_marked = true;
        }
    }
    false
}

#[test]
fn are_numbered_from_one_on() {
    let numbers: Vec<usize> = invariants().iter().map(|of| of.number).collect();
    assert!(numbers.len() > 40, "{numbers:?}");
    let expected: Vec<usize> = (1..=numbers.len()).collect();
    assert_eq!(numbers, expected);
}

#[test]
fn each_is_held_by_tests_that_exist() {
    for Invariant { number, tests } in invariants() {
        assert!(!tests.is_empty(), "invariant {number} has no test");
        for test in tests {
            let (path, function) = test.split_once("::").unwrap();
            let source = fs::read_to_string(format!("{ROOT}/{path}"));
            let source =
                source.unwrap_or_else(|error| panic!("invariant {number}: {path}: {error}"));
            assert!(has_test(&source, function), "invariant {number}: {test}");
        }
    }
}
