use types::Domain;

/// A company as sources know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Company {
    /// Its domain.
    pub(crate) domain: Domain,
    /// The name before the public suffix, such as `stripe`.
    pub(crate) label: String,
}

impl Company {
    /// The company of a domain.
    pub(crate) fn of(domain: &Domain) -> Self {
        let label = domain.as_str().split('.').next().unwrap_or_default();
        Self {
            domain: domain.clone(),
            label: label.to_owned(),
        }
    }

    /// Whether a URL is on the company's own domain.
    pub(crate) fn owns(&self, url: &str) -> bool {
        Domain::parse(url).is_ok_and(|domain| domain == self.domain)
    }

    /// Whether a name alone identifies this company: only if its domain is that name under `.com`.
    pub(crate) fn is_named_by_label(&self) -> bool {
        self.domain.as_str().strip_suffix(".com") == Some(self.label.as_str())
    }
}
