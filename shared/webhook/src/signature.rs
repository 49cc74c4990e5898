use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use types::{DeliveryId, EventId, Timestamp};

use crate::Secret;

/// The headers of a request that are signed or that signatures are in, in lower case. An account cannot set them.
pub const SIGNED_HEADERS: [&str; 6] = [
    "webhook-id",
    "webhook-timestamp",
    "webhook-signature",
    "x-intliq-signature",
    "x-intliq-event",
    "x-intliq-delivery-id",
];

/// The headers that every request has besides those.
pub const REQUEST_HEADERS: [(&str, &str); 2] = [
    ("content-type", "application/json"),
    ("user-agent", "Assay-Webhooks/1"),
];

/// A request to be signed.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// The event.
    pub event: EventId,
    /// Its type, such as `score_change`.
    pub kind: &'a str,
    /// Its delivery.
    pub delivery: DeliveryId,
    /// When it is sent.
    pub at: Timestamp,
    /// The body, as it is sent.
    pub body: &'a [u8],
}

impl Signed<'_> {
    /// The headers with the signatures by every one of `secrets`, which are the valid ones, the newest first.
    pub fn headers(&self, secrets: &[Secret]) -> [(&'static str, String); 6] {
        let (id, seconds) = (self.event.to_string(), self.at.as_second().to_string());
        let message = [id.as_bytes(), b".", seconds.as_bytes(), b".", self.body];
        let standard: Vec<String> = secrets
            .iter()
            .filter_map(Secret::key)
            .map(|key| format!("v1,{}", BASE64.encode(hmac(&key, &message))))
            .collect();
        let oldest = secrets.last().map_or("", Secret::text);
        let of_body = hex::encode(hmac(oldest.as_bytes(), &[self.body]));
        let values = [
            id,
            seconds,
            standard.join(" "),
            of_body,
            self.kind.to_owned(),
            self.delivery.to_string(),
        ];
        let mut values = values.into_iter();
        SIGNED_HEADERS.map(|name| (name, values.next().unwrap_or_default()))
    }
}

fn hmac(key: &[u8], message: &[&[u8]]) -> [u8; 32] {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
    for part in message {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(secrets: &[&str]) -> Vec<(&'static str, String)> {
        let at = Timestamp::from_second(1_614_265_330).unwrap();
        let signed = Signed {
            event: EventId::from_parts(at, 7),
            kind: "score_change",
            delivery: DeliveryId::from_parts(at, 8),
            at,
            body: br#"{"test": 2432232314}"#,
        };
        let secrets: Vec<Secret> = secrets
            .iter()
            .map(|text| Secret::parse(text).unwrap())
            .collect();
        signed.headers(&secrets).to_vec()
    }

    const NEW: &str = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
    const OLD: &str = "whsec_QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU=";

    /// By OpenSSL: `printf %s "$id.$seconds.$body" | openssl dgst -sha256 -mac HMAC -macopt "key:$bytes" -binary | base64`, and for
    /// the other header `printf %s "$body" | openssl dgst -sha256 -hmac "$secret"`.
    #[test]
    fn as_other_programs_sign() {
        let found = headers(&[NEW]);
        let expected = [
            ("webhook-id", "event_01ezcvcaag0000000000000007"),
            ("webhook-timestamp", "1614265330"),
            (
                "webhook-signature",
                "v1,v7I1P/hGk6kwuteaPzC2m0LB7WfVq8l1HHFl1rhiMl0=",
            ),
            (
                "x-intliq-signature",
                "0eb25257403e911b8364608e8ddf02c3fb72dcb6cd72125d8366d0a2c785f3ab",
            ),
            ("x-intliq-event", "score_change"),
            (
                "x-intliq-delivery-id",
                "delivery_01ezcvcaag0000000000000008",
            ),
        ];
        assert_eq!(
            found,
            expected.map(|(name, value)| (name, value.to_owned()))
        );
    }

    #[test]
    fn both_secrets_sign_and_the_old_one_alone_where_there_is_room_for_one() {
        let of = |secrets: &[&str], name| {
            let all = headers(secrets).into_iter();
            all.clone().find(|(known, _)| *known == name).unwrap().1
        };
        let both = of(&[NEW, OLD], "webhook-signature");
        let each = [NEW, OLD].map(|secret| of(&[secret], "webhook-signature"));
        assert_eq!(both, each.join(" "));
        let legacy = of(&[NEW, OLD], "x-intliq-signature");
        assert_eq!(legacy, of(&[OLD], "x-intliq-signature"));
    }
}
