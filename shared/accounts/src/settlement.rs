use aws_sdk_dynamodb::types::TransactWriteItem;
use store::StoreError;
use store::item::{Item, item, number, text};
use store::keys::AccountsKey;
use store::table::part;
use types::{AccountId, Credits, GrantId, Product, Timestamp, whole_second};

use crate::burn::{Burnt, burn, returned_until};
use crate::{Accounts, Entry, Grant, GrantSource, Meter, NewGrant};

/// The part of a balance below which it is low, when a grant was added last: a tenth.
const LOW: i64 = 10;

/// What a settlement does beside.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Beside<'a> {
    /// Nothing.
    Nothing,
    /// It adds a grant.
    Give(&'a NewGrant),
    /// It sets credits aside for a job, which takes a slot: fewer than so many jobs must be unfinished.
    Reserve(Credits, u64),
}

/// Lays what was taken upon the grants, with a grant of what is of no other among them.
pub(crate) fn settled(meter: &Meter, before: &[Grant], now: Timestamp) -> Burnt {
    let mut burnt = burn(before.to_vec(), meter.credits, now);
    burnt
        .grants
        .extend(without_grant(meter, burnt.returned, now));
    burnt
}

/// The grants were not written since the meter was read, of which `:rev` is the revision; `:zero` is 0.
pub(crate) const SAME_GRANTS: &str =
    "(grants_rev = :rev OR (attribute_not_exists(grants_rev) AND :rev = :zero))";

impl Accounts {
    /// The one transaction that stores what remains of the grants, removes what has expired, and adds a grant or sets
    /// credits aside.
    ///
    /// It is refused if the grants were written since the meter was read, or if what has expired was spent meanwhile (by
    /// an instance whose clock is behind).
    pub(crate) fn settlement(
        &self,
        account: AccountId,
        product: Product,
        now: Timestamp,
        (meter, before, burnt): (&Meter, &[Grant], &Burnt),
        beside: Beside<'_>,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let mut writes = Vec::new();
        for grant in &burnt.grants {
            match before.iter().find(|known| known.grant == grant.grant) {
                None => writes.push(self.add_grant(account, product, grant)?),
                Some(known) if known == grant => {}
                Some(_) => writes.push(self.set_remaining(account, product, grant)?),
            }
        }
        for (grant, amount) in &burnt.expired {
            let entry = Entry::expired(*grant, *amount, now);
            writes.push(self.append(account, product, &entry)?);
        }
        let mut added = None;
        if let Beside::Give(new) = beside {
            let grant = added.insert(new.row(now));
            writes.push(self.add_grant(account, product, grant)?);
            writes.push(self.append(account, product, &new.entry(now))?);
            if let Some(audit) = &new.audit {
                writes.push(self.audit_part(account, audit)?);
            }
        }
        let held = burnt.grants.iter().chain(&added);
        let open = held.filter(|grant| grant.remaining > 0);
        let next = open.filter_map(|grant| grant.expires_at).min();
        writes.push(self.set_grants((account, product), meter, burnt, next, beside)?);
        Ok(writes)
    }

    /// A product's first grant, as it comes with its meter: its row, its ledger entry, and what the meter says of it.
    pub(crate) fn first_grant(
        &self,
        account: AccountId,
        product: Product,
        (meter, new): (&mut Item, &NewGrant),
        now: Timestamp,
    ) -> Result<[TransactWriteItem; 2], StoreError> {
        let grant = new.row(now);
        meter.insert("credits".to_owned(), number(grant.tenths));
        meter.insert("low_at".to_owned(), number(grant.tenths / LOW));
        meter.insert("low_of".to_owned(), text(grant.grant.tag()));
        meter.insert("grants_rev".to_owned(), number(1));
        if let Some(end) = grant.expires_at {
            meter.insert("grants_expire".to_owned(), number(end.as_second()));
        }
        Ok([
            self.add_grant(account, product, &grant)?,
            self.append(account, product, &new.entry(now))?,
        ])
    }

    fn add_grant(
        &self,
        account: AccountId,
        product: Product,
        grant: &Grant,
    ) -> Result<TransactWriteItem, StoreError> {
        let key = AccountsKey::Grant(account, product, &grant.grant.suffix());
        self.0.creation(item("grant", key.into(), grant)?)
    }

    fn set_remaining(
        &self,
        account: AccountId,
        product: Product,
        grant: &Grant,
    ) -> Result<TransactWriteItem, StoreError> {
        let key = AccountsKey::Grant(account, product, &grant.grant.suffix());
        let update = self
            .0
            .change(key)
            .update_expression("SET remaining = :remaining, reserved = :reserved")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":reserved", number(grant.reserved))
            .expression_attribute_values(":remaining", number(grant.remaining));
        part(update)
    }

    /// The meter's part: the balance, when the next grant ends, and the revision that fences all of it.
    fn set_grants(
        &self,
        (account, product): (AccountId, Product),
        meter: &Meter,
        burnt: &Burnt,
        next: Option<Timestamp>,
        beside: Beside<'_>,
    ) -> Result<TransactWriteItem, StoreError> {
        let expired = burnt.gone();
        let (given, taken) = match beside {
            Beside::Nothing => (Credits::ZERO, expired),
            Beside::Give(new) => (new.amount, expired),
            Beside::Reserve(amount, _) => (Credits::ZERO, expired + amount),
        };
        let mut condition = format!("credits >= :taken AND {SAME_GRANTS}");
        let mut set = "SET grants_rev = :next_rev".to_owned();
        let mut update = self
            .0
            .change(AccountsKey::Meter(account, product))
            .expression_attribute_values(":rev", number(meter.grants_rev))
            .expression_attribute_values(":next_rev", number(meter.grants_rev + 1))
            .expression_attribute_values(":zero", number(0))
            .expression_attribute_values(":taken", number(taken.tenths()))
            .expression_attribute_values(":change", number((given - taken).tenths()));
        if let Beside::Give(new) = beside {
            let balance = meter.credits + given - expired;
            set.push_str(", low_at = :low, low_of = :of");
            update = update
                .expression_attribute_values(":low", number(balance.tenths() / LOW))
                .expression_attribute_values(":of", text(new.grant.tag()));
        }
        if let Some(next) = next {
            set.push_str(", grants_expire = :next");
            update = update.expression_attribute_values(":next", number(next.as_second()));
        } else {
            set.push_str(" REMOVE grants_expire");
        }
        set.push_str(" ADD credits :change");
        if let Beside::Reserve(_, max_jobs) = beside {
            condition.push_str(" AND jobs_active < :max AND attribute_not_exists(suspended)");
            set.push_str(", jobs_active :one");
            update = update
                .expression_attribute_values(":max", number(max_jobs))
                .expression_attribute_values(":one", number(1));
        }
        part(
            update
                .update_expression(set)
                .condition_expression(condition),
        )
    }
}

/// The grant of what is in the balance and of no other. It came back after its own had expired, and expires too; on a meter
/// whose grants were never written it was there before there were any, and is kept.
fn without_grant(meter: &Meter, amount: Credits, now: Timestamp) -> Option<Grant> {
    let is_first = meter.grants_rev == 0;
    (amount > Credits::ZERO).then(|| Grant {
        grant: GrantId::new(now),
        tenths: amount.tenths(),
        remaining: amount.tenths(),
        reserved: 0,
        priority: 50,
        expires_at: (!is_first).then(|| whole_second(returned_until(now))),
        source: GrantSource::Returned,
        created_at: whole_second(now),
    })
}
