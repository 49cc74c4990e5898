use accounts::Meter;
use auth::Principal;
use store::StoreError;
use types::{Credits, Timestamp};

use crate::Charge;
use crate::limits::{Limits, WindowLimit};

/// Why a call is not let in. Nothing was counted or charged.
#[derive(Debug, thiserror::Error)]
pub enum Denied {
    /// The key was revoked, or rotated away longer ago than its grace period.
    #[error("this API key was revoked")]
    Revoked,
    /// The plan does not include calls.
    #[error("the plan {plan} has no API access")]
    NoAccess {
        /// The plan's name.
        plan: String,
    },
    /// The key is over its minute.
    #[error("over the limit of {} calls a minute", .window.limit)]
    Minute {
        /// The minute.
        window: WindowLimit,
        /// All limits, for the answer's headers.
        limits: Limits,
    },
    /// The account is over its month.
    #[error("over the limit of {} calls a month", .window.limit)]
    Month {
        /// The month.
        window: WindowLimit,
        /// All limits, for the answer's headers.
        limits: Limits,
    },
    /// The credits do not reach.
    #[error("{needed} credits are needed and {balance} are left")]
    Credits {
        /// What the call costs.
        needed: Credits,
        /// What is left.
        balance: Credits,
        /// All limits, for the answer's headers.
        limits: Limits,
    },
    /// The meter could not be reached, so nobody is let in.
    #[error("the meter could not be reached")]
    Store(#[from] StoreError),
}

impl Denied {
    /// Where the key stands, for the answer's headers.
    pub const fn limits(&self) -> Option<Limits> {
        match self {
            Self::Minute { limits, .. }
            | Self::Month { limits, .. }
            | Self::Credits { limits, .. } => Some(*limits),
            Self::Revoked | Self::NoAccess { .. } | Self::Store(_) => None,
        }
    }

    /// The window to wait for.
    pub const fn window(&self) -> Option<WindowLimit> {
        match self {
            Self::Minute { window, .. } | Self::Month { window, .. } => Some(*window),
            Self::Revoked | Self::NoAccess { .. } | Self::Credits { .. } | Self::Store(_) => None,
        }
    }
}

/// Why the meter did not take the call, in the order in which a caller can do something about it.
pub(crate) fn denial(
    meter: Option<&Meter>,
    caller: &Principal,
    charge: Charge,
    now: Timestamp,
) -> Denied {
    let Some(meter) = meter.filter(|meter| meter.accepts(caller.key, now)) else {
        return Denied::Revoked;
    };
    if !meter.has_access() {
        return Denied::NoAccess {
            plan: meter.plan.clone(),
        };
    }
    let limits = Limits::of(meter, caller.key, now);
    let spent = |window: &WindowLimit| window.remaining == 0;
    if let Some(window) = limits.month.filter(spent)
        && charge != Charge::Attempt
    {
        return Denied::Month { window, limits };
    }
    if let Some(window) = limits.minute.filter(spent) {
        return Denied::Minute { window, limits };
    }
    Denied::Credits {
        needed: charge.price(),
        balance: meter.credits,
        limits,
    }
}
