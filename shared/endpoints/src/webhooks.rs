//! Webhooks, which three products have: the same endpoints for the keys of each.

use types::{Feature, Product, Scope};

use crate::{CURSOR, Endpoint, Method, Param};

/// Deliveries a page.
pub const DELIVERIES_LIMIT: Param = Param::number("limit", 50, 1..=100, "Deliveries a page.");
/// Deliveries in this state only.
pub const STATE: Param = Param::words(
    "state",
    &[
        "pending",
        "sending",
        "delivered",
        "exhausted",
        "canceled",
        "held",
    ],
    "Deliveries in this state only.",
);
/// Deliveries of events of this type only.
pub const EVENT: Param = Param::text(
    "event",
    "score_change",
    "Deliveries of events of this type only.",
);

/// Deliveries of events from this moment on.
pub const SINCE: Param = Param::text(
    "since",
    "2026-11-20T09:30:00Z",
    "Deliveries of events from this moment on: a time (RFC 3339), or a day (`2026-11-20`), which is its beginning in UTC.",
);
/// Deliveries of events before this moment.
pub const UNTIL: Param = Param::text(
    "until",
    "2026-11-21",
    "Deliveries of events before this moment.",
);

const WEBHOOK_ID: Param = Param::path(
    "webhook_id",
    "webhook_01k9xw3tkbc2v6m8p4h0r5zqde",
    "The webhook's `id`.",
);
const DELIVERY_ID: Param = Param::path(
    "delivery_id",
    "delivery_01k9xw3tkbc2v6m8p4h0r5zqde",
    "The delivery's `id`.",
);

/// The endpoints of one product.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "they are named as the endpoints are")]
pub struct WebhookEndpoints {
    pub create: &'static Endpoint,
    pub list: &'static Endpoint,
    pub read: &'static Endpoint,
    pub change: &'static Endpoint,
    pub remove: &'static Endpoint,
    pub enable: &'static Endpoint,
    pub disable: &'static Endpoint,
    pub rotate: &'static Endpoint,
    pub test: &'static Endpoint,
    pub deliveries: &'static Endpoint,
    pub delivery: &'static Endpoint,
    pub resend: &'static Endpoint,
    pub recover: &'static Endpoint,
    pub recovery: &'static Endpoint,
    pub stats: &'static Endpoint,
    pub event_types: &'static Endpoint,
}

macro_rules! webhooks {
    ($(#[doc = $about:literal])* $module:ident, $product:expr, $base:literal, reads $read:expr => $reads:literal, writes $write:expr => $writes:literal) => {
        $(#[doc = $about])*
        pub mod $module {
            use super::*;

            const fn read(path: &'static str) -> Endpoint {
                Endpoint::new(Method::Get, path, Some($product)).function("webhooks").key($read)
                    .requires(Feature::Webhooks).code($reads)
            }

            const fn write(method: Method, path: &'static str) -> Endpoint {
                Endpoint::new(method, path, Some($product)).function("webhooks").key($write)
                    .requires(Feature::Webhooks).code($writes)
            }

            endpoints! {
                /// Registers a webhook.
                WEBHOOK_CREATE = write(Method::Post, concat!($base, "/webhooks")).body().idempotent();
                /// Lists the webhooks, the oldest first.
                WEBHOOK_LIST = read(concat!($base, "/webhooks"));
                /// Shows a webhook.
                WEBHOOK_READ = read(concat!($base, "/webhooks/{webhook_id}")).params(&[WEBHOOK_ID]);
                /// Changes a webhook.
                WEBHOOK_CHANGE = write(Method::Patch, concat!($base, "/webhooks/{webhook_id}")).body().params(&[WEBHOOK_ID]);
                /// Deletes a webhook.
                WEBHOOK_REMOVE = write(Method::Delete, concat!($base, "/webhooks/{webhook_id}")).params(&[WEBHOOK_ID]);
                /// Enables a webhook that is disabled.
                WEBHOOK_ENABLE = write(Method::Post, concat!($base, "/webhooks/{webhook_id}/enable")).params(&[WEBHOOK_ID]);
                /// Disables a webhook.
                WEBHOOK_DISABLE = write(Method::Post, concat!($base, "/webhooks/{webhook_id}/disable")).params(&[WEBHOOK_ID]);
                /// Gives a webhook a new secret.
                WEBHOOK_ROTATE = write(Method::Post, concat!($base, "/webhooks/{webhook_id}/rotate-secret")).body().idempotent()
                    .params(&[WEBHOOK_ID]);
                /// Sends a webhook an example of an event.
                WEBHOOK_TEST = write(Method::Post, concat!($base, "/webhooks/{webhook_id}/test")).body().idempotent()
                    .params(&[WEBHOOK_ID]);
                /// Lists the deliveries of a webhook, those of the newest events first.
                DELIVERY_LIST = read(concat!($base, "/webhooks/{webhook_id}/deliveries"))
                    .params(&[WEBHOOK_ID, DELIVERIES_LIMIT, STATE, EVENT, SINCE, UNTIL, CURSOR]);
                /// Shows a delivery with its attempts.
                DELIVERY_READ = read(concat!($base, "/webhooks/{webhook_id}/deliveries/{delivery_id}"))
                    .params(&[WEBHOOK_ID, DELIVERY_ID]);
                /// Sends a delivery again.
                DELIVERY_RESEND = write(Method::Post, concat!($base, "/webhooks/{webhook_id}/deliveries/{delivery_id}/resend"))
                    .params(&[WEBHOOK_ID, DELIVERY_ID]);
                /// Sends what was not delivered in a span of time again.
                WEBHOOK_RECOVER = write(Method::Post, concat!($base, "/webhooks/{webhook_id}/recover")).body().idempotent()
                    .params(&[WEBHOOK_ID]);
                /// Shows the last recovery of a webhook.
                RECOVERY_READ = read(concat!($base, "/webhooks/{webhook_id}/recover")).params(&[WEBHOOK_ID]);
                /// Shows the requests to a webhook by day.
                WEBHOOK_STATS = read(concat!($base, "/webhooks/{webhook_id}/stats")).params(&[WEBHOOK_ID]);
                /// Lists the types of events.
                EVENT_TYPES = read(concat!($base, "/event-types"));
            }

            /// All of them by what they do.
            pub static WEBHOOKS: WebhookEndpoints = WebhookEndpoints {
                create: &WEBHOOK_CREATE,
                list: &WEBHOOK_LIST,
                read: &WEBHOOK_READ,
                change: &WEBHOOK_CHANGE,
                remove: &WEBHOOK_REMOVE,
                enable: &WEBHOOK_ENABLE,
                disable: &WEBHOOK_DISABLE,
                rotate: &WEBHOOK_ROTATE,
                test: &WEBHOOK_TEST,
                deliveries: &DELIVERY_LIST,
                delivery: &DELIVERY_READ,
                resend: &DELIVERY_RESEND,
                recover: &WEBHOOK_RECOVER,
                recovery: &RECOVERY_READ,
                stats: &WEBHOOK_STATS,
                event_types: &EVENT_TYPES,
            };
        }
    };
}

webhooks!(
    /// Those of intent.
    intent, Product::Intent, "/api/v1", reads Scope::Read => 15, writes Scope::Write => 16
);
webhooks!(
    /// Those of liquidity.
    liquidity, Product::Liquidity, "/api/v1", reads Scope::Read => 12, writes Scope::Write => 13
);
webhooks!(
    /// Those of portal.
    portal, Product::Portal, "/v1", reads Scope::WebhooksRead => 4, writes Scope::WebhooksWrite => 5
);
