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

/// Seconds for which a message is held while it is shown or sent on.
const HELD: i32 = 60;
/// Messages that are shown of a queue.
const SHOWN: usize = 100;
/// Characters of a message that are shown.
const SUMMARY: usize = 80;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show what could not be delivered: of one queue, or of all.
    #[command(
        after_help = "Example: assay dlq list import\n\nTo look at a message counts as one receive of it."
    )]
    List {
        /// Which.
        queue: Option<Dead>,
    },
    /// Send messages to the queue they came from, and delete each once it is sent.
    #[command(after_help = "Example: assay dlq replay import --max 10")]
    Replay {
        /// Which.
        queue: Dead,
        /// Messages at most.
        #[arg(long, default_value_t = 1_000)]
        max: usize,
    },
}

/// A dead-letter queue, by what it is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Dead {
    /// Chunks of bulk jobs. A function empties it by itself: what lies here is being given up.
    Bulk,
    /// Notices of import files.
    Import,
    /// Positions in the workspace table's stream that the outbox could not send.
    Outbox,
}

impl Dead {
    const ALL: [Self; 3] = [Self::Bulk, Self::Import, Self::Outbox];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Bulk => "bulk",
            Self::Import => "import",
            Self::Outbox => "outbox",
        }
    }

    const fn variable(self) -> &'static str {
        match self {
            Self::Bulk => "BULK_DEAD_LETTER_QUEUE_URL",
            Self::Import => "IMPORT_DEAD_LETTER_QUEUE_URL",
            Self::Outbox => "OUTBOX_DEAD_LETTER_QUEUE_URL",
        }
    }

    /// Where its messages came from; none if that is no queue.
    const fn source(self) -> Option<&'static str> {
        match self {
            Self::Bulk => Some("BULK_QUEUE_URL"),
            Self::Import => Some("IMPORT_QUEUE_URL"),
            Self::Outbox => None,
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

async fn list(operator: &Operator, only: Option<Dead>) -> Result<Output, Failure> {
    let mut table = Table::new(&["QUEUE", "MESSAGE", ">AGE", ">RECEIVED", "BODY"]);
    let mut shown: Vec<Value> = Vec::new();
    for dead in Dead::ALL {
        if only.is_some_and(|only| only != dead) {
            continue;
        }
        let queue = operator.queue(dead.variable())?;
        for message in look(&queue).await? {
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
        "no dead letters".to_owned()
    } else {
        table.to_string()
    };
    Output::new(shown, text)
}

/// Takes the messages for a moment, and lets all of them go.
async fn look(queue: &Queue) -> Result<Vec<QueueMessage>, Failure> {
    let mut messages: Vec<QueueMessage> = Vec::new();
    let mut failed = None;
    while messages.len() < SHOWN {
        match queue.receive(HELD).await {
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

async fn replay(operator: &Operator, dead: Dead, max: usize) -> Result<Output, Failure> {
    let source = dead.source().ok_or(
        "what the outbox could not send is a position in a stream, not a message: send the jobs that stand still again \
         with `assay job retry`",
    )?;
    let (from, to) = (operator.queue(dead.variable())?, operator.queue(source)?);
    let mut progress = Progress::new(&operator.clock);
    let mut sent: HashSet<String> = HashSet::new();
    let mut is_over = false;
    while !is_over && sent.len() < max {
        let taken = from.receive(HELD).await?;
        is_over = taken.is_empty();
        for message in taken {
            // What came back meanwhile would be sent for ever.
            if sent.len() >= max || sent.contains(&message.id) {
                from.release(&message).await?;
                is_over = true;
                continue;
            }
            sent.insert(to.forward(&message).await?);
            from.delete(&message).await?;
        }
        progress.say(|| format!("{} messages sent again", sent.len()));
    }
    let left = from.waiting().await?;
    let text = format!("{} messages sent again; about {left} are left", sent.len());
    let json = json!({ "queue": dead.as_str(), "replayed": sent.len(), "left": left });
    Output::new(json, text)
}

fn summary(body: &str) -> String {
    let line = body.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= SUMMARY {
        return line;
    }
    let cut: String = line.chars().take(SUMMARY - 1).collect();
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
        assert_eq!(summary(&"x".repeat(200)).chars().count(), SUMMARY);
    }
}
