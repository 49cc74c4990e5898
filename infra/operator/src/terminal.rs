use std::io::{self, Write};

use futures::future::BoxFuture;

/// Where a command that runs until it is interrupted prints, and what interrupts it.
pub trait Terminal: Send + Sync {
    /// Prints a line of the result.
    fn print(&self, line: &str) -> io::Result<()>;

    /// Prints a line about what the command does.
    fn note(&self, line: &str);

    /// Returns when the command is to end.
    fn interrupted(&self) -> BoxFuture<'static, ()>;
}

/// The streams of this process, and Ctrl-C.
#[derive(Debug)]
pub(crate) struct ProcessTerminal;

impl Terminal for ProcessTerminal {
    fn print(&self, line: &str) -> io::Result<()> {
        writeln!(io::stdout(), "{line}")
    }

    fn note(&self, line: &str) {
        eprintln!("{line}");
    }

    fn interrupted(&self) -> BoxFuture<'static, ()> {
        Box::pin(async {
            if tokio::signal::ctrl_c().await.is_err() {
                // Without a handler of ours the signal ends the process.
                std::future::pending::<()>().await;
            }
        })
    }
}
