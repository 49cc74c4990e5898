use bench::costs::Cost;
use bench::proxy::Proxy;

use crate::{Stack, TestApp};

/// An app whose calls of its services are counted.
pub struct Counted {
    /// The same app, uncounted, to prepare with and to look with.
    pub app: TestApp,
    /// The app to measure.
    pub counted: TestApp,
    proxy: Proxy,
}

impl Counted {
    /// A fresh app on the stack that is running.
    pub async fn new() -> Self {
        let app = TestApp::new().await;
        let proxy = Proxy::before(&Stack::running().endpoint_url).unwrap();
        let counted = app.at(&proxy.url());
        Self {
            app,
            counted,
            proxy,
        }
    }

    /// What a piece of work costs, and what it answers.
    pub async fn cost_of<T>(&self, work: impl Future<Output = T>) -> (Cost, T) {
        self.proxy.take().unwrap();
        let answer = work.await;
        (self.proxy.take().unwrap(), answer)
    }
}
