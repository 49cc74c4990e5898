use accounts::{Accounts, Actor, Entry, EntryKind, Meter, NewGrant};
use auth::{ChangedBy, KeyRequest, Keyring, Scope};
use quota::Plan;
use types::{AccountId, Credits, KeyId, Product, Timestamp};

/// An account for one test, with one key.
#[derive(Clone)]
pub struct Customer {
    /// Its account.
    pub account: AccountId,
    /// The product of its key.
    pub product: Product,
    /// Its key's id.
    pub key: KeyId,
    /// Its raw key.
    pub raw: String,
}

impl Customer {
    /// Fails the test unless ledger − open spend equals the balance, and the grants agree with both. Returns the balance.
    pub async fn balance(&self, accounts: &Accounts) -> Credits {
        let meter = self.meter(accounts).await;
        let ledger = accounts.ledger(self.account, self.product).await.unwrap();
        let booked: Credits = ledger.iter().map(Entry::amount).sum();
        let open = meter.open_spend();
        assert_eq!(booked - open, meter.credits, "ledger {ledger:?}");
        let grants = accounts.grants(self.account, self.product).await.unwrap();
        for grant in &grants {
            let parts = [grant.remaining, grant.reserved];
            assert!(parts.iter().all(|part| *part >= 0), "{grant:?}");
            assert!(parts.iter().sum::<i64>() <= grant.tenths, "{grant:?}");
        }
        let reserved: i64 = grants.iter().map(|grant| grant.reserved).sum();
        let jobs = |kind| {
            let entries = ledger.iter().filter(move |entry| entry.kind == kind);
            entries.map(|entry| (entry.reference.split_once('-').unwrap().0, entry.tenths))
        };
        let ended: Vec<&str> = jobs(EntryKind::Settle).map(|(job, _)| job).collect();
        let open = jobs(EntryKind::Reserve).filter(|(job, _)| !ended.contains(job));
        assert_eq!(-open.map(|(_, tenths)| tenths).sum::<i64>(), reserved);
        let left = grants.iter().filter(|grant| grant.remaining > 0);
        let next = left.filter_map(|grant| grant.expires_at).min();
        assert_eq!(meter.grants_expire, next, "{grants:?}");
        meter.credits
    }

    /// Its meter.
    pub async fn meter(&self, accounts: &Accounts) -> Meter {
        let meter = accounts.meter(self.account, self.product).await.unwrap();
        meter.expect("the customer has the product")
    }

    /// A new account on a plan, with credits and one key with every scope.
    pub async fn open(accounts: &Accounts, plan: Plan, credits: Credits, now: Timestamp) -> Self {
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
            Scope::of(plan.product),
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
        let request = KeyRequest {
            product,
            scopes: scopes.to_vec(),
            label: None,
            expires_at: None,
        };
        let (key, raw) = keyring(accounts)
            .issue(&by(now), account, KeyId::new(now), &request)
            .await
            .unwrap();
        Self {
            account,
            product,
            key: key.row.key,
            raw: raw.reveal().into_owned(),
        }
    }

    /// The same with the key that replaces its own, which the operator has rotated.
    pub async fn rotated(&self, accounts: &Accounts, now: Timestamp) -> Self {
        let rotated = keyring(accounts)
            .rotate(&by(now), self.account, self.key, KeyId::new(now))
            .await;
        let (key, raw, _) = rotated.unwrap();
        Self {
            key: key.row.key,
            raw: raw.reveal().into_owned(),
            ..*self
        }
    }

    /// Revokes its key, as the operator does.
    pub async fn revoke(&self, accounts: &Accounts, now: Timestamp) {
        let revoked = keyring(accounts)
            .revoke(&by(now), self.account, self.key)
            .await;
        revoked.unwrap();
    }
}

fn keyring(accounts: &Accounts) -> Keyring {
    Keyring::new(accounts.clone(), Plan::rotation_days)
}

fn by(now: Timestamp) -> ChangedBy {
    ChangedBy {
        actor: Actor::Operator,
        now,
        request: None,
    }
}
