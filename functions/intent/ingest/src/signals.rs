use std::collections::BTreeMap;

use api::{AdmittedCall, ApiError, Caller, Code, FieldError, Idempotent, JsonBody, json};
use axum::Json;
use axum::extract::State;
use futures::{StreamExt, TryStreamExt, stream};
use intent::Signal;
use intent_store::Outcome;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use store::{Owner, StoreError};
use types::{Domain, Timestamp};

use crate::form::SignalForm;
use crate::{App, allowance};

/// Signals per request.
const MAX_SIGNALS: usize = 500;
/// Companies written concurrently.
const CONCURRENCY: usize = 8;

/// The response of `POST /api/v1/signals`.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "SignalsStored")]
pub(crate) struct Answer {
    /// Signals that were sent.
    received: usize,
    /// Signals that are new.
    stored: usize,
    /// Signals whose content changed.
    updated: usize,
    /// Signals that were stored with the same content.
    unchanged: usize,
    /// Signals that are not stored.
    failed: usize,
    /// The result of each signal, in the order of the request.
    items: Vec<Item>,
}

/// The result of one signal, in the order of the request.
#[derive(Clone, Debug, JsonSchema, Serialize)]
#[schemars(rename = "SignalStored")]
struct Item {
    /// Its place in the request, from 0.
    index: usize,
    /// The company.
    #[serde(skip_serializing_if = "Option::is_none")]
    domain: Option<Domain>,
    /// Your id for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<String>,
    /// `stored`, `updated`, `unchanged` or `failed`.
    status: &'static str,
    /// Why it failed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
}

/// `POST /api/v1/signals`: stores one signal, or an array of up to 500, which count only in this account's scores.
pub(crate) async fn add(
    State(app): State<App>,
    caller: Caller,
    JsonBody(body): JsonBody<Value>,
) -> Result<Idempotent<Json<Answer>>, ApiError> {
    let now = app.context.clock().now();
    let input = body.and_then(|body| Ok((forms(&body, now)?, body)));
    let (call, (forms, body)) = caller.authorize(input).await?;
    call.once(&body, async |call, _| {
        let call = call.admit().await?;
        let items = store(&app, &call, forms, now).await?;
        // A single object was valid, so only the company can be full.
        if body.is_object() && items.iter().any(|item| item.status == "failed") {
            return Err(company_full());
        }
        Ok(Json(Answer::of(items)))
    })
    .await
}

impl Answer {
    fn of(items: Vec<Item>) -> Self {
        let count = |status: &str| items.iter().filter(|item| item.status == status).count();
        Self {
            received: items.len(),
            stored: count("stored"),
            updated: count("updated"),
            unchanged: count("unchanged"),
            failed: count("failed"),
            items,
        }
    }
}

type Parsed = Result<(Domain, Signal), Vec<FieldError>>;

/// Parses the request's signals. An invalid object fails the request; in an array, each invalid signal is reported by itself.
fn forms(body: &Value, now: Timestamp) -> Result<Vec<Parsed>, ApiError> {
    match body {
        Value::Array(items) if items.is_empty() => Err(ApiError::new(
            Code::BadRequest,
            "the array is empty; send at least one signal",
        )
        .reason("no_signals")),
        Value::Array(items) if items.len() > MAX_SIGNALS => {
            let message = format!(
                "{} signals are sent and at most {MAX_SIGNALS} are accepted per request; split them",
                items.len()
            );
            Err(ApiError::new(Code::BadRequest, message)
                .reason("too_many_signals")
                .with("limit", MAX_SIGNALS))
        }
        Value::Array(items) => Ok(items.iter().map(|item| parse(item, now)).collect()),
        Value::Object(_) => match parse(body, now) {
            Ok(signal) => Ok(vec![Ok(signal)]),
            Err(errors) => Err(ApiError::fields(&errors)),
        },
        _ => Err(ApiError::new(
            Code::BadRequest,
            "send one signal as a JSON object, or an array of them",
        )
        .reason("json_invalid")),
    }
}

fn parse(item: &Value, now: Timestamp) -> Parsed {
    let form: SignalForm =
        json::from_value(item).map_err(|error| vec![FieldError::of_json(&error)])?;
    form.parse(now)
}

/// Stores the valid signals. Returns what became of each, in the order of the request.
async fn store(
    app: &App,
    call: &AdmittedCall,
    forms: Vec<Parsed>,
    now: Timestamp,
) -> Result<Vec<Item>, ApiError> {
    let (mut items, companies) = by_company(forms);
    let signals = companies.iter().flat_map(|(domain, signals)| {
        let signals = signals.iter();
        signals.map(move |(_, signal)| (domain, signal))
    });
    let signals: Vec<(&Domain, &Signal)> = signals.collect();
    let reserved = allowance::reserve(&app.intel, call, &signals, now).await?;
    let owner = Owner::Account(call.account());
    let outcomes: Vec<Vec<(usize, Signal, Outcome)>> = stream::iter(companies)
        .map(async |(domain, signals)| {
            let (indexes, signals): (Vec<usize>, Vec<Signal>) = signals.into_iter().unzip();
            let outcomes = app.intel.add_signals(&domain, owner, &signals, now).await?;
            let written = indexes.into_iter().zip(signals).zip(outcomes);
            let written = written.map(|((index, signal), outcome)| (index, signal, outcome));
            Ok::<_, StoreError>(written.collect())
        })
        .buffer_unordered(CONCURRENCY)
        .try_collect()
        .await?;
    let outcomes = || outcomes.iter().flatten();
    let written = outcomes().map(|(_, signal, outcome)| (signal, *outcome));
    allowance::settle(call, &reserved, written).await;
    for (index, _, outcome) in outcomes() {
        if let Some(item) = items.get_mut(*index) {
            item.set(*outcome);
        }
    }
    Ok(items)
}

type Companies = BTreeMap<Domain, Vec<(usize, Signal)>>;

/// An item for each signal, and the valid ones by company with their indexes.
fn by_company(forms: Vec<Parsed>) -> (Vec<Item>, Companies) {
    let mut items = Vec::with_capacity(forms.len());
    let mut companies = Companies::new();
    for (index, form) in forms.into_iter().enumerate() {
        let failed = Item {
            index,
            domain: None,
            external_id: None,
            status: "failed",
            errors: Vec::new(),
        };
        items.push(match form {
            Err(errors) => Item { errors, ..failed },
            Ok((domain, signal)) => {
                let item = Item {
                    domain: Some(domain.clone()),
                    external_id: Some(signal.external_id.clone()),
                    ..failed
                };
                companies.entry(domain).or_default().push((index, signal));
                item
            }
        });
    }
    (items, companies)
}

impl Item {
    fn set(&mut self, outcome: Outcome) {
        self.status = outcome.as_str();
        if outcome == Outcome::NoRoom {
            let error = FieldError::new("domain", "company_full", full_message());
            self.errors.push(error);
        }
    }
}

fn company_full() -> ApiError {
    ApiError::new(Code::LimitReached, full_message())
        .reason("company_full")
        .with("limit", intent_store::MAX_SIGNALS)
}

fn full_message() -> String {
    format!(
        "an account stores at most {} signals of one company; it can still change them",
        intent_store::MAX_SIGNALS
    )
}
