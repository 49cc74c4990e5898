use types::Credits;

/// What a call uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charge {
    /// One call of the minute, the day and the month.
    Call {
        /// The credits that it costs.
        price: Credits,
        /// The code that its route is counted under: a short word, as it is part of an attribute's name.
        route: &'static str,
    },
    /// One call of the minute, the day and the month that goes by what the meter says: its balance, to set credits aside for a
    /// job, or its plan.
    OnMeter {
        /// As of [`Charge::Call`].
        route: &'static str,
    },
    /// One call of the minute only: the request was not in order, or is about the account itself.
    Attempt,
}

impl Charge {
    pub(crate) const fn price(self) -> Credits {
        match self {
            Self::Call { price, .. } => price,
            Self::OnMeter { .. } | Self::Attempt => Credits::ZERO,
        }
    }

    pub(crate) const fn route(self) -> Option<&'static str> {
        match self {
            Self::Call { route, .. } | Self::OnMeter { route } => Some(route),
            Self::Attempt => None,
        }
    }

    /// Whether a shard does not do: balance and plan are in one place.
    pub(crate) fn needs_meter(self) -> bool {
        matches!(self, Self::OnMeter { .. }) || self.price() != Credits::ZERO
    }
}
