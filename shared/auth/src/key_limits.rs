use accounts::{Actor, KeyLimits, Meter};
use types::hour_of;

use crate::{ChangedBy, KeyringError};

/// The most active keys that an account may have for one product.
pub const MAX_ACTIVE_KEYS: usize = 5;
/// The most rotated keys of a product that may be in their grace period. Each has a minute's limit of its own.
pub const MAX_GRACE_KEYS: usize = 5;
/// The most keys of a product that an account's user may make in a UTC hour, by issuing and rotating, whatever was revoked
/// meanwhile: a new key begins its minute at zero.
pub const MAX_KEYS_PER_HOUR: u64 = 10;

/// The limits of what `by` makes. The operator is not bound by the hour, and takes nothing of the user's: who runs the
/// deployment may replace keys whenever that is needed.
pub(crate) fn limits(by: &ChangedBy) -> KeyLimits {
    KeyLimits {
        active: MAX_ACTIVE_KEYS,
        made_in_hour: (by.actor != Actor::Operator).then_some(MAX_KEYS_PER_HOUR),
    }
}

/// Why no key can be made on this meter now, whether issued or by rotation.
pub(crate) fn hour_refusal(meter: &Meter, by: &ChangedBy) -> Option<KeyringError> {
    let limit = limits(by).made_in_hour?;
    let wait = (hour_of(by.now) + 1) * 3_600 - by.now.as_second();
    (meter.keys_made_in_hour(by.now) >= limit).then_some(KeyringError::HourFull { wait })
}

/// Why no key can be issued now.
pub(crate) fn issue_refusal(meter: &Meter, by: &ChangedBy) -> Option<KeyringError> {
    let full = meter.active_keys() >= MAX_ACTIVE_KEYS;
    hour_refusal(meter, by).or(full.then_some(KeyringError::Full))
}

/// Why no key can be rotated now.
pub(crate) fn rotation_refusal(meter: &Meter, by: &ChangedBy) -> Option<KeyringError> {
    let ends = meter.grace_ends(by.now);
    let full = ends.first().filter(|_| ends.len() >= MAX_GRACE_KEYS);
    let full = full.map(|end| KeyringError::GraceFull {
        wait: end.as_second() - by.now.as_second(),
    });
    hour_refusal(meter, by).or(full)
}
