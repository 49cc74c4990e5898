use std::collections::HashSet;

use clap::{Subcommand, ValueEnum};
use queue::{Queue, QueueMessage};
use runtime::Failure;
use serde_json::{Value, json};
use types::{Timestamp, whole_second};

use crate::operator::Operator;
use crate::output::Output;
use crate::progress::Progress;
use crate::table::Table;

/// Visibility timeout of received messages, in seconds.
const VISIBILITY_SECONDS: i32 = 60;
/// Messages listed per queue.
const MAX_LISTED: usize = 100;
/// Characters of a message body in the table.
const MAX_SUMMARY: usize = 80;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List dead-letter messages, up to 100 per queue.
    #[command(
        after_help = "Example: assay dlq list import\n\nListing counts as one receive of each message."
    )]
    List {
        /// The dead-letter queue (default: all).
        queue: Option<DeadLetterQueue>,
    },
    /// Send dead-letter messages back to their source queue, deleting each once it is sent.
    #[command(after_help = "Example: assay dlq replay import --max 10")]
    Replay {
        /// The dead-letter queue.
        queue: DeadLetterQueue,
        /// Maximum number of messages to send.
        #[arg(long, default_value_t = 1_000)]
        max: usize,
    },
}

/// A dead-letter queue, named after its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DeadLetterQueue {
    /// Chunks of bulk jobs. The function bulk-undeliverable consumes it and refunds their rows.
    Bulk,
    /// S3 notifications of import files.
    Import,
    /// Positions of workspace stream records that the outbox failed to process. Cannot be replayed; use job retry.
    Outbox,
    /// Attempts to deliver to webhooks.
    Delivery,
    /// Positions of workspace stream records that the dispatcher of webhooks failed to process. Cannot be replayed.
    Event,
}

impl DeadLetterQueue {
    const ALL: [Self; 5] = [
        Self::Bulk,
        Self::Import,
        Self::Outbox,
        Self::Delivery,
        Self::Event,
    ];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Bulk => "bulk",
            Self::Import => "import",
            Self::Outbox => "outbox",
            Self::Delivery => "delivery",
            Self::Event => "event",
        }
    }

    const fn variable(self) -> &'static str {
        match self {
            Self::Bulk => "BULK_DEAD_LETTER_QUEUE_URL",
            Self::Import => "IMPORT_DEAD_LETTER_QUEUE_URL",
            Self::Outbox => "OUTBOX_DEAD_LETTER_QUEUE_URL",
            Self::Delivery => "DELIVERY_DEAD_LETTER_QUEUE_URL",
            Self::Event => "EVENT_DEAD_LETTER_QUEUE_URL",
        }
    }

    /// The variable with the URL of the source queue; none if the source is a stream.
    const fn source(self) -> Option<&'static str> {
        match self {
            Self::Bulk => Some("BULK_QUEUE_URL"),
            Self::Import => Some("IMPORT_QUEUE_URL"),
            Self::Delivery => Some("DELIVERY_QUEUE_URL"),
            Self::Outbox | Self::Event => None,
        }
    }
}

impl Command {
    pub(crate) async fn run(self, operator: &Operator) -> Result<Output, Failure> {
        match self {
            Self::List { queue } => list(operator, queue).await,
            Self::Replay { queue, max } => replay(operator, queue, max).await,
        }
    }
}

async fn list(operator: &Operator, only: Option<DeadLetterQueue>) -> Result<Output, Failure> {
    let mut table = Table::new(&["QUEUE", "MESSAGE", ">AGE", ">RECEIVED", "BODY"]);
    let mut shown: Vec<Value> = Vec::new();
    for dead in DeadLetterQueue::ALL {
        if only.is_some_and(|only| only != dead) {
            continue;
        }
        let queue = operator.queue(dead.variable())?;
        for message in peek(&queue).await? {
            let age = age(operator.clock.now(), message.sent_at);
            table.row([
                dead.as_str().to_owned(),
                message.id.clone(),
                age,
                message.received.to_string(),
                summary(&message.body),
            ]);
            shown.push(json!({
                "queue": dead.as_str(), "id": message.id, "sentAt": whole_second(message.sent_at),
                "received": message.received, "body": message.body,
            }));
        }
    }
    let text = if shown.is_empty() {
        "no dead-letter messages".to_owned()
    } else {
        table.to_string()
    };
    Output::new(shown, text)
}

/// Receives the messages and makes them visible again.
async fn peek(queue: &Queue) -> Result<Vec<QueueMessage>, Failure> {
    let mut messages: Vec<QueueMessage> = Vec::new();
    let mut failed = None;
    while messages.len() < MAX_LISTED {
        match queue.receive(VISIBILITY_SECONDS).await {
            Ok(taken) if taken.is_empty() => break,
            Ok(taken) => messages.extend(taken),
            Err(error) => {
                failed = Some(error);
                break;
            }
        }
    }
    for message in &messages {
        queue.release(message).await?;
    }
    failed.map_or(Ok(messages), |error| Err(error.into()))
}

async fn replay(operator: &Operator, dead: DeadLetterQueue, max: usize) -> Result<Output, Failure> {
    let source = dead.source().ok_or(
        "this queue holds stream positions, which cannot be replayed; resend the messages of stuck jobs \
         with `assay job retry`",
    )?;
    let (from, to) = (operator.queue(dead.variable())?, operator.queue(source)?);
    let mut progress = Progress::new(&operator.clock);
    let mut sent: HashSet<String> = HashSet::new();
    let mut is_done = false;
    while !is_done && sent.len() < max {
        let taken = from.receive(VISIBILITY_SECONDS).await?;
        is_done = taken.is_empty();
        for message in taken {
            // A message that failed again during the replay comes back here, and would be sent forever.
            if sent.len() >= max || sent.contains(&message.id) {
                from.release(&message).await?;
                is_done = true;
                continue;
            }
            sent.insert(to.forward(&message).await?);
            from.delete(&message).await?;
        }
        progress.report(|| format!("{} messages replayed", sent.len()));
    }
    let left = from.waiting().await?;
    let text = format!("{} messages replayed, about {left} left", sent.len());
    let json = json!({ "queue": dead.as_str(), "replayed": sent.len(), "left": left });
    Output::new(json, text)
}

fn summary(body: &str) -> String {
    let line = body.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MAX_SUMMARY {
        return line;
    }
    let cut: String = line.chars().take(MAX_SUMMARY - 1).collect();
    format!("{cut}…")
}

fn age(now: Timestamp, at: Timestamp) -> String {
    let seconds = (now.as_second() - at.as_second()).max(0);
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3_600 => format!("{}m", seconds / 60),
        3_600..172_800 => format!("{}h", seconds / 3_600),
        _ => format!("{}d", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_has_one_unit() {
        let at = |seconds| Timestamp::from_second(seconds).unwrap();
        let ages = [59, 3_599, 172_799, 172_800].map(|seconds| age(at(seconds), at(0)));
        assert_eq!(ages, ["59s", "59m", "47h", "2d"]);
        assert_eq!(age(at(0), at(5)), "0s");
    }

    #[test]
    fn a_summary_is_one_line() {
        assert_eq!(summary("{\n  \"a\": 1\n}"), "{ \"a\": 1 }");
        assert_eq!(summary(&"x".repeat(200)).chars().count(), MAX_SUMMARY);
    }
}
