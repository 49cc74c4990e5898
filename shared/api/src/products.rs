use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use http::Uri;
use tower::ServiceExt;
use types::Product;

use crate::credential::Credential;

/// One router for paths that two products share: the product of the credential decides which of theirs handles a call.
///
/// A session names it in the parameter `product`, which is removed from the query. Without one, and for every other credential, the first
/// product handles the call.
pub fn by_product(first: (Product, Router), second: (Product, Router)) -> Router {
    Router::new().fallback(async move |request: Request| -> Response {
        let (request, product) = product_of(request);
        let router = if product == Some(second.0) {
            second.1.clone()
        } else {
            first.1.clone()
        };
        let Ok(response) = router.oneshot(request).await;
        response
    })
}

fn product_of(mut request: Request) -> (Request, Option<Product>) {
    if !Credential::is_session(request.headers()) {
        let product = Credential::product(request.headers());
        return (request, product);
    }
    let query = request.uri().query().unwrap_or_default();
    let named = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("product="));
    let Some(product) = named.and_then(|name| name.parse().ok()) else {
        return (request, None);
    };
    let rest: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.starts_with("product="))
        .collect();
    let path = request.uri().path();
    let target = if rest.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", rest.join("&"))
    };
    if let Ok(uri) = target.parse::<Uri>() {
        *request.uri_mut() = uri;
    }
    (request, Some(product))
}
