use std::marker::PhantomData;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemOutput};
use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use store::StoreError;
use store::item::{Item, number, text};
use store::keys::WorkspaceKey;
use store::table::Table;
use types::{AccountId, Product, ProfileId, Timestamp, random_bytes};

use crate::Workspace;

/// How often a change starts over when somebody else changed the same profile meanwhile.
const ATTEMPTS: usize = 4;
/// What the attribute of a profile begins with, before its id.
const PROFILE: &str = "p_";
/// What the attribute of a name begins with; it holds the id of the profile that has the name.
const NAME: &str = "n_";
/// The attribute with the random mark of the last removal.
const REMOVED: &str = "last_removal";
/// The attribute with the id of the account's default profile, if it has one.
const DEFAULT: &str = "default_profile";

/// A profile that an account keeps.
///
/// All of an account and product are in one item, an attribute for each profile and one for each name, so that one write's
/// condition sees whether a name is free and whether there is room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProfileRow<P> {
    /// Its id.
    pub id: ProfileId,
    /// What its owner calls it: one line, unlike any other of the account in any case.
    pub name: String,
    /// What it scores by.
    pub profile: P,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Whether it is the account's default. Not part of the profile's own value: the item has the id of the one that is.
    #[serde(skip)]
    pub is_default: bool,
}

/// What became of a change.
#[derive(Clone, Debug, PartialEq)]
pub enum ProfileChange<P> {
    /// It is done; the profile as it is now.
    Done(ProfileRow<P>),
    /// Another profile has the name.
    NameTaken,
    /// The account has as many as it may.
    Full,
    /// There is no such profile.
    NotFound,
}

/// The profiles of one product, each with a content of the product's own.
#[derive(Clone, Debug)]
pub struct Profiles<P> {
    table: Table,
    product: Product,
    contents: PhantomData<fn() -> P>,
}

impl<P: Clone + Serialize + DeserializeOwned> Profiles<P> {
    /// The profiles of a product in this workspace.
    pub fn new(workspace: &Workspace, product: Product) -> Self {
        Self {
            table: workspace.table().clone(),
            product,
            contents: PhantomData,
        }
    }

    /// The profiles of an account, the oldest first.
    pub async fn list(&self, account: AccountId) -> Result<Vec<ProfileRow<P>>, StoreError> {
        let item = self.item(account).await?;
        let named = item.iter().filter(|(name, _)| name.starts_with(PROFILE));
        let mut rows: Vec<ProfileRow<P>> = named
            .filter_map(|(_, value)| value.as_s().ok())
            .map(|json| read(&item, json))
            .collect::<Result<_, _>>()?;
        rows.sort_by_key(|row| row.id);
        Ok(rows)
    }

    /// A profile of this account.
    pub async fn find(
        &self,
        account: AccountId,
        id: ProfileId,
    ) -> Result<Option<ProfileRow<P>>, StoreError> {
        find(&self.item(account).await?, id)
    }

    /// The default profile of this account, if it has one.
    pub async fn find_default(
        &self,
        account: AccountId,
    ) -> Result<Option<ProfileRow<P>>, StoreError> {
        let item = self.item(account).await?;
        let marked = item.get(DEFAULT).and_then(|id| id.as_s().ok());
        let json = marked.and_then(|id| item.get(&format!("{PROFILE}{id}")));
        let json = json.and_then(|value| value.as_s().ok());
        json.map(|json| read(&item, json)).transpose()
    }

    /// Makes a profile the default of its account in place of another, and returns it; none if there is no such profile.
    pub async fn set_default(
        &self,
        account: AccountId,
        id: ProfileId,
    ) -> Result<Option<ProfileRow<P>>, StoreError> {
        let set = self
            .update(account)
            .expression_attribute_names("#profile", format!("{PROFILE}{id}"))
            .condition_expression("attribute_exists(#profile)")
            .update_expression(format!("SET {DEFAULT} = :id"))
            .expression_attribute_values(":id", text(id.to_string()))
            .return_values(ReturnValue::AllNew);
        match written(set.send().await)? {
            Written::Done(item) => find(&item, id),
            Written::Refused(_) => Ok(None),
        }
    }

