use std::error::Error;
use std::{fmt, io, iter};

use rustls::CertificateError;

use crate::connect::ConnectError;

/// Why there is no connection, or no response on it, in words for whoever runs the endpoint: without the names of the layers that
/// the error came through.
#[derive(Debug)]
pub struct Cause(Box<dyn Error + Send + Sync>);

impl Cause {
    pub(crate) fn new(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(error.into())
    }

    /// The first error of this type in it.
    pub(crate) fn find<T: Error + 'static>(&self) -> Option<&T> {
        layers(&*self.0).find_map(|error| error.downcast_ref())
    }
}

impl Error for Cause {}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(error) = self.find::<ConnectError>() {
            return write!(f, "{error}");
        }
        if let Some(error) = self.find::<rustls::Error>() {
            return f.write_str(&of_tls(error));
        }
        let Some(last) = layers(&*self.0).last() else {
            return Ok(());
        };
        match last.downcast_ref::<io::Error>() {
            Some(error) => write!(f, "{}", error.kind()),
            None => write!(f, "{last}"),
        }
    }
}

/// An error and those that caused it. What an `io::Error` wraps is not its source.
fn layers<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    iter::successors(Some(error), |error| below(*error))
}

fn below<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    let wrapped = error.downcast_ref().and_then(io::Error::get_ref);
    match wrapped {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

fn of_tls(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidCertificate(error) => of_certificate(error),
        rustls::Error::InvalidMessage(_) => "it does not speak TLS on this port".to_owned(),
        rustls::Error::AlertReceived(alert) => format!("it refuses the TLS handshake: {alert:?}"),
        error => format!("the TLS handshake failed: {error}"),
    }
}

fn of_certificate(error: &CertificateError) -> String {
    let what = match error {
        CertificateError::UnknownIssuer => "is not signed by an authority that is publicly trusted",
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "has expired",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "is not valid yet"
        }
        CertificateError::NotValidForName => "is not valid for its name",
        CertificateError::NotValidForNameContext { expected, .. } => {
            return format!("its certificate is not valid for {}", expected.to_str());
        }
        // As `openssl req -x509` makes them. The type of this error is not public.
        CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
            "is an authority's and not a server's, as self-signed ones are"
        }
        error => return format!("its certificate is not valid: {error}"),
    };
    format!("its certificate {what}")
}
