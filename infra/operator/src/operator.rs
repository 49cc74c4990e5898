use auth::{RawKey, Scope};
use config::Env;
use quota::Plan;
use runtime::Failure;
use store::{Accounts, Dynamo, Entry, EntryKind, KeyRow, NewGrant, StoreError};
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
        scopes: &[String],
    ) -> Result<(KeyId, RawKey), Failure> {
        if let Some(unknown) = scopes.iter().find(|scope| Scope::named(scope).is_none()) {
            return Err(format!("there is no scope {unknown}; use read and write").into());
        }
        let raw = RawKey::generate(product);
        let created_at = self.clock.now();
        let key = KeyId::new(created_at);
        let row = KeyRow {
            account,
            product,
            key,
            lineage: key,
            scopes: scopes.to_vec(),
            created_at,
        };
        self.accounts
            .issue_key(&raw.hash(), &row)
            .await
            .map_err(|error| explain(error, NO_PRODUCT))?;
        Ok((key, raw))
    }

    /// Revokes a key, at once.
    pub(crate) async fn revoke_key(
        &self,
        account: AccountId,
        product: Product,
        key: KeyId,
    ) -> Result<(), Failure> {
        self.accounts
            .revoke_key(account, product, key)
            .await
            .map_err(|error| {
                explain(
                    error,
                    "no such key is in use on this product of the account",
                )
            })
    }
}
