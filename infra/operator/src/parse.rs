//! Parsers of command-line arguments.

use auth::Scope;
use jiff::SignedDuration;
use quota::Plan;
use runtime::Failure;
use types::{Credits, Product, Timestamp};

/// Characters of a key's label.
const MAX_LABEL: usize = 100;

/// Characters of the reason of a suspension.
const MAX_REASON: usize = 200;

/// `product=plan`.
pub(crate) fn plan(text: &str) -> Result<Plan, String> {
    let (product, name) = split_product(text, "intent=growth")?;
    Plan::named(product, name).map_err(|error| error.to_string())
}

/// `product=credits`.
pub(crate) fn product_credits(text: &str) -> Result<(Product, Credits), String> {
    let (product, amount) = split_product(text, "intent=1000")?;
    Ok((product, positive_credits(amount)?))
}

/// Credits above zero.
pub(crate) fn positive_credits(text: &str) -> Result<Credits, String> {
    match signed_credits(text)? {
        amount if amount > Credits::ZERO => Ok(amount),
        _ => Err("credits must be greater than zero".to_owned()),
    }
}

/// Credits with an optional sign.
pub(crate) fn signed_credits(text: &str) -> Result<Credits, String> {
    serde_json::from_str(text.strip_prefix('+').unwrap_or(text)).map_err(|_| {
        "credits must be a number with at most one decimal place, such as 1000 or 0.5".to_owned()
    })
}

/// A label: one line of 1 to 100 characters.
pub(crate) fn label(text: &str) -> Result<String, String> {
    let label = text.trim();
    let fits = (1..=MAX_LABEL).contains(&label.chars().count());
    if !fits || label.chars().any(char::is_control) {
        return Err(format!(
            "a label must be 1 to {MAX_LABEL} characters on one line"
        ));
    }
    Ok(label.to_owned())
}

/// A reason: one line of 1 to 200 characters.
pub(crate) fn reason(text: &str) -> Result<String, String> {
    let reason = text.trim();
    let fits = (1..=MAX_REASON).contains(&reason.chars().count());
    if !fits || reason.chars().any(char::is_control) {
        return Err(format!(
            "a reason must be 1 to {MAX_REASON} characters on one line"
        ));
    }
    Ok(reason.to_owned())
}

/// An RFC 3339 timestamp.
pub(crate) fn time(text: &str) -> Result<Timestamp, String> {
    text.parse()
        .map_err(|_| "a timestamp must look like 2027-01-31T12:00:00Z".to_owned())
}

/// A span of time, such as `10m`.
pub(crate) fn span(text: &str) -> Result<SignedDuration, String> {
    let span = text.parse().ok();
    let span = span.filter(|span: &SignedDuration| span.is_positive());
    span.ok_or_else(|| "a span of time must look like 30s, 10m or 2h".to_owned())
}

/// The named scopes; every scope of the product if none is named.
pub(crate) fn scopes(product: Product, names: &[String]) -> Result<Vec<Scope>, Failure> {
    if names.is_empty() {
        return Ok(Scope::of(product).to_vec());
    }
    let mut scopes = Vec::new();
    for name in names {
        let scope = Scope::named(product, name).ok_or_else(|| {
            let known: Vec<&str> = Scope::of(product).iter().map(|s| s.as_str()).collect();
            Failure::from(format!(
                "{product} has no scope {name}; use {}",
                known.join(", ")
            ))
        })?;
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    Ok(scopes)
}

fn split_product<'a>(text: &'a str, example: &str) -> Result<(Product, &'a str), String> {
    let (product, value) = text
        .split_once('=')
        .ok_or_else(|| format!("expected a value such as {example}"))?;
    let product = product
        .parse()
        .map_err(|error: types::UnknownProduct| error.to_string())?;
    Ok((product, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_a_sign_and_at_most_one_decimal_place() {
        assert_eq!(signed_credits("+1.5"), Ok(Credits::from_tenths(15)));
        assert_eq!(signed_credits("-20"), Ok(Credits::whole(-20)));
        assert!(signed_credits("0.15").is_err());
        assert!(signed_credits("many").is_err());
        assert!(positive_credits("0").is_err());
        assert!(positive_credits("-1").is_err());
    }

    #[test]
    fn plans_and_credits_name_their_product() {
        assert_eq!(plan("intent=growth").unwrap().name, "growth");
        let refused = plan("portal=analyst").unwrap_err();
        assert_eq!(
            refused,
            "portal has no plan \"analyst\"; use one of free, pro, enterprise"
        );
        assert_eq!(
            plan("growth").unwrap_err(),
            "expected a value such as intent=growth"
        );
        let credits = product_credits("leads=5").unwrap();
        assert_eq!(credits, (Product::Leads, Credits::whole(5)));
    }

    #[test]
    fn a_span_of_time_has_units() {
        assert_eq!(span("90s"), span("1m 30s"));
        assert_eq!(span("2h").unwrap().as_secs(), 7_200);
        for refused in ["", "10", "0s", "-5m", "soon"] {
            assert!(span(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn a_label_is_one_line() {
        assert_eq!(label(" ci ").unwrap(), "ci");
        assert!(label("").is_err());
        assert!(label("a\nb").is_err());
    }

    #[test]
    fn a_reason_is_one_line_of_200_characters() {
        assert_eq!(reason(" unpaid ").unwrap(), "unpaid");
        assert_eq!(reason(&"é".repeat(200)).unwrap().chars().count(), 200);
        for refused in ["", " ", "a\nb", &"é".repeat(201)] {
            assert!(reason(refused).is_err(), "{refused}");
        }
    }
}
