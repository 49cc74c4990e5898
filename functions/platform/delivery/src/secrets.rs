use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures::future::{try_join, try_join_all};
use runtime::Failure;
use seal::{Seal, SealError};
use types::{Timestamp, WebhookId};
use webhook::Secret;
use webhook_store::{SEALED_FOR, WebhookRow};

/// Texts that are remembered.
const MOST: usize = 2_000;

/// Opens what is sealed of webhooks, and remembers it while the instance lives: what a sealed text opens to never changes.
#[derive(Clone)]
pub(crate) struct Secrets {
    seal: Seal,
    opened: Arc<Mutex<HashMap<Bytes, String>>>,
}

/// What is sealed of a webhook.
pub(crate) struct Opened {
    /// The valid secrets, the newest first.
    pub(crate) secrets: Vec<Secret>,
    /// The headers of its account's own.
    pub(crate) headers: BTreeMap<String, String>,
}

impl Secrets {
    pub(crate) fn new(seal: Seal) -> Self {
        Self {
            seal,
            opened: Arc::default(),
        }
    }

    /// What is sealed of a webhook and valid. A call for each text that is not remembered.
    pub(crate) async fn of(&self, webhook: &WebhookRow, now: Timestamp) -> Result<Opened, Failure> {
        let id = webhook.webhook;
        let secrets = webhook.config.secrets.iter();
        let valid = secrets.filter(|secret| secret.is_valid(now));
        let secrets = valid.map(|secret| self.open(id, &secret.sealed));
        let headers = webhook.config.headers.iter();
        let headers = headers.map(|headers| self.open(id, &headers.sealed));
        let (secrets, headers) = try_join(try_join_all(secrets), try_join_all(headers)).await?;
        let secrets = secrets.iter().map(|text| Secret::parse(text));
        let secrets: Option<Vec<Secret>> = secrets.collect();
        Ok(Opened {
            secrets: secrets.ok_or(SealError::Malformed)?,
            headers: match headers.first() {
                Some(text) => serde_json::from_str(text)?,
                None => BTreeMap::new(),
            },
        })
    }

    async fn open(&self, webhook: WebhookId, sealed: &Bytes) -> Result<String, SealError> {
        if let Some(known) = self.known(sealed) {
            return Ok(known);
        }
        let context = (SEALED_FOR, &*webhook.to_string());
        let text = self.seal.open(context, sealed).await?;
        if let Ok(mut opened) = self.opened.lock() {
            if opened.len() >= MOST {
                opened.clear();
            }
            opened.insert(sealed.clone(), text.clone());
        }
        Ok(text)
    }

    fn known(&self, sealed: &Bytes) -> Option<String> {
        self.opened.lock().ok()?.get(sealed).cloned()
    }
}
