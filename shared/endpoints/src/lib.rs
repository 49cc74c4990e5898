#![doc = include_str!("../README.md")]

/// Declares the endpoints of one product, each by its name and with what it does, and `ALL` of them.
macro_rules! endpoints {
    ($(#[doc = $summary:literal] $name:ident = $endpoint:expr;)*) => {
        $(#[doc = $summary] pub static $name: Endpoint = $endpoint.named(stringify!($name), $summary.trim_ascii());)*
        /// Every endpoint of this file.
        pub static ALL: &[&Endpoint] = &[$(&$name),*];
    };
}

pub mod account;
mod dialect;
mod endpoint;
pub mod intent;
pub mod leads;
pub mod liquidity;
mod page;
mod param;
mod path;
pub mod portal;
pub mod webhooks;

use std::collections::BTreeSet;

use types::Product;

pub use dialect::Dialect;
pub use endpoint::{Access, Endpoint, MAX_CODE, Method, Price};
pub use page::{PAGES, Page};
pub use param::{CURSOR, Param, Place, Values};

/// Every endpoint, by product, those of the account last.
pub fn all() -> impl Iterator<Item = &'static Endpoint> {
    let products = [
        intent::ALL,
        webhooks::intent::ALL,
        leads::ALL,
        liquidity::ALL,
        webhooks::liquidity::ALL,
        portal::ALL,
        webhooks::portal::ALL,
    ];
    let tables = products.into_iter().chain([account::ALL]);
    tables.flatten().copied()
}

/// The endpoints of this `method` and `path`, which has its parameters' names in braces: more than one where products share
/// a path.
pub fn at(method: Method, path: &str) -> impl Iterator<Item = &'static Endpoint> {
    all().filter(move |endpoint| endpoint.method == method && endpoint.path == path)
}

/// The methods of a request's path, in the order of their names; none if neither an endpoint nor a page has it. Of two paths that
/// match, the one with fewer parameters counts, as in routing.
pub fn methods_of(path: &str) -> Vec<&'static str> {
    let matching = all().filter(|endpoint| endpoint.is_at(path));
    let parameters = |endpoint: &&Endpoint| endpoint.path.matches('{').count();
    let Some(found) = matching.min_by_key(parameters) else {
        let of_page = Page::at(path).map(|_| Page::METHODS.to_vec());
        return of_page.unwrap_or_default();
    };
    let methods = all().filter(|endpoint| endpoint.path == found.path);
    let methods: BTreeSet<Method> = methods.map(|endpoint| endpoint.method).collect();
    methods.into_iter().map(Method::as_str).collect()
}

/// The name in responses of the calls that are counted under `code`: the endpoint as the documentation writes it, or all that
/// share the code; the code if no endpoint has it.
pub fn name_of(product: Product, code: u8) -> String {
    let sharing =
        all().filter(|endpoint| endpoint.product == Some(product) && endpoint.code == Some(code));
    let names: Vec<String> = sharing.map(Endpoint::name).collect();
    if names.is_empty() {
        return format!("route {code}");
    }
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_path_has_its_methods() {
        let methods = |path: &str| methods_of(path).join(", ");
        assert_eq!(methods("/api/v1/score"), "GET");
        assert_eq!(methods("/api/v1/watchlist"), "GET, POST");
        assert_eq!(
            methods("/api/v1/watchlist/stripe.com"),
            "GET, PATCH, DELETE"
        );
        // The literal path comes before the one with a parameter.
        assert_eq!(methods("/api/v1/user/keys/rotate"), "POST");
        for path in ["/openapi.json", "/docs", "/docs/page.css"] {
            assert_eq!(methods(path), "GET, HEAD", "{path}");
        }
        for path in [
            "",
            "/",
            "/docs/",
            "/docs/a/b",
            "/api/v1",
            "/api/v1/score/",
            "/api/v1/watchlist/",
            "/api/v1/watchlist/a/b/c",
        ] {
            assert_eq!(methods(path), "", "{path}");
        }
    }

    #[test]
    fn no_endpoint_is_listed_twice() {
        let mut seen = BTreeSet::new();
        for endpoint in all() {
            assert!(
                seen.insert((endpoint.name(), endpoint.product)),
                "{endpoint:?}"
            );
        }
    }

    #[test]
    fn the_parameters_of_a_path_are_those_in_its_braces() {
        for endpoint in all() {
            let named = endpoint.params.iter().filter(|param| param.is_in_path());
            let named: Vec<String> = named.map(|param| format!("{{{}}}", param.name)).collect();
            let parts = endpoint.path.split('/');
            let braced: Vec<&str> = parts.filter(|part| part.starts_with('{')).collect();
            assert_eq!(named, braced, "{endpoint:?}");
        }
    }

    #[test]
    fn products_that_share_a_path_share_its_function() {
        for endpoint in all() {
            for other in at(endpoint.method, endpoint.path) {
                assert_eq!(other.function, endpoint.function, "{endpoint:?}");
            }
        }
    }

    #[test]
    fn endpoints_of_products_have_a_code() {
        for endpoint in all() {
            assert_eq!(
                endpoint.code.is_some(),
                endpoint.product.is_some(),
                "{endpoint:?}"
            );
        }
    }

    #[test]
    fn endpoints_that_share_a_code_are_of_one_product_and_kind() {
        for endpoint in all().filter(|endpoint| endpoint.code.is_some()) {
            let sharing = all()
                .filter(|other| other.code == endpoint.code && other.product == endpoint.product);
            for other in sharing {
                let reads = |endpoint: &Endpoint| endpoint.method == Method::Get;
                assert_eq!(reads(other), reads(endpoint), "{endpoint:?} and {other:?}");
            }
        }
    }

    #[test]
    fn names_of_codes() {
        let intent = Product::Intent;
        assert_eq!(name_of(intent, 1), "GET /api/v1/score");
        assert_eq!(
            name_of(intent, 14),
            "GET /api/v1/watchlist, GET /api/v1/watchlist/{subject}"
        );
        assert_eq!(name_of(intent, 99), "route 99");
    }

    #[test]
    fn a_priced_endpoint_requires_a_key() {
        for endpoint in all().filter(|endpoint| endpoint.price != Price::Free) {
            assert!(matches!(endpoint.access, Access::Key(_)), "{endpoint:?}");
        }
    }
}