    /// Leaves the account without a default profile, whether it had one or not.
    pub async fn clear_default(&self, account: AccountId) -> Result<(), StoreError> {
        let clear = self
            .update(account)
            .condition_expression(format!("attribute_exists({DEFAULT})"))
            .update_expression(format!("REMOVE {DEFAULT}"));
        written(clear.send().await)?;
        Ok(())
    }

    /// Adds a profile, if its name is free and the account has less than `most`. One of the same id was made by an earlier
    /// run of the same request, and is returned as it is.
    pub async fn add(
        &self,
        account: AccountId,
        new: ProfileRow<P>,
        most: u64,
    ) -> Result<ProfileChange<P>, StoreError> {
        let added = self
            .change(account, new.id, &new.name)
            .condition_expression(
                "attribute_not_exists(#profile) AND attribute_not_exists(#name) \
                 AND (attribute_not_exists(held) OR held < :most)",
            )
            .update_expression("SET #profile = :profile, #name = :id ADD held :one")
            .expression_attribute_values(":profile", text(write(&new)?))
            .expression_attribute_values(":id", text(new.id.to_string()))
            .expression_attribute_values(":most", number(most))
            .expression_attribute_values(":one", number(1))
            .send()
            .await;
        let Written::Refused(seen) = written(added)? else {
            return Ok(ProfileChange::Done(new));
        };
        Ok(match find(&seen, new.id)? {
            Some(made) => ProfileChange::Done(made),
            None if seen.contains_key(&name_attribute(&new.name)) => ProfileChange::NameTaken,
            None => ProfileChange::Full,
        })
    }

    /// Gives a profile another name and content.
    pub async fn replace(
        &self,
        account: AccountId,
        id: ProfileId,
        (name, profile): (&str, &P),
        now: Timestamp,
    ) -> Result<ProfileChange<P>, StoreError> {
        for _ in 0..ATTEMPTS {
            let Some(old) = self.find(account, id).await? else {
                return Ok(ProfileChange::NotFound);
            };
            let new = ProfileRow {
                name: name.to_owned(),
                profile: profile.clone(),
                updated_at: now,
                ..old.clone()
            };
            let (taken, given) = (name_attribute(name), name_attribute(&old.name));
            let own = text(id.to_string());
            let change = self
                .change(account, id, &old.name)
                .return_values(ReturnValue::AllNew)
                .expression_attribute_values(":profile", text(write(&new)?))
                .expression_attribute_values(":id", own.clone());
            let change = if taken == given {
                change
                    .condition_expression("#name = :id")
                    .update_expression("SET #profile = :profile")
            } else {
                change
                    .expression_attribute_names("#new", &taken)
                    .condition_expression("#name = :id AND attribute_not_exists(#new)")
                    .update_expression("SET #profile = :profile, #new = :id REMOVE #name")
            };
            match written(change.send().await)? {
                Written::Done(item) => {
                    let is_default = is_default(&item, id);
                    return Ok(ProfileChange::Done(ProfileRow { is_default, ..new }));
                }
                Written::Refused(seen) if seen.get(&taken).is_some_and(|holder| *holder != own) => {
                    return Ok(ProfileChange::NameTaken);
                }
                // It was renamed or removed between the two calls, or renamed by this one and the response was lost.
                Written::Refused(_) => {}
            }
        }
        Err(StoreError::Throttled(
            "the same profile is being changed by many".into(),
        ))
    }

