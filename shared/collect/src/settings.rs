use std::sync::Arc;
use std::time::Duration;

use config::{ConfigError, Env};
use outbound::PolicyError;
use types::Timestamp;

use crate::boards::{ashby, greenhouse, lever, workable};
use crate::collector::Collector;
use crate::rows::{self, Rows};
use crate::source::Source;
use crate::sources::job_board::JobBoard;
use crate::sources::{dns, github, hn, rdap, sec, site};
use crate::web::WebClient;

/// How long a score waits for its sources.
const BUDGET: Duration = Duration::from_secs(2);
/// How long a source may take, whether a caller still waits or not.
const END: Duration = Duration::from_secs(8);
/// How long a collection keeps its claim after that, to store the last responses.
const MARGIN: Duration = Duration::from_secs(2);

/// Invalid settings.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A variable cannot be read.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// `COLLECTOR_BASE_URL` is not a loopback address.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// `COLLECTORS` has a word that is not a source.
    #[error("COLLECTORS names {0:?}, which is no source; use all, or some of {known}", known = known())]
    UnknownSource(String),
    /// The SEC requires a contact address.
    #[error(
        "COLLECTORS names sec, which needs COLLECTOR_CONTACT: an address that the SEC may write to"
    )]
    NoContact,
}

/// The collectors, and how long they may take.
pub(crate) struct Settings {
    pub(crate) collectors: Vec<Arc<dyn Collector>>,
    pub(crate) web: WebClient,
    pub(crate) budget: Duration,
    pub(crate) end: Duration,
}

impl Settings {
    /// From the variables in the README; none if no source is named.
    pub(crate) fn from_env(env: &Env) -> Result<Option<Self>, SettingsError> {
        let contact = env.optional("COLLECTOR_CONTACT");
        let sources = named(
            &env.optional("COLLECTORS").unwrap_or_default(),
            contact.is_some(),
        )?;
        if sources.is_empty() {
            return Ok(None);
        }
        let web = WebClient::from_env(env)?;
        let budget = env.number("COLLECTOR_BUDGET_MS")?;
        let end = env.number("COLLECTOR_END_MS")?;
        Ok(Some(Self {
            collectors: sources.into_iter().map(collector).collect(),
            web,
            budget: budget.map_or(BUDGET, Duration::from_millis),
            end: end.map_or(END, Duration::from_millis),
        }))
    }

    /// The configured sources.
    pub(crate) fn sources(&self) -> impl Iterator<Item = Source> {
        self.collectors.iter().map(|collector| collector.source())
    }

    /// The collectors whose source is due.
    pub(crate) fn due(&self, rows: &Rows, now: Timestamp) -> Vec<Arc<dyn Collector>> {
        let all = self.collectors.iter();
        all.filter(|collector| rows::is_due(rows, collector.source(), now))
            .cloned()
            .collect()
    }

    /// How long a collection holds its claim.
    pub(crate) fn lease(&self) -> Duration {
        self.end + MARGIN
    }
}

/// The sources that `COLLECTORS` names.
fn named(list: &str, has_contact: bool) -> Result<Vec<Source>, SettingsError> {
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
    let mut sources = Vec::new();
    for word in words {
        let source = Source::named(word);
        let source = source.ok_or_else(|| SettingsError::UnknownSource(word.to_owned()))?;
        if source == Source::Sec && !has_contact {
            return Err(SettingsError::NoContact);
        }
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    Ok(sources)
}

fn collector(source: Source) -> Arc<dyn Collector> {
    match source {
        Source::Greenhouse => Arc::new(JobBoard(&greenhouse::BOARD)),
        Source::Lever => Arc::new(JobBoard(&lever::BOARD)),
        Source::Ashby => Arc::new(JobBoard(&ashby::BOARD)),
        Source::Workable => Arc::new(JobBoard(&workable::BOARD)),
        Source::Hn => Arc::new(hn::Hn),
        Source::Github => Arc::new(github::Github),
        Source::Sec => Arc::new(sec::Sec::default()),
        Source::Dns => Arc::new(dns::Dns),
        Source::Site => Arc::new(site::Site),
        Source::Rdap => Arc::new(rdap::Rdap),
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
        assert_eq!(named("", true).unwrap(), []);
        assert_eq!(
            named(" hn, dns ,hn", false).unwrap(),
            [Source::Hn, Source::Dns]
        );
        assert_eq!(named("all", true).unwrap(), Source::ALL);
        assert_eq!(
            named("all", false).unwrap().len(),
            9,
            "the SEC requires a contact"
        );
        assert!(matches!(named("sec", false), Err(SettingsError::NoContact)));
        let error = named("hn,crunchbase", true).unwrap_err().to_string();
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
