//! For developers, who have a key of the API and no rights in AWS.

mod address;
mod api;
mod failed_call;
mod forwarded;
mod poller;
mod seen;
mod tail;
mod target;

use clap::Subcommand;
use config::Env;
use runtime::Failure;
use types::Clock;

use crate::output::Outcome;
use crate::terminal::Terminal;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Forward the deliveries of an account's webhooks to a program on this machine, until Ctrl-C.
    #[command(
        after_help = "Example: assay webhook tail --base https://api.example.com --to http://localhost:3000/hooks\n\n\
                      Each look for deliveries is a call of the key, and so is each delivery. A delivery is forwarded once."
    )]
    Tail(tail::Tail),
}

impl Command {
    /// Runs the command; `is_json` says how it prints.
    pub(crate) async fn run(
        self,
        (terminal, is_json): (&dyn Terminal, bool),
        env: &Env,
        clock: Clock,
    ) -> Result<Outcome, Failure> {
        let Self::Tail(tail) = self;
        tail.run((terminal, is_json), env, clock).await
    }
}
