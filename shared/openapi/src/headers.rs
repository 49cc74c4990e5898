use endpoints::{Access, Dialect, Endpoint};
use serde_json::{Map, Value, json};

/// A header of responses.
struct Header {
    name: &'static str,
    about: &'static str,
    schema: fn() -> Value,
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn time() -> Value {
    json!({ "type": "string", "format": "date-time" })
}

/// Headers are text: a number is described by its digits, so that the schema holds for what is sent.
fn count() -> Value {
    json!({ "type": "integer", "minimum": 0 })
}

/// The component of each header, by the name that responses refer to it by.
const HEADERS: [Header; 15] = [
    Header {
        name: "X-Request-Id",
        about: "The id of the call, also in the logs, and in errors as `requestId`.",
        schema: || json!({ "type": "string", "pattern": "^req_[0-9a-z]{26}$" }),
    },
    Header {
        name: "Cache-Control",
        about: "`no-store`: no cache may keep the response. `no-cache`, beside an `ETag`: it may be kept, and is to be asked for again.",
        schema: || json!({ "type": "string", "enum": ["private, no-store", "private, no-cache"] }),
    },
    Header {
        name: "ETag",
        about: "The version of the response, for `If-None-Match`.",
        schema: || json!({ "type": "string", "pattern": "^\"[0-9a-f]{32}\"$" }),
    },
    Header {
        name: "X-RateLimit-Limit",
        about: "Calls allowed a minute and key.",
        schema: count,
    },
    Header {
        name: "X-RateLimit-Remaining",
        about: "Calls left in the minute.",
        schema: count,
    },
    Header {
        name: "X-RateLimit-Reset",
        about: "Unix time, in seconds, at which the next minute begins.",
        schema: count,
    },
    Header {
        name: "RateLimit-Policy",
        about: "Each window with its quota `q` and its length `w` in seconds, as the IETF draft *RateLimit header fields for HTTP* has it.",
        schema: text,
    },
    Header {
        name: "RateLimit",
        about: "Each window with the calls that remain, `r`, and the seconds until it is reset, `t`; of leads `limit=, remaining=, reset=`.",
        schema: text,
    },
    Header {
        name: "X-Key-Expires",
        about: "When the key ends, if it ends by itself within 14 days.",
        schema: time,
    },
    Header {
        name: "Retry-After",
        about: "Seconds after which the call may succeed.",
        schema: || json!({ "type": "integer", "minimum": 1 }),
    },
    Header {
        name: "WWW-Authenticate",
        about: "The scheme of the credential.",
        schema: text,
    },
    Header {
        name: "Link",
        about: "The URL of the next page, with `rel=\"next\"` (RFC 8288); absent on the last page.",
        schema: text,
    },
    Header {
        name: "Location",
        about: "The URL to go to.",
        schema: text,
    },
    Header {
        name: "Idempotent-Replayed",
        about: "`true` on the stored response to a request that was sent before with the same `Idempotency-Key`.",
        schema: || json!({ "type": "string", "const": "true" }),
    },
    Header {
        name: "Idempotent-Original-Request-Id",
        about: "The id of the call that a replayed response was made for.",
        schema: text,
    },
];

/// The components of the headers.
pub(crate) fn components() -> Value {
    let components = HEADERS.iter().map(|header| {
        let Header {
            name,
            about,
            schema,
        } = header;
        let is_always_there = ["X-Request-Id", "Cache-Control"].contains(name);
        let component =
            json!({ "description": about, "required": is_always_there, "schema": schema() });
        ((*name).to_owned(), component)
    });
    Value::Object(components.collect())
}

/// The headers of a response of this status.
pub(crate) fn of(endpoint: &Endpoint, status: u16, has_link: bool) -> Value {
    let mut names = vec!["X-Request-Id", "Cache-Control"];
    if endpoint.scope().is_some() {
        names.push("X-Key-Expires");
    }
    let is_metered = match endpoint.access {
        Access::Key(_) => true,
        Access::Session => endpoint.product.is_some(),
        Access::Signature | Access::Link => false,
    };
    // A call without a valid credential is no key's.
    if is_metered && status != 401 {
        match endpoint.dialect {
            Dialect::Standard => names.extend([
                "X-RateLimit-Limit",
                "X-RateLimit-Remaining",
                "X-RateLimit-Reset",
                "RateLimit-Policy",
                "RateLimit",
            ]),
            Dialect::LeadsGraphql | Dialect::LeadsRest => names.push("RateLimit"),
        }
    }
    if endpoint.idempotent && (status < 300 || matches!(status, 404 | 409 | 422)) {
        names.extend(["Idempotent-Replayed", "Idempotent-Original-Request-Id"]);
    }
    if endpoint.revalidates && matches!(status, 200 | 304) {
        names.push("ETag");
    }
    match status {
        302 => names.push("Location"),
        401 => names.push("WWW-Authenticate"),
        409 | 429 | 503 => names.push("Retry-After"),
        _ if has_link => names.push("Link"),
        _ => {}
    }
    let headers = names.into_iter().map(|name| {
        let reference = json!({ "$ref": format!("#/components/headers/{name}") });
        (name.to_owned(), reference)
    });
    Value::Object(headers.collect::<Map<String, Value>>())
}
