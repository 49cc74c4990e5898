use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use workspace::EventPayload;

use super::*;

const LEAKED: &str = "/api/v1/keys/leaked";
const HEAD: &str = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE";

/// GitHub, with a key of its own.
pub(crate) struct Reporter(EcdsaKeyPair);

impl Reporter {
    pub(crate) fn new() -> Self {
        let (algorithm, random) = (&ECDSA_P256_SHA256_ASN1_SIGNING, SystemRandom::new());
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        Self(EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).unwrap())
    }

    /// The public key as GitHub publishes it.
    pub(crate) fn pem(&self) -> String {
        let mut der = BASE64_STANDARD.decode(HEAD).unwrap();
        der.extend(&self.0.public_key().as_ref()[1..]);
        let body = BASE64_STANDARD.encode(der);
        let (first, second) = body.split_at(64);
        format!("-----BEGIN PUBLIC KEY-----\n{first}\n{second}\n-----END PUBLIC KEY-----\n")
    }

    pub(crate) fn signature(&self, body: &str) -> String {
        let signature = self.0.sign(&SystemRandom::new(), body.as_bytes()).unwrap();
        BASE64_STANDARD.encode(signature.as_ref())
    }
}

async fn listening() -> (User, Reporter) {
    let (user, reporter) = (User::new().await, Reporter::new());
    let keys = json!({ "github-1": reporter.pem() }).to_string();
    let app = user.app.with_variable("LEAK_PUBLIC_KEYS", &keys);
    (User { app, ..user }, reporter)
}

async fn report(user: &User, identifier: &str, signature: &str, body: &str) -> Answer {
    user.app
        .post(LEAKED)
        .header("github-public-key-identifier", identifier)
        .header("github-public-key-signature", signature)
        .body("application/json", body)
        .send()
        .await
}

#[tokio::test]
async fn a_leaked_key_ends_at_once() {
    let (user, reporter) = listening().await;
    let (id, key) = user.key().await;
    user.score(&key).await.expect(200);
    user.app.clock.advance(1);
    let never_issued = auth::RawKey::generate(Product::Intent);
    let body = json!([
        { "token": key, "type": "assay_key", "url": "https://github.com/x/y/blob/main/.env", "source": "content" },
        { "token": never_issued.reveal(), "type": "assay_key", "url": "", "source": "commit" },
        { "token": "iq_live_sk_not_a_key", "type": "assay_key", "url": null, "source": "issue" },
    ]);
    let body = body.to_string().replace("null", "\"\"");
    for _ in 0..2 {
        let answer = report(&user, "github-1", &reporter.signature(&body), &body).await;
        let verdict = |token: &str, label: &str| json!({ "token_raw": token, "token_type": "assay_key", "label": label });
        assert_eq!(
            answer.expect(200).json,
            json!([
                verdict(&key, "true_positive"),
                verdict(&never_issued.reveal(), "false_positive"),
                verdict("iq_live_sk_not_a_key", "false_positive"),
            ])
        );
    }
    assert_eq!(user.score(&key).await.expect(401).error().1, "key_revoked");
    assert_eq!(user.state_of(&id).await, "revoked");
    let events = user.app.events_of(user.account().await).await;
    assert_eq!(events, [format!("key.leaked#intent#{id}")]);
    let stored = user.app.stored_events(user.account().await).await;
    let payload = EventPayload::KeyLeaked {
        key_id: id.parse().unwrap(),
        found_in: Some("content https://github.com/x/y/blob/main/.env".to_owned()),
    };
    assert_eq!(stored[0].payload, payload);
    let log = user
        .with_session(user.app.get("/api/v1/audit"))
        .send()
        .await;
    let entries = log.expect(200).json["entries"].clone();
    assert_eq!(entries.as_array().unwrap().len(), 3);
    assert_eq!(entries[0]["action"], "key.leaked");
    assert_eq!(entries[0]["actor"], json!({ "type": "secret_scanning" }));
    assert_eq!(entries[0]["target"], id);
    assert_eq!(
        entries[0]["details"],
        "content https://github.com/x/y/blob/main/.env"
    );
}

#[tokio::test]
async fn a_report_that_github_did_not_sign_ends_nothing() {
    let (user, reporter) = listening().await;
    let (_, key) = user.key().await;
    let body = json!([{ "token": key, "type": "assay_key" }]).to_string();
    let good = reporter.signature(&body);
    let other = Reporter::new().signature(&body);
    let spaced = format!("{body} ");
    for (identifier, signature, body) in [
        ("", "", &body),
        ("github-1", "", &body),
        ("github-1", "not base64", &body),
        ("github-2", &good, &body),
        ("github-1", &other, &body),
        ("github-1", &good, &spaced),
    ] {
        let refused = report(&user, identifier, signature, body).await.expect(401);
        assert_eq!(refused.error(), ("UNAUTHORIZED", "signature_invalid"));
    }
    user.score(&key).await.expect(200);
    let refused = report(&user, "github-1", &reporter.signature("{}"), "{}").await;
    assert_eq!(refused.expect(400).error().1, "json_invalid");
}

#[tokio::test]
async fn without_known_reporters_there_is_no_such_route() {
    let user = User::new().await;
    let answer = user.app.post(LEAKED).send().await.expect(404);
    assert_eq!(answer.error(), ("NOT_FOUND", "route_unknown"));
}
