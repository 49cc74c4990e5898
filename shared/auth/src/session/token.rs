use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use types::Timestamp;

use super::SessionError;
use super::jwk::{Algorithm, Jwk};

/// The clock skew that is allowed, in seconds.
const LEEWAY: f64 = 60.0;

/// A JSON Web Token in its compact form (RFC 7515, RFC 7519), parsed and not yet verified.
pub(super) struct Token<'a> {
    algorithm: Algorithm,
    key_id: String,
    claims: Claims,
    signed: &'a str,
    signature: Vec<u8>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    kid: String,
    /// Extensions that must be understood; we understand none.
    crit: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    /// Times in seconds since 1970, which may have a fraction (`NumericDate` of RFC 7519).
    exp: f64,
    nbf: Option<f64>,
    aud: Option<Audience>,
    /// Cognito's access tokens name the application here and have no `aud`.
    client_id: Option<String>,
    /// Cognito's claim for the kind of token.
    token_use: Option<String>,
    /// In ID tokens. Whatever it is, the token is no less valid.
    email: Option<serde_json::Value>,
    /// The same; some issuers write it as a text.
    email_verified: Option<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl<'a> Token<'a> {
    /// Parses a token. Only an algorithm of the list is accepted, so that `none`, or a public key used as the secret of HS256,
    /// is refused here.
    pub(super) fn parse(raw: &'a str) -> Result<Self, SessionError> {
        let (signed, signature) = raw.rsplit_once('.').ok_or(SessionError::Malformed)?;
        let (header, claims) = signed.split_once('.').ok_or(SessionError::Malformed)?;
        let header: Header = json(header)?;
        let algorithm = Algorithm::named(&header.alg).ok_or(SessionError::Algorithm)?;
        if header.crit.is_some() {
            return Err(SessionError::Malformed);
        }
        Ok(Self {
            algorithm,
            key_id: header.kid,
            claims: json(claims)?,
            signed,
            signature: decode(signature)?,
        })
    }

    /// Checks the token's claims: issuer, audience, use and times.
    pub(super) fn check(
        &self,
        issuer: &str,
        audience: &str,
        now: Timestamp,
    ) -> Result<(), SessionError> {
        let claims = &self.claims;
        let now = now.as_duration().as_secs_f64();
        if claims.iss != issuer {
            return Err(SessionError::Issuer);
        }
        if !claims.are_for(audience) {
            return Err(SessionError::Audience);
        }
        let kind = claims.token_use.as_deref();
        if kind.is_some_and(|kind| kind != "access" && kind != "id") || claims.sub.is_empty() {
            return Err(SessionError::Use);
        }
        if claims.exp + LEEWAY <= now {
            return Err(SessionError::Expired);
        }
        if claims.nbf.is_some_and(|from| from - LEEWAY > now) {
            return Err(SessionError::NotYetValid);
        }
        Ok(())
    }

    /// Checks the signature with the issuer's key, which must be one for the token's algorithm.
    pub(super) fn verify(&self, key: &Jwk) -> Result<(), SessionError> {
        if key.algorithm() != self.algorithm {
            return Err(SessionError::Algorithm);
        }
        if key.verifies(self.signed.as_bytes(), &self.signature) {
            Ok(())
        } else {
            Err(SessionError::Signature)
        }
    }

    /// The id of the key that it claims to be signed with; empty if it names none.
    pub(super) fn key_id(&self) -> &str {
        &self.key_id
    }

    /// The user.
    pub(super) fn subject(&self) -> &str {
        &self.claims.sub
    }

    /// The user's e-mail address, if the issuer has verified it.
    pub(super) fn verified_address(&self) -> Option<&str> {
        let is_verified = match self.claims.email_verified.as_ref()? {
            serde_json::Value::Bool(is_verified) => *is_verified,
            serde_json::Value::String(text) => text == "true",
            _ => false,
        };
        let address = self.claims.email.as_ref()?.as_str()?;
        (is_verified && !address.trim().is_empty()).then_some(address)
    }
}

impl Claims {
    fn are_for(&self, audience: &str) -> bool {
        match &self.aud {
            Some(Audience::One(name)) => name == audience,
            Some(Audience::Several(names)) => names.iter().any(|name| name == audience),
            None => self.client_id.as_deref() == Some(audience),
        }
    }
}

fn decode(part: &str) -> Result<Vec<u8>, SessionError> {
    BASE64_URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| SessionError::Malformed)
}

fn json<T: DeserializeOwned>(part: &str) -> Result<T, SessionError> {
    serde_json::from_slice(&decode(part)?).map_err(|_| SessionError::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fuzz_session_token() {
        let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        let (issuer, audience) = ("https://issuer.example", "app");
        fuzzing::check("session_token", |input| {
            // A token as it is sent; or its three parts, one on each line, to reach what is inside.
            let parts = input.split(|byte| *byte == b'\n');
            let parts: Vec<String> = parts
                .map(|part| BASE64_URL_SAFE_NO_PAD.encode(part))
                .collect();
            let raw = match std::str::from_utf8(input) {
                Ok(text) if parts.len() == 1 => text.to_owned(),
                _ => parts.join("."),
            };
            let Ok(token) = Token::parse(&raw) else {
                return;
            };
            // One token has one spelling: what is signed, a dot, the signature.
            let signature = BASE64_URL_SAFE_NO_PAD.encode(&token.signature);
            assert_eq!(format!("{}.{signature}", token.signed), raw);
            let claims = token.signed.split_once('.').unwrap().1;
            let claims: serde_json::Value = json(claims).ok().unwrap();
            if let Some(address) = token.verified_address() {
                assert_eq!(claims["email"], address);
                assert!(claims["email_verified"] == true || claims["email_verified"] == "true");
            }
            if token.check(issuer, audience, now).is_ok() {
                assert_eq!(claims["iss"], issuer);
                assert!(!token.subject().is_empty() && claims["sub"] == token.subject());
                let names = [&claims["aud"], &claims["client_id"]];
                assert!(
                    names
                        .iter()
                        .any(|name| name.to_string().contains("\"app\""))
                );
                let later = "2200-01-01T00:00:00Z".parse().unwrap();
                #[expect(clippy::cast_precision_loss, reason = "seconds stay far below 2^53")]
                let seconds = |at: Timestamp| at.as_second() as f64;
                let expires = claims["exp"].as_f64().unwrap();
                assert!(expires > seconds(now) - LEEWAY);
                assert_eq!(
                    token.check(issuer, audience, later).is_ok(),
                    expires + LEEWAY > seconds(later)
                );
            }
            // No input has a signature.
            let key = Jwk::P256(vec![4; 65]);
            assert!(token.verify(&key).is_err());
        });
    }
}
