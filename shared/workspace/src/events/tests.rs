use expect_test::expect;
use serde_json::Value;
use store::item::{number, row, text};
use types::{AccountId, Chain, DeliveryId, EventId, KeyId, Product, Timestamp, WatchId, WebhookId};

use super::*;
use crate::ScoreChange;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn account() -> AccountId {
    AccountId::from_parts(at(0), 7)
}

fn change(company_name: Option<&str>) -> ScoreChange {
    ScoreChange {
        watch_id: WatchId::from_parts(at(0), 8),
        subject: "stripe.com".to_owned(),
        company_name: company_name.map(str::to_owned),
        score: 87,
        band: "HOT".to_owned(),
        previous_score: 0,
        previous_band: "COLD".to_owned(),
    }
}

/// One of each kind, and those with an optional field twice.
fn events() -> Vec<Event> {
    let key_id = KeyId::from_parts(at(0), 9);
    let payloads = [
        EventPayload::QuotaWarning {
            percent: 80,
            limit_calls: 100,
            used_calls: 80,
        },
        EventPayload::QuotaWarning {
            percent: 100,
            limit_calls: 100,
            used_calls: u64::MAX,
        },
        EventPayload::QuotaWebhooks {
            percent: 80,
            limit_deliveries: 10_000,
            used_deliveries: 8_000,
            resets_at: at(1_800_000_000),
        },
        EventPayload::CreditsLow {
            grant_tag: "8v3k2m1q".to_owned(),
            threshold_tenths: 10,
            balance_tenths: -3,
        },
        EventPayload::KeyRotationDue {
            key_id,
            expires_at: at(1_800_000_000),
        },
        EventPayload::KeyLeaked {
            key_id,
            found_in: Some("content https://github.com/x/y".to_owned()),
        },
        EventPayload::KeyLeaked {
            key_id,
            found_in: None,
        },
        EventPayload::WebhookFailing {
            webhook_id: WebhookId::from_parts(at(0), 10),
            url: "https://example.com/hook".to_owned(),
            failing_since: at(1_794_657_600),
            warning: 1,
        },
        EventPayload::WebhookDisabled {
            webhook_id: WebhookId::from_parts(at(0), 10),
            url: "https://example.com/hook".to_owned(),
            reason: "gone".to_owned(),
            failing_since: None,
        },
        EventPayload::DeliveryExhausted {
            delivery_id: DeliveryId::from_parts(at(0), 11),
            webhook_id: WebhookId::from_parts(at(0), 10),
            event_id: EventId::from_parts(at(0), 12),
            event_type: "intent.band_change".to_owned(),
            attempts: 8,
            last_error: "status 500".to_owned(),
        },
        EventPayload::IntentBandChange(change(Some("Stripe"))),
        EventPayload::IntentScoreChange(change(None)),
    ];
    let event = |payload| Event::new(Product::Intent, at(1_794_744_000), payload);
    payloads.map(event).into()
}

