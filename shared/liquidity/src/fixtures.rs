use types::Timestamp;

use crate::{Cadence, Component, Facts, Frequency, IssuerFacts, Observed, Supervision};

/// The time of the source document's example.
pub(crate) fn now() -> Timestamp {
    "2026-03-22T06:00:00Z".parse().unwrap()
}

/// All that can be known of a treasury product with daily redemption, as of `now`. Scores 80, 100, 100, 60, 100.
pub(crate) fn facts() -> Facts {
    let mut facts = Facts {
        aum_usd: Some(450_200_000.0),
        jurisdiction: Some("US".parse().unwrap()),
        ..Facts::default()
    };
    facts.redemption.frequency = Some(Frequency::Daily);
    facts.redemption.notice_days = Some(0.0);
    facts.redemption.observed_days = Some(1.0);
    facts.secondary.monthly_turnover = Some(1.3);
    facts.secondary.monthly_active_addresses = Some(12_400.0);
    facts.secondary.holder_hhi = Some(0.01);
    facts.issuer = IssuerFacts {
        supervision: Some(Supervision::Exempt),
        operating_years: Some(5.0),
        attested_at: Some(now()),
        bankruptcy_remote: Some(true),
    };
    facts.checks.nav_usd = Some(1.08);
    facts.checks.market_price_usd = Some(1.081);
    facts.checks.linked_address_share = Some(0.05);
    facts.checks.wash_volume_share = Some(0.02);
    for component in Component::ALL {
        let observed = Observed {
            at: now(),
            cadence: Cadence::Daily,
        };
        facts.observed.insert(component, observed);
    }
    facts
}
