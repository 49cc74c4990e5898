use std::fmt;

use serde::{Deserialize, Serialize};
use store::item::{item, row};
use store::keys::WorkspaceKey;
use store::table::Table;
use store::{LinkHash, StoreError};
use types::{AccountId, ReportId, Timestamp, random_bytes};

use crate::{ReportRow, Workspace};

/// Random bytes of a token.
const BYTES: usize = 32;

/// The secret of a link: 256 random bits as 64 hex digits. Only its hash is stored.
pub struct LinkToken(String);

/// Text that is no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected 64 lower-case hex digits")]
pub struct LinkTokenError;

/// What a link opens: the file of one report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportLink {
    /// The account that had the report made.
    pub account: AccountId,
    /// What the report is of.
    pub subject: String,
    /// When the report was made.
    pub created_at: Timestamp,
    /// From when on it opens nothing, in seconds since 1970. DynamoDB deletes it some time later.
    expires: i64,
}

/// The links to reports. Each is an item under the hash of its token, so that whoever has the token needs no account, and who
/// reads the table has no token.
#[derive(Clone, Debug)]
pub struct ReportLinks(Table);

impl LinkToken {
    fn new() -> Self {
        let bytes: [u8; BYTES] = random_bytes();
        Self(hex::encode(bytes))
    }

    /// The token of a link that somebody opens.
    pub fn parse(text: &str) -> Result<Self, LinkTokenError> {
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if text.len() == 2 * BYTES && text.bytes().all(is_hex) {
            return Ok(Self(text.to_owned()));
        }
        Err(LinkTokenError)
    }

    /// The secret, for the one response that has it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    fn hash(&self) -> LinkHash {
        LinkHash::of(&self.0)
    }
}

impl fmt::Debug for LinkToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkToken")
    }
}

impl ReportLinks {
    /// The links of this workspace.
    pub fn new(workspace: &Workspace) -> Self {
        Self(workspace.table().clone())
    }

    /// A new link to a report, which ends with it. One write.
    pub async fn issue(
        &self,
        account: AccountId,
        report: &ReportRow,
    ) -> Result<LinkToken, StoreError> {
        let token = LinkToken::new();
        let key = WorkspaceKey::ReportLink(report.report, &token.hash()).into();
        let link = ReportLink {
            account,
            subject: report.subject.clone(),
            created_at: report.created_at,
            expires: report.expires,
        };
        let put = self.0.client().put_item().table_name(self.0.name());
        put.set_item(Some(item("report link", key, &link)?))
            .send()
            .await?;
        Ok(token)
    }

    /// What a token opens of a report at `now`. One read.
    pub async fn open(
        &self,
        report: ReportId,
        token: &LinkToken,
        now: Timestamp,
    ) -> Result<Option<ReportLink>, StoreError> {
        let key = WorkspaceKey::ReportLink(report, &token.hash()).into();
        let found = self.0.get(key, true).await?;
        let found: Option<ReportLink> = found.map(|item| row("report link", item)).transpose()?;
        Ok(found.filter(|link| now.as_second() < link.expires))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_random_and_not_told() {
        let (one, other) = (LinkToken::new(), LinkToken::new());
        assert_ne!(one.reveal(), other.reveal());
        assert_eq!(format!("{one:?}"), "LinkToken");
        let read = LinkToken::parse(one.reveal()).unwrap();
        assert_eq!(read.hash(), one.hash());
    }

    #[test]
    fn what_is_no_token_is_not_looked_up() {
        let token = "0123456789abcdef".repeat(4);
        assert!(LinkToken::parse(&token).is_ok());
        for text in [
            "",
            "x",
            &token.to_uppercase(),
            &token[1..],
            &format!("{token}0"),
            &token.replace('0', "g"),
            &token.replace("0123", "é€"),
        ] {
            assert_eq!(
                LinkToken::parse(text).unwrap_err(),
                LinkTokenError,
                "{text}"
            );
        }
    }
}
