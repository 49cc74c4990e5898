use std::collections::BTreeMap;

use store::StoreError;
use store::item::{Item, PrimaryKey, text};
use store::keys::{ACCOUNT, METERS};
use types::{AccountId, Product};

use crate::Accounts;

/// An account in the list of all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListedAccount {
    /// What the operator calls it.
    pub name: String,
    /// Its products.
    pub products: Vec<Product>,
}

impl Accounts {
    /// Every account with its products, by a Scan: it reads, and is charged for, the whole table. It is for an operator's
    /// check that runs now and then; nothing that serves a call may use it.
    pub async fn scan_accounts(&self) -> Result<BTreeMap<AccountId, ListedAccount>, StoreError> {
        let mut pages = self
            .0
            .client()
            .scan()
            .table_name(self.0.name())
            .filter_expression("sk = :account OR begins_with(sk, :meters)")
            .projection_expression("pk, sk, #name")
            .expression_attribute_names("#name", "name")
            .expression_attribute_values(":account", text(ACCOUNT))
            .expression_attribute_values(":meters", text(METERS))
            .into_paginator()
            .items()
            .send();
        let mut accounts = BTreeMap::new();
        while let Some(item) = pages.try_next().await? {
            list(&mut accounts, &item)
                .ok_or_else(|| StoreError::malformed("account", "its key is no account's"))?;
        }
        Ok(accounts)
    }
}

fn list(accounts: &mut BTreeMap<AccountId, ListedAccount>, item: &Item) -> Option<()> {
    let key = PrimaryKey::of(item)?;
    let account: AccountId = key.pk.strip_prefix("ACCT#")?.parse().ok()?;
    let listed = accounts.entry(account).or_default();
    if key.sk == ACCOUNT {
        listed.name.clone_from(item.get("name")?.as_s().ok()?);
    } else {
        listed.products.push(key.product_of_meter()?);
    }
    Some(())
}
