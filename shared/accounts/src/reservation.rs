use aws_sdk_dynamodb::types::TransactWriteItem;
use store::StoreError;
use store::item::number;
use store::keys::AccountsKey;
use store::table::part;
use types::{AccountId, Credits, Product, Timestamp};

use crate::burn::reserve;
use crate::settlement::{Beside, SAME_GRANTS, settled};
use crate::{Accounts, Entry, GrantPart, Meter};

/// Credits to set aside for a job.
#[derive(Clone, Debug)]
pub struct Reservation {
    /// What is taken of which grant, in burn order.
    pub parts: Vec<GrantPart>,
    /// The parts of the transaction that take it and one of the job slots. They fail if the grants were written since, the
    /// balance does not reach any more, or the slots are taken.
    pub writes: Vec<TransactWriteItem>,
}

/// The end of a job's reservation.
#[derive(Clone, Copy, Debug)]
pub struct Return<'a> {
    /// What was set aside, in burn order; nothing for a job from before this was kept.
    pub parts: &'a [GrantPart],
    /// How much that was.
    pub reserved: Credits,
    /// What is kept of it, of those parts first that burn first.
    pub kept: Credits,
}

impl Accounts {
    /// Sets `amount` aside for a job, which is one of at most `max_jobs` unfinished ones: lays what calls have taken upon the
    /// grants, and takes it from what remains. None if that is less. `meter` is read before; one read more.
    pub async fn reservation(
        &self,
        (account, product): (AccountId, Product),
        meter: &Meter,
        (amount, max_jobs): (Credits, u64),
        now: Timestamp,
    ) -> Result<Option<Reservation>, StoreError> {
        let before = self.grants(account, product).await?;
        let mut burnt = settled(meter, &before, now);
        let Some(parts) = reserve(&mut burnt.grants, amount) else {
            return Ok(None);
        };
        let beside = Beside::Reserve(amount, max_jobs);
        let writes = self.settlement(account, product, now, (meter, &before, &burnt), beside)?;
        Ok(Some(Reservation { parts, writes }))
    }

    /// The parts of a transaction that end a job's reservation and free its slot: what is not kept goes back to the grants
    /// that it came from. Of a grant that has ended meanwhile it ends with it, with a ledger entry that says so. They fail if
    /// the grants were written since `meter` was read.
    pub fn return_reservation(
        &self,
        (account, product): (AccountId, Product),
        meter: &Meter,
        ended: &Return<'_>,
        now: Timestamp,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let (mut writes, mut kept) = (Vec::new(), ended.kept.tenths());
        let mut back = (ended.reserved - ended.kept).tenths();
        let mut next = meter.grants_expire;
        for taken in ended.parts {
            let used = kept.min(taken.tenths);
            kept -= used;
            let unused = taken.tenths - used;
            let has_ended = taken.has_ended(now);
            if has_ended && unused > 0 {
                back -= unused;
                let entry = Entry::expired(taken.grant, Credits::from_tenths(unused), now);
                writes.push(self.append(account, product, &entry)?);
            } else if unused > 0 {
                next = next.into_iter().chain(taken.expires_at).min();
            }
            let returned = if has_ended { 0 } else { unused };
            let key = AccountsKey::Grant(account, product, &taken.grant.suffix());
            let update = self
                .0
                .change(key)
                .update_expression(
                    "SET remaining = remaining + :returned, reserved = reserved - :taken",
                )
                .condition_expression("attribute_exists(pk)")
                .expression_attribute_values(":returned", number(returned))
                .expression_attribute_values(":taken", number(taken.tenths));
            writes.push(part(update)?);
        }
        let mut update = self
            .0
            .change(AccountsKey::Meter(account, product))
            .expression_attribute_values(":less", number(-1))
            .expression_attribute_values(":back", number(back));
        let mut set = "ADD jobs_active :less, credits :back".to_owned();
        let mut condition = "attribute_exists(pk)".to_owned();
        if !ended.parts.is_empty() {
            condition = format!("{condition} AND {SAME_GRANTS}");
            set.push_str(" SET grants_rev = :next_rev");
            update = update
                .expression_attribute_values(":rev", number(meter.grants_rev))
                .expression_attribute_values(":next_rev", number(meter.grants_rev + 1))
                .expression_attribute_values(":zero", number(0));
            if let Some(next) = next {
                set.push_str(", grants_expire = :next");
                update = update.expression_attribute_values(":next", number(next.as_second()));
            }
        }
        writes.push(part(
            update
                .update_expression(set)
                .condition_expression(condition),
        )?);
        Ok(writes)
    }
}
