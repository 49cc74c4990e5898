use accounts::{Accounts, AuditAction, IssuedKey, KeyRow, KeyState};
use store::{KeyHash, StoreError};
use types::{AccountId, KeyId, Product, Timestamp};

use crate::{By, KeyRequest, KeyringError, RawKey};

/// Active keys that an account may have of one product.
pub const MOST_ACTIVE: usize = 5;
/// How long a rotated key is still taken, in seconds.
const GRACE: i64 = 24 * 3_600;
/// Looks at a meter that others are changing at the same moment.
const ATTEMPTS: usize = 10;

/// Days after which a product's plan of this name ends a key by itself, if it does.
pub type RotationDays = fn(Product, &str) -> Option<u16>;

/// Issues, rotates and ends keys: the one way to do it, for the API and for the operator.
#[derive(Clone, Debug)]
pub struct Keyring {
    accounts: Accounts,
    rotation_days: RotationDays,
}

impl Keyring {
    /// A keyring on this table.
    pub const fn new(accounts: Accounts, rotation_days: RotationDays) -> Self {
        Self {
            accounts,
            rotation_days,
        }
    }

    /// Issues a key under a new id. The raw key is in the answer and nowhere else.
    ///
    /// If there is a key of this id, an earlier run of the same request has made it and its answer was lost: it gets another
    /// secret.
    pub async fn issue(
        &self,
        by: &By,
        account: AccountId,
        id: KeyId,
        request: &KeyRequest,
    ) -> Result<(IssuedKey, RawKey), KeyringError> {
        let product = request.product;
        let meter = self.accounts.own_meter(account, product).await?;
        let plan = meter.ok_or(KeyringError::NoProduct)?.plan;
        let row = KeyRow {
            account,
            product,
            key: id,
            lineage: id,
            scopes: request.scopes.iter().map(ToString::to_string).collect(),
            created_at: by.now,
            expires_at: self.expiry(product, &plan, request.expires_at, by.now),
        };
        let (key, raw) = new_key(row, request.label.clone(), request.expires_at);
        let audit = by.entry(AuditAction::KeyCreate, id.to_string(), product.to_string());
        let hash = raw.hash();
        let issue = || self.accounts.issue_key(&hash, &key, MOST_ACTIVE, &audit);
        match issue().await {
            Ok(()) => return Ok((key, raw)),
            Err(StoreError::Conflict) => {}
            Err(error) => return Err(error.into()),
        }
        if let Some(made) = self.accounts.issued_key(account, id).await? {
            return self.renew(by, AuditAction::KeyCreate, made).await;
        }
        if !self.make_room(account, product, by.now).await? {
            return Err(KeyringError::Full);
        }
        let issued = issue().await;
        issued.map_err(|error| conflict_is(error, KeyringError::Full))?;
        Ok((key, raw))
    }

