use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use store::StoreError;
use store::item::{number, text};
use store::table::part;
use types::Timestamp;

use crate::{Deliveries, DeliveryRow, DeliveryState, MonthLimit, Trigger};

const CHANGE: &str = "SET #state = :pending, made_before = made, due_at = :now, #trigger = :manual, resent_by = :call, put_off = :next \
     REMOVE has_turn";
/// A repetition after a lost response does not take itself for another call.
const CONDITION: &str = "resent_by = :call \
     OR (made = :made AND put_off = :put_off AND (#state <> :sending OR leased_until < :second))";

/// What became of a delivery that was to be sent again.
#[derive(Clone, Debug, PartialEq)]
pub enum Resent {
    /// It is due now.
    Yes(Box<DeliveryRow>),
    /// It is being attempted, or was meanwhile.
    Busy,
    /// It is held, and the present month has no room for it.
    Full,
}

impl Deliveries {
    /// Makes a delivery due now, with a schedule that begins anew; the row says by which call. One that is held is counted in the
    /// present month, if that has a limit. One write; a transaction for one that is held.
    pub async fn resend(
        &self,
        before: &DeliveryRow,
        call: &str,
        month: Option<&MonthLimit>,
        now: Timestamp,
    ) -> Result<Resent, StoreError> {
        let names = [("#state", "state"), ("#trigger", "trigger")];
        let names: HashMap<String, String> = names
            .map(|(short, name)| (short.to_owned(), name.to_owned()))
            .into();
        let values: HashMap<String, AttributeValue> = [
            (":pending", text(DeliveryState::Pending.as_str())),
            (":now", text(now.to_string())),
            (":manual", text("manual")),
            (":call", text(call)),
            (":next", number(before.put_off + 1)),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        let is_held = before.state == DeliveryState::Held;
        let written = if let Some(month) = month.filter(|_| is_held) {
            let update = self.0.change(before.key());
            let update = update
                .update_expression(CHANGE)
                .condition_expression("#state = :held")
                .set_expression_attribute_names(Some(names))
                .set_expression_attribute_values(Some(values))
                .expression_attribute_values(":held", text(DeliveryState::Held.as_str()));
            let writes = vec![part(update)?, month.count_up(&self.0)?];
            self.0.transact(writes).await
        } else {
            let update = self.0.update(before.key());
            let written = update
                .update_expression(CHANGE)
                .condition_expression(CONDITION)
                .set_expression_attribute_names(Some(names))
                .set_expression_attribute_values(Some(values))
                .expression_attribute_values(":made", number(before.made))
                .expression_attribute_values(":put_off", number(before.put_off))
                .expression_attribute_values(":sending", text(DeliveryState::Sending.as_str()))
                .expression_attribute_values(":second", number(now.as_second()))
                .send()
                .await;
            written.map(|_| ()).map_err(StoreError::from)
        };
        match written {
            Ok(()) => Ok(Resent::Yes(Box::new(DeliveryRow {
                state: DeliveryState::Pending,
                made_before: before.made,
                due_at: now,
                trigger: Trigger::Manual,
                resent_by: Some(call.to_owned()),
                put_off: before.put_off + 1,
                has_turn: false,
                ..before.clone()
            }))),
            Err(StoreError::Conflict) if is_held => {
                let found = self.find(before.account, before.webhook, before.delivery);
                Ok(match found.await? {
                    Some(row) if row.resent_by.as_deref() == Some(call) => {
                        Resent::Yes(Box::new(row))
                    }
                    Some(row) if row.state == DeliveryState::Held => Resent::Full,
                    _ => Resent::Busy,
                })
            }
            Err(StoreError::Conflict) => Ok(Resent::Busy),
            Err(error) => Err(error),
        }
    }
}
