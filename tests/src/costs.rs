use bench::costs::Cost;
use bench::proxy::Proxy;

use crate::{Stack, TestApp};

/// An app whose AWS calls are counted.
pub struct Counted {
    /// The same app without counting, to prepare and to inspect.
    pub app: TestApp,
    /// The app to measure.
    pub counted: TestApp,
    proxy: Proxy,
}

impl Counted {
    /// A new app on the running stack.
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

    /// Runs `work`; returns its cost and its result.
    pub async fn cost_of<T>(&self, work: impl Future<Output = T>) -> (Cost, T) {
        self.proxy.take().unwrap();
        let answer = work.await;
        (self.proxy.take().unwrap(), answer)
    }
}
