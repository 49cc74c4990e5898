use std::borrow::Cow;

use axum::Router;
use axum::extract::Request;
use axum::middleware::map_request;
use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use lambda_http::http::header::{AsHeaderName, HOST};
use lambda_http::http::{HeaderMap, Uri};
use lambda_http::request::LambdaRequest;
use lambda_http::{Adapter, RequestExt, Service, service_fn};
use lambda_runtime::LambdaEvent;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use url::Url;

use crate::Failure;
use crate::function::deadline;

const X_FORWARDED_PROTO: &str = "x-forwarded-proto";
/// What a query may not have in it as it is (WHATWG URL, query percent-encode set).
const QUERY: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>');
/// What would end a path.
const PATH: &AsciiSet = &CONTROLS.add(b'#').add(b'?');

/// Serves a router behind API Gateway until the process ends. Each request has its [`types::Deadline`] as an extension.
pub async fn http(router: Router) -> Result<(), Failure> {
    let router = router.layer(map_request(with_deadline));
    let mut served = Adapter::from(router);
    let serve = move |event: LambdaEvent<LambdaRequest>| {
        served.call(LambdaEvent::new(convertible(event.payload), event.context))
    };
    lambda_runtime::run(service_fn(serve))
        .await
        .map_err(Failure::from)
}

/// The event without what `lambda_http` panics at when it makes a URI of it: callers send that, and API Gateway passes it on.
fn convertible(event: LambdaRequest) -> LambdaRequest {
    match event {
        LambdaRequest::ApiGatewayV2(event) => LambdaRequest::ApiGatewayV2(with_uri(event)),
        other => other,
    }
}

fn with_uri(mut event: ApiGatewayV2httpRequest) -> ApiGatewayV2httpRequest {
    let headers = &mut event.headers;
    if !matches!(
        text(headers, X_FORWARDED_PROTO),
        None | Some("http" | "https")
    ) {
        headers.remove(X_FORWARDED_PROTO);
    }
    let host = text(headers, HOST);
    if host != event.request_context.domain_name.as_deref() && !host.is_some_and(is_host) {
        headers.remove(HOST);
    }
    if let Some(query) = &mut event.raw_query_string {
        encode(query, QUERY);
    }
    let path = event.raw_path.get_or_insert_default();
    encode(path, PATH);
    if !path.starts_with('/') {
        path.insert(0, '/');
    }
    event
}

fn text(headers: &HeaderMap, name: impl AsHeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

fn is_host(host: &str) -> bool {
    let url = Url::parse(&format!("https://{host}/"));
    url.is_ok_and(|url| url.path() == "/" && url.as_str().parse::<Uri>().is_ok())
}

fn encode(text: &mut String, set: &'static AsciiSet) {
    let encoded = Cow::from(utf8_percent_encode(text, set));
    // What is encoded gets longer.
    let changed = (encoded.len() > text.len()).then(|| encoded.into_owned());
    if let Some(changed) = changed {
        *text = changed;
    }
}

async fn with_deadline(mut request: Request) -> Request {
    let ends = request.lambda_context_ref().map(deadline);
    if let Some(Ok(ends)) = ends {
        request.extensions_mut().insert(ends);
    }
    request
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    /// An event of API Gateway with these parts of a request.
    fn event(path: &str, query: &str, headers: &[(&str, &str)]) -> Value {
        let headers: serde_json::Map<String, Value> = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), json!(value)))
            .collect();
        json!({
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": path,
            "rawQueryString": query,
            "headers": headers,
            "requestContext": {
                "domainName": "abc.execute-api.us-east-1.amazonaws.com",
                "http": { "method": "GET", "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1" },
                "stage": "$default",
            },
            "isBase64Encoded": false,
        })
    }

    fn uri(path: &str, query: &str, headers: &[(&str, &str)]) -> String {
        let event: LambdaRequest = serde_json::from_value(event(path, query, headers)).unwrap();
        let request: lambda_http::Request = convertible(event).into();
        let uri = request.uri();
        uri.path_and_query().unwrap().to_string()
    }

    #[test]
    fn what_callers_send_is_a_uri() {
        let path = "/api/v1/score";
        for (query, expected) in [
            ("domain=stripe.com", "domain=stripe.com"),
            (r#"domain="stripe.com""#, "domain=%22stripe.com%22"),
            ("domain=<b>&x=%22", "domain=%3Cb%3E&x=%22"),
            ("domain=caf\u{e9}.com", "domain=caf%C3%A9.com"),
            ("a=b#c d\u{0}", "a=b%23c%20d%00"),
            ("<", "%3C"),
        ] {
            assert_eq!(uri(path, query, &[]), format!("{path}?{expected}"));
        }
        for (path, expected) in [
            ("*", "/*"),
            ("", "/"),
            ("/a#b?c", "/a%23b%3Fc"),
            ("//a/../b", "//b"),
        ] {
            assert_eq!(uri(path, "", &[]), expected);
        }
        for header in [
            ("x-forwarded-proto", "1 2"),
            ("x-forwarded-proto", "gopher"),
            ("host", "a b"),
            ("host", "1.2.3.4.5"),
            ("host", "a/b"),
            ("host", "localhost:99999"),
            ("host", "localhost:4566"),
        ] {
            assert_eq!(uri(path, "", &[header]), path);
        }
    }

    proptest! {
        #[test]
        fn any_event_is_a_request(path in ".{0,40}", query in ".{0,40}", proto in "[ -~]{0,10}", host in "[ -~]{0,20}") {
            uri(&path, &query, &[("x-forwarded-proto", &proto), ("host", &host)]);
        }
    }
}
