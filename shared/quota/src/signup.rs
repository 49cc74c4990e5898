use accounts::{
    Accounts, Actor, AuditAction, GrantSource, NewAccount, NewGrant, NewProduct, SubjectRow,
};
use auth::ChangedBy;
use store::{AddressHash, StoreError, SubjectHash};
use types::{AccountId, Credits, KeyId, Product, RequestId, Timestamp};

use crate::{Plan, PlanError};

/// The plan and the credits of a new user on each product.
const INITIAL_PLANS: [(Product, &str, i64); 4] = [
    (Product::Intent, "free", 50),
    (Product::Leads, "free", 50),
    (Product::Liquidity, "observer", 0),
    (Product::Portal, "free", 0),
];

/// How long the credits of a new user are valid, in seconds.
const CREDITS_LIFETIME: i64 = 90 * 86_400;

/// Why a user gets the welcome credits.
#[derive(Clone, Debug)]
pub enum Welcome {
    /// No token of the user has named an address that the issuer has verified: there are none yet.
    NotYet,
    /// As the owner of a verified address, who gets them once.
    Owner(AddressHash),
    /// As any user of this deployment.
    AnyUser,
}

impl Welcome {
    /// Whether they are to be given.
    pub const fn is_due(&self) -> bool {
        !matches!(self, Self::NotYet)
    }

    const fn address(&self) -> Option<&AddressHash> {
        match self {
            Self::Owner(address) => Some(address),
            Self::NotYet | Self::AnyUser => None,
        }
    }
}

/// Opens the account of a user who is seen for the first time: every product, on its free plan, with the welcome credits if
/// they are due.
///
/// Of parallel first calls one opens the account, and all of them return it. Whether its credits are still due is in the row
/// that is returned.
pub async fn open_account(
    accounts: &Accounts,
    user: &SubjectHash,
    welcome: &Welcome,
    request: RequestId,
    now: Timestamp,
) -> Result<SubjectRow, StoreError> {
    let subject = SubjectRow {
        account: AccountId::new(now),
        key: KeyId::new(now),
        created_at: now,
        welcome_due: !welcome.is_due(),
    };
    let new = (user, subject, request);
    match open(accounts, new, welcome.is_due(), welcome.address()).await {
        Err(StoreError::Conflict) => {}
        opened => return opened.map(|()| subject),
    }
    if let Some(first) = accounts.find_subject(user).await? {
        return Ok(first);
    }
    // Nobody was first: the owner of the address had the credits, with another account.
    match open(accounts, new, false, None).await {
        Ok(()) => Ok(subject),
        Err(StoreError::Conflict) => {
            let first = accounts.find_subject(user).await?;
            first.ok_or(StoreError::Conflict)
        }
        Err(error) => Err(error),
    }
}

/// Gives an account the welcome credits that it still lacks, once, and returns its user's row as it then is.
pub async fn give_welcome(
    accounts: &Accounts,
    user: &SubjectHash,
    welcome: &Welcome,
    now: Timestamp,
) -> Result<SubjectRow, StoreError> {
    let given: Vec<(Product, NewGrant)> = INITIAL_PLANS
        .into_iter()
        .filter_map(|(product, _, credits)| Some((product, welcome_grant(credits, now)?)))
        .collect();
    let address = welcome.address();
    accounts.give_welcome(user, address, &given, now).await
}

async fn open(
    accounts: &Accounts,
    (user, subject, request): (&SubjectHash, SubjectRow, RequestId),
    with_credits: bool,
    welcomed: Option<&AddressHash>,
) -> Result<(), StoreError> {
    let now = subject.created_at;
    let products =
        products(with_credits, now).map_err(|error| StoreError::malformed("plan", error))?;
    let by = ChangedBy {
        actor: Actor::Session(subject.key),
        now,
        request: Some(request),
    };
    let account = NewAccount {
        name: "opened by its user",
        products: &products,
        audit: by.entry(
            AuditAction::AccountCreate,
            subject.account.to_string(),
            String::new(),
        ),
    };
    accounts
        .open_account(user, subject, welcomed, &account)
        .await
}

fn products(with_credits: bool, now: Timestamp) -> Result<Vec<NewProduct<'static>>, PlanError> {
    let open = |(product, plan, credits)| {
        let welcome = welcome_grant(credits, now);
        Ok(NewProduct {
            product,
            meter: Plan::named(product, plan)?.meter(),
            welcome: welcome.filter(|_| with_credits),
        })
    };
    INITIAL_PLANS.into_iter().map(open).collect()
}

/// The welcome credits of a product, if it has any.
fn welcome_grant(credits: i64, now: Timestamp) -> Option<NewGrant> {
    (credits > 0).then(|| NewGrant {
        expires_at: Timestamp::from_second(now.as_second() + CREDITS_LIFETIME).ok(),
        source: GrantSource::Welcome,
        ..NewGrant::of(Credits::whole(credits), "welcome", now)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_product_has_an_initial_plan() {
        let products = products(true, Timestamp::UNIX_EPOCH).unwrap();
        let opened: Vec<Product> = products.iter().map(|new| new.product).collect();
        assert_eq!(opened, Product::ALL);
    }
}
