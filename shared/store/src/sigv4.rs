//! Signature Version 4 of DynamoDB's requests, for less than the SDK's own signer takes: the signing key is derived once
//! a day, not once a call, and only the headers that have to be signed are.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>. What it leaves out is
//! what DynamoDB never needs (queries, paths, streams) and the SDK's correction of a clock that is wrong.

use std::sync::{Mutex, PoisonError};

use aws_sdk_dynamodb::config::Credentials;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::auth::{
    AuthScheme, AuthSchemeEndpointConfig, AuthSchemeId, Sign,
};
use aws_smithy_runtime_api::client::identity::{Identity, SharedIdentityResolver};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::{GetIdentityResolver, RuntimeComponents};
use aws_smithy_types::config_bag::ConfigBag;
use aws_types::region::SigningRegion;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use types::Timestamp;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const SERVICE: &str = "dynamodb";
const TERMINATOR: &str = "aws4_request";

/// Replaces the SDK's scheme of the same id.
#[derive(Debug, Default)]
pub(crate) struct SigV4(Signer);

impl AuthScheme for SigV4 {
    fn scheme_id(&self) -> AuthSchemeId {
        AuthSchemeId::new("sigv4")
    }

    fn identity_resolver(
        &self,
        resolvers: &dyn GetIdentityResolver,
    ) -> Option<SharedIdentityResolver> {
        resolvers.identity_resolver(self.scheme_id())
    }

    fn signer(&self) -> &dyn Sign {
        &self.0
    }
}

/// Signs requests, and keeps the key of the day.
#[derive(Debug, Default)]
struct Signer(Mutex<Option<DayKey>>);

/// A signing key and what it was derived from.
#[derive(Clone)]
struct DayKey {
    secret: String,
    scope: String,
    key: Hmac<Sha256>,
}

#[derive(Debug, thiserror::Error)]
enum SignError {
    #[error("the credentials are not AWS credentials")]
    Credentials,
    #[error("the client has no region")]
    Region,
    #[error("the request's {0} cannot be signed")]
    Request(&'static str),
}

impl Sign for Signer {
    fn sign_http_request(
        &self,
        request: &mut HttpRequest,
        identity: &Identity,
        _: AuthSchemeEndpointConfig<'_>,
        components: &RuntimeComponents,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        let credentials = identity
            .data::<Credentials>()
            .ok_or(SignError::Credentials)?;
        let region = config.load::<SigningRegion>().ok_or(SignError::Region)?;
        let now = components.time_source().unwrap_or_default().now();
        let now = Timestamp::try_from(now).map_err(|_| SignError::Request("time"))?;
        Ok(self.sign(request, credentials, region.as_ref(), now)?)
    }
}

impl Signer {
    fn sign(
        &self,
        request: &mut HttpRequest,
        credentials: &Credentials,
        region: &str,
        now: Timestamp,
    ) -> Result<(), SignError> {
        let time = now.strftime("%Y%m%dT%H%M%SZ").to_string();
        let date = time.get(..8).unwrap_or_default();
        let scope = format!("{date}/{region}/{SERVICE}/{TERMINATOR}");
        let (canonical, signed) = canonical(request, &time, credentials.session_token())?;
        let digest = Digits::of(Sha256::digest(canonical).into());
        let text = [ALGORITHM, &time, &scope, digest.as_str()].join("\n");
        let mut mac = self.day_key(credentials.secret_access_key(), &scope);
        mac.update(text.as_bytes());
        let signature = Digits::of(mac.finalize().into_bytes().into());
        let key = credentials.access_key_id();
        let authorization = [
            ALGORITHM,
            " Credential=",
            key,
            "/",
            &scope,
            ", SignedHeaders=",
            signed,
            ", Signature=",
            signature.as_str(),
        ]
        .concat();
        let headers = request.headers_mut();
        headers.insert("x-amz-date", time);
        if let Some(token) = credentials.session_token() {
            headers.insert("x-amz-security-token", token.to_owned());
        }
        headers.insert("authorization", authorization);
        Ok(())
    }

    /// The key of this secret for this day, region and service.
    fn day_key(&self, secret: &str, scope: &str) -> Hmac<Sha256> {
        // A poisoned memory is as good as an empty one.
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = kept
            .as_ref()
            .filter(|kept| kept.scope == scope && kept.secret == secret)
        {
            return kept.key.clone();
        }
        let first = format!("AWS4{secret}").into_bytes();
        let derived = scope.split('/').fold(first, |key, part| {
            let mut mac = keyed(&key);
            mac.update(part.as_bytes());
            mac.finalize().into_bytes().to_vec()
        });
        let key = keyed(&derived);
        *kept = Some(DayKey {
            secret: secret.to_owned(),
            scope: scope.to_owned(),
            key: key.clone(),
        });
        key
    }
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    #[expect(
        clippy::expect_used,
        reason = "HMAC takes a key of any length (RFC 2104)"
    )]
    Hmac::new_from_slice(key).expect("any length")
}

