use std::fmt::Debug;

use proptest::collection::vec;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, TestRunner};

use crate::TestApp;

/// Runs `take` with `cases` sequences of 5 to 39 steps on one app. A failing sequence is shrunk.
pub fn interleavings<S>(cases: u32, step: S, take: &impl AsyncFn(&TestApp, Vec<S::Value>))
where
    S: Strategy,
    S::Value: Debug,
{
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let app = runtime.block_on(TestApp::new());
    let config = Config {
        failure_persistence: None,
        max_shrink_iters: 60,
        ..Config::with_cases(cases)
    };
    let done = TestRunner::new(config).run(&vec(step, 5..40), |steps| {
        runtime.block_on(take(&app, steps));
        Ok(())
    });
    done.unwrap();
}
