use std::fmt::Write as _;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use ring::hmac;

/// A request of a webhook as it arrived.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// Its first line and its headers.
    pub head: String,
    /// Its body.
    pub body: String,
}

impl Arrived {
    /// The request of this text.
    pub fn of(request: &str) -> Self {
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        Self {
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }

    /// The value of a header. Fails the test if it is not there.
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let mut found = lines.filter(|(known, _)| known.eq_ignore_ascii_case(name));
        found
            .next()
            .unwrap_or_else(|| panic!("no {name} in {}", self.head))
            .1
    }

    /// Whether it is signed by a secret as the source's function checks it.
    pub fn is_signed_by(&self, secret: &str) -> bool {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let tag = hmac::sign(&key, self.body.as_bytes());
        let mut hex = String::new();
        for byte in tag.as_ref() {
            write!(hex, "{byte:02x}").unwrap();
        }
        self.header("x-intliq-signature") == hex
    }

    /// Whether it is signed by a secret as Standard Webhooks has it.
    pub fn is_standard_by(&self, secret: &str) -> bool {
        let key = BASE64
            .decode(secret.strip_prefix("whsec_").unwrap())
            .unwrap();
        let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
        let (id, at) = (self.header("webhook-id"), self.header("webhook-timestamp"));
        let tag = hmac::sign(&key, format!("{id}.{at}.{}", self.body).as_bytes());
        let expected = format!("v1,{}", BASE64.encode(tag.as_ref()));
        self.header("webhook-signature")
            .split(' ')
            .any(|one| one == expected)
    }
}
