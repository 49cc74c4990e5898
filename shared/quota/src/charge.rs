use types::Credits;

/// What a call is counted and charged as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charge {
    /// One call of the minute, the day and the month.
    Call {
        /// The credits that it costs.
        price: Credits,
        /// The code that its endpoint is counted under.
        route: u8,
        /// Whether it may turn out to be free. Then one without the credits is not counted yet: whoever makes it decides whether
        /// it is admitted for nothing or refused.
        may_be_free: bool,
    },
    /// One call of the minute, the day and the month that needs the meter itself: its balance, to reserve credits for a job, or
    /// its plan.
    OnMeter {
        /// As of [`Charge::Call`].
        route: u8,
    },
    /// One call of the minute only: the request is not valid, or is about the account itself.
    Attempt,
}

impl Charge {
    pub(crate) const fn price(self) -> Credits {
        match self {
            Self::Call { price, .. } => price,
            Self::OnMeter { .. } | Self::Attempt => Credits::ZERO,
        }
    }

    pub(crate) const fn route(self) -> Option<u8> {
        match self {
            Self::Call { route, .. } | Self::OnMeter { route } => Some(route),
            Self::Attempt => None,
        }
    }

    pub(crate) const fn may_be_free(self) -> bool {
        matches!(
            self,
            Self::Call {
                may_be_free: true,
                ..
            }
        )
    }

    /// Whether a shard is not enough: balance and plan are on the meter only.
    pub(crate) fn needs_meter(self) -> bool {
        matches!(self, Self::OnMeter { .. }) || self.price() != Credits::ZERO
    }
}
