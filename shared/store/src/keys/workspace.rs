use types::{AccountId, JobId};

use crate::table::PrimaryKey;

/// The entities of the `workspace` table: what an account owns.
pub(crate) enum WorkspaceKey {
    /// A bulk job. The outbox's stream filter in template.yaml matches this prefix.
    Job(AccountId, JobId),
}

impl From<WorkspaceKey> for PrimaryKey {
    fn from(key: WorkspaceKey) -> Self {
        match key {
            WorkspaceKey::Job(account, job) => Self {
                pk: format!("ACCT#{account}"),
                sk: format!("JOB#{job}"),
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
    }
}
