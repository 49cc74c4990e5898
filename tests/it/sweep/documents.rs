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

/// The route of an event's properties in the template; none for the event of all other routes.
fn route_of(properties: &str) -> Option<String> {
    let properties = properties
        .trim()
        .strip_prefix("Properties: { ApiId: !Ref Api");
    let properties = properties.expect("every event is on one line, as the others are");
    let (method, path) = properties
        .strip_prefix(", Method: ")?
        .split_once(", Path: ")?;
    // A path with a parameter is quoted, and its brace is its own.
    let path = path.strip_suffix(" }").unwrap().trim_matches('"');
    Some(format!("{method} {path}"))
}

#[test]
fn the_template_has_these_routes_and_one_for_all_others() {
    let template = read("template.yaml");
    let mut lines = template.lines();
    let mut events = Vec::new();
    while lines.any(|line| line.trim() == "Type: HttpApi") {
        events.push(route_of(lines.next().unwrap()));
    }
    assert_eq!(events.iter().filter(|event| event.is_none()).count(), 1);
    let events: BTreeSet<String> = events.into_iter().flatten().collect();
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

#[test]
fn cargo_lambda_watch_serves_these_routes() {
    let manifest = read("Cargo.toml");
    let (_, router) = manifest
        .split_once("[workspace.metadata.lambda.watch.router]")
        .unwrap();
    let mut served = BTreeSet::new();
    for line in router.lines().take_while(|line| !line.starts_with('[')) {
        let Some(path) = line
            .strip_prefix('"')
            .and_then(|rest| rest.split('"').next())
        else {
            continue;
        };
        for method in line.split("method = \"").skip(1) {
            served.insert(format!("{} {path}", method.split('"').next().unwrap()));
        }
    }
    assert_eq!(served, names());
}