    /// Removes a profile, and the mark if it is the default; returns whether there was one. A repetition after a lost response recognises the first request by the
    /// mark that it has left.
    pub async fn remove(&self, account: AccountId, id: ProfileId) -> Result<bool, StoreError> {
        for _ in 0..ATTEMPTS {
            let Some(old) = self.find(account, id).await? else {
                return Ok(false);
            };
            let mark = number(u64::from_be_bytes(random_bytes()));
            // One write cannot remove the mark only if it is this profile's, so it holds if the mark is as it was read.
            let (is_as_read, and_the_mark) = if old.is_default {
                (format!("{DEFAULT} = :id"), format!(", {DEFAULT}"))
            } else {
                let other = format!("(attribute_not_exists({DEFAULT}) OR {DEFAULT} <> :id)");
                (other, String::new())
            };
            let removed = self
                .change(account, id, &old.name)
                .condition_expression(format!("#name = :id AND {is_as_read}"))
                .update_expression(format!(
                    "SET {REMOVED} = :mark REMOVE #profile, #name{and_the_mark} ADD held :minus"
                ))
                .expression_attribute_values(":mark", mark.clone())
                .expression_attribute_values(":id", text(id.to_string()))
                .expression_attribute_values(":minus", number(-1))
                .send()
                .await;
            match written(removed)? {
                Written::Refused(seen) if seen.get(REMOVED) != Some(&mark) => {}
                _ => return Ok(true),
            }
        }
        Err(StoreError::Throttled(
            "the same profile is being changed by many".into(),
        ))
    }

    async fn item(&self, account: AccountId) -> Result<Item, StoreError> {
        let key = WorkspaceKey::Profiles(account, self.product).into();
        Ok(self.table.get(key, true).await?.unwrap_or_default())
    }

    /// A change of the item of all profiles, to be completed, that names a profile and its name.
    fn change(&self, account: AccountId, id: ProfileId, name: &str) -> UpdateItemFluentBuilder {
        self.update(account)
            .expression_attribute_names("#profile", format!("{PROFILE}{id}"))
            .expression_attribute_names("#name", name_attribute(name))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
    }

    fn update(&self, account: AccountId) -> UpdateItemFluentBuilder {
        self.table
            .update(WorkspaceKey::Profiles(account, self.product))
    }
}

fn name_attribute(name: &str) -> String {
    format!("{NAME}{}", name.to_lowercase())
}

fn find<P: DeserializeOwned>(
    item: &Item,
    id: ProfileId,
) -> Result<Option<ProfileRow<P>>, StoreError> {
    let json = item.get(&format!("{PROFILE}{id}"));
    let json = json.and_then(|value| value.as_s().ok());
    json.map(|json| read(item, json)).transpose()
}

fn is_default(item: &Item, id: ProfileId) -> bool {
    let marked = item.get(DEFAULT).and_then(|marked| marked.as_s().ok());
    marked.is_some_and(|marked| *marked == id.to_string())
}

/// As text, so that a profile is replaced as one value.
fn write<P: Serialize>(row: &ProfileRow<P>) -> Result<String, StoreError> {
    serde_json::to_string(row).map_err(|error| StoreError::malformed("profile", error))
}

/// A profile of an item, which has the mark of the default.
fn read<P: DeserializeOwned>(item: &Item, json: &str) -> Result<ProfileRow<P>, StoreError> {
    let row: ProfileRow<P> =
        serde_json::from_str(json).map_err(|error| StoreError::malformed("profile", error))?;
    let is_default = is_default(item, row.id);
    Ok(ProfileRow { is_default, ..row })
}

/// What a conditional change came to.
enum Written {
    /// It is done; the item as it is now, if that was asked for.
    Done(Item),
    /// The condition did not hold; the item as it was, if that was asked for.
    Refused(Item),
}

fn written(
    answer: Result<UpdateItemOutput, SdkError<UpdateItemError>>,
) -> Result<Written, StoreError> {
    let error = match answer {
        Ok(done) => return Ok(Written::Done(done.attributes.unwrap_or_default())),
        Err(error) => error,
    };
    match error.as_service_error() {
        Some(UpdateItemError::ConditionalCheckFailedException(refused)) => Ok(Written::Refused(
            refused.item().cloned().unwrap_or_default(),
        )),
        _ => Err(error.into()),
    }
}