/// The canonical request, and the names of the headers in it.
fn canonical(
    request: &HttpRequest,
    time: &str,
    token: Option<&str>,
) -> Result<(String, &'static str), SignError> {
    let uri: http::Uri = request
        .uri()
        .parse()
        .map_err(|_| SignError::Request("address"))?;
    let authority = uri.authority().ok_or(SignError::Request("host"))?;
    let host = match (authority.port_u16(), uri.scheme_str()) {
        (Some(443), Some("https")) | (Some(80), Some("http")) => authority.host(),
        _ => authority.as_str(),
    };
    let body = request.body().bytes().ok_or(SignError::Request("body"))?;
    let header = |name| request.headers().get(name).ok_or(SignError::Request(name));
    let (content_type, target) = (header("content-type")?, header("x-amz-target")?);
    let (token_header, token, signed) = match token {
        Some(token) => (
            "\nx-amz-security-token:",
            token,
            "content-type;host;x-amz-date;x-amz-security-token;x-amz-target",
        ),
        None => ("", "", "content-type;host;x-amz-date;x-amz-target"),
    };
    let body = Digits::of(Sha256::digest(body).into());
    let canonical = [
        request.method(),
        "\n",
        uri.path(),
        "\n\ncontent-type:",
        content_type,
        "\nhost:",
        host,
        "\nx-amz-date:",
        time,
        token_header,
        token,
        "\nx-amz-target:",
        target,
        "\n\n",
        signed,
        "\n",
        body.as_str(),
    ]
    .concat();
    Ok((canonical, signed))
}

/// A SHA-256 in hexadecimal digits.
struct Digits([u8; 64]);

impl Digits {
    fn of(digest: [u8; 32]) -> Self {
        let mut digits = [0; 64];
        #[expect(clippy::expect_used, reason = "two digits a byte")]
        hex::encode_to_slice(digest, &mut digits).expect("twice as long");
        Self(digits)
    }

    fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl std::fmt::Debug for DayKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DayKey")
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sigv4::http_request::{
        SignableBody, SignableRequest, SigningParams, SigningSettings, sign,
    };
    use aws_sigv4::sign::v4;
    use aws_smithy_types::body::SdkBody;

    fn request(address: &str) -> HttpRequest {
        let mut request = HttpRequest::new(SdkBody::from(r#"{"TableName":"accounts"}"#));
        request.set_method("POST").unwrap();
        request.set_uri(address.to_owned()).unwrap();
        request
            .headers_mut()
            .insert("content-type", "application/x-amz-json-1.0");
        request
            .headers_mut()
            .insert("x-amz-target", "DynamoDB_20120810.UpdateItem");
        request
    }

    /// What the SDK's signer would have put into `authorization`.
    fn reference(request: &HttpRequest, credentials: &Credentials, now: Timestamp) -> String {
        let identity = credentials.clone().into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region("eu-west-1")
            .name(SERVICE)
            .time(now.into())
            .settings(SigningSettings::default())
            .build()
            .unwrap();
        let signable = SignableRequest::new(
            request.method(),
            request.uri(),
            request.headers().iter(),
            SignableBody::Bytes(request.body().bytes().unwrap()),
        );
        let (instructions, _) = sign(signable.unwrap(), &SigningParams::V4(params))
            .unwrap()
            .into_parts();
        let (headers, _) = instructions.into_parts();
        let found = headers
            .iter()
            .find(|header| header.name() == "authorization");
        found.unwrap().value().to_owned()
    }

    #[test]
    fn signs_as_the_sdk_does() {
        let signer = Signer::default();
        let addresses = [
            "https://dynamodb.eu-west-1.amazonaws.com/",
            "https://123456789012.ddb.eu-west-1.amazonaws.com:443/",
            "http://localhost:4566/",
            "http://localhost/",
        ];
        let days = [
            "2026-11-22T23:59:59Z",
            "2026-11-23T00:00:00Z",
            "2026-11-23T00:00:01Z",
        ];
        for token in [None, Some("a session token".to_owned())] {
            for secret in ["one", "another"] {
                let credentials = Credentials::new("AKID", secret, token.clone(), None, "test");
                for (address, day) in addresses.iter().flat_map(|at| days.map(|day| (at, day))) {
                    let now = day.parse().unwrap();
                    let expected = reference(&request(address), &credentials, now);
                    let mut sent = request(address);
                    signer
                        .sign(&mut sent, &credentials, "eu-west-1", now)
                        .unwrap();
                    assert_eq!(sent.headers().get("authorization"), Some(&*expected));
                    assert_eq!(sent.headers().get("x-amz-security-token"), token.as_deref());
                }
            }
        }
    }

    #[test]
    fn shows_no_secret() {
        let signer = Signer::default();
        let credentials = Credentials::new("AKID", "the secret", None, None, "test");
        let mut sent = request("http://localhost/");
        signer
            .sign(&mut sent, &credentials, "eu-west-1", Timestamp::UNIX_EPOCH)
            .unwrap();
        let shown = format!("{signer:?}");
        assert!(shown.contains("19700101/eu-west-1") && !shown.contains("the secret"));
    }
}
