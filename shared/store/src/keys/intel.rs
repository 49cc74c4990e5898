use types::Domain;

use crate::intel::Owner;
use crate::table::PrimaryKey;

/// What the sort key of every signal begins with.
pub(crate) const SIGNALS: &str = "SIGNAL#";

/// What the sort key of every source begins with.
pub(crate) const SOURCES: &str = "SOURCE#";

/// The entities of the `intel` table: what is known of the world, for everyone or for one account.
pub(crate) enum IntelKey<'a> {
    /// The revision of a company's signals, and the score computed from them.
    Score(&'a Domain, Owner),
    /// One signal, by the hash of its source and external id.
    Signal(&'a Domain, Owner, &'a str),
    /// What is remembered of a public source, by its name.
    Source(&'a Domain, &'a str),
    /// Who collects of the company now.
    Collection(&'a Domain),
}

impl IntelKey<'_> {
    /// The partition of a company: the public one, or an account's own.
    pub(crate) fn partition(domain: &Domain, owner: Owner) -> String {
        match owner {
            Owner::Public => format!("COMPANY#{domain}"),
            Owner::Account(account) => format!("COMPANY#{domain}#{account}"),
        }
    }
}

impl From<IntelKey<'_>> for PrimaryKey {
    fn from(key: IntelKey<'_>) -> Self {
        match key {
            IntelKey::Score(domain, owner) => Self {
                pk: IntelKey::partition(domain, owner),
                sk: "SCORE".to_owned(),
            },
            IntelKey::Signal(domain, owner, id) => Self {
                pk: IntelKey::partition(domain, owner),
                sk: format!("{SIGNALS}{id}"),
            },
            IntelKey::Source(domain, source) => Self {
                pk: IntelKey::partition(domain, Owner::Public),
                sk: format!("{SOURCES}{source}"),
            },
            IntelKey::Collection(domain) => Self {
                pk: IntelKey::partition(domain, Owner::Public),
                sk: "COLLECTION".to_owned(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;
    use types::{AccountId, Timestamp};

    #[test]
    fn every_key_as_stored() {
        let domain = Domain::parse("stripe.com").unwrap();
        let own = Owner::Account(AccountId::from_parts(Timestamp::UNIX_EPOCH, 7));
        let keys = [
            IntelKey::Score(&domain, Owner::Public),
            IntelKey::Score(&domain, own),
            IntelKey::Signal(&domain, Owner::Public, "5f"),
            IntelKey::Signal(&domain, own, "5f"),
            IntelKey::Source(&domain, "hn"),
            IntelKey::Collection(&domain),
        ];
        let shown: Vec<String> = keys
            .into_iter()
            .map(PrimaryKey::from)
            .map(|key| format!("{} | {}", key.pk, key.sk))
            .collect();
        expect![[r#"
            COMPANY#stripe.com | SCORE
            COMPANY#stripe.com#acct_00000000000000000000000007 | SCORE
            COMPANY#stripe.com | SIGNAL#5f
            COMPANY#stripe.com#acct_00000000000000000000000007 | SIGNAL#5f
            COMPANY#stripe.com | SOURCE#hn
            COMPANY#stripe.com | COLLECTION"#]]
        .assert_eq(&shown.join("\n"));
    }
}
