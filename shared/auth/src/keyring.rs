use accounts::{Accounts, AuditAction, IssuedKey, KeyRow, KeyState};
use store::{KeyHash, StoreError};
use types::{AccountId, KeyId, Product, Timestamp};

use crate::{ChangedBy, KeyRequest, KeyringError, RawKey};

/// The most active keys that an account may have for one product.
pub const MAX_ACTIVE_KEYS: usize = 5;
/// How long a rotated key is still accepted, in seconds.
const GRACE: i64 = 24 * 3_600;
/// Attempts at a meter that other calls keep changing.
const ATTEMPTS: usize = 10;

/// Days after which a key expires on a product's plan of this name, if it does.
pub type RotationDays = fn(Product, &str) -> Option<u16>;

/// Issues, rotates and revokes keys, for the API and for the operator.
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

    /// Issues a key with a new id. The raw key is returned and stored nowhere.
    ///
    /// If there is a key with this id, an earlier run of the same request created it and its response was lost: the key gets
    /// another secret.
    pub async fn issue(
        &self,
        by: &ChangedBy,
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
        let issue = || {
            self.accounts
                .issue_key(&hash, &key, MAX_ACTIVE_KEYS, &audit)
        };
        match issue().await {
            Ok(()) => return Ok((key, raw)),
            Err(StoreError::Conflict) => {}
            Err(error) => return Err(error.into()),
        }
        if let Some(created) = self.accounts.issued_key(account, id).await? {
            return self.add_secret(by, AuditAction::KeyCreate, created).await;
        }
        if !self.drop_expired(account, product, by.now).await? {
            return Err(KeyringError::Full);
        }
        let issued = issue().await;
        issued.map_err(|error| conflict_is(error, KeyringError::Full))?;
        Ok((key, raw))
    }

    /// Replaces a key by one with a new id and the same settings and lineage. Returns until when the old key is still accepted,
    /// 24 hours at most. If the key with the new id replaced it before, that key gets another secret, as for
    /// [`Keyring::issue`].
    pub async fn rotate(
        &self,
        by: &ChangedBy,
        account: AccountId,
        key: KeyId,
        id: KeyId,
    ) -> Result<(IssuedKey, RawKey, Timestamp), KeyringError> {
        for _ in 0..ATTEMPTS {
            let old = self.find(account, key).await?;
            if let (Some(until), true) = (old.grace_until, old.replaced_by == Some(id)) {
                let created = self.find(account, id).await?;
                let action = AuditAction::KeyRotate;
                let (new, raw) = self.add_secret(by, action, created).await?;
                return Ok((new, raw, until));
            }
            ensure_active(&old, by.now)?;
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
                // Another key of the product was issued, rotated or revoked at this moment: read again.
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(KeyringError::Store(StoreError::Throttled(
            "other keys of the product are changing".into(),
        )))
    }

    /// Revokes a key: once this returns, no call with it is admitted. Revoking a key that is revoked or expired changes nothing.
    pub async fn revoke(
        &self,
        by: &ChangedBy,
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
            // It is no longer on the meter: another call revoked it, or it had expired.
            Ok(()) | Err(StoreError::Conflict) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Revokes the key with this hash, if there is one, because it was found in public at `location`. Returns its row.
    pub async fn revoke_leaked(
        &self,
        by: &ChangedBy,
        hash: &KeyHash,
        location: String,
    ) -> Result<Option<KeyRow>, KeyringError> {
        let Some(row) = self.accounts.find_key(hash).await? else {
            return Ok(None);
        };
        let audit = by.entry(AuditAction::KeyLeaked, row.key.to_string(), location);
        let revoked = self
            .accounts
            .revoke_key(row.account, row.product, row.key, &audit);
        match revoked.await {
            Ok(()) | Err(StoreError::Conflict) => Ok(Some(row)),
            Err(error) => Err(error.into()),
        }
    }

    /// Gives another secret to a key whose first was lost with the run that created it. The first stays valid, in case it did
    /// reach the caller; one revocation ends both.
    async fn add_secret(
        &self,
        by: &ChangedBy,
        action: AuditAction,
        created: IssuedKey,
    ) -> Result<(IssuedKey, RawKey), KeyringError> {
        ensure_active(&created, by.now)?;
        let raw = RawKey::generate(created.row.product);
        let key = IssuedKey {
            last4: raw.last4().to_owned(),
            ..created
        };
        let details = "another secret, as the response with the first was lost".to_owned();
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

    /// Removes expired keys from a meter. Returns whether there were any.
    async fn drop_expired(
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

fn ensure_active(key: &IssuedKey, now: Timestamp) -> Result<(), KeyringError> {
    match key.state(now) {
        KeyState::Active => Ok(()),
        KeyState::Grace | KeyState::Rotated => Err(KeyringError::Rotated {
            by: key.replaced_by,
        }),
        ended @ (KeyState::Expired | KeyState::Revoked) => Err(KeyringError::Ended(ended)),
    }
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
