//! The examples of the generated clients, as their users run them.

use std::process::Command;

use reqwest::StatusCode;
use serde_json::json;
use tests::{Customer, Deployed, answer};
use tokio::task::spawn_blocking;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// What an example prints, which runs until it ends by itself.
async fn printed(
    app: &Deployed,
    customer: &Customer,
    program: &'static str,
    example: &'static str,
) -> String {
    let mut command = Command::new(program);
    command
        .args([example, "infra/sample/companies.csv"])
        .env("ASSAY_URL", &app.stack.base_url)
        .env("ASSAY_KEY", &customer.raw)
        .env("NO_PROXY", "*")
        .current_dir(ROOT);
    let output = spawn_blocking(move || command.output()).await.unwrap();
    let output = output
        .unwrap_or_else(|error| panic!("{program}: {error}; `make test` puts it in the PATH"));
    let (printed, errors) = (output.stdout, String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{example}: {errors}");
    String::from_utf8(printed).unwrap()
}

/// Fails the test unless an example did all that it shows.
#[track_caller]
fn check(printed: &str) {
    let lines = |begin: &str| {
        printed
            .lines()
            .filter(|line| line.starts_with(begin))
            .count()
    };
    assert!(lines("waiting ") > 0, "{printed}");
    assert_eq!(lines("stripe.com: "), 1, "{printed}");
    assert!(printed.contains(" rows\n"), "{printed}");
    assert_eq!(lines("done: "), 1, "{printed}");
    // Two pages.
    assert_eq!(lines("watching "), 3, "{printed}");
}

#[tokio::test]
async fn the_examples_score_upload_page_and_wait() {
    let app = Deployed::running();
    let customer = app.customer_with("free", 500).await;
    for domain in ["stripe.com", "notion.so", "basecamp.com"] {
        let request = app.post("/api/v1/watchlist").bearer_auth(&customer.raw);
        answer(request.json(&json!({ "domain": domain })))
            .await
            .expect(201);
    }
    // The minute is used up, so each example has to wait for the next.
    let mut calls = 0;
    let list = || app.get("/api/v1/score/bulk").bearer_auth(&customer.raw);
    while answer(list()).await.status != StatusCode::TOO_MANY_REQUESTS {
        calls += 1;
        assert!(calls < 200, "the minute has no end");
    }
    let python = printed(&app, &customer, "python", "infra/clients/python/example.py");
    let node = printed(
        &app,
        &customer,
        "node",
        "infra/clients/typescript/example.ts",
    );
    let (python, node) = tokio::join!(python, node);
    check(&python);
    check(&node);
    println!("{python}\n{node}");
}
