//! The component scores: facts in, 0 to 100 points out, or nothing where nothing is known.

use types::Timestamp;

use crate::curve::Curve;
use crate::jurisdiction;
use crate::number::{amount, share, whole};
use crate::{Component, Fact, Facts, IssuerFacts, RedemptionFacts, SecondaryFacts, Supervision};

/// What a component's facts say.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Assessment {
    /// 0 to 100 points; none if no fact is known that decides it.
    pub(crate) score: Option<u8>,
    /// The facts that are known.
    pub(crate) known: Vec<Fact>,
}

impl Assessment {
    /// Of one component, from the facts observed by `now`.
    pub(crate) fn of(component: Component, facts: &Facts, now: Timestamp) -> Self {
        let observed = facts.observed.get(&component);
        if observed.is_some_and(|observed| observed.at > now) {
            return Self::default();
        }
        match component {
            Component::Aum => Self::single(Fact::Aum, amount(facts.aum_usd).map(aum)),
            Component::Redemption => redemption(&facts.redemption),
            Component::SecondaryVolume => secondary(&facts.secondary),
            Component::Issuer => issuer(&facts.issuer, now),
            Component::Jurisdiction => {
                let points = facts.jurisdiction.map(jurisdiction::points);
                Self::single(Fact::Jurisdiction, points)
            }
        }
    }

    fn single(fact: Fact, points: Option<f64>) -> Self {
        Self::mean(&[(fact, points)])
    }

    /// The mean of the known facts' points by their shares. A fact that is not known is left out of it.
    fn mean(facts: &[(Fact, Option<f64>)]) -> Self {
        let (mut sum, mut shares, mut known) = (0.0, 0.0, Vec::new());
        for (fact, points) in facts {
            if let Some(points) = points {
                sum += fact.share() * points;
                shares += fact.share();
                known.push(*fact);
            }
        }
        Self {
            score: (shares > 0.0).then(|| whole(sum / shares)),
            known,
        }
    }

    /// How much of the component is known, 0 to 1.
    pub(crate) fn known_share(&self) -> f64 {
        self.known.iter().map(|fact| fact.share()).sum()
    }
}

/// Where half of the scale is, US dollars.
const AUM_HALF: f64 = 7.5e6;

/// Points of AUM in US dollars: logistic in its logarithm, 100 · *x* / (1 + *x*) with *x* = ∛(AUM / 7.5 million).
fn aum(usd: f64) -> f64 {
    let odds = (usd / AUM_HALF).cbrt();
    100.0 * odds / (1.0 + odds)
}

/// Points by days to payment, straight in the logarithm of days. The steps are those in which funds report their
/// investors' liquidity (AIFMD, Delegated Regulation (EU) 231/2013, annex IV).
const DAYS_TO_PAYMENT: Curve = Curve(&[
    (1.0, 100.0),
    (7.0, 80.0),
    (30.0, 60.0),
    (90.0, 40.0),
    (180.0, 20.0),
    (365.0, 0.0),
]);

/// By the days until somebody who has just missed a dealing day has the money: the interval with the notice, or what was
/// observed where that is more. Where only notice is known nothing is.
fn redemption(facts: &RedemptionFacts) -> Assessment {
    let (notice, observed) = (amount(facts.notice_days), amount(facts.observed_days));
    let known = [
        (Fact::RedemptionFrequency, facts.frequency.is_some()),
        (Fact::RedemptionNotice, notice.is_some()),
        (Fact::RedemptionObserved, observed.is_some()),
    ];
    let known = known.into_iter().filter(|(_, known)| *known);
    Assessment {
        score: days_to_payment(facts).map(|days| whole(DAYS_TO_PAYMENT.at_log(days))),
        known: known.map(|(fact, _)| fact).collect(),
    }
}

/// Days until a redemption is paid, at most; infinite where there is none before maturity. None if not known.
pub(crate) fn days_to_payment(facts: &RedemptionFacts) -> Option<f64> {
    let notice = amount(facts.notice_days).unwrap_or(0.0);
    let by_terms = facts.frequency.map(|frequency| {
        frequency
            .interval_days()
            .map_or(f64::INFINITY, |days| days + notice)
    });
    match (by_terms, amount(facts.observed_days)) {
        (Some(terms), Some(observed)) => Some(terms.max(observed)),
        (terms, observed) => terms.or(observed),
    }
}

/// 0.1 % of AUM a month to all of it.
const TURNOVER: Curve = Curve(&[(0.001, 0.0), (1.0, 100.0)]);
/// One address to ten thousand.
const ADDRESSES: Curve = Curve(&[(1.0, 0.0), (10_000.0, 100.0)]);
/// By 1 / HHI, the number of holders of equal size that would be as concentrated: one to a hundred.
const HOLDERS: Curve = Curve(&[(1.0, 0.0), (100.0, 100.0)]);

fn secondary(facts: &SecondaryFacts) -> Assessment {
    let turnover = amount(facts.monthly_turnover);
    let addresses = amount(facts.monthly_active_addresses);
    let holders = share(facts.holder_hhi).map(|hhi| 1.0 / hhi);
    Assessment::mean(&[
        (Fact::Turnover, turnover.map(|of| TURNOVER.at_log(of))),
        (
            Fact::ActiveAddresses,
            addresses.map(|of| ADDRESSES.at_log(of)),
        ),
        (
            Fact::HolderConcentration,
            holders.map(|of| HOLDERS.at_log(of)),
        ),
    ])
}

/// By the age of the last attestation in days: a month, a quarter, half a year, a year, two.
const ATTESTATION: Curve = Curve(&[
    (31.0, 100.0),
    (92.0, 75.0),
    (183.0, 50.0),
    (366.0, 25.0),
    (731.0, 0.0),
]);
/// By the years of business.
const TRACK_RECORD: Curve = Curve(&[(0.0, 0.0), (10.0, 100.0)]);

fn issuer(facts: &IssuerFacts, now: Timestamp) -> Assessment {
    let supervision = facts.supervision.map(|supervision| match supervision {
        Supervision::None => 0.0,
        Supervision::Exempt => 25.0,
        Supervision::Licensed => 60.0,
        Supervision::Registered | Supervision::Prudential => 100.0,
    });
    let years = amount(facts.operating_years);
    let attested = facts.attested_at.filter(|at| *at <= now);
    let attested = attested.map(|at| now.duration_since(at).as_secs_f64() / 86_400.0);
    let remote = facts.bankruptcy_remote;
    Assessment::mean(&[
        (Fact::Supervision, supervision),
        (
            Fact::OperatingYears,
            years.map(|years| TRACK_RECORD.at(years)),
        ),
        (Fact::Attestation, attested.map(|days| ATTESTATION.at(days))),
        (
            Fact::BankruptcyRemote,
            remote.map(|is| if is { 100.0 } else { 0.0 }),
        ),
    ])
}

#[cfg(test)]
mod tests;
