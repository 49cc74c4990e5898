use types::{AccountId, JobId};

use crate::table::PrimaryKey;

/// What the sort key of every job begins with. The outbox's stream filter in template.yaml matches it.
pub(crate) const JOBS: &str = "JOB#";

/// The entities of the `workspace` table: what an account owns.
pub(crate) enum WorkspaceKey<'a> {
    /// A bulk job. Ids sort by time, so a page of jobs is a page of keys.
    Job(AccountId, JobId),
    /// Something that happened, by the name of its occasion.
    Event(AccountId, &'a str),
    /// The profiles that an account scores by, all in one.
    Profiles(AccountId),
}

impl WorkspaceKey<'_> {
    /// The partition of what an account owns.
    pub(crate) fn partition(account: AccountId) -> String {
        format!("ACCT#{account}")
    }
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
        let key = PrimaryKey::from(WorkspaceKey::Job(
            account,
            JobId::from_parts(Timestamp::UNIX_EPOCH, 8),
        ));
        expect!["ACCT#acct_00000000000000000000000007 | JOB#job_00000000000000000000000008"]
            .assert_eq(&format!("{} | {}", key.pk, key.sk));
        let key = PrimaryKey::from(WorkspaceKey::Event(account, "quota.80#intent#202611"));
        expect!["ACCT#acct_00000000000000000000000007 | EVENT#quota.80#intent#202611"]
            .assert_eq(&format!("{} | {}", key.pk, key.sk));
        let key = PrimaryKey::from(WorkspaceKey::Profiles(account));
        expect!["ACCT#acct_00000000000000000000000007 | PROFILES"]
            .assert_eq(&format!("{} | {}", key.pk, key.sk));
    }
}
