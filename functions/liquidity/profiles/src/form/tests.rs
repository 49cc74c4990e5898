use std::collections::BTreeSet;

use expect_test::{Expect, expect};
use liquidity::Component;
use proptest::prelude::*;
use serde_json::json;

use super::*;

const WEIGHTS: [&str; 5] = [
    "aum",
    "redemption",
    "secondaryVolume",
    "issuer",
    "jurisdiction",
];
const CAPS: [&str; 5] = [
    "maxTotalPenalty",
    "maxNavPenalty",
    "maxSybilPenalty",
    "maxStalenessPenalty",
    "maxWashTradePenalty",
];

/// What a form comes to: the profile, or its errors.
fn parsed(form: &Value) -> Result<NewProfile, Vec<FieldError>> {
    let form: ProfileForm = api::json::from_value(form).unwrap();
    form.parsed()
}

/// The invalid fields of a form, a line each.
#[track_caller]
fn check(form: &Value, expect: &Expect) {
    let errors = parsed(form).unwrap_err();
    let lines = errors
        .iter()
        .map(|error| format!("{} {}: {}", error.field, error.reason, error.message));
    expect.assert_eq(&lines.collect::<Vec<_>>().join("\n"));
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    check(
        &json!({
            "name": "two\nlines",
            "weights": { "aum": "0.4", "redemption": 1.01, "issuer": true, "jurisdiction": -1 },
            "penaltyCaps": { "maxNavPenalty": [], "maxSybilPenalty": 100.1 },
        }),
        &expect![[r#"
            name text_invalid: name is 1 to 100 characters on one line, for example "Conservative Treasury"
            weights.aum number_invalid: weights.aum is not a number; give a number from 0 to 1, such as 0.25
            weights.redemption weight_out_of_range: the weight of redemption is 1.01; give a number from 0 to 1, such as 0.25
            weights.secondaryVolume weight_missing: the weight of secondary_volume is missing; give a number from 0 to 1, such as 0.25
            weights.issuer number_invalid: weights.issuer is not a number; give a number from 0 to 1, such as 0.25
            weights.jurisdiction weight_out_of_range: the weight of jurisdiction is -1; give a number from 0 to 1, such as 0.25
            penaltyCaps.maxNavPenalty number_invalid: penaltyCaps.maxNavPenalty is not a number; give points from 0 to 100, such as 30
            penaltyCaps.maxSybilPenalty cap_out_of_range: maxSybilPenalty is 100.1; give points from 0 to 100, such as 30"#]],
    );
    check(
        &json!({ "name": "", "weights": WEIGHTS.iter().map(|name| ((*name).to_owned(), json!(0.3))).collect::<Value>() }),
        &expect![[r#"
            name text_invalid: name is 1 to 100 characters on one line, for example "Conservative Treasury"
            weights weights_sum: the weights add up to 1.500; they must add up to 1.0, within 0.01, such as 0.40, 0.25, 0.10, 0.15 and 0.10"#]],
    );
    check(
        &json!({}),
        &expect![[r#"
        name text_invalid: name is 1 to 100 characters on one line, for example "Conservative Treasury"
        weights.aum weight_missing: the weight of aum is missing; give a number from 0 to 1, such as 0.25
        weights.redemption weight_missing: the weight of redemption is missing; give a number from 0 to 1, such as 0.25
        weights.secondaryVolume weight_missing: the weight of secondary_volume is missing; give a number from 0 to 1, such as 0.25
        weights.issuer weight_missing: the weight of issuer is missing; give a number from 0 to 1, such as 0.25
        weights.jurisdiction weight_missing: the weight of jurisdiction is missing; give a number from 0 to 1, such as 0.25"#]],
    );
}

/// A number of a form, and whether it is one from 0 to `most`; none is left out, or null.
fn given(most: f64) -> impl Strategy<Value = (Option<Value>, bool)> {
    let within = move |number: f64| (0.0..=most).contains(&number);
    prop_oneof![
        12 => (0.0..=most).prop_map(|number| (Some(json!(number)), true)),
        2 => prop::sample::select(vec![0.0, -0.0, most]).prop_map(|number| (Some(json!(number)), true)),
        2 => (-1e9..1e9).prop_map(move |number| (Some(json!(number)), within(number))),
        1 => Just((Some(json!(1e300)), false)),
        1 => prop::sample::select(vec![json!("1"), json!(true), json!([]), json!({ "a": 1 })])
            .prop_map(|other| (Some(other), false)),
        1 => prop::sample::select(vec![Some(Value::Null), None]).prop_map(|none| (none, true)),
    ]
}

/// Five weights that add up to `sum`.
fn weights_of(sum: f64) -> impl Strategy<Value = Vec<Option<Value>>> {
    prop::array::uniform5(0.01..1.0_f64).prop_map(move |parts| {
        let all: f64 = parts.iter().sum();
        let shares = parts.map(|part| Some(json!(part / all * sum)));
        shares.to_vec()
    })
}

fn form() -> impl Strategy<Value = (Value, BTreeSet<String>)> {
    let name = prop_oneof![
        8 => ("[A-Za-z é]{0,98}", any::<bool>()).prop_map(|(name, _)| (format!("N{name}"), true)),
        1 => prop::sample::select(vec!["", "  ", "a\nb", "a\u{2028}b"]).prop_map(|name| (name.to_owned(), false)),
        1 => Just(("x".repeat(101), false)),
    ];
    let some = prop::collection::vec(given(1.0), 5).prop_map(|weights| {
        let wrong = |at: usize, (given, is_valid): &(Option<Value>, bool)| {
            let is_missing = given.as_ref().is_none_or(Value::is_null);
            (!is_valid || is_missing).then(|| format!("weights.{}", WEIGHTS[at]))
        };
        let wrong: BTreeSet<String> = weights
            .iter()
            .enumerate()
            .filter_map(|(at, one)| wrong(at, one))
            .collect();
        let sum: f64 = weights
            .iter()
            .filter_map(|(given, _)| given.as_ref()?.as_f64())
            .sum();
        let wrong = if wrong.is_empty() && (sum - 1.0).abs() > 0.01 + 1e-9 {
            BTreeSet::from(["weights".to_owned()])
        } else {
            wrong
        };
        let weights = weights.into_iter().map(|(given, _)| given).collect();
        (weights, wrong)
    });
    let whole = prop::sample::select(vec![1.0, 0.991, 1.009]);
    let whole = whole.prop_flat_map(|sum| weights_of(sum).prop_map(|all| (all, BTreeSet::new())));
    let caps = prop::collection::vec(given(100.0), 5);
    (name, prop_oneof![3 => whole, 2 => some], caps).prop_map(|((name, is_line), weights, caps)| {
        let (weights, mut wrong) = weights;
        if !is_line {
            wrong.insert("name".to_owned());
        }
        for (at, (_, is_valid)) in caps.iter().enumerate() {
            if !is_valid {
                wrong.insert(format!("penaltyCaps.{}", CAPS[at]));
            }
        }
        let object = |names: [&str; 5], values: Vec<Option<Value>>| -> Value {
            let named = names.iter().zip(values);
            named
                .filter_map(|(name, value)| Some(((*name).to_owned(), value?)))
                .collect()
        };
        let caps = caps.into_iter().map(|(given, _)| given).collect();
        let form = json!({
            "name": name, "weights": object(WEIGHTS, weights), "penaltyCaps": object(CAPS, caps),
        });
        (form, wrong)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    /// A form is refused for exactly the fields that break a rule, each once, with a rule and an example; else it is the
    /// profile, and what is stored of it is read as it was.
    #[test]
    fn a_form_is_a_profile_or_every_field_that_is_wrong((form, wrong) in form()) {
        match parsed(&form) {
            Ok(new) => {
                prop_assert_eq!(wrong, BTreeSet::new());
                let name = form["name"].as_str().unwrap();
                prop_assert_eq!(&new.name, name.trim());
                for (component, field) in Component::ALL.into_iter().zip(WEIGHTS) {
                    let given = form["weights"][field].as_f64().unwrap();
                    let kept = *new.profile.weights().get(component);
                    prop_assert!((kept - given).abs() <= 5.1e-10, "{} of {}", kept, given);
                }
                let stored = serde_json::to_string(&new.profile).unwrap();
                let read: ScoringProfile = serde_json::from_str(&stored).unwrap();
                prop_assert_eq!(read, new.profile);
            }
            Err(errors) => {
                let named: Vec<String> = errors.iter().map(|error| error.field.to_string()).collect();
                prop_assert_eq!(named.len(), wrong.len());
                prop_assert_eq!(named.into_iter().collect::<BTreeSet<_>>(), wrong);
                for error in &errors {
                    let has_example = [", such as ", "for example "].iter().any(|word| error.message.contains(word));
                    prop_assert!(has_example, "{:?}", error);
                }
            }
        }
    }
}