    /// Puts a key under a new id, with the same settings and lineage, in the place of one, which is taken for another 24
    /// hours: until the answer's instant. A new id that has taken its place already means the same as for
    /// [`Keyring::issue`].
    pub async fn rotate(
        &self,
        by: &By,
        account: AccountId,
        key: KeyId,
        id: KeyId,
    ) -> Result<(IssuedKey, RawKey, Timestamp), KeyringError> {
        for _ in 0..ATTEMPTS {
            let old = self.find(account, key).await?;
            if let (Some(until), true) = (old.grace_until, old.replaced_by == Some(id)) {
                let made = self.find(account, id).await?;
                let (new, raw) = self.renew(by, AuditAction::KeyRotate, made).await?;
                return Ok((new, raw, until));
            }
            match old.state(by.now) {
                KeyState::Active => {}
                KeyState::Grace | KeyState::Rotated => {
                    return Err(KeyringError::Rotated {
                        by: old.replaced_by,
                    });
                }
                ended @ (KeyState::Expired | KeyState::Revoked) => {
                    return Err(KeyringError::Ended(ended));
                }
            }
            let product = old.row.product;
            let meter = self.accounts.own_meter(account, product).await?;
            let meter = meter.ok_or(KeyringError::NoProduct)?;
            let row = KeyRow {
                key: id,
                created_at: by.now,
                expires_at: self.expiry(product, &meter.plan, old.wanted_expiry, by.now),
                ..old.row.clone()
            };
            let (new, raw) = new_key(row, old.label.clone(), old.wanted_expiry);
            let day = later(by.now, GRACE);
            let until = old.row.expires_at.map_or(day, |end| end.min(day));
            let details = format!("replaced by {}", new.row.key);
            let audit = by.entry(AuditAction::KeyRotate, key.to_string(), details);
            let written = (&raw.hash(), &new);
            match self
                .accounts
                .rotate_key(&old, until, written, &meter, &audit)
                .await
            {
                Ok(()) => return Ok((new, raw, until)),
                // Another key of the product was issued, rotated or revoked at this moment: look again.
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(KeyringError::Store(StoreError::Throttled(
            "other keys of the product are changing".into(),
        )))
    }

    /// Ends a key at once: no call with it is admitted after the answer. To end one that has ended changes nothing.
    pub async fn revoke(
        &self,
        by: &By,
        account: AccountId,
        key: KeyId,
    ) -> Result<(), KeyringError> {
        let found = self.find(account, key).await?;
        if found.revoked_at.is_some() {
            return Ok(());
        }
        let (product, action) = (found.row.product, AuditAction::KeyRevoke);
        let audit = by.entry(action, key.to_string(), String::new());
        let revoked = self.accounts.revoke_key(account, product, key, &audit);
        match revoked.await {
            // It is on the meter no more: somebody else was first, or its time was over.
            Ok(()) | Err(StoreError::Conflict) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Ends the key of this hash, if there is one, as it was found in public at `place`; answers it.
    pub async fn leaked(
        &self,
        by: &By,
        hash: &KeyHash,
        place: String,
    ) -> Result<Option<KeyRow>, KeyringError> {
        let Some(row) = self.accounts.find_key(hash).await? else {
            return Ok(None);
        };
        let audit = by.entry(AuditAction::KeyLeaked, row.key.to_string(), place);
        let revoked = self
            .accounts
            .revoke_key(row.account, row.product, row.key, &audit);
        match revoked.await {
            Ok(()) | Err(StoreError::Conflict) => Ok(Some(row)),
            Err(error) => Err(error.into()),
        }
    }

    /// Another secret for a key whose own is lost with the run that made it. That one is not taken back: should it have been
    /// answered after all, it works, and one revocation ends both.
    async fn renew(
        &self,
        by: &By,
        action: AuditAction,
        made: IssuedKey,
    ) -> Result<(IssuedKey, RawKey), KeyringError> {
        match made.state(by.now) {
            KeyState::Active => {}
            KeyState::Grace | KeyState::Rotated => {
                return Err(KeyringError::Rotated {
                    by: made.replaced_by,
                });
            }
            ended @ (KeyState::Expired | KeyState::Revoked) => {
                return Err(KeyringError::Ended(ended));
            }
        }
        let raw = RawKey::generate(made.row.product);
        let key = IssuedKey {
            last4: raw.last4().to_owned(),
            ..made
        };
        let details = "another secret, as the answer with the first was lost".to_owned();
        let audit = by.entry(action, key.row.key.to_string(), details);
        match self.accounts.add_secret(&raw.hash(), &key, &audit).await {
            Ok(()) => Ok((key, raw)),
            Err(StoreError::Conflict) => Err(KeyringError::Store(StoreError::Throttled(
                "the key is changing".into(),
            ))),
            Err(error) => Err(error.into()),
        }
    }

    async fn find(&self, account: AccountId, key: KeyId) -> Result<IssuedKey, KeyringError> {
        let found = self.accounts.issued_key(account, key).await?;
        found.ok_or(KeyringError::NotFound)
    }

    /// Takes expired keys off a meter; says whether there were any.
    async fn make_room(
        &self,
        account: AccountId,
        product: Product,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let keys = self.accounts.issued_keys(account, now).await?;
        let expired: Vec<KeyId> = keys
            .iter()
            .filter(|key| key.row.product == product && key.state(now) == KeyState::Expired)
            .map(|key| key.row.key)
            .collect();
        if expired.is_empty() {
            return Ok(false);
        }
        self.accounts
            .drop_expired(account, product, &expired)
            .await?;
        Ok(true)
    }

    fn expiry(
        &self,
        product: Product,
        plan: &str,
        wanted: Option<Timestamp>,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let aged =
            (self.rotation_days)(product, plan).map(|days| later(now, i64::from(days) * 86_400));
        wanted.into_iter().chain(aged).min()
    }
}

fn new_key(row: KeyRow, label: Option<String>, wanted: Option<Timestamp>) -> (IssuedKey, RawKey) {
    let raw = RawKey::generate(row.product);
    let key = IssuedKey {
        row,
        label,
        prefix: raw.prefix().to_owned(),
        last4: raw.last4().to_owned(),
        wanted_expiry: wanted,
        last_used_on: None,
        grace_until: None,
        replaced_by: None,
        revoked_at: None,
    };
    (key, raw)
}

fn later(now: Timestamp, seconds: i64) -> Timestamp {
    Timestamp::from_second(now.as_second() + seconds).unwrap_or(Timestamp::MAX)
}

fn conflict_is(error: StoreError, meaning: KeyringError) -> KeyringError {
    match error {
        StoreError::Conflict => meaning,
        error => error.into(),
    }
}
