use api::{AdmittedCall, ApiError, UsedToday};
use intent::Signal;
use intent_store::{Intel, Outcome};
use types::{Domain, Feature, Timestamp};

/// How many signals are written, and their bytes as JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Volume {
    signals: u64,
    bytes: u64,
}

impl Volume {
    /// Of the signals that are written.
    fn written<'a>(signals: impl IntoIterator<Item = (&'a Signal, Outcome)>) -> Self {
        let signals = signals.into_iter();
        let written = signals.filter(|(_, outcome)| outcome.is_written());
        written.fold(Self::default(), |volume, (signal, _)| Self {
            signals: volume.signals + 1,
            bytes: volume.bytes + bytes(signal),
        })
    }
}

/// Counts what will be written of `signals` against the account's day, before it is written. What is known already is not
/// counted.
///
/// # Errors
/// 429 `daily` if it is more than the plan includes.
pub(crate) async fn reserve(
    intel: &Intel,
    call: &AdmittedCall,
    signals: &[(&Domain, &Signal)],
    now: Timestamp,
) -> Result<UsedToday, ApiError> {
    let outcomes = intel.foresee(call.account(), signals, now).await?;
    let signals = signals.iter().map(|(_, signal)| *signal);
    let Volume { signals, bytes } = Volume::written(signals.zip(outcomes));
    call.use_today(&[(Feature::Signals, signals), (Feature::SignalBytes, bytes)])
        .await
}

/// Corrects what was counted to what was written, where another request wrote the same signals at the same time or there was
/// no room.
pub(crate) async fn settle<'a>(
    call: &AdmittedCall,
    reserved: &UsedToday,
    signals: impl IntoIterator<Item = (&'a Signal, Outcome)>,
) {
    let Volume { signals, bytes } = Volume::written(signals);
    call.settle_today(reserved, &[signals, bytes]).await;
}

fn bytes(signal: &Signal) -> u64 {
    let json = serde_json::to_vec(signal).unwrap_or_default();
    u64::try_from(json.len()).unwrap_or(u64::MAX)
}
