use accounts::Meter;
use auth::Principal;
use types::{Product, Timestamp, month_of};
use workspace::{Event, EventPayload};

/// The events that the state of a meter triggers. The same state gives the same ids, whoever sees it.
pub(crate) fn triggered(product: Product, meter: &Meter, now: Timestamp) -> Vec<Event> {
    let event = |payload| Event::new(product, now, payload);
    let mut events = Vec::new();
    let used_calls = meter.calls_of_month(&month_of(now));
    if let Some(limit_calls) = meter.month_limit.filter(|limit| *limit > 0) {
        let warning = |percent| EventPayload::QuotaWarning {
            percent,
            limit_calls,
            used_calls,
        };
        if used_calls.saturating_mul(5) >= limit_calls.saturating_mul(4) {
            events.push(event(warning(80)));
        }
        if used_calls >= limit_calls {
            events.push(event(warning(100)));
        }
    }
    if !meter.low_of.is_empty() && meter.credits <= meter.low_at {
        events.push(event(EventPayload::CreditsLow {
            grant_tag: meter.low_of.clone(),
            threshold_tenths: meter.low_at.tenths(),
            balance_tenths: meter.credits.tenths(),
        }));
    }
    events
}

/// The event of a key that expires soon, once a key. A session's never does.
pub(crate) fn rotation_due(caller: &Principal, now: Timestamp) -> Option<Event> {
    let payload = EventPayload::KeyRotationDue {
        key_id: caller.key,
        expires_at: caller.ends_soon(now)?,
    };
    Some(Event::new(caller.product, now, payload))
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::Credits;

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
            "quota.warning#intent#80-202611",
            "quota.warning#intent#100-202611",
            "credits.low#intent#tag",
        );
        check(79, Some(100), 11, &[]);
        check(80, Some(100), 11, &[most]);
        check(100, Some(100), 11, &[most, all]);
        check(1_000_000, None, 10, &[low]);
        check(3, Some(0), 0, &[low]);
    }
}
