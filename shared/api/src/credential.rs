use auth::RawKey;
use endpoints::{Dialect, Endpoint};
use http::header::{AUTHORIZATION, HeaderName};
use http::{HeaderMap, header::AsHeaderName};
use types::Product;

use crate::{ApiError, Code};

const X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// The credential that a caller sent, not checked yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Credential<'a> {
    /// An API key, as it was sent.
    Key(&'a str),
    /// A session token. It has dots, which API keys do not have.
    Session(&'a str),
}

impl<'a> Credential<'a> {
    /// The credential in the headers of a call, where the endpoint's dialect has it. A session is a Bearer token everywhere.
    pub(crate) fn read(headers: &'a HeaderMap, endpoint: &Endpoint) -> Result<Self, ApiError> {
        let found = match endpoint.dialect {
            Dialect::Standard => scheme(headers, "bearer"),
            Dialect::LeadsGraphql => scheme(headers, "basic").or_else(|| scheme(headers, "bearer")),
            Dialect::LeadsRest => text(headers, X_API_KEY).or_else(|| scheme(headers, "bearer")),
        };
        let text = found.ok_or_else(|| missing(endpoint))?;
        if text.contains('.') {
            Ok(Self::Session(text))
        } else {
            Ok(Self::Key(text))
        }
    }

    /// The product of the Bearer key in these headers, by its prefix; none for a session, or without one.
    pub(crate) fn product(headers: &HeaderMap) -> Option<Product> {
        RawKey::product_of(scheme(headers, "bearer")?)
    }

    /// Whether the Bearer credential is a session token.
    pub(crate) fn is_session(headers: &HeaderMap) -> bool {
        scheme(headers, "bearer").is_some_and(|text| text.contains('.'))
    }
}

/// The text after an authentication scheme; none if the scheme is another or the text is empty.
fn scheme<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let (scheme, rest) = text(headers, AUTHORIZATION)?.split_once(' ')?;
    let rest = rest.trim();
    (scheme.eq_ignore_ascii_case(name) && !rest.is_empty()).then_some(rest)
}

fn text(headers: &HeaderMap, name: impl AsHeaderName) -> Option<&str> {
    let text = str::from_utf8(headers.get(name)?.as_bytes()).ok()?.trim();
    (!text.is_empty()).then_some(text)
}

fn missing(endpoint: &Endpoint) -> ApiError {
    let message = match endpoint.dialect {
        Dialect::LeadsGraphql => "send your API key as \"Authorization: Basic <key>\"".to_owned(),
        Dialect::LeadsRest => "send your decoded API key as \"X-API-Key: lq_live_…\"".to_owned(),
        Dialect::Standard => {
            let forms: Vec<String> = endpoint
                .products()
                .map(|product| {
                    format!("\"Authorization: Bearer {}…\"", RawKey::prefix_for(product))
                })
                .collect();
            match endpoint.access {
                endpoints::Access::Session => {
                    "sign in, and send the session token as \"Authorization: Bearer <token>\""
                        .to_owned()
                }
                _ if forms.is_empty() => {
                    "send your API key as \"Authorization: Bearer <key>\"".to_owned()
                }
                _ => format!("send your API key as {}", forms.join(" or ")),
            }
        }
    };
    ApiError::new(Code::Unauthorized, message).reason("key_missing")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(endpoint: &Endpoint, name: &'static str, value: &str, expected: Option<Credential>) {
        let headers = [(HeaderName::from_static(name), value.parse().unwrap())];
        let headers: HeaderMap = headers.into_iter().collect();
        assert_eq!(
            Credential::read(&headers, endpoint).ok(),
            expected,
            "{value}"
        );
    }

    #[test]
    fn each_dialect_has_its_header() {
        let (score, graphql, whoami) = (
            &endpoints::intent::SCORE,
            &endpoints::leads::GRAPHQL,
            &endpoints::leads::WHOAMI,
        );
        let key = Some(Credential::Key("k"));
        let session = Some(Credential::Session("a.b.c"));
        check(score, "authorization", "Bearer  k ", key);
        check(score, "authorization", "bearer k", key);
        check(score, "authorization", "Basic k", None);
        check(score, "authorization", "Bearer ", None);
        check(score, "x-api-key", "k", None);
        check(graphql, "authorization", "Basic k", key);
        check(graphql, "authorization", "Bearer a.b.c", session);
        check(graphql, "x-api-key", "k", None);
        check(whoami, "x-api-key", "k", key);
        check(whoami, "authorization", "Bearer a.b.c", session);
        check(whoami, "authorization", "Basic k", None);
    }

    #[test]
    fn what_is_missing_is_named_by_the_products_of_the_path() {
        let message = |endpoint| missing(endpoint).message().to_owned();
        let score = message(&endpoints::intent::SCORE);
        assert!(
            score.contains("iq_live_sk_") && !score.contains("ilq_"),
            "{score}"
        );
        let shared = message(&endpoints::liquidity::WATCH_ADD);
        assert!(
            shared.contains("iq_live_sk_") && shared.contains("ilq_"),
            "{shared}"
        );
        let protocol = message(&endpoints::liquidity::PROTOCOL_READ);
        assert!(!protocol.contains("iq_live_sk_"), "{protocol}");
        let usage = message(&endpoints::account::USAGE);
        assert!(!usage.contains("iq_live_sk_"), "{usage}");
    }
}
