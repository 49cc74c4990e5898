use std::collections::BTreeSet;

use endpoints::{Endpoint, PAGES, Page, Price};
use expect_test::expect_file;
use types::{Feature, Product};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

pub(super) fn read(path: &str) -> String {
    let path = format!("{ROOT}/{path}");
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The pages that describe endpoints: one a product.
fn api_pages() -> String {
    let pages = std::fs::read_dir(format!("{ROOT}/docs/api")).unwrap();
    let pages = pages.map(|page| std::fs::read_to_string(page.unwrap().path()).unwrap());
    pages.collect::<Vec<_>>().join("\n")
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
fn the_template_has_these_routes_at_these_functions() {
    let template = read("template.yaml");
    let mut binary = "";
    let mut routes = BTreeSet::new();
    let mut lines = template.lines().map(str::trim);
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix("BuildProperties: { Binary: ") {
            binary = name.trim_end_matches(" }");
        }
        // The unmatched routes have their type and properties on one line, and are not found by this.
        if line == "Type: HttpApi" {
            routes.insert((route_of(lines.next().unwrap()), binary));
        }
    }
    let endpoints = endpoints::all().map(|endpoint| (endpoint.name(), endpoint.function));
    let pages = PAGES.iter().flat_map(|page| {
        let name = |method: &str| (format!("{method} {}", page.path), page.function);
        Page::METHODS.map(name)
    });
    assert_eq!(routes, endpoints.chain(pages).collect());
}

#[test]
fn the_documentation_has_these_routes_with_their_scopes() {
    let api = api_pages();
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

/// The parts of a text that follow `begins` at the start of a line, up to the end of the name.
fn names_after(text: &str, begins: &str, ends: &str) -> BTreeSet<String> {
    let lines = text.lines();
    lines
        .filter_map(|line| {
            let name = line.strip_prefix(begins)?.strip_suffix(ends)?;
            Some(name.to_owned())
        })
        .collect()
}

#[test]
fn each_alarm_says_what_to_do() {
    let mut alarms = names_after(&read("template.yaml"), "  ", "Alarm:");
    assert!(alarms.len() > 10, "{alarms:?}");
    let told = names_after(&read("docs/operating.md"), "### ", "Alarm");
    assert_eq!(told, alarms);
    let listed = read("docs/design/operations.md");
    alarms.retain(|alarm| !listed.contains(&format!("`{alarm}Alarm`")));
    assert_eq!(alarms, BTreeSet::new());
}

#[test]
fn each_parameter_is_documented() {
    let template = read("template.yaml");
    let (_, parameters) = template.split_once("\nParameters:\n").unwrap();
    let (parameters, _) = parameters.split_once("\nConditions:\n").unwrap();
    let mut parameters = names_after(parameters, "  ", ":");
    parameters.retain(|name| !name.starts_with(' '));
    assert!(parameters.len() > 20, "{parameters:?}");
    let readme = read("README.md");
    parameters.retain(|name| !readme.contains(&format!("`{name}`")));
    assert_eq!(parameters, BTreeSet::new());
}

/// What the table says of an endpoint, as a row of docs/endpoints.md.
fn row(endpoint: &Endpoint) -> String {
    let product = endpoint.product.map_or("account", Product::as_str);
    let feature = endpoint.feature.map_or("", Feature::as_str);
    let price = match endpoint.price {
        Price::Free => String::new(),
        Price::Fixed(price) => price.to_string(),
        Price::PerItem(price) => format!("{price} an item"),
    };
    let yes = |is_so: bool| if is_so { "yes" } else { "" };
    let (once, tag) = (yes(endpoint.idempotent), yes(endpoint.revalidates));
    let (name, function, code) = (endpoint.name(), endpoint.function, endpoint.code);
    let code = code.map(|code| format!("`{code}`")).unwrap_or_default();
    format!(
        "| `{name}` | {product} | {} | {feature} | {price} | {once} | {tag} | `{function}` | {code} |\n",
        endpoint.access
    )
}

#[test]
fn the_list_of_endpoints_is_that_of_the_table() {
    let rows: String = endpoints::all().map(row).collect();
    let pages = PAGES.map(|page| format!("`{}`", page.path)).join(", ");
    let page = format!(
        "# Endpoints\n\nMade from the table in `shared/endpoints` by a test: \
         `UPDATE_EXPECT=1 make test ARGS=\"--test it sweep::documents\"`.\n\n\
         Access is the scope that a key needs, or `session`, `signature` or `link`. A price is in credits.\n\n\
         Besides, anybody may read {pages} without a key.\n\n\
         | endpoint | product | access | plan must include | price | `Idempotency-Key` | `ETag` | function | counted as |\n\
         |---|---|---|---|---|---|---|---|---|\n{rows}"
    );
    expect_file!["../../../docs/endpoints.md"].assert_eq(&page);
}
