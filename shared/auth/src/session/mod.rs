//! Sessions: a signed-in user sends a token of the configured issuer (`OpenID` Connect).

mod fetch;
mod jwk;
mod key_set;
mod token;

use aws_types::SdkConfig;
use config::{ConfigError, Env};
use store::{AddressHash, SubjectHash};
use types::{Clock, Timestamp};

use fetch::Address;
use key_set::KeySet;
use token::Token;

/// Verifies session tokens of one issuer, for one audience.
#[derive(Debug)]
pub struct Sessions {
    issuer: String,
    audience: String,
    keys: KeySet,
}

/// Who a session token is of.
#[derive(Clone, Debug)]
pub struct User {
    /// The user at the issuer.
    pub subject: SubjectHash,
    /// The e-mail address, if the token has one that the issuer has verified.
    pub address: Option<AddressHash>,
}

/// Why a session token is not valid.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// Not three parts of JSON, JSON and signature in base64url.
    #[error("the session token is not a JSON Web Token; was it cut off when it was copied?")]
    Malformed,
    /// Signed with an algorithm that is not accepted, or not signed.
    #[error("the session token is not signed with RS256 or ES256")]
    Algorithm,
    /// From another issuer.
    #[error("the session token is of another issuer; sign in where this API's users sign in")]
    Issuer,
    /// For another audience.
    #[error("the session token was issued for another application")]
    Audience,
    /// Neither an access token nor an ID token.
    #[error("this is no token for calls; send the access token or the ID token")]
    Use,
    /// Expired.
    #[error("the session has expired; sign in again")]
    Expired,
    /// Not valid yet.
    #[error("the session token is not valid yet")]
    NotYetValid,
    /// The issuer has no such key.
    #[error("the session token is signed with a key that its issuer does not have")]
    UnknownKey,
    /// The signature is not that of the text.
    #[error("the session token's signature does not match; was it changed?")]
    Signature,
    /// The issuer's keys could not be fetched, or not yet, so it is not known whether the key is one of them.
    #[error("the issuer's keys could not be fetched")]
    Keys {
        /// Seconds after which they may be fetched again.
        retry_after: i64,
        /// Why not.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl SessionError {
    /// A stable word for programs: `reason` in responses.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Malformed => "token_malformed",
            Self::Algorithm => "token_algorithm",
            Self::Issuer => "token_issuer",
            Self::Audience => "token_audience",
            Self::Use => "token_use",
            Self::Expired => "token_expired",
            Self::NotYetValid => "token_not_yet_valid",
            Self::UnknownKey => "token_key_unknown",
            Self::Signature => "token_signature",
            Self::Keys { .. } => "token_keys_unreadable",
        }
    }
}

impl Sessions {
    /// From `OIDC_ISSUER`, `OIDC_AUDIENCE` and, if set, `JWKS_URL` (else the issuer's `/.well-known/jwks.json`); none if there
    /// is no issuer. Makes no call.
    pub fn from_env(env: &Env, aws: &SdkConfig, clock: Clock) -> Result<Option<Self>, ConfigError> {
        let Some(issuer) = env.optional("OIDC_ISSUER") else {
            return Ok(None);
        };
        let standard = || format!("{}/.well-known/jwks.json", issuer.trim_end_matches('/'));
        let url = env.optional("JWKS_URL").unwrap_or_else(standard);
        let address = Address::parse(&url).ok_or(ConfigError::Invalid {
            name: "JWKS_URL",
            value: url,
            expected: "a URL",
        })?;
        Ok(Some(Self {
            audience: env.required("OIDC_AUDIENCE")?,
            keys: KeySet::new(address, aws.http_client(), clock),
            issuer,
        }))
    }

    /// The user of a session token that is valid at `now`.
    ///
    /// The claims are checked first: a token that could not be valid anyway must not make an instance fetch keys.
    pub async fn user(&self, raw: &str, now: Timestamp) -> Result<User, SessionError> {
        let token = Token::parse(raw)?;
        token.check(&self.issuer, &self.audience, now)?;
        let key = self.keys.find(token.key_id()).await?;
        token.verify(&key)?;
        Ok(User {
            subject: SubjectHash::of(&self.issuer, token.subject()),
            address: token.verified_address().map(AddressHash::of),
        })
    }
}
