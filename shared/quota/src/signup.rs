use accounts::{
    Accounts, Actor, AuditAction, GrantSource, NewAccount, NewGrant, NewProduct, SubjectRow,
};
use auth::ChangedBy;
use store::{StoreError, SubjectHash};
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

/// Opens the account of a user who is seen for the first time: every product, on its free plan.
///
/// Of parallel first calls one opens the account, and all of them return it.
pub async fn open_account(
    accounts: &Accounts,
    user: &SubjectHash,
    request: RequestId,
    now: Timestamp,
) -> Result<SubjectRow, StoreError> {
    let subject = SubjectRow {
        account: AccountId::new(now),
        key: KeyId::new(now),
        created_at: now,
    };
    let products = products(now).map_err(|error| StoreError::malformed("plan", error))?;
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
    match accounts.open_account(user, subject, &account).await {
        Ok(()) => Ok(subject),
        Err(StoreError::Conflict) => {
            let first = accounts.find_subject(user).await?;
            first.ok_or(StoreError::Conflict)
        }
        Err(error) => Err(error),
    }
}

fn products(now: Timestamp) -> Result<Vec<NewProduct<'static>>, PlanError> {
    let open = |(product, plan, credits)| {
        Ok(NewProduct {
            product,
            meter: Plan::named(product, plan)?.meter(),
            welcome: (credits > 0).then(|| welcome_grant(Credits::whole(credits), now)),
        })
    };
    INITIAL_PLANS.into_iter().map(open).collect()
}

fn welcome_grant(amount: Credits, now: Timestamp) -> NewGrant {
    NewGrant {
        expires_at: Timestamp::from_second(now.as_second() + CREDITS_LIFETIME).ok(),
        source: GrantSource::Welcome,
        ..NewGrant::of(amount, "welcome", now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_product_has_an_initial_plan() {
        let products = products(Timestamp::UNIX_EPOCH).unwrap();
        let opened: Vec<Product> = products.iter().map(|new| new.product).collect();
        assert_eq!(opened, Product::ALL);
    }
}
