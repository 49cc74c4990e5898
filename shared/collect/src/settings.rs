use std::time::Duration;

use config::{ConfigError, Env};
use outbound::{Outbound, Policy, PolicyError};

use crate::Source;
use crate::sources::{dns, github, hn, rdap, sec, site};
use crate::visit::Collector;
use crate::web::Web;

/// How long a score waits for its sources.
const BUDGET: Duration = Duration::from_secs(2);
/// How long a source may take, whether anyone still waits or not.
const END: Duration = Duration::from_secs(8);

/// Settings that name no source, or that would lead elsewhere.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A variable cannot be read.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The server that stands in for the sources is not on this machine.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// `COLLECTORS` has a word that is no source.
    #[error("COLLECTORS names {0:?}, which is no source; use all, or some of {known}", known = known())]
    UnknownSource(String),
    /// The SEC answers nobody who does not say who they are.
    #[error(
        "COLLECTORS names sec, which needs COLLECTOR_CONTACT: an address that the SEC may write to"
    )]
    NoContact,
}

/// What is collected, and how long it may take.
pub(crate) struct Settings {
    pub(crate) collectors: Vec<Box<dyn Collector>>,
    pub(crate) web: Web,
    pub(crate) budget: Duration,
    pub(crate) end: Duration,
}

impl Settings {
    /// None where no source is named.
    pub(crate) fn from_env(env: &Env) -> Result<Option<Self>, SettingsError> {
        let contact = env.optional("COLLECTOR_CONTACT");
        let sources = sources(
            &env.optional("COLLECTORS").unwrap_or_default(),
            contact.is_some(),
        )?;
        if sources.is_empty() {
            return Ok(None);
        }
        let policy = Policy::from_env(env, "COLLECTOR_BASE_URL")?;
        let budget = env.number("COLLECTOR_BUDGET_MS")?;
        let end = env.number("COLLECTOR_END_MS")?;
        Ok(Some(Self {
            collectors: sources.into_iter().map(collector).collect(),
            web: Web::new(Outbound::new(policy), contact.as_deref()),
            budget: budget.map_or(BUDGET, Duration::from_millis),
            end: end.map_or(END, Duration::from_millis),
        }))
    }
}

fn sources(list: &str, has_contact: bool) -> Result<Vec<Source>, SettingsError> {
    if list.trim() == "all" {
        let all = Source::ALL.into_iter();
        return Ok(all
            .filter(|source| has_contact || *source != Source::Sec)
            .collect());
    }
    let words = list
        .split(',')
        .map(str::trim)
        .filter(|word| !word.is_empty());
    let mut named = Vec::new();
    for word in words {
        let source = Source::named(word);
        let source = source.ok_or_else(|| SettingsError::UnknownSource(word.to_owned()))?;
        if source == Source::Sec && !has_contact {
            return Err(SettingsError::NoContact);
        }
        if !named.contains(&source) {
            named.push(source);
        }
    }
    Ok(named)
}

fn collector(source: Source) -> Box<dyn Collector> {
    match source {
        Source::Greenhouse => Box::new(crate::sources::greenhouse::BOARD),
        Source::Lever => Box::new(crate::sources::lever::BOARD),
        Source::Ashby => Box::new(crate::sources::ashby::BOARD),
        Source::Workable => Box::new(crate::sources::workable::BOARD),
        Source::Hn => Box::new(hn::Hn),
        Source::Github => Box::new(github::Github),
        Source::Sec => Box::new(sec::Sec::default()),
        Source::Dns => Box::new(dns::Dns),
        Source::Site => Box::new(site::Site),
        Source::Rdap => Box::new(rdap::Rdap),
    }
}

fn known() -> String {
    Source::ALL.map(Source::as_str).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_named_or_all() {
        assert_eq!(sources("", true).unwrap(), []);
        assert_eq!(
            sources(" hn, dns ,hn", false).unwrap(),
            [Source::Hn, Source::Dns]
        );
        assert_eq!(sources("all", true).unwrap(), Source::ALL);
        assert_eq!(
            sources("all", false).unwrap().len(),
            9,
            "the SEC wants a contact"
        );
        assert!(matches!(
            sources("sec", false),
            Err(SettingsError::NoContact)
        ));
        let error = sources("hn,crunchbase", true).unwrap_err().to_string();
        assert!(
            error.contains("\"crunchbase\"") && error.contains("greenhouse, lever"),
            "{error}"
        );
    }

    #[test]
    fn every_source_has_its_collector() {
        for source in Source::ALL {
            assert_eq!(collector(source).source(), source);
        }
    }
}
