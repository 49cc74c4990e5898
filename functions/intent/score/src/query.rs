use api::{ApiError, Params};
use http::Uri;
use types::Domain;

/// The query parameters of `GET /api/v1/score`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ScoreQuery {
    pub(crate) domain: Domain,
    pub(crate) signals: bool,
    pub(crate) talk_track: bool,
    pub(crate) email_subject: bool,
}

impl ScoreQuery {
    pub(crate) fn read(uri: &Uri) -> Result<Self, ApiError> {
        let params = Params::read(
            uri,
            &[
                "domain",
                "include_signals",
                "include_talk_track",
                "include_email_subject",
            ],
        )?;
        Ok(Self {
            domain: Domain::parse(params.required("domain", "stripe.com")?)?,
            signals: params.flag("include_signals", true)?,
            talk_track: params.flag("include_talk_track", false)?,
            email_subject: params.flag("include_email_subject", false)?,
        })
    }
}
