//! What the command line's words mean.

use auth::Scope;
use quota::Plan;
use runtime::Failure;
use types::{Credits, Product, Timestamp};

/// The longest label of a key, in characters.
const LABEL: usize = 100;

/// `product=plan`.
pub(crate) fn plan(text: &str) -> Result<Plan, String> {
    let (product, name) = of_product(text, "intent=growth")?;
    Plan::named(product, name).map_err(|error| error.to_string())
}

/// `product=credits`.
pub(crate) fn product_credits(text: &str) -> Result<(Product, Credits), String> {
    let (product, amount) = of_product(text, "intent=1000")?;
    Ok((product, given(amount)?))
}

/// More than zero credits.
pub(crate) fn given(text: &str) -> Result<Credits, String> {
    match change(text)? {
        amount if amount > Credits::ZERO => Ok(amount),
        _ => Err("give more than zero credits".to_owned()),
    }
}

/// Credits to add or, with a minus, to take.
pub(crate) fn change(text: &str) -> Result<Credits, String> {
    serde_json::from_str(text.strip_prefix('+').unwrap_or(text)).map_err(|_| {
        "credits are a number with at most one decimal, such as 1000 or 0.5".to_owned()
    })
}

/// One line of 1 to 100 characters.
pub(crate) fn label(text: &str) -> Result<String, String> {
    let label = text.trim();
    let fits = (1..=LABEL).contains(&label.chars().count());
    if !fits || label.chars().any(char::is_control) {
        return Err(format!("a label is 1 to {LABEL} characters on one line"));
    }
    Ok(label.to_owned())
}

/// A time.
pub(crate) fn time(text: &str) -> Result<Timestamp, String> {
    text.parse()
        .map_err(|_| "a time is written like 2027-01-31T12:00:00Z".to_owned())
}

/// The scopes of these names; all that the product has where none is named.
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

fn of_product<'a>(text: &'a str, example: &str) -> Result<(Product, &'a str), String> {
    let (product, value) = text
        .split_once('=')
        .ok_or_else(|| format!("write it like {example}"))?;
    let product = product
        .parse()
        .map_err(|error: types::UnknownProduct| error.to_string())?;
    Ok((product, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_a_sign_and_a_tenth_at_most() {
        assert_eq!(change("+1.5"), Ok(Credits::from_tenths(15)));
        assert_eq!(change("-20"), Ok(Credits::whole(-20)));
        assert!(change("0.15").is_err());
        assert!(change("many").is_err());
        assert!(given("0").is_err());
        assert!(given("-1").is_err());
    }

    #[test]
    fn plans_and_credits_name_their_product() {
        assert_eq!(plan("intent=growth").unwrap().name, "growth");
        let refused = plan("portal=analyst").unwrap_err();
        assert_eq!(
            refused,
            "portal has no plan \"analyst\"; use one of free, pro, enterprise"
        );
        assert_eq!(plan("growth").unwrap_err(), "write it like intent=growth");
        let credits = product_credits("leads=5").unwrap();
        assert_eq!(credits, (Product::Leads, Credits::whole(5)));
    }

    #[test]
    fn a_label_is_one_line() {
        assert_eq!(label(" ci ").unwrap(), "ci");
        assert!(label("").is_err());
        assert!(label("a\nb").is_err());
    }
}
