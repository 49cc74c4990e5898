use liquidity::{Anomaly, Compliance, CountryCode, Reading, Tier};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde::Serialize;
use serde_json::Value;
use types::{
    DeliveryId, EventId, JobId, KeyId, Product, ProtocolSlug, ReportId, Timestamp, WatchId,
    WebhookId,
};
use workspace::{EventPayload, JobState, ScoreChange};

/// A type of events that webhooks are sent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EventType {
    /// Its name.
    pub name: String,
    /// What has happened.
    pub description: String,
    /// The JSON Schema of `data`.
    pub schema: Value,
    /// An example of `data`.
    pub example: Value,
}

/// The types of events that webhooks of a product are sent. Each schema is complete.
pub fn event_types(product: Product) -> Vec<EventType> {
    let settings =
        SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    event_types_by(&mut settings.into_generator(), product)
}

/// The types of events that webhooks of a product are sent, with schemas by this generator, which may refer to its definitions.
pub fn event_types_by(generator: &mut SchemaGenerator, product: Product) -> Vec<EventType> {
    let schema = EventPayload::json_schema(generator);
    let kinds = schema.get("oneOf").and_then(Value::as_array);
    let examples = examples(product).into_iter();
    let types = examples.filter_map(|payload| {
        let of_kind = |schema: &&Value| {
            schema.pointer("/properties/kind/const") == Some(&payload.kind().into())
        };
        let schema = kinds?.iter().find(of_kind)?;
        let description = schema.get("description").and_then(Value::as_str);
        Some(EventType {
            name: payload.kind().to_owned(),
            description: description.unwrap_or_default().to_owned(),
            schema: schema.pointer("/properties/payload")?.clone(),
            example: serde_json::to_value(&payload).ok()?.get("payload")?.clone(),
        })
    });
    types.collect()
}

/// The names of the types of events that webhooks of a product are sent.
pub fn event_kinds(product: Product) -> Vec<&'static str> {
    examples(product).iter().map(EventPayload::kind).collect()
}

/// An example of each type of events of a product.
fn examples(product: Product) -> Vec<EventPayload> {
    let of_product = match product {
        Product::Intent => of_intent(),
        Product::Liquidity => of_liquidity(),
        Product::Portal => of_portal(),
        Product::Leads => Vec::new(),
    };
    of_product.into_iter().chain(of_account()).collect()
}

fn at() -> Timestamp {
    Timestamp::from_second(1_774_332_000).unwrap_or_default()
}

fn of_intent() -> Vec<EventPayload> {
    let change = ScoreChange {
        watch_id: WatchId::from_parts(at(), 1),
        subject: "stripe.com".to_owned(),
        company_name: Some("Stripe".to_owned()),
        score: 87,
        band: "HOT".to_owned(),
        previous_score: 52,
        previous_band: "WARM".to_owned(),
    };
    vec![
        EventPayload::IntentBandChange(change.clone()),
        EventPayload::IntentScoreChange(change),
        EventPayload::BulkCompleted {
            job_id: JobId::from_parts(at(), 6),
            status: JobState::Done,
            done: 998,
            failed: 2,
            charged_tenths: 9_980,
        },
    ]
}

fn of_liquidity() -> Vec<EventPayload> {
    let (Ok(slug), name) = (
        "ondo-usdy".parse::<ProtocolSlug>(),
        "Ondo US Dollar Yield".to_owned(),
    ) else {
        return Vec::new();
    };
    let reading = Reading {
        at: at(),
        aum_usd: 450_200_000.0,
    };
    let countries = "US".parse::<CountryCode>().ok().zip("KY".parse().ok());
    let moved = countries.map(|(from, to)| liquidity::Event::ComplianceAlert {
        alert: Compliance::Jurisdiction { from, to },
    });
    let events = [
        Some(liquidity::Event::ScoreChange {
            from: 82,
            to: 71,
            change: -11,
        }),
        Some(liquidity::Event::TierChange {
            from: Tier::L1,
            to: Tier::L2,
        }),
        Some(liquidity::Event::AumChange {
            from: 450_200_000.0,
            since: at(),
            to: 391_674_000.0,
            change: -0.13,
        }),
        moved,
        Some(liquidity::Event::DataStale {
            last_good: Some(reading),
        }),
        Some(liquidity::Event::CircuitBreaker {
            reason: Some(Anomaly::DropToZero),
            paused: true,
        }),
    ];
    let events = events.iter().flatten();
    let events = events.map(|event| EventPayload::of_protocol(slug.clone(), name.clone(), event));
    let report = EventPayload::ReportReady {
        report_id: ReportId::from_parts(at(), 7),
        slug: slug.to_string(),
        name: name.clone(),
        expires_at: at(),
    };
    events.chain([report]).collect()
}

fn of_portal() -> Vec<EventPayload> {
    vec![EventPayload::QuotaWebhooks {
        percent: 80,
        limit_deliveries: 10_000,
        used_deliveries: 8_000,
        resets_at: at(),
    }]
}

fn of_account() -> Vec<EventPayload> {
    let webhook_id = WebhookId::from_parts(at(), 2);
    let url = "https://example.com/hooks/assay".to_owned();
    vec![
        EventPayload::WebhookFailing {
            webhook_id,
            url: url.clone(),
            failing_since: at(),
            warning: 1,
        },
        EventPayload::WebhookDisabled {
            webhook_id,
            url,
            reason: "failures".to_owned(),
            failing_since: Some(at()),
        },
        EventPayload::DeliveryExhausted {
            delivery_id: DeliveryId::from_parts(at(), 3),
            webhook_id,
            event_id: EventId::from_parts(at(), 4),
            event_type: "score_change".to_owned(),
            attempts: 8,
            last_error: "status 500".to_owned(),
        },
        EventPayload::KeyLeaked {
            key_id: KeyId::from_parts(at(), 5),
            found_in: Some("content https://github.com/example/repository".to_owned()),
        },
        EventPayload::KeyRotationDue {
            key_id: KeyId::from_parts(at(), 5),
            expires_at: at(),
        },
        EventPayload::QuotaWarning {
            percent: 80,
            limit_calls: 10_000,
            used_calls: 8_000,
        },
        EventPayload::CreditsLow {
            grant_tag: "8v3k2m".to_owned(),
            threshold_tenths: 1_000,
            balance_tenths: 990,
        },
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_kind_of_event_is_a_type() {
        let mut generator = SchemaSettings::draft2020_12().into_generator();
        let schema = EventPayload::json_schema(&mut generator);
        let kinds = schema.get("oneOf").unwrap().as_array().unwrap().iter();
        let kinds = kinds.map(|kind| kind["properties"]["kind"]["const"].as_str().unwrap());
        let types = Product::ALL.into_iter().flat_map(event_kinds);
        assert_eq!(kinds.collect::<BTreeSet<_>>(), types.collect());
    }

    #[test]
    fn every_type_has_a_description_and_a_schema_of_its_example() {
        for product in Product::ALL {
            let types = event_types(product);
            let names: Vec<&str> = types.iter().map(|one| one.name.as_str()).collect();
            assert_eq!(names, event_kinds(product));
            for one in types {
                assert!(!one.description.is_empty(), "{}", one.name);
                let fields = one.schema["properties"].as_object().unwrap();
                for name in one.example.as_object().unwrap().keys() {
                    assert!(fields.contains_key(name), "{} {name}", one.name);
                }
            }
        }
    }
}
