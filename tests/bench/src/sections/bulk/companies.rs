//! Companies that nobody has, and what is known of them.

use std::fmt::Write as _;
use std::ops::Range;

use jiff::{Timestamp, ToSpan as _};
use serde_json::{Value, json};

/// Signals of a known company, of as many kinds.
pub(super) const KINDS: [&str; 5] = ["hiring", "funding", "technology", "leadership", "expansion"];

/// A file of companies as a sales system exports it: some fields in quotes, some domains as addresses.
pub(super) fn file(numbers: Range<usize>) -> String {
    let mut file = String::from("name,domain,country,employees\r\n");
    for number in numbers {
        let domain = domain(number);
        let size = number % 5_000 + 10;
        let _ = match number % 4 {
            0 => write!(
                file,
                "\"Bench {number}, Inc.\",https://www.{domain}/,US,{size}\r\n"
            ),
            _ => write!(file, "Bench {number} GmbH,{domain},DE,{size}\r\n"),
        };
    }
    file
}

/// A company's domain.
pub(super) fn domain(number: usize) -> String {
    format!("bench-company-{number}.com")
}

/// A company's signals as they are posted.
pub(super) fn signals(number: usize, now: Timestamp) -> Vec<Value> {
    let signal = |(days, kind): (i64, &str)| {
        let observed = now - (days * 24 * 7 + 1).hours();
        json!({
            "domain": domain(number), "kind": kind, "strength": 0.6, "observed_at": observed, "source": "bench",
            "external_id": format!("{number}-{days}"), "evidence": "Senior Platform Engineer, Payments",
            "url": format!("https://{}/{days}", domain(number)),
        })
    };
    (0..).zip(KINDS).map(signal).collect()
}
