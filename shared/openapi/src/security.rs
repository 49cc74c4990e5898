use endpoints::{Access, Dialect, Endpoint};
use serde_json::{Map, Value, json};
use types::Product;

/// The name of the scheme of sessions.
const SESSION: &str = "session";

/// The security schemes: one for each form of a key, and sessions.
pub(crate) fn schemes() -> Value {
    let bearer = |about: &str| json!({ "type": "http", "scheme": "bearer", "description": about });
    json!({
        "intentKey": bearer("A key of intent, `iq_live_sk_…`."),
        "leadsKey": {
            "type": "http", "scheme": "basic",
            "description": "A key of leads as it is shown: the Base64 of `lq_live_…` and a colon. The user name is `lq_live_…`, and the password is empty.",
        },
        "leadsApiKey": {
            "type": "apiKey", "in": "header", "name": "X-API-Key",
            "description": "A key of leads, decoded: `lq_live_…`.",
        },
        "leadsBearerKey": bearer("A key of leads, as it is shown or decoded."),
        "liquidityKey": bearer("A key of liquidity, `ilq_…`."),
        "portalKey": bearer("A key of portal, `ik_live_…`."),
        SESSION: {
            "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
            "description": "The access token or the ID token of a signed-in user.",
        },
    })
}

/// The credentials that an endpoint takes, one of which a request has to have. A key needs the scope that is named.
pub(crate) fn requirements(endpoint: &Endpoint) -> Vec<Value> {
    let one = |name: &str, scopes: &[&str]| {
        let requirement: Map<String, Value> =
            [(name.to_owned(), json!(scopes))].into_iter().collect();
        Value::Object(requirement)
    };
    match endpoint.access {
        Access::Signature | Access::Link => Vec::new(),
        Access::Session => vec![one(SESSION, &[])],
        Access::Key(scope) => {
            let mut requirements: Vec<Value> = match endpoint.product {
                Some(product) => vec![one(key_of(product, endpoint.dialect), &[scope.as_str()])],
                None => Product::ALL
                    .into_iter()
                    .map(|product| {
                        let scopes: &[&str] = if product == Product::Portal {
                            &[]
                        } else {
                            &[scope.as_str()]
                        };
                        one(key_of(product, endpoint.dialect), scopes)
                    })
                    .collect(),
            };
            requirements.push(one(SESSION, &[]));
            requirements
        }
    }
}

const fn key_of(product: Product, dialect: Dialect) -> &'static str {
    match (product, dialect) {
        (Product::Intent, _) => "intentKey",
        (Product::Leads, Dialect::LeadsRest) => "leadsApiKey",
        (Product::Leads, Dialect::LeadsGraphql) => "leadsKey",
        (Product::Leads, Dialect::Standard) => "leadsBearerKey",
        (Product::Liquidity, _) => "liquidityKey",
        (Product::Portal, _) => "portalKey",
    }
}
