/// A route whose calls are counted, and the code that they are counted under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// Its method.
    pub method: &'static str,
    /// Its path, with the names of its parameters.
    pub path: &'static str,
    /// Its code, at most five letters: it is part of an attribute's name in an item that should stay small. It never
    /// changes, since closed days are kept under it.
    pub code: &'static str,
}

const fn route(method: &'static str, path: &'static str, code: &'static str) -> Route {
    Route { method, path, code }
}

/// The code of a route that is not in the list.
const OTHER: &str = "other";

impl Route {
    /// Every route of a product. Those of the account itself (usage, credits, keys) are not counted.
    pub const ALL: [Self; 15] = [
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
    ];

    /// The code of a call, by its method and the path that the router matched.
    pub(crate) fn code_of(method: &str, path: &str) -> &'static str {
        Self::ALL
            .iter()
            .find(|route| route.method == method && route.path == path)
            .map_or(OTHER, |route| route.code)
    }

    /// The name of a route as the documentation writes it; of one that is no longer known, its code.
    pub fn name(code: &str) -> String {
        Self::ALL
            .iter()
            .find(|route| route.code == code)
            .map_or_else(
                || code.to_owned(),
                |route| format!("{} {}", route.method, route.path),
            )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_short_and_each_its_own() {
        let codes: BTreeSet<&str> = Route::ALL.iter().map(|route| route.code).collect();
        assert_eq!(codes.len(), Route::ALL.len());
        for code in codes.into_iter().chain([OTHER]) {
            assert!(code.len() <= 5 && code.bytes().all(|byte| byte.is_ascii_lowercase()));
        }
    }
}
