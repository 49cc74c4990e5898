use assay::Outcome;
use auth::RawKey;
use config::Env;
use serde_json::json;
use tests::{Conduct, Screen};
use types::{Clock, Product, WebhookId};

use super::{PATH, Set};

async fn run(words: &[&str], env: &[(&str, &str)]) -> Outcome {
    let words = [&["assay", "webhook", "tail"], words].concat();
    let env = Env::from_pairs(env.iter().copied());
    let screen = Screen::default();
    let outcome = Box::pin(assay::run_on(&screen, words, env, Clock::system())).await;
    assert_eq!(screen.printed(), Vec::<String>::new());
    outcome
}

#[track_caller]
fn fails(outcome: &Outcome, code: u8, why: &str) {
    assert_eq!((outcome.code, &*outcome.stdout), (code, ""));
    assert!(outcome.stderr.contains(why), "{}", outcome.stderr);
}

#[tokio::test]
async fn deliveries_stay_on_this_machine() {
    for to in [
        "http://example.com/hooks",
        "http://10.0.0.1",
        "https://localhost",
    ] {
        let why = "deliveries are forwarded to this machine only";
        fails(&run(&["--to", to], &[]).await, 2, why);
    }
    fails(&run(&[], &[]).await, 2, "--to");
    let to = ["--to", "http://localhost:3000"];
    for (words, why) in [
        (["--since", "soon"], "a span of time must look like"),
        (["--interval", "0"], "1..=3600"),
        (["--interval", "3601"], "1..=3600"),
        (["--webhook", "score"], "expected an id like webhook_"),
    ] {
        fails(&run(&[to, words].concat(), &[]).await, 2, why);
    }
}

#[tokio::test]
async fn an_api_and_a_key_of_a_product_with_webhooks() {
    let to = ["--to", "http://localhost:3000"];
    let key = |product| RawKey::generate(product).reveal().into_owned();
    let (intent, leads) = (key(Product::Intent), key(Product::Leads));
    let cut = &intent[..intent.len() - 1];
    for (base, key, why) in [
        ("", &*intent, "give --base URL, or set ASSAY_BASE"),
        (
            "https://api.example.com",
            "",
            "set ASSAY_KEY, or give --key",
        ),
        ("http://api.example.com", &intent, "must be https"),
        ("https://api.example.com", cut, "was it cut off"),
        ("https://api.example.com", &leads, "leads has no webhooks"),
    ] {
        let outcome = run(&to, &[("ASSAY_BASE", base), ("ASSAY_KEY", key)]).await;
        fails(&outcome, 1, why);
        assert!(key.is_empty() || !outcome.stderr.contains(key));
    }
    let words = [
        &to[..],
        &["--key", cut, "--base", "https://api.example.com"],
    ]
    .concat();
    fails(
        &run(&words, &[("ASSAY_KEY", &intent)]).await,
        1,
        "was it cut off",
    );
    let words = [&to[..], &["--secret", "whsec_secret"]].concat();
    let env = [
        ("ASSAY_BASE", "https://api.example.com"),
        ("ASSAY_KEY", &intent),
    ];
    let outcome = run(&words, &env).await;
    fails(
        &outcome,
        1,
        "the secret must be whsec_ and the Base64 of 32 bytes",
    );
    assert!(!outcome.stderr.contains("whsec_secret"));
    for words in [&["--local"][..], &["--stack", "assay"]] {
        let outcome = run(&[&to, words].concat(), &env).await;
        fails(&outcome, 1, "this command needs no deployment; give --base");
    }
}

#[tokio::test]
async fn webhooks_that_the_account_has() {
    let set = Set::with(1);
    let other = WebhookId::new(set.now).to_string();
    let chosen = ["--webhook", &other];
    let outcome = set.tail(&chosen, async |_| std::future::pending().await);
    let why = format!("no webhook {other}; it has {}", set.webhooks[0]);
    fails(&outcome.await, 1, &why);

    let none = Set::with(0);
    let outcome = none.tail(&[], async |_| std::future::pending().await).await;
    fails(&outcome, 1, "the account has no webhook");
}

#[tokio::test]
async fn a_first_call_that_fails_is_not_tried_again() {
    let refused = json!({ "error": { "code": "UNAUTHORIZED", "message": "key_unknown" } });
    for (conduct, why) in [
        (
            Conduct::Answers(401, "", refused.to_string()),
            "the API returned 401: key_unknown",
        ),
        (
            Conduct::Answers(503, "", String::new()),
            "the API returned 503",
        ),
        (
            Conduct::Answers(200, "", "<html>".to_owned()),
            "is --base its address?",
        ),
        (Conduct::Resets, "the API cannot be reached: "),
    ] {
        let set = Set::with(1);
        set.api.tell(PATH, conduct);
        let outcome = set.tail(&[], async |_| std::future::pending().await).await;
        fails(&outcome, 1, why);
        assert_eq!(set.screen.notes(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn portal_has_paths_of_its_own() {
    let mut set = Set::with(1);
    set.key = RawKey::generate(Product::Portal).reveal().into_owned();
    set.api.answer("v1/webhooks", r#"{"webhooks":[]}"#);
    let outcome = set.tail(&[], async |_| std::future::pending().await).await;
    fails(&outcome, 1, "the account has no webhook");
    let called = set.api.seen();
    assert!(
        called[0].starts_with("GET /v1/webhooks HTTP/1.1"),
        "{called:?}"
    );
}
