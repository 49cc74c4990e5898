//! docs/openapi.json is what the code says.

use std::collections::BTreeSet;

use endpoints::Endpoint;
use expect_test::expect_file;
use serde_json::Value;
use tests::description;

#[test]
fn the_description_is_current() {
    expect_file!["../../docs/openapi.json"].assert_eq(&describe::text().unwrap());
}

#[test]
fn every_endpoint_is_described() {
    let operations = describe::operations();
    let described: BTreeSet<String> = operations
        .iter()
        .map(|operation| {
            format!(
                "{:?} {}",
                operation.endpoint().product,
                operation.endpoint().name()
            )
        })
        .collect();
    let all = endpoints::all()
        .map(|endpoint: &Endpoint| format!("{:?} {}", endpoint.product, endpoint.name()));
    assert_eq!(described, all.collect());
    assert_eq!(described.len(), operations.len());
}

/// What a word of the table means is told on the page of the conventions too.
#[test]
fn every_reason_has_a_meaning_and_is_documented() {
    let page = include_str!("../../docs/API.md");
    let mut reasons = BTreeSet::new();
    each_reason(&description::read(), &mut reasons);
    assert!(reasons.len() > 80, "{reasons:?}");
    for reason in reasons {
        assert!(
            openapi::reasons::meaning(&reason).is_some(),
            "{reason} has no meaning"
        );
        assert!(
            page.contains(&format!("`{reason}`")),
            "{reason} is not in docs/API.md"
        );
    }
}

fn each_reason(value: &Value, reasons: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                if name == "x-errors" {
                    let lists = value.as_object().unwrap().values();
                    let words = lists.flat_map(|list| list.as_array().unwrap());
                    let words = words.map(|word| word.as_str().unwrap().to_owned());
                    reasons.extend(words.filter(|word| !word.is_empty()));
                } else {
                    each_reason(value, reasons);
                }
            }
        }
        Value::Array(all) => all.iter().for_each(|one| each_reason(one, reasons)),
        _ => {}
    }
}
