use jiff::SignedDuration;
use types::Timestamp;

/// Attempts of a delivery, if all of them fail.
pub const ATTEMPTS: u32 = 8;

/// The waits before the attempts, in seconds.
const WAITS: [i64; ATTEMPTS as usize] = [0, 5, 300, 1_800, 7_200, 18_000, 36_000, 36_000];
/// How far a wait may be from its length, as a share.
const SPREAD: f64 = 0.2;
/// The longest wait that a receiver may ask for, in seconds.
const LONGEST_RETRY_AFTER: i64 = 3_600;

/// When the attempt after `made` attempts is due, of which the last ended at `ended`; none after the last.
///
/// `random` is from 0 to 1, and decides how far the wait is from its length. `retry_after`: the seconds that the receiver asked for.
pub fn next_attempt(
    made: u32,
    ended: Timestamp,
    random: f64,
    retry_after: Option<u64>,
) -> Option<Timestamp> {
    let wait = *WAITS.get(usize::try_from(made).ok()?)?;
    let asked = retry_after
        .unwrap_or(0)
        .min(LONGEST_RETRY_AFTER.unsigned_abs());
    let wait = SignedDuration::from_secs(wait).mul_f64(1.0 + SPREAD * (2.0 * random - 1.0));
    let asked = SignedDuration::from_secs(asked.cast_signed());
    ended.checked_add(wait.max(asked)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seconds(made: u32, random: f64, retry_after: Option<u64>) -> Option<i64> {
        let next = next_attempt(made, Timestamp::UNIX_EPOCH, random, retry_after);
        next.map(Timestamp::as_second)
    }

    #[test]
    fn the_schedule_takes_27_hours() {
        let waits: Vec<i64> = (0..8)
            .map(|made| seconds(made, 0.5, None).unwrap())
            .collect();
        assert_eq!(waits, WAITS);
        assert_eq!(waits.iter().sum::<i64>(), 99_305);
        assert_eq!(seconds(8, 0.5, None), None);
    }

    #[test]
    fn retry_after_only_makes_it_longer_and_at_most_an_hour() {
        assert_eq!(seconds(1, 0.5, Some(60)), Some(60));
        assert_eq!(seconds(2, 0.5, Some(60)), Some(300));
        assert_eq!(seconds(1, 0.5, Some(u64::MAX)), Some(3_600));
        assert_eq!(seconds(4, 0.5, Some(u64::MAX)), Some(7_200));
        assert_eq!(seconds(8, 0.5, Some(1)), None);
    }

    proptest! {
        #[test]
        fn a_wait_is_within_a_fifth(made in 0u32..8, random in 0.0f64..=1.0) {
            let length = WAITS[made as usize];
            let wait = seconds(made, random, None).unwrap();
            prop_assert!((length * 8 / 10..=length * 12 / 10).contains(&wait));
        }
    }
}
