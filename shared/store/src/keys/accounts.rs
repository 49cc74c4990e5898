use types::{AccountId, AuditId, KeyId, Product};

use crate::item::PrimaryKey;
use crate::{AddressHash, KeyHash, Shard, SubjectHash};

/// The sort key of an account itself.
pub const ACCOUNT: &str = "ACCOUNT";
/// How the sort keys of meters begin.
pub const METERS: &str = "METER#";
/// How the sort keys of issued keys begin.
pub const ISSUED_KEYS: &str = "APIKEY#";
/// How the sort keys of the audit log begin.
pub const AUDIT: &str = "AUDIT#";

/// The partition of the list of suspended accounts.
pub const SUSPENDED: &str = "SUSPENDED";
/// How its sort keys begin.
pub const ACCOUNT_IDS: &str = "acct_";

/// The entities of the `accounts` table: who may call, and what they have used and paid.
pub enum AccountsKey<'a> {
    /// A customer.
    Account(AccountId),
    /// That a customer is suspended, for those who look for all that are.
    Suspended(AccountId),
    /// An API key, found by the hash of its secret.
    ApiKey(&'a KeyHash),
    /// A request that named itself by an idempotency key, by the hash of that key and of where it was sent.
    Once(&'a str),
    /// A user of the identity provider, found by the hash of issuer and subject.
    Subject(&'a SubjectHash),
    /// An e-mail address whose owner was given the welcome credits, found by its hash.
    Welcomed(&'a AddressHash),
    /// An API key in the list of its account: what can change of it.
    AccountKey(AccountId, Product, KeyId),
    /// An entry of the audit log.
    Audit(AccountId, AuditId),
    /// The counters and limits of one product of an account.
    Meter(AccountId, Product),
    /// A part of the counters of one product of an account. DynamoDB takes about 1,000 writes a second on a partition, so
    /// each has a partition key of its own.
    Shard(AccountId, Product, Shard),
    /// An entry of the credit ledger; references sort by time.
    Ledger(AccountId, Product, &'a str),
    /// A grant of credits, by its id without prefix; they sort by time.
    Grant(AccountId, Product, &'a str),
    /// A closed day of the usage series, `yyyymmdd`.
    Usage(AccountId, Product, &'a str),
    /// What is used of the amounts that a plan limits by the day, of a day, `yyyymmdd`.
    DailyUse(AccountId, Product, &'a str),
}

impl From<AccountsKey<'_>> for PrimaryKey {
    fn from(key: AccountsKey<'_>) -> Self {
        let (pk, sk) = match key {
            AccountsKey::Account(account) => (of(account), ACCOUNT.to_owned()),
            AccountsKey::Suspended(account) => (SUSPENDED.to_owned(), account.to_string()),
            AccountsKey::ApiKey(hash) => (format!("KEY#{}", hash.as_str()), "KEY".to_owned()),
            AccountsKey::Once(id) => (format!("IDEM#{id}"), "IDEM".to_owned()),
            AccountsKey::Subject(hash) => {
                (format!("SUBJECT#{}", hash.as_str()), "SUBJECT".to_owned())
            }
            AccountsKey::Welcomed(hash) => {
                (format!("WELCOME#{}", hash.as_str()), "WELCOME".to_owned())
            }
            AccountsKey::AccountKey(account, product, key) => {
                (of(account), format!("{ISSUED_KEYS}{product}#{key}"))
            }
            AccountsKey::Audit(account, id) => (of(account), format!("{AUDIT}{id}")),
            AccountsKey::Meter(account, product) => (of(account), format!("{METERS}{product}")),
            AccountsKey::Shard(account, product, shard) => (
                format!("{}#{shard}", of(account)),
                format!("SHARD#{product}"),
            ),
            AccountsKey::Ledger(account, product, reference) => {
                (of(account), format!("LEDGER#{product}#{reference}"))
            }
            AccountsKey::Grant(account, product, grant) => {
                (of(account), format!("GRANT#{product}#{grant}"))
            }
            AccountsKey::Usage(account, product, day) => {
                (of(account), format!("USAGE#{product}#{day}"))
            }
            AccountsKey::DailyUse(account, product, day) => {
                (of(account), format!("DAILY#{product}#{day}"))
            }
        };
        Self { pk, sk }
    }
}

impl PrimaryKey {
    /// The product, if this is the key of a meter.
    pub fn product_of_meter(&self) -> Option<Product> {
        self.sk.strip_prefix(METERS)?.parse().ok()
    }

    /// The account, if this is the key of its suspension.
    pub fn suspended_account(&self) -> Option<AccountId> {
        self.sk.parse().ok().filter(|_| self.pk == SUSPENDED)
    }
}

impl AccountsKey<'_> {
    /// The item that counts a call: a shard of a meter, or the meter itself.
    pub fn counters(account: AccountId, product: Product, shard: Option<Shard>) -> Self {
        shard.map_or(Self::Meter(account, product), |shard| {
            Self::Shard(account, product, shard)
        })
    }

    /// The partition of all that is an account's.
    pub fn partition(account: AccountId) -> String {
        of(account)
    }

    /// What the keys of all [`AccountsKey::AccountKey`] of a product begin with.
    pub fn account_keys(account: AccountId, product: Product) -> PrimaryKey {
        PrimaryKey {
            pk: of(account),
            sk: format!("{ISSUED_KEYS}{product}#"),
        }
    }
}

fn of(account: AccountId) -> String {
    format!("ACCT#{account}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;
    use types::Timestamp;

    #[test]
    fn every_key_as_stored() {
        let account = AccountId::from_parts(Timestamp::UNIX_EPOCH, 7);
        let hash = KeyHash::of("secret");
        let subject = SubjectHash::of("https://issuer.example", "me");
        let address = AddressHash::of(" Me@Example.com");
        let key = KeyId::from_parts(Timestamp::UNIX_EPOCH, 8);
        let keys = [
            AccountsKey::Account(account),
            AccountsKey::Suspended(account),
            AccountsKey::ApiKey(&hash),
            AccountsKey::Once("5f"),
            AccountsKey::Subject(&subject),
            AccountsKey::Welcomed(&address),
            AccountsKey::AccountKey(account, Product::Liquidity, key),
            AccountsKey::Audit(account, AuditId::from_parts(Timestamp::UNIX_EPOCH, 9)),
            AccountsKey::Meter(account, Product::Intent),
            AccountsKey::Shard(account, Product::Intent, Shard::all(8).last().unwrap()),
            AccountsKey::Ledger(account, Product::Leads, "ref"),
            AccountsKey::Grant(account, Product::Leads, "id"),
            AccountsKey::Usage(account, Product::Portal, "20261122"),
            AccountsKey::DailyUse(account, Product::Intent, "20261122"),
        ];
        let shown: Vec<String> = keys
            .into_iter()
            .map(PrimaryKey::from)
            .map(|key| format!("{} | {}", key.pk, key.sk))
            .collect();
        expect![[r#"
            ACCT#acct_00000000000000000000000007 | ACCOUNT
            SUSPENDED | acct_00000000000000000000000007
            KEY#2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b | KEY
            IDEM#5f | IDEM
            SUBJECT#554bd7f9dc0933c6fb596e2cdbea99412ccada995291d216b8fcf634d7423afd | SUBJECT
            WELCOME#8c2a47d3bdb8d3096a6479f53eac3b724291db5f1c31611100f675be5537329d | WELCOME
            ACCT#acct_00000000000000000000000007 | APIKEY#liquidity#key_00000000000000000000000008
            ACCT#acct_00000000000000000000000007 | AUDIT#audit_00000000000000000000000009
            ACCT#acct_00000000000000000000000007 | METER#intent
            ACCT#acct_00000000000000000000000007#07 | SHARD#intent
            ACCT#acct_00000000000000000000000007 | LEDGER#leads#ref
            ACCT#acct_00000000000000000000000007 | GRANT#leads#id
            ACCT#acct_00000000000000000000000007 | USAGE#portal#20261122
            ACCT#acct_00000000000000000000000007 | DAILY#intent#20261122"#]]
        .assert_eq(&shown.join("\n"));
    }
}
