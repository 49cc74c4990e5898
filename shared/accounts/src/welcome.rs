use aws_sdk_dynamodb::types::TransactWriteItem;
use store::item::{PrimaryKey, text};
use store::keys::AccountsKey;
use store::table::part;
use store::{AddressHash, StoreError, SubjectHash};
use types::{AccountId, Product, Timestamp};

use crate::grants::{ATTEMPTS, changing};
use crate::{Accounts, NewGrant, SubjectRow};

impl Accounts {
    /// Gives the welcome credits that a user's account still lacks, in one transaction; none if the owner of `address` had
    /// them with another account. Returns the user's row as it then is: nothing is due any more.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if the user has no account.
    pub async fn give_welcome(
        &self,
        user: &SubjectHash,
        address: Option<&AddressHash>,
        given: &[(Product, NewGrant)],
        now: Timestamp,
    ) -> Result<SubjectRow, StoreError> {
        for _ in 0..ATTEMPTS {
            let subject = self.find_subject(user).await?;
            let subject = subject.ok_or(StoreError::Conflict)?;
            if !subject.welcome_due {
                return Ok(subject);
            }
            let writes = self
                .welcome_parts(user, subject.account, address, given, now)
                .await?;
            match self.0.transact(writes).await {
                Ok(()) => {
                    return Ok(SubjectRow {
                        welcome_due: false,
                        ..subject
                    });
                }
                // Given by another, or the grants have changed meanwhile: look again.
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        Err(changing())
    }

    async fn welcome_parts(
        &self,
        user: &SubjectHash,
        account: AccountId,
        address: Option<&AddressHash>,
        given: &[(Product, NewGrant)],
        now: Timestamp,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        // Without a condition: of two at once, the grants of one or the note on the address refuse the other.
        let no_longer_due = self
            .0
            .change(AccountsKey::Subject(user))
            .update_expression("REMOVE welcome_due");
        let mut writes = vec![part(no_longer_due)?];
        if let Some(address) = address {
            let key = AccountsKey::Welcomed(address).into();
            if self.0.get(key, true).await?.is_some() {
                return Ok(writes);
            }
            writes.push(self.welcomed_part(address, account)?);
        }
        for (product, new) in given {
            if let Some(parts) = self.giving(account, *product, new, now).await? {
                writes.extend(parts);
            }
        }
        Ok(writes)
    }

    /// The part of a transaction that says that the owner of an address has the welcome credits; it fails if one had them.
    pub(crate) fn welcomed_part(
        &self,
        address: &AddressHash,
        account: AccountId,
    ) -> Result<TransactWriteItem, StoreError> {
        let key: PrimaryKey = AccountsKey::Welcomed(address).into();
        let mut item = key.into_item();
        item.insert("account".to_owned(), text(account.to_string()));
        self.0.creation(item)
    }
}
