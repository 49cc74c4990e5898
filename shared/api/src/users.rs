use std::collections::HashMap;
use std::sync::Mutex;

use accounts::{Accounts, SubjectRow};
use auth::Sessions;
use store::SubjectHash;
use types::{RequestId, Timestamp};

use crate::{ApiError, Code};

/// Users that an instance caches, about 200 bytes each.
const CACHED: usize = 4096;

/// Finds the account of a signed-in user, and opens one for a user who has none.
#[derive(Debug)]
pub(crate) struct Users {
    sessions: Option<Sessions>,
    accounts: Accounts,
    /// A user's row never changes.
    cache: Mutex<HashMap<SubjectHash, SubjectRow>>,
}

impl Users {
    pub(crate) fn new(sessions: Option<Sessions>, accounts: Accounts) -> Self {
        Self {
            sessions,
            accounts,
            cache: Mutex::default(),
        }
    }

    /// The account of a session token's user. Reads nothing for a user who is cached.
    pub(crate) async fn account_of(
        &self,
        raw: &str,
        request: RequestId,
        now: Timestamp,
    ) -> Result<SubjectRow, ApiError> {
        let sessions = self.sessions.as_ref().ok_or_else(|| {
            let message = "no sessions are accepted here; send an API key";
            ApiError::new(Code::Unauthorized, message).reason("token_issuer")
        })?;
        let user = sessions.user(raw, now).await?;
        if let Some(known) = self.cached(&user) {
            return Ok(known);
        }
        let found = match self.accounts.find_subject(&user).await? {
            Some(found) => found,
            None => quota::open_account(&self.accounts, &user, request, now).await?,
        };
        self.cache(user, found);
        Ok(found)
    }

    /// Refuses a user whose account is suspended. One strongly consistent read.
    pub(crate) async fn refuse_suspended(&self, user: &SubjectRow) -> Result<(), ApiError> {
        match self.accounts.suspension(user.account).await? {
            None => Ok(()),
            Some(_) => Err(ApiError::suspended()),
        }
    }

    fn cached(&self, user: &SubjectHash) -> Option<SubjectRow> {
        self.cache.lock().ok()?.get(user).copied()
    }

    fn cache(&self, user: SubjectHash, row: SubjectRow) {
        if let Ok(mut cache) = self.cache.lock() {
            if cache.len() >= CACHED {
                cache.clear();
            }
            cache.insert(user, row);
        }
    }
}
