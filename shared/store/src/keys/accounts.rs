use types::{AccountId, KeyId, Product};

use crate::accounts::KeyHash;
use crate::table::PrimaryKey;

/// The entities of the `accounts` table: who may call, and what they have used and paid.
pub(crate) enum AccountsKey<'a> {
    /// A customer.
    Account(AccountId),
    /// An API key, found by the hash of its secret.
    ApiKey(&'a KeyHash),
    /// An API key in the list of its account: what can change of it.
    AccountKey(AccountId, Product, KeyId),
    /// The counters and limits of one product of an account.
    Meter(AccountId, Product),
    /// An entry of the credit ledger; references sort by time.
    Ledger(AccountId, Product, &'a str),
    /// A grant of credits, by its id without prefix; they sort by time.
    Grant(AccountId, Product, &'a str),
    /// A closed day of the usage series, `yyyymmdd`.
    Usage(AccountId, Product, &'a str),
}

impl AccountsKey<'_> {
    /// What the keys of all [`AccountsKey::AccountKey`] of a product begin with.
    pub(crate) fn account_keys(account: AccountId, product: Product) -> PrimaryKey {
        PrimaryKey {
            pk: of(account),
            sk: format!("APIKEY#{product}#"),
        }
    }
}

impl From<AccountsKey<'_>> for PrimaryKey {
    fn from(key: AccountsKey<'_>) -> Self {
        let (pk, sk) = match key {
            AccountsKey::Account(account) => (of(account), "ACCOUNT".to_owned()),
            AccountsKey::ApiKey(hash) => (format!("KEY#{}", hash.as_str()), "KEY".to_owned()),
            AccountsKey::AccountKey(account, product, key) => {
                (of(account), format!("APIKEY#{product}#{key}"))
            }
            AccountsKey::Meter(account, product) => (of(account), format!("METER#{product}")),
            AccountsKey::Ledger(account, product, reference) => {
                (of(account), format!("LEDGER#{product}#{reference}"))
            }
            AccountsKey::Grant(account, product, grant) => {
                (of(account), format!("GRANT#{product}#{grant}"))
            }
            AccountsKey::Usage(account, product, day) => {
                (of(account), format!("USAGE#{product}#{day}"))
            }
        };
        Self { pk, sk }
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
        let keys = [
            AccountsKey::Account(account),
            AccountsKey::ApiKey(&hash),
            AccountsKey::AccountKey(
                account,
                Product::Intent,
                KeyId::from_parts(Timestamp::UNIX_EPOCH, 8),
            ),
            AccountsKey::Meter(account, Product::Intent),
            AccountsKey::Ledger(account, Product::Leads, "ref"),
            AccountsKey::Grant(account, Product::Leads, "id"),
            AccountsKey::Usage(account, Product::Portal, "20261122"),
        ];
        let shown: Vec<String> = keys
            .into_iter()
            .map(PrimaryKey::from)
            .map(|key| format!("{} | {}", key.pk, key.sk))
            .collect();
        expect![[r#"
            ACCT#acct_00000000000000000000000007 | ACCOUNT
            KEY#2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b | KEY
            ACCT#acct_00000000000000000000000007 | APIKEY#intent#key_00000000000000000000000008
            ACCT#acct_00000000000000000000000007 | METER#intent
            ACCT#acct_00000000000000000000000007 | LEDGER#leads#ref
            ACCT#acct_00000000000000000000000007 | GRANT#leads#id
            ACCT#acct_00000000000000000000000007 | USAGE#portal#20261122"#]]
        .assert_eq(&shown.join("\n"));
    }
}
