use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
    RsaPublicKeyComponents,
};
use serde_json::{Value, json};
use types::Timestamp;

/// The audience of the tests' tokens.
pub const AUDIENCE: &str = "assay-tests";

/// An OpenID Connect issuer for one test: it publishes its keys on its own port, and signs tokens.
pub struct Issuer {
    port: u16,
    served: Arc<Mutex<Served>>,
    /// Its RSA key, published as `rsa`.
    pub rsa: Signer,
    /// Its P-256 key, published as `p256`.
    pub p256: Signer,
}

struct Served {
    status: u16,
    body: Vec<u8>,
    pause: Duration,
    /// Before each byte of the body.
    drip: Duration,
    readings: usize,
    /// Responses that the client did not take to their end.
    cut: usize,
}

/// A private key.
pub enum Signer {
    /// For RS256.
    Rsa(Box<RsaKeyPair>),
    /// For ES256.
    P256(Box<EcdsaKeyPair>),
}

impl Issuer {
    /// A new issuer. All tests share its RSA key, as generating one takes seconds.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (rsa, p256) = (
            Signer::rsa(include_str!("../fixtures/issuer-1.pem")),
            Signer::p256(),
        );
        let keys = json!({ "keys": [rsa.published("rsa"), p256.published("p256"), { "kty": "OKP", "kid": "other" }] });
        let served = Arc::new(Mutex::new(Served {
            status: 200,
            body: keys.to_string().into_bytes(),
            pause: Duration::ZERO,
            drip: Duration::ZERO,
            readings: 0,
            cut: 0,
        }));
        let shared = served.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let shared = shared.clone();
                std::thread::spawn(move || answer(stream.unwrap(), &shared));
            }
        });
        Self {
            port,
            served,
            rsa,
            p256,
        }
    }

    /// Its URL, the `iss` of its tokens.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Sets the response to requests for its keys, and its delay.
    pub fn publish(&self, status: u16, body: impl Into<Vec<u8>>, pause: Duration) {
        let mut served = self.served.lock().unwrap();
        (served.status, served.body, served.pause) = (status, body.into(), pause);
        served.drip = Duration::ZERO;
    }

    /// Lets the body of its responses come a byte at a time, each after a pause.
    pub fn drip(&self, pause: Duration) {
        self.served.lock().unwrap().drip = pause;
    }

    /// The number of requests for its keys.
    pub fn readings(&self) -> usize {
        self.served.lock().unwrap().readings
    }

    /// The number of responses that were not read to their end.
    pub fn cut(&self) -> usize {
        self.served.lock().unwrap().cut
    }

    /// The claims of a user's access token, valid for an hour.
    pub fn claims(&self, user: &str, now: Timestamp) -> Value {
        let now = now.as_second();
        json!({
            "iss": self.url(), "sub": user, "client_id": AUDIENCE, "token_use": "access",
            "iat": now, "exp": now + 3600,
        })
    }

    /// The claims of a user's ID token, valid for an hour, with an address that is verified.
    pub fn verified_claims(&self, user: &str, now: Timestamp) -> Value {
        let now = now.as_second();
        json!({
            "iss": self.url(), "sub": user, "aud": AUDIENCE, "token_use": "id",
            "email": format!("{user}@example.com"), "email_verified": true,
            "iat": now, "exp": now + 3600,
        })
    }

    /// A valid ID token of a user whose address is verified.
    pub fn verified(&self, user: &str, now: Timestamp) -> String {
        self.rsa.token("rsa", &self.verified_claims(user, now))
    }

    /// A valid access token of a user.
    pub fn token(&self, user: &str, now: Timestamp) -> String {
        self.rsa.token("rsa", &self.claims(user, now))
    }
}

impl Signer {
    /// The key in a PEM file.
    pub fn rsa(pem: &str) -> Self {
        let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        let der = BASE64_STANDARD.decode(base64).unwrap();
        Self::Rsa(Box::new(RsaKeyPair::from_pkcs8(&der).unwrap()))
    }

    /// A key that no issuer publishes.
    pub fn foreign_rsa() -> Self {
        Self::rsa(include_str!("../fixtures/issuer-2.pem"))
    }

    /// A new key.
    pub fn p256() -> Self {
        let (algorithm, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).unwrap();
        Self::P256(Box::new(pair))
    }

    /// A token with these claims, signed with this key.
    pub fn token(&self, key_id: &str, claims: &Value) -> String {
        let algorithm = match self {
            Self::Rsa(_) => "RS256",
            Self::P256(_) => "ES256",
        };
        self.sign(&json!({ "alg": algorithm, "kid": key_id }), claims)
    }

    /// A token with any header, signed with this key.
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let text = unsigned(header, claims);
        let random = SystemRandom::new();
        let signature = match self {
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, text.as_bytes(), &mut signature)
                    .unwrap();
                signature
            }
            Self::P256(pair) => pair
                .sign(&random, text.as_bytes())
                .unwrap()
                .as_ref()
                .to_vec(),
        };
        format!("{text}.{}", encode(&signature))
    }

    /// The public key as a JSON Web Key.
    pub fn published(&self, key_id: &str) -> Value {
        match self {
            Self::Rsa(pair) => {
                let public = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public());
                let (n, e) = (encode(&public.n), encode(&public.e));
                json!({ "kty": "RSA", "alg": "RS256", "use": "sig", "kid": key_id, "n": n, "e": e })
            }
            Self::P256(pair) => {
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                json!({ "kty": "EC", "crv": "P-256", "kid": key_id, "x": encode(x), "y": encode(y) })
            }
        }
    }
}

/// Header and claims of a token, without the signature.
pub fn unsigned(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| encode(value.to_string().as_bytes());
    format!("{}.{}", part(header), part(claims))
}

fn encode(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// Returns the keys to any request. The client may disconnect early.
fn answer(mut stream: TcpStream, served: &Mutex<Served>) {
    let mut request = [0; 4096];
    let _ = stream.read(&mut request);
    let (head, body, pause, drip) = {
        let mut served = served.lock().unwrap_or_else(PoisonError::into_inner);
        served.readings += 1;
        let head = format!(
            "HTTP/1.1 {} OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            served.status,
            served.body.len()
        );
        (head, served.body.clone(), served.pause, served.drip)
    };
    std::thread::sleep(pause);
    let sent = if drip.is_zero() {
        stream.write_all(&[head.as_bytes(), &body].concat())
    } else {
        let head = stream.write_all(head.as_bytes());
        body.iter().fold(head, |sent, byte| {
            sent?;
            std::thread::sleep(drip);
            stream.write_all(&[*byte])
        })
    };
    if sent.is_err() {
        served.lock().unwrap_or_else(PoisonError::into_inner).cut += 1;
    }
}
