use std::collections::HashMap;
use std::sync::Mutex;

use accounts::{Accounts, SubjectRow};
use auth::{Sessions, User};
use quota::Welcome;
use store::SubjectHash;
use types::{Chain, RequestId, Timestamp};

use crate::{ApiError, Code};

/// Users that an instance caches, about 200 bytes each.
const CACHED: usize = 4096;

/// Finds the account of a signed-in user, and opens one for a user who has none.
#[derive(Debug)]
pub(crate) struct Users {
    sessions: Option<Sessions>,
    accounts: Accounts,
    /// Whether users whose address is not verified get welcome credits as well.
    welcome_unverified: bool,
    /// A user's row only changes once, when the welcome credits are given.
    cache: Mutex<HashMap<SubjectHash, SubjectRow>>,
}

impl Users {
    pub(crate) fn new(
        sessions: Option<Sessions>,
        accounts: Accounts,
        welcome_unverified: bool,
    ) -> Self {
        Self {
            sessions,
            accounts,
            welcome_unverified,
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
        let User { subject, address } = sessions.user(raw, now).await?;
        let welcome = match address {
            Some(address) => Welcome::Owner(address),
            None if self.welcome_unverified => Welcome::AnyUser,
            None => Welcome::NotYet,
        };
        let (accounts, cached) = (&self.accounts, self.cached(&subject));
        let is_done = |row: &SubjectRow| !(row.welcome_due && welcome.is_due());
        if let Some(known) = cached.filter(is_done) {
            return Ok(known);
        }
        let mut found = match cached {
            Some(known) => known,
            None => match accounts.find_subject(&subject).await? {
                Some(found) => found,
                None => quota::open_account(accounts, &subject, &welcome, request, now).await?,
            },
        };
        if !is_done(&found) {
            match quota::give_welcome(accounts, &subject, &welcome, now).await {
                Ok(given) => found = given,
                // The next call tries again.
                Err(error) => {
                    tracing::error!(account.id = %found.account, error = %Chain(&error), "the welcome credits could not be given");
                }
            }
        }
        self.cache(subject, found);
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
