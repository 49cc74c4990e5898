use api::{ApiError, Params};
use endpoints::intent::{
    DOMAIN, INCLUDE_EMAIL_SUBJECT, INCLUDE_SIGNALS, INCLUDE_TALK_TRACK, SCORE,
};
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
        let params = Params::read(uri, &SCORE)?;
        Ok(Self {
            domain: Domain::parse(params.required(&DOMAIN)?)?,
            signals: params.flag(&INCLUDE_SIGNALS)?,
            talk_track: params.flag(&INCLUDE_TALK_TRACK)?,
            email_subject: params.flag(&INCLUDE_EMAIL_SUBJECT)?,
        })
    }
}
