use accounts::{Accounts, AuditAction, IssuedKey, KeyRow, KeyState, Meter};
use store::StoreError;
use types::{AccountId, KeyId, Product, Timestamp};

use crate::{ChangedBy, KeyRequest, KeyringError, RawKey, key_limits};

/// How long a rotated key is still accepted, in seconds.
const GRACE: i64 = 24 * 3_600;
/// Attempts at a meter that other calls keep changing.
const ATTEMPTS: usize = 10;

/// Days after which a key expires on a product's plan of this name, if it does.
pub type RotationDays = fn(Product, &str) -> Option<u16>;

/// Issues, rotates and revokes keys, for the API and for the operator.
#[derive(Clone, Debug)]
pub struct Keyring {
    pub(crate) accounts: Accounts,
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
        for _ in 0..ATTEMPTS {
            let meter = self.usable_meter(account, product).await?;
            let refusal = key_limits::issue_refusal(&meter, by);
            if refusal.is_none() {
                let row = KeyRow {
                    account,
                    product,
                    key: id,
                    lineage: id,
                    scopes: request.scopes.iter().map(ToString::to_string).collect(),
                    created_at: by.now,
                    expires_at: self.expiry(product, &meter.plan, request.expires_at, by.now),
                };
                let (key, raw) = new_key(row, request.label.clone(), request.expires_at);
                let audit = by.entry(AuditAction::KeyCreate, id.to_string(), product.to_string());
                let (hash, limits) = (raw.hash(), key_limits::limits(by));
                let issued = self.accounts.issue_key(&hash, &key, limits, &meter, &audit);
                match issued.await {
                    Ok(()) => return Ok((key, raw)),
                    // The key is there, or the meter has changed at this moment: look again.
                    Err(StoreError::Conflict) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            if let Some(created) = self.accounts.issued_key(account, id).await? {
                return self.add_secret(by, AuditAction::KeyCreate, created).await;
            }
            match refusal {
                None => {}
                Some(KeyringError::Full)
                    if self
                        .drop_expired((account, product), &meter, by.now)
                        .await? => {}
                Some(refusal) => return Err(refusal),
            }
        }
        Err(changing())
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
            let meter = self.usable_meter(account, product).await?;
            if let Some(refusal) = key_limits::rotation_refusal(&meter, by) {
                return Err(refusal);
            }
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
            let (from, to) = ((&old, until), (&raw.hash(), &new));
            let limits = key_limits::limits(by);
            match self
                .accounts
                .rotate_key(from, to, limits, &meter, &audit)
                .await
            {
                Ok(()) => return Ok((new, raw, until)),
                // Another key of the product was issued, rotated or revoked at this moment: read again.
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(changing())
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

    pub(crate) async fn find(
        &self,
        account: AccountId,
        key: KeyId,
    ) -> Result<IssuedKey, KeyringError> {
        let found = self.accounts.issued_key(account, key).await?;
        found.ok_or(KeyringError::NotFound)
    }

    /// The meter of a product, if the account has it and is not suspended.
    async fn usable_meter(
        &self,
        account: AccountId,
        product: Product,
    ) -> Result<Meter, KeyringError> {
        let meter = self.accounts.own_meter(account, product).await?;
        let meter = meter.ok_or(KeyringError::NoProduct)?;
        if meter.is_suspended() {
            return Err(KeyringError::Suspended);
        }
        Ok(meter)
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

fn changing() -> KeyringError {
    KeyringError::Store(StoreError::Throttled(
        "other keys of the product are changing".into(),
    ))
}
