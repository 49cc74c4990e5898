use std::fmt;

use types::{AccountId, Domain, JobId, Timestamp, whole_second};

use crate::table::PrimaryKey;

/// What the sort key of every job begins with. The outbox's stream filter in template.yaml matches it.
pub const JOBS: &str = "JOB#";
/// What the partition of every watched company begins with.
const WATCHED: &str = "WATCHED#intent#";
/// What the sort keys of a watched company's items begin with.
pub const WATCHERS: &str = "WATCHER";

/// The entities of the `workspace` table: what an account owns.
pub enum WorkspaceKey<'a> {
    /// A bulk job. Ids sort by time, so a page of jobs is a page of keys.
    Job(AccountId, JobId),
    /// Something that happened, by the name of its occasion.
    Event(AccountId, &'a str),
    /// The profiles that an account scores by, all in one.
    Profiles(AccountId),
    /// A company on an account's watchlist.
    Watch(AccountId, &'a Domain),
    /// How many entries an account's watchlist has.
    Watchlist(AccountId),
    /// Those who watch a company: how many they are, and when its next score is due.
    Watchers(&'a Domain),
    /// An account that watches a company.
    Watcher(&'a Domain, AccountId),
    /// A client of an account's portal, by the account's own reference to it.
    Client(AccountId, &'a str),
    /// How many clients an account's portal has.
    ClientCount(AccountId),
}

/// A line of the index `lines`, in which items stand in the order of their places.
#[derive(Clone, Copy, Debug)]
pub enum Line {
    /// An account's watchlist, the highest score first: see [`rank`].
    Ranking(AccountId),
    /// One of the lines in which watched companies wait for their next score: see [`due`].
    Due(u8),
}

impl WorkspaceKey<'_> {
    /// The partition of what an account owns.
    pub fn partition(account: AccountId) -> String {
        format!("ACCT#{account}")
    }

    /// The partition of those who watch a company.
    pub fn watched(domain: &Domain) -> String {
        format!("{WATCHED}{domain}")
    }
}

impl PrimaryKey {
    /// The company, if this is the key of an item on a watched one.
    pub fn watched_company(&self) -> Option<Domain> {
        Domain::parse(self.pk.strip_prefix(WATCHED)?).ok()
    }

    /// The account, if this is the key of a watcher.
    pub fn watcher(&self) -> Option<AccountId> {
        self.sk
            .strip_prefix(WATCHERS)?
            .strip_prefix('#')?
            .parse()
            .ok()
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ranking(account) => write!(f, "RANKING#intent#{account}"),
            Self::Due(number) => write!(f, "DUE#intent#{number}"),
        }
    }
}

/// The place of a watched company in its ranking: higher scores stand before lower ones, equal ones by name.
pub fn rank(score: u8, domain: &str) -> String {
    format!("{:03}#{domain}", 100_u8.saturating_sub(score))
}

/// The place of a company whose score is due at an instant.
pub fn due(at: Timestamp, domain: &str) -> String {
    format!("{}#{domain}", whole_second(at))
}

/// A place behind this one, and before every other that begins with it and a character of a domain.
pub fn behind(place: &str) -> String {
    format!("{place} ")
}

/// A place behind all that begin with this.
pub fn behind_all(place: &str) -> String {
    format!("{place}~")
}

impl From<WorkspaceKey<'_>> for PrimaryKey {
    fn from(key: WorkspaceKey<'_>) -> Self {
        match key {
            WorkspaceKey::Job(account, job) => Self {
                pk: WorkspaceKey::partition(account),
                sk: format!("{JOBS}{job}"),
            },
            WorkspaceKey::Event(account, event) => Self {
                pk: WorkspaceKey::partition(account),
                sk: format!("EVENT#{event}"),
            },
            WorkspaceKey::Profiles(account) => Self {
                pk: WorkspaceKey::partition(account),
                sk: "PROFILES".to_owned(),
            },
            WorkspaceKey::Watch(account, domain) => Self {
                pk: WorkspaceKey::partition(account),
                sk: format!("WATCH#intent#{domain}"),
            },
            WorkspaceKey::Watchlist(account) => Self {
                pk: WorkspaceKey::partition(account),
                sk: "WATCHLIST#intent".to_owned(),
            },
            WorkspaceKey::Watchers(domain) => Self {
                pk: WorkspaceKey::watched(domain),
                sk: format!("{WATCHERS}S"),
            },
            WorkspaceKey::Watcher(domain, account) => Self {
                pk: WorkspaceKey::watched(domain),
                sk: format!("{WATCHERS}#{account}"),
            },
            WorkspaceKey::Client(account, reference) => Self {
                pk: WorkspaceKey::partition(account),
                sk: format!("CLIENT#{reference}"),
            },
            WorkspaceKey::ClientCount(account) => Self {
                pk: WorkspaceKey::partition(account),
                sk: "CLIENTS".to_owned(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;
    use types::Timestamp;

    #[test]
    fn every_key_as_stored() {
        let account = AccountId::from_parts(Timestamp::UNIX_EPOCH, 7);
        let domain = Domain::parse("stripe.com").unwrap();
        let keys = [
            WorkspaceKey::Job(account, JobId::from_parts(Timestamp::UNIX_EPOCH, 8)),
            WorkspaceKey::Event(account, "quota.80#intent#202611"),
            WorkspaceKey::Profiles(account),
            WorkspaceKey::Watch(account, &domain),
            WorkspaceKey::Watchlist(account),
            WorkspaceKey::Watchers(&domain),
            WorkspaceKey::Watcher(&domain, account),
            WorkspaceKey::Client(account, "partner-123"),
            WorkspaceKey::ClientCount(account),
        ];
        let shown: Vec<String> = keys
            .into_iter()
            .map(PrimaryKey::from)
            .map(|key| format!("{} | {}", key.pk, key.sk))
            .collect();
        expect![[r#"
            ACCT#acct_00000000000000000000000007 | JOB#job_00000000000000000000000008
            ACCT#acct_00000000000000000000000007 | EVENT#quota.80#intent#202611
            ACCT#acct_00000000000000000000000007 | PROFILES
            ACCT#acct_00000000000000000000000007 | WATCH#intent#stripe.com
            ACCT#acct_00000000000000000000000007 | WATCHLIST#intent
            WATCHED#intent#stripe.com | WATCHERS
            WATCHED#intent#stripe.com | WATCHER#acct_00000000000000000000000007
            ACCT#acct_00000000000000000000000007 | CLIENT#partner-123
            ACCT#acct_00000000000000000000000007 | CLIENTS"#]]
        .assert_eq(&shown.join("\n"));
        let watcher = PrimaryKey::from(WorkspaceKey::Watcher(&domain, account));
        assert_eq!(watcher.watched_company(), Some(domain));
        assert_eq!(watcher.watcher(), Some(account));
    }

    #[test]
    fn every_place_as_stored() {
        let account = AccountId::from_parts(Timestamp::UNIX_EPOCH, 7);
        let places = [
            (Line::Ranking(account).to_string(), rank(91, "stripe.com")),
            (
                Line::Due(3).to_string(),
                due(Timestamp::UNIX_EPOCH, "stripe.com"),
            ),
        ];
        let shown = places.map(|(line, place)| format!("{line} | {place}"));
        expect![[r#"
            RANKING#intent#acct_00000000000000000000000007 | 009#stripe.com
            DUE#intent#3 | 1970-01-01T00:00:00Z#stripe.com"#]]
        .assert_eq(&shown.join("\n"));
    }

    #[test]
    fn places_stand_in_order() {
        let places = [
            rank(100, "z.com"),
            rank(91, "a.co"),
            behind(&rank(91, "a.co")),
            rank(91, "a.co.uk"),
            rank(91, "a.com"),
            behind_all(&rank(91, "")),
            rank(90, "a.com"),
            rank(0, "a.com"),
        ];
        assert!(places.is_sorted(), "{places:?}");
    }
}
