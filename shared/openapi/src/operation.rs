use api::Code;
use endpoints::Endpoint;
use schemars::JsonSchema;

use crate::body::Content;
use crate::errors::{Errors, errors_of};
use crate::reasons;
use crate::schemas::schema_of;

/// What is described of an endpoint beyond its row in the table: bodies, and errors of its own.
#[derive(Clone, Debug)]
pub struct Operation {
    pub(crate) endpoint: &'static Endpoint,
    pub(crate) about: &'static str,
    pub(crate) request_headers: Vec<(&'static str, &'static str)>,
    pub(crate) takes: Vec<Content>,
    pub(crate) may_be_empty: bool,
    pub(crate) returns: Vec<Success>,
    pub(crate) errors: Errors,
}

/// A success of an endpoint.
#[derive(Clone, Debug)]
pub(crate) struct Success {
    pub(crate) status: u16,
    pub(crate) about: &'static str,
    pub(crate) contents: Vec<Content>,
    pub(crate) has_link: bool,
    pub(crate) follow_ups: Vec<FollowUp>,
}

/// An endpoint to call next, with a field of the response as one of its parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FollowUp {
    pub(crate) endpoint: &'static Endpoint,
    pub(crate) param: &'static str,
    pub(crate) field: &'static str,
}

impl Operation {
    /// The operation of an endpoint, with the errors that its row in the table says.
    pub fn of(endpoint: &'static Endpoint) -> Self {
        Self {
            endpoint,
            about: "",
            request_headers: Vec::new(),
            takes: Vec::new(),
            may_be_empty: false,
            returns: Vec::new(),
            errors: errors_of(endpoint),
        }
    }

    /// The endpoint.
    pub const fn endpoint(&self) -> &'static Endpoint {
        self.endpoint
    }

    /// What callers have to know besides the summary, in Markdown.
    #[must_use]
    pub fn about(self, about: &'static str) -> Self {
        Self { about, ..self }
    }

    /// With a header that a request has to have.
    #[must_use]
    pub fn header(mut self, name: &'static str, about: &'static str) -> Self {
        self.request_headers.push((name, about));
        self
    }

    /// Reads JSON of this type.
    #[must_use]
    pub fn takes<T: JsonSchema>(mut self) -> Self {
        self.takes.push(Content::Json(schema_of::<T>));
        self.refuses(Code::BadRequest, &["json_invalid", "body_not_utf8"])
            .refuses(Code::TooLarge, &["body_too_large", "too_many_values"])
            .refuses(Code::UnsupportedMediaType, &[])
    }

    /// The same, of a body that may be left out.
    #[must_use]
    pub fn may_take<T: JsonSchema>(self) -> Self {
        let taking = self.takes::<T>();
        Self {
            may_be_empty: true,
            ..taking
        }
    }

    /// Reads a CSV file: the field `file` of a form, or the body itself.
    #[must_use]
    pub fn takes_file(mut self) -> Self {
        self.takes = vec![Content::FileForm, Content::Text("text/csv")];
        self.refuses(Code::TooLarge, &["body_too_large", "file_too_large"])
            .refuses(Code::UnsupportedMediaType, &["charset_unsupported"])
            .refuses(Code::UnsupportedMediaType, &[])
    }

    /// Responds with this status and JSON of this type.
    #[must_use]
    pub fn returns<T: JsonSchema>(mut self, status: u16, about: &'static str) -> Self {
        self.returns.push(Success {
            status,
            about,
            contents: vec![Content::Json(schema_of::<T>)],
            has_link: false,
            follow_ups: Vec::new(),
        });
        self
    }

    /// Responds with this status and no body.
    #[must_use]
    pub fn returns_nothing(mut self, status: u16, about: &'static str) -> Self {
        self.returns.push(Success {
            status,
            about,
            contents: Vec::new(),
            has_link: false,
            follow_ups: Vec::new(),
        });
        self
    }

    /// The last response may also be a text of this media type, if the request prefers it.
    #[must_use]
    pub fn or_text(mut self, media_type: &'static str) -> Self {
        if let Some(success) = self.returns.last_mut() {
            success.contents.push(Content::Text(media_type));
        }
        self
    }

    /// The last response has the URL of the next page in the header `Link`.
    #[must_use]
    pub fn with_link(mut self) -> Self {
        if let Some(success) = self.returns.last_mut() {
            success.has_link = true;
        }
        self
    }

    /// The last response has in `field` what `param` of these endpoints takes.
    #[must_use]
    pub fn leads_to(
        mut self,
        endpoints: &[&'static Endpoint],
        param: &'static str,
        field: &'static str,
    ) -> Self {
        if let Some(success) = self.returns.last_mut() {
            let follow_ups = endpoints.iter().map(|endpoint| FollowUp {
                endpoint,
                param,
                field,
            });
            success.follow_ups.extend(follow_ups);
        }
        self
    }

    /// Refuses a call with this code, for one of these reasons; without any, the code says all.
    #[must_use]
    pub fn refuses(mut self, code: Code, reasons: &[&'static str]) -> Self {
        self.errors.add(code, reasons);
        self
    }

    /// Refuses what is not a company domain.
    #[must_use]
    pub fn refuses_domains(self) -> Self {
        self.refuses(Code::BadRequest, reasons::DOMAIN)
    }
}
