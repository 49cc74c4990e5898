use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// Bytes of the small and of the large input.
const SMALL: usize = 2_000;
const LARGE: usize = 16_000;
/// How much longer the large input may take: in proportion is 8, by the square 64.
const GROWTH: f64 = 28.0;
/// How much longer an input may take than a plain one of the same size. A square that begins late shows here.
const SPREAD: f64 = 60.0;

/// Checks that `work` takes time in proportion to its input, and not much more for any of `shapes` than for the plain one: each
/// is a text, and one that is repeated behind it.
///
/// What is measured is processor time of this thread. A check fails if it fails in each of three attempts.
///
/// # Panics
/// If the time is not in proportion.
pub fn assert_linear(plain: (&str, &str), shapes: &[(&str, &str)], work: impl Fn(&[u8])) {
    let time = |input: &[u8]| {
        let start = now();
        work(input);
        // Below some microseconds, the clock and the caches are measured.
        now()
            .saturating_sub(start)
            .max(Duration::from_micros(50))
            .as_secs_f64()
    };
    for shape in shapes {
        let slow = |_| {
            let large = time(&of_size(*shape, LARGE));
            let growth = large / time(&of_size(*shape, SMALL));
            let spread = large / time(&of_size(plain, LARGE));
            (growth > GROWTH || spread > SPREAD).then_some((growth, spread))
        };
        let slow: Option<Vec<(f64, f64)>> = (0..3).map(slow).collect();
        if let Some(&[(growth, spread), ..]) = slow.as_deref() {
            panic!(
                "{shape:?} in {LARGE} instead of {SMALL} bytes takes {growth:.0} times as long, {spread:.0} times as long as a plain text"
            );
        }
    }
}

fn of_size((start, repeated): (&str, &str), size: usize) -> Vec<u8> {
    let mut text = start.to_owned();
    text += &repeated.repeat(size / repeated.len());
    text.into_bytes()
}

fn now() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(
        u64::try_from(time.tv_sec).unwrap_or(0),
        u32::try_from(time.tv_nsec).unwrap_or(0),
    )
}
