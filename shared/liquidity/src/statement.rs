use serde::{Deserialize, Serialize};
use types::Timestamp;

use crate::{Cadence, CheckFacts, Component, Facts, Observed, Status};

/// What a source states of a protocol as of one moment. What it does not state is absent, and stays as it is known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// The moment that it is about.
    pub at: Timestamp,
    /// How often the source states it anew. None: as is usual for such facts, by [`Component::cadence`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cadence: Option<Cadence>,
    /// What it states. [`Facts::observed`] is not looked at.
    pub facts: Facts,
    /// Whether the protocol can be bought and redeemed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
}

impl Statement {
    /// The components that it states something about, without AUM, which goes through the [`Breaker`](crate::Breaker).
    pub(crate) fn components(&self) -> impl Iterator<Item = Component> {
        let nothing = Facts::default();
        let Facts {
            redemption,
            secondary,
            issuer,
            jurisdiction,
            ..
        } = &self.facts;
        let states = [
            (Component::Redemption, *redemption != nothing.redemption),
            (Component::SecondaryVolume, *secondary != nothing.secondary),
            (Component::Issuer, *issuer != nothing.issuer),
            (Component::Jurisdiction, jurisdiction.is_some()),
        ];
        states
            .into_iter()
            .filter_map(|(component, states)| states.then_some(component))
    }

    /// When it was observed, and how often that is renewed.
    pub(crate) fn observed(&self, component: Component) -> Observed {
        Observed {
            at: self.at,
            cadence: self.cadence.unwrap_or(component.cadence()),
        }
    }

    pub(crate) fn has_checks(&self) -> bool {
        self.facts.checks != CheckFacts::default()
    }

    /// Whether it states nothing that is scored.
    pub fn is_empty(&self) -> bool {
        let states = self.facts.aum_usd.is_some() || self.status.is_some() || self.has_checks();
        !states && self.components().next().is_none()
    }
}

impl Facts {
    /// Replaces what `stated` has of a component.
    pub(crate) fn state(&mut self, component: Component, stated: &Self) {
        match component {
            Component::Aum => self.aum_usd = stated.aum_usd.or(self.aum_usd),
            Component::Redemption => {
                let (known, stated) = (&mut self.redemption, &stated.redemption);
                known.frequency = stated.frequency.or(known.frequency);
                known.notice_days = stated.notice_days.or(known.notice_days);
                known.observed_days = stated.observed_days.or(known.observed_days);
            }
            Component::SecondaryVolume => {
                let (known, stated) = (&mut self.secondary, &stated.secondary);
                known.monthly_turnover = stated.monthly_turnover.or(known.monthly_turnover);
                known.monthly_active_addresses = stated
                    .monthly_active_addresses
                    .or(known.monthly_active_addresses);
                known.holder_hhi = stated.holder_hhi.or(known.holder_hhi);
            }
            Component::Issuer => {
                let (known, stated) = (&mut self.issuer, &stated.issuer);
                known.supervision = stated.supervision.or(known.supervision);
                known.operating_years = stated.operating_years.or(known.operating_years);
                known.attested_at = stated.attested_at.or(known.attested_at);
                known.bankruptcy_remote = stated.bankruptcy_remote.or(known.bankruptcy_remote);
            }
            Component::Jurisdiction => {
                self.jurisdiction = stated.jurisdiction.or(self.jurisdiction);
            }
        }
    }
}

impl CheckFacts {
    /// These, with what `stated` has in their place.
    pub(crate) fn with(&self, stated: &Self) -> Self {
        Self {
            nav_usd: stated.nav_usd.or(self.nav_usd),
            market_price_usd: stated.market_price_usd.or(self.market_price_usd),
            linked_address_share: stated.linked_address_share.or(self.linked_address_share),
            wash_volume_share: stated.wash_volume_share.or(self.wash_volume_share),
        }
    }
}
