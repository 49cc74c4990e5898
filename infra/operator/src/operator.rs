use auth::{By, KeyRequest, Keyring, RawKey, Scope};
use config::Env;
use quota::Plan;
use runtime::Failure;
use store::{Accounts, Actor, Dynamo, Entry, EntryKind, NewGrant, StoreError};
use types::{AccountId, Clock, Credits, KeyId, Product, Timestamp, unique};

/// Says what a refused condition means here.
fn explain(error: StoreError, refused: &'static str) -> Failure {
    match error {
        StoreError::Conflict => refused.into(),
        error => error.into(),
    }
}

const NO_PRODUCT: &str = "the account does not have this product";

/// What the commands do, on the accounts table.
pub(crate) struct Operator {
    accounts: Accounts,
    clock: Clock,
}

impl Operator {
    /// From `ACCOUNTS_TABLE` and the usual AWS variables.
    pub(crate) fn from_env(env: &Env) -> Result<Self, Failure> {
        let dynamo = Dynamo::new(&*runtime::aws::config(env)?);
        Ok(Self {
            accounts: Accounts::new(&dynamo, env.required("ACCOUNTS_TABLE")?),
            clock: Clock::system(),
        })
    }

    /// Opens an account without any product.
    pub(crate) async fn create_account(&self, name: &str) -> Result<AccountId, Failure> {
        let account = AccountId::new(self.clock.now());
        self.accounts.create_account(account, name).await?;
        Ok(account)
    }

    /// Opens a product for an account.
    pub(crate) async fn open_product(&self, account: AccountId, plan: Plan) -> Result<(), Failure> {
        Ok(self
            .accounts
            .open_meter(account, plan.product, &plan.meter())
            .await?)
    }

    /// Gives credits that end after some days, or never.
    pub(crate) async fn grant(
        &self,
        account: AccountId,
        product: Product,
        amount: Credits,
        days: Option<u16>,
        note: &str,
    ) -> Result<(), Failure> {
        if amount <= Credits::ZERO {
            return Err("a grant is more than zero credits".into());
        }
        let now = self.clock.now();
        let seconds = days.map(|days| now.as_second() + i64::from(days) * 86_400);
        let new = NewGrant {
            expires_at: seconds.map(Timestamp::from_second).transpose()?,
            ..NewGrant::of(amount, note, now)
        };
        self.accounts
            .grant(account, product, &new, now)
            .await
            .map_err(|error| explain(error, NO_PRODUCT))
    }

    /// Moves a balance by hand, with a ledger entry.
    pub(crate) async fn adjust(
        &self,
        account: AccountId,
        product: Product,
        amount: Credits,
        note: &str,
    ) -> Result<(), Failure> {
        let now = self.clock.now();
        let entry = Entry {
            reference: format!("{}-adjust", unique(now)),
            kind: EntryKind::Adjust,
            tenths: amount.tenths(),
            at: now,
            note: note.to_owned(),
        };
        let refused = "the account does not have this product, or not so many credits";
        self.accounts
            .correct(account, product, &entry)
            .await
            .map_err(|error| explain(error, refused))
    }

    /// Issues a key. The raw key is in the answer and nowhere else.
    pub(crate) async fn issue_key(
        &self,
        account: AccountId,
        product: Product,
        scopes: Vec<Scope>,
    ) -> Result<(KeyId, RawKey), Failure> {
        let request = KeyRequest {
            product,
            scopes,
            label: None,
            expires_at: None,
        };
        let (by, keyring) = (self.by(), self.keyring());
        let id = KeyId::new(by.now);
        let (key, raw) = keyring.issue(&by, account, id, &request).await?;
        Ok((key.row.key, raw))
    }

    /// Revokes a key, at once.
    pub(crate) async fn revoke_key(&self, account: AccountId, key: KeyId) -> Result<(), Failure> {
        Ok(self.keyring().revoke(&self.by(), account, key).await?)
    }

    fn keyring(&self) -> Keyring {
        Keyring::new(self.accounts.clone(), Plan::rotation_days)
    }

    fn by(&self) -> By {
        By {
            actor: Actor::Operator,
            now: self.clock.now(),
            request: None,
        }
    }
}
