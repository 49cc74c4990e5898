/// A route whose calls are counted, and the code that they are counted under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// Its method.
    pub method: &'static str,
    /// Its path, with the names of its parameters.
    pub path: &'static str,
    /// Its code, at most five letters: it is part of an attribute's name in an item that should stay small. It never
    /// changes, since closed days are kept under it. Routes that do much the same share one.
    pub code: &'static str,
}

const fn route(method: &'static str, path: &'static str, code: &'static str) -> Route {
    Route { method, path, code }
}

/// The code of a route that is not in the list.
const OTHER: &str = "other";

impl Route {
    /// Every route of a product. Those of the account itself (usage, credits, keys) are not counted.
    pub const ALL: [Self; 20] = [
        route("GET", "/api/v1/score", "score"),
        route("POST", "/api/v1/score/bulk", "bulk"),
        route("GET", "/api/v1/score/bulk", "jobs"),
        route("GET", "/api/v1/score/bulk/{job_id}", "job"),
        route("POST", "/api/v1/score/bulk/{job_id}/cancel", "stop"),
        route("POST", "/api/v1/signals", "sigs"),
        route("GET", "/api/v1/score/history", "hist"),
        route("GET", "/api/v1/score/explain", "expl"),
        route("GET", "/api/v1/score/preview", "prev"),
        route("POST", "/api/v1/score/preview", "try"),
        route("POST", "/api/v1/score/profiles", "pnew"),
        route("GET", "/api/v1/score/profiles", "profs"),
        route("GET", "/api/v1/score/profiles/{profile_id}", "prof"),
        route("PUT", "/api/v1/score/profiles/{profile_id}", "pput"),
        route("DELETE", "/api/v1/score/profiles/{profile_id}", "pdel"),
        route("GET", "/api/v1/watchlist", "watch"),
        route("GET", "/api/v1/watchlist/{subject}", "watch"),
        route("POST", "/api/v1/watchlist", "wedit"),
        route("PATCH", "/api/v1/watchlist/{subject}", "wedit"),
        route("DELETE", "/api/v1/watchlist/{subject}", "wedit"),
    ];

    /// The code of a call, by its method and the path that the router matched.
    pub(crate) fn code_of(method: &str, path: &str) -> &'static str {
        Self::ALL
            .iter()
            .find(|route| route.method == method && route.path == path)
            .map_or(OTHER, |route| route.code)
    }

    /// The name of a route as the documentation writes it, or those of the routes that share its code; of one that is no
    /// longer known, its code.
    pub fn name(code: &str) -> String {
        let sharing = Self::ALL.iter().filter(|route| route.code == code);
        let names: Vec<String> = sharing
            .map(|route| format!("{} {}", route.method, route.path))
            .collect();
        if names.is_empty() {
            return code.to_owned();
        }
        names.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_short() {
        let codes = Route::ALL.iter().map(|route| route.code);
        for code in codes.chain([OTHER]) {
            assert!(code.len() <= 5 && code.bytes().all(|byte| byte.is_ascii_lowercase()));
        }
    }

    #[test]
    fn a_code_stands_for_one_route_or_for_a_few_of_one_kind() {
        for route in Route::ALL {
            let name = Route::name(route.code);
            assert!(name.contains(&format!("{} {}", route.method, route.path)));
            assert_ne!(route.code, OTHER);
            let mut sharing = Route::ALL.iter().filter(|other| other.code == route.code);
            assert!(sharing.all(|other| (other.method == "GET") == (route.method == "GET")));
        }
        assert_eq!(
            Route::name("watch"),
            "GET /api/v1/watchlist, GET /api/v1/watchlist/{subject}"
        );
        assert_eq!(Route::name("gone"), "gone");
    }
}
