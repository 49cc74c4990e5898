use accounts::Meter;
use auth::Principal;
use types::{Credits, Product, Timestamp, month_of};
use workspace::{Event, EventKind};

/// The events that the state of a meter triggers. The same state gives the same ids, whoever sees it.
pub(crate) fn triggered(product: Product, meter: &Meter, now: Timestamp) -> Vec<Event> {
    let event = |kind: EventKind, trigger: &str, limit, value| Event {
        id: format!("{kind}#{product}#{trigger}"),
        kind,
        product,
        at: now,
        limit,
        value,
    };
    let mut events = Vec::new();
    let month = month_of(now);
    let used = meter.calls_of_month(&month);
    if let Some(limit) = meter.month_limit.filter(|limit| *limit > 0) {
        if used.saturating_mul(5) >= limit.saturating_mul(4) {
            events.push(event(EventKind::Quota80, &month, limit, used));
        }
        if used >= limit {
            events.push(event(EventKind::Quota100, &month, limit, used));
        }
    }
    if !meter.low_of.is_empty() && meter.credits <= meter.low_at {
        let tenths = |credits: Credits| u64::try_from(credits.tenths()).unwrap_or(0);
        let (low, left) = (tenths(meter.low_at), tenths(meter.credits));
        events.push(event(EventKind::CreditsLow, &meter.low_of, low, left));
    }
    events
}

/// The event of a key that expires soon, once a key. A session's never does.
pub(crate) fn rotation_due(caller: &Principal, now: Timestamp) -> Option<Event> {
    let end = caller.ends_soon(now)?;
    let second = |at: Timestamp| u64::try_from(at.as_second()).unwrap_or(0);
    let (kind, product) = (EventKind::KeyRotationDue, caller.product);
    Some(Event {
        id: format!("{kind}#{product}#{}", caller.key),
        kind,
        product,
        at: now,
        limit: second(end),
        value: second(now),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(used: u64, limit: Option<u64>, credits: i64, expected: &[&str]) {
        let now: Timestamp = "2026-11-15T12:00:00Z".parse().unwrap();
        let mut meter = Meter::default();
        meter.month_limit = limit;
        meter.months = [("202611".to_owned(), used)].into();
        meter.credits = Credits::from_tenths(credits);
        meter.low_at = Credits::from_tenths(10);
        "tag".clone_into(&mut meter.low_of);
        let ids = triggered(Product::Intent, &meter, now);
        let ids: Vec<&str> = ids.iter().map(|event| event.id.as_str()).collect();
        assert_eq!(ids, expected);
    }

    #[test]
    fn each_at_its_threshold() {
        let (most, all, low) = (
            "quota.80#intent#202611",
            "quota.100#intent#202611",
            "credits.low#intent#tag",
        );
        check(79, Some(100), 11, &[]);
        check(80, Some(100), 11, &[most]);
        check(100, Some(100), 11, &[most, all]);
        check(1_000_000, None, 10, &[low]);
        check(3, Some(0), 0, &[low]);
    }
}