#[test]
fn each_kind_as_stored() {
    let stored = |event: &Event| {
        let item: Value = row("stored event", event.stored(account()).unwrap()).unwrap();
        assert_eq!(item["pk"], format!("ACCT#{}", account()));
        assert_eq!(item["sk"], format!("EVENT#{}", event.id));
        assert_eq!(item["kind"], event.payload.kind());
        let mut item = item.as_object().unwrap().clone();
        item.retain(|name, _| !["pk", "sk"].contains(&name.as_str()));
        format!("{}\n", Value::from(item))
    };
    let stored: String = events().iter().map(stored).collect();
    expect![[r#"
        {"at":"2026-11-15T12:00:00Z","id":"quota.warning#intent#80-202611","kind":"quota.warning","payload":{"limit_calls":100,"percent":80,"used_calls":80},"product":"intent","version":1}
        {"at":"2026-11-15T12:00:00Z","id":"quota.warning#intent#100-202611","kind":"quota.warning","payload":{"limit_calls":100,"percent":100,"used_calls":18446744073709551615},"product":"intent","version":1}
        {"at":"2026-11-15T12:00:00Z","id":"quota.webhooks#intent#80-202611","kind":"quota.webhooks","payload":{"limit_deliveries":10000,"percent":80,"resets_at":"2027-01-15T08:00:00Z","used_deliveries":8000},"product":"intent","version":1}
        {"at":"2026-11-15T12:00:00Z","id":"credits.low#intent#8v3k2m1q","kind":"credits.low","payload":{"balance_tenths":-3,"grant_tag":"8v3k2m1q","threshold_tenths":10},"product":"intent","version":1}
        {"at":"2026-11-15T12:00:00Z","id":"key.rotation_due#intent#key_00000000000000000000000009","kind":"key.rotation_due","payload":{"expires_at":"2027-01-15T08:00:00Z","key_id":"key_00000000000000000000000009"},"product":"intent","version":1}
        {"at":"2026-11-15T12:00:00Z","id":"key.leaked#intent#key_00000000000000000000000009","kind":"key.leaked","payload":{"found_in":"content https://github.com/x/y","key_id":"key_00000000000000000000000009"},"product":"intent","version":1}
        {"at":"2026-11-15T12:00:00Z","id":"key.leaked#intent#key_00000000000000000000000009","kind":"key.leaked","payload":{"key_id":"key_00000000000000000000000009"},"product":"intent","version":1}
        {"at":"2026-11-15T12:00:00Z","expires":1802520000,"id":"webhook.failing#intent#webhook_0000000000000000000000000a-1794657600-1","kind":"webhook.failing","payload":{"failing_since":"2026-11-14T12:00:00Z","url":"https://example.com/hook","warning":1,"webhook_id":"webhook_0000000000000000000000000a"},"product":"intent","version":1}
        {"at":"2026-11-15T12:00:00Z","expires":1802520000,"id":"webhook.disabled#intent#webhook_0000000000000000000000000a-1794744000","kind":"webhook.disabled","payload":{"reason":"gone","url":"https://example.com/hook","webhook_id":"webhook_0000000000000000000000000a"},"product":"intent","version":1}
        {"at":"2026-11-15T12:00:00Z","expires":1802520000,"id":"delivery.exhausted#intent#delivery_0000000000000000000000000b-8","kind":"delivery.exhausted","payload":{"attempts":8,"delivery_id":"delivery_0000000000000000000000000b","event_id":"event_0000000000000000000000000c","event_type":"intent.band_change","last_error":"status 500","webhook_id":"webhook_0000000000000000000000000a"},"product":"intent","version":1}
        {"at":"2026-11-15T12:00:00Z","expires":1802520000,"id":"intent.band_change#intent#00000000000000000000000008-1794744000","kind":"intent.band_change","payload":{"band":"HOT","company_name":"Stripe","previous_band":"COLD","previous_score":0,"score":87,"subject":"stripe.com","watch_id":"watch_00000000000000000000000008"},"product":"intent","version":1}
        {"at":"2026-11-15T12:00:00Z","expires":1802520000,"id":"intent.score_change#intent#00000000000000000000000008-1794744000","kind":"intent.score_change","payload":{"band":"HOT","previous_band":"COLD","previous_score":0,"score":87,"subject":"stripe.com","watch_id":"watch_00000000000000000000000008"},"product":"intent","version":1}
    "#]].assert_eq(&stored);
}

#[test]
fn each_kind_is_read_as_it_was_stored() {
    for event in events() {
        let read: Event = row("stored event", event.stored(account()).unwrap()).unwrap();
        assert_eq!(read, event);
    }
}

#[track_caller]
fn check_refused(attributes: &[(&str, aws_sdk_dynamodb::types::AttributeValue)], expected: &str) {
    let mut item = events()[0].stored(account()).unwrap();
    for (name, value) in attributes {
        item.insert((*name).to_owned(), value.clone());
    }
    let error = row::<Event>("stored event", item).unwrap_err();
    let message = Chain(&error).to_string();
    assert!(message.contains(expected), "{message}");
}

#[test]
fn what_a_later_build_stored_is_an_error_that_says_so() {
    let newer = "the event is of version 2, and this build reads versions up to 1";
    let kind = ("kind", text("message.sent"));
    check_refused(&[("version", number(2)), kind.clone()], newer);
    check_refused(&[("version", number(2))], newer);
    check_refused(&[kind], "unknown variant `message.sent`");
    check_refused(&[("payload", text("80"))], "a stored event is malformed: ");
}
