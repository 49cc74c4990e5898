//! <https://docs.github.com/en/rest/repos/repos>: 60 requests an hour without a token; a 304 does not count.

use futures::future::BoxFuture;
use intent::{Kind, Signal};
use serde::{Deserialize, Serialize};
use types::Timestamp;

use crate::collector::{CollectContext, Collector};
use crate::company::Company;
use crate::found::Found;
use crate::observation::{Observation, newest, time};
use crate::source::Source;
use crate::source_error::SourceError;
use crate::web::Fetched;

#[derive(Debug)]
pub(crate) struct Github;

/// The organisation, once it is confirmed to be the company's.
#[derive(Default, Serialize, Deserialize)]
struct Memory {
    org: Option<String>,
}

impl Collector for Github {
    fn source(&self) -> Source {
        Source::Github
    }

    fn collect<'a>(
        &'a self,
        context: &'a CollectContext<'a>,
    ) -> BoxFuture<'a, Result<Found, SourceError>> {
        Box::pin(async move {
            let org = match context.previous.recall::<Memory>().org {
                Some(org) => org,
                None => match find(context).await? {
                    Some(org) => org,
                    None => return Ok(Found::nothing()),
                },
            };
            let url = format!("https://api.github.com/orgs/{org}/repos?sort=pushed&per_page=100");
            let read = |body: &[u8]| activity(body, &org, context.now);
            let memory = Memory {
                org: Some(org.clone()),
            };
            context.daily(&url, &memory, read).await
        })
    }
}

/// Returns the organisation with the domain's name, if its profile names the domain.
async fn find(context: &CollectContext<'_>) -> Result<Option<String>, SourceError> {
    let label = &context.company.label;
    match context
        .web
        .get(&format!("https://api.github.com/orgs/{label}"))
        .await?
    {
        Fetched::Page(reply) => organisation(&reply.body, context.company),
        Fetched::Absent | Fetched::Unchanged => Ok(None),
    }
}

/// Returns the organisation's login, if its profile names the company's domain.
pub(crate) fn organisation(body: &[u8], company: &Company) -> Result<Option<String>, SourceError> {
    #[derive(Deserialize)]
    struct Org {
        login: String,
        blog: Option<String>,
    }
    let org: Org = serde_json::from_slice(body)?;
    let is_own = org.blog.is_some_and(|blog| company.owns(&blog));
    let is_name = org
        .login
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '-');
    Ok((is_own && is_name).then_some(org.login))
}

#[derive(Deserialize)]
struct Repository {
    name: String,
    language: Option<String>,
    pushed_at: Option<String>,
}

/// Returns one signal for the month of the newest push: how many repositories were pushed to in it.
pub(crate) fn activity(body: &[u8], org: &str, now: Timestamp) -> Result<Vec<Signal>, SourceError> {
    let repositories: Vec<Repository> = serde_json::from_slice(body)?;
    let mut pushed: Vec<(Timestamp, &Repository)> = repositories
        .iter()
        .filter_map(|repository| Some((time(repository.pushed_at.as_deref()?)?, repository)))
        .collect();
    pushed.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.name.cmp(&b.1.name)));
    let Some((newest_push, newest_repository)) = pushed.first().copied() else {
        return Ok(Vec::new());
    };
    let month = types::month_of(newest_push);
    let count = pushed
        .iter()
        .filter(|(at, _)| types::month_of(*at) == month)
        .count();
    let language = newest_repository.language.as_deref();
    let language = language.map_or(String::new(), |language| format!(" ({language})"));
    let observation = Observation {
        kind: Kind::Engineering,
        strength: match count {
            0..3 => 0.2,
            3..10 => 0.4,
            _ => 0.6,
        },
        at: newest_push,
        id: &format!("pushes-{month}"),
        evidence: format!(
            "{count} public {} of {org} pushed to in a month, the last one {}{language}",
            if count == 1 {
                "repository"
            } else {
                "repositories"
            },
            newest_repository.name
        ),
        url: Some(&format!("https://github.com/{org}")),
    };
    Ok(newest(
        observation.signal(Source::Github).into_iter().collect(),
        now,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::Domain;

    #[test]
    fn an_organisation_must_name_the_domain() {
        let company = Company::of(&Domain::parse("acme.com").unwrap());
        let org = |blog: &str| {
            let body = format!(
                r#"{{"login":"Acme","blog":{blog},"location":"Berlin","public_repos":3,"followers":9,"created_at":"2015-01-01T00:00:00Z"}}"#
            );
            organisation(body.as_bytes(), &company).unwrap()
        };
        assert_eq!(org("\"https://www.acme.com/eng\"").as_deref(), Some("Acme"));
        assert_eq!(org("\"acme.com\"").as_deref(), Some("Acme"));
        assert_eq!(org("\"https://acme.org\""), None);
        assert_eq!(org("null"), None);
    }

    #[test]
    fn a_month_of_pushes_is_one_signal() {
        let now: Timestamp = "2026-11-15T12:00:00Z".parse().unwrap();
        let body = br#"[{"name":"sdk","stargazers_count":5,"forks_count":1,"language":"Rust","pushed_at":"2026-11-14T10:00:00Z","open_issues_count":2},
            {"name":"docs","language":null,"pushed_at":"2026-11-02T10:00:00Z"},{"name":"old","pushed_at":"2024-11-02T10:00:00Z"},{"name":"empty","pushed_at":null}]"#;
        let signals = activity(body, "acme", now).unwrap();
        assert_eq!(signals.len(), 1);
        assert_eq!(signals[0].external_id, "pushes-202611");
        assert_eq!(
            signals[0].evidence,
            "2 public repositories of acme pushed to in a month, the last one sdk (Rust)"
        );
        assert_eq!(activity(b"[]", "acme", now).unwrap(), []);
        assert_eq!(
            activity(b"{}", "acme", now).unwrap_err(),
            SourceError::Malformed
        );
    }
}
