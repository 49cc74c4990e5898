use std::collections::BTreeSet;

use endpoints::Endpoint;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

fn read(path: &str) -> String {
    let path = format!("{ROOT}/{path}");
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn names() -> BTreeSet<String> {
    endpoints::all().map(Endpoint::name).collect()
}

/// The route of an event's properties in the template.
fn route_of(properties: &str) -> String {
    let properties = properties
        .trim()
        .strip_prefix("Properties: { ApiId: !Ref Api, Method: ");
    let properties = properties.expect("every event is on one line, as the others are");
    let (method, path) = properties.split_once(", Path: ").unwrap();
    // A path with a parameter is quoted, and its brace is its own.
    let path = path.strip_suffix(" }").unwrap().trim_matches('"');
    format!("{method} {path}")
}

#[test]
fn the_template_has_these_routes() {
    let template = read("template.yaml");
    let mut lines = template.lines();
    let mut events = BTreeSet::new();
    // The unmatched routes have their type and properties on one line, and are not found by this.
    while lines.any(|line| line.trim() == "Type: HttpApi") {
        events.insert(route_of(lines.next().unwrap()));
    }
    assert_eq!(events, names());
}

#[test]
fn the_documentation_has_these_routes_with_their_scopes() {
    let api = read("docs/API.md");
    let documented: BTreeSet<String> = api
        .lines()
        .filter_map(|line| {
            let (name, _) = line.strip_prefix('`')?.split_once("` · scope ")?;
            Some(name.to_owned())
        })
        .collect();
    assert_eq!(documented, names());
    for endpoint in endpoints::all() {
        let line = format!("`{}` · scope `{}`", endpoint.name(), endpoint.access);
        assert!(api.contains(&line), "{line}");
    }
}
