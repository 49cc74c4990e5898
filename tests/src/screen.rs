use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use assay::Terminal;
use futures::future::BoxFuture;
use tokio::sync::Notify;

/// How long something may take to be printed.
const PATIENCE: Duration = Duration::from_mins(1);

/// The terminal of a command that runs until it is interrupted.
#[derive(Default)]
pub struct Screen {
    printed: Mutex<Vec<String>>,
    notes: Mutex<Vec<String>>,
    interrupt: Arc<Notify>,
}

impl Screen {
    /// The lines of the result, up to now.
    pub fn printed(&self) -> Vec<String> {
        self.printed.lock().unwrap().clone()
    }

    /// The lines about what the command does, up to now.
    pub fn notes(&self) -> Vec<String> {
        self.notes.lock().unwrap().clone()
    }

    /// Presses Ctrl-C.
    pub fn interrupt(&self) {
        self.interrupt.notify_one();
    }

    /// Returns when the result has this many lines.
    pub async fn has_printed(&self, lines: usize) {
        let what = format!("{lines} lines");
        self.wait(&what, || self.printed().len() >= lines).await;
    }

    /// Returns when there is a line about what the command does with this in it, and returns that.
    pub async fn has_noted(&self, text: &str) -> String {
        let find = || self.notes().into_iter().find(|note| note.contains(text));
        self.wait(text, || find().is_some()).await;
        find().unwrap()
    }

    async fn wait(&self, what: &str, is_there: impl Fn() -> bool) {
        let looking = async {
            while !is_there() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, looking).await;
        let (printed, notes) = (self.printed(), self.notes());
        assert!(waited.is_ok(), "waited for {what}: {printed:#?} {notes:#?}");
    }
}

impl Terminal for Screen {
    fn print(&self, line: &str) -> io::Result<()> {
        self.printed.lock().unwrap().push(line.to_owned());
        Ok(())
    }

    fn note(&self, line: &str) {
        self.notes.lock().unwrap().push(line.to_owned());
    }

    fn interrupted(&self) -> BoxFuture<'static, ()> {
        let interrupt = Arc::clone(&self.interrupt);
        Box::pin(async move { interrupt.notified().await })
    }
}
