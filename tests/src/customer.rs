use auth::{RawKey, Scope};
use quota::Plan;
use store::{Accounts, Entry, EntryKind, KeyRow};
use types::{AccountId, Credits, Id, KeyId, Product, Request, Timestamp};

/// An account of one test, with one key.
#[derive(Clone)]
pub struct Customer {
    /// Its account.
    pub account: AccountId,
    /// The product it has bought.
    pub product: Product,
    /// Its key's id.
    pub key: KeyId,
    /// Its raw key.
    pub raw: String,
}

impl Customer {
    pub(crate) async fn open(
        accounts: &Accounts,
        plan: Plan,
        credits: Credits,
        now: Timestamp,
    ) -> Self {
        let account = AccountId::new(now);
        accounts
            .open_meter(account, plan.product, &plan.meter())
            .await
            .unwrap();
        if credits > Credits::ZERO {
            let entry = Entry {
                reference: format!("{}-grant", Id::<Request>::new(now).suffix()),
                kind: EntryKind::Grant,
                tenths: credits.tenths(),
                at: now,
                note: "of the test".to_owned(),
            };
            accounts
                .grant(account, plan.product, credits, &entry)
                .await
                .unwrap();
        }
        Self::with_key(
            accounts,
            account,
            plan.product,
            &[Scope::Read, Scope::Write],
            now,
        )
        .await
    }

    pub(crate) async fn with_key(
        accounts: &Accounts,
        account: AccountId,
        product: Product,
        scopes: &[Scope],
        now: Timestamp,
    ) -> Self {
        let raw = RawKey::generate(product);
        let key = KeyId::new(now);
        let scopes = scopes
            .iter()
            .map(|scope| scope.as_str().to_owned())
            .collect();
        accounts
            .issue_key(
                &raw.hash(),
                &KeyRow {
                    account,
                    product,
                    key,
                    scopes,
                    created_at: now,
                },
            )
            .await
            .unwrap();
        Self {
            account,
            product,
            key,
            raw: raw.reveal().to_owned(),
        }
    }
}
