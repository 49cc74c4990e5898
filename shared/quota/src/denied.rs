use accounts::Meter;
use auth::Principal;
use store::StoreError;
use types::{Credits, Timestamp};

use crate::Charge;
use crate::limits::{Limits, WindowLimit};

/// Why a call is not admitted. Nothing was charged, and the month or the balance's refusals are counted in the minute only.
#[derive(Debug, thiserror::Error)]
pub enum Denied {
    /// The key was revoked, or was rotated and its grace period is over.
    #[error("this API key was revoked")]
    Revoked,
    /// The account is suspended.
    #[error("the account is suspended")]
    Suspended,
    /// The plan does not include calls.
    #[error("the plan {plan} has no API access")]
    NoAccess {
        /// The plan's name.
        plan: String,
    },
    /// The key is over its minute's limit.
    #[error("over the limit of {} calls a minute", .window.limit)]
    Minute {
        /// The minute.
        window: WindowLimit,
        /// All limits, for the response's headers.
        limits: Limits,
    },
    /// The account is over its month's limit.
    #[error("over the limit of {} calls a month", .window.limit)]
    Month {
        /// The month.
        window: WindowLimit,
        /// All limits, for the response's headers.
        limits: Limits,
    },
    /// There are not enough credits.
    #[error("{needed} credits are needed and {balance} are left")]
    Credits {
        /// What the call costs.
        needed: Credits,
        /// What is left.
        balance: Credits,
        /// All limits, for the response's headers.
        limits: Limits,
    },
    /// The meter could not be reached, so no call is admitted.
    #[error("the meter could not be reached")]
    Store(#[from] StoreError),
}

impl Denied {
    /// The limits of the key, for the response's headers.
    pub const fn limits(&self) -> Option<Limits> {
        match self {
            Self::Minute { limits, .. }
            | Self::Month { limits, .. }
            | Self::Credits { limits, .. } => Some(*limits),
            Self::Revoked | Self::Suspended | Self::NoAccess { .. } | Self::Store(_) => None,
        }
    }

    /// The same with the limits of a later moment.
    pub(crate) fn with_limits(mut self, now: Limits) -> Self {
        if let Self::Minute { limits, .. }
        | Self::Month { limits, .. }
        | Self::Credits { limits, .. } = &mut self
        {
            *limits = now;
        }
        self
    }

    /// The window whose end the caller has to wait for.
    pub const fn window(&self) -> Option<WindowLimit> {
        match self {
            Self::Minute { window, .. } | Self::Month { window, .. } => Some(*window),
            Self::Revoked
            | Self::Suspended
            | Self::NoAccess { .. }
            | Self::Credits { .. }
            | Self::Store(_) => None,
        }
    }
}

/// Why the meter refused the call. Of several reasons, the first of: revoked key, suspended account, plan without access, month, minute, credits.
pub(crate) fn denial(
    meter: Option<&Meter>,
    caller: &Principal,
    charge: Charge,
    now: Timestamp,
) -> Denied {
    let Some(meter) = meter.filter(|meter| meter.accepts(caller.key, now)) else {
        return Denied::Revoked;
    };
    if meter.is_suspended() {
        return Denied::Suspended;
    }
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
