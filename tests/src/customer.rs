use auth::{RawKey, Scope};
use quota::Plan;
use store::{Accounts, Entry, KeyRow, Meter, NewGrant};
use types::{AccountId, Credits, KeyId, Product, Timestamp};

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
    /// Fails the test unless the ledger, less the days that are not closed, is the balance. Answers the balance.
    pub async fn balance(&self, accounts: &Accounts) -> Credits {
        let meter = self.meter(accounts).await;
        let ledger = accounts.ledger(self.account, self.product).await.unwrap();
        let booked: Credits = ledger.iter().map(Entry::amount).sum();
        let open = meter.open_spend();
        assert_eq!(booked - open, meter.credits, "ledger {ledger:?}");
        meter.credits
    }

    /// Its meter.
    pub async fn meter(&self, accounts: &Accounts) -> Meter {
        let meter = accounts.meter(self.account, self.product).await.unwrap();
        meter.expect("the customer has the product")
    }

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
            let new = NewGrant::of(credits, "of the test", now);
            let granted = accounts.grant(account, plan.product, &new, now);
            granted.await.unwrap();
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
                    lineage: key,
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
