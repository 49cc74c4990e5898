use std::fmt::Write as _;

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};
use store::StoreError;
use store::item::{Item, number};
use store::retry::{at_most_once, may_have_been_applied};
use types::{Timestamp, random_bytes};

/// The attributes with the tokens of an item's last counting writes, the newest first.
const TOKENS: [&str; 4] = ["t1", "t2", "t3", "t4"];

/// Moves the tokens on by one. All that is read is read before anything is written.
const MOVE_ON: &str = "SET t4=t3,t3=t2,t2=t1,t1=:token";

/// The same of an item that may not be there yet, or not have tokens.
const MOVE_ON_OR_BEGIN: &str = "SET t4 = if_not_exists(t3, :never), t3 = if_not_exists(t2, :never), \
    t2 = if_not_exists(t1, :never), t1 = :token";

/// The write was not repeated.
const NO_MARK: &str = " AND attribute_not_exists(#mark)";

/// How late a request can be applied, in seconds: AWS refuses a signature that is more than five minutes old, and clocks may
/// differ by a minute.
pub(crate) const LATEST: i64 = 15 * 60;

/// Tokens a second.
const A_SECOND: u64 = 10_000_000;

/// Identifies one counting write, and says when it was made: a number whose last seven digits are random, and the others
/// the second. As a number it takes ten bytes of the item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct WriteToken(u64);

/// A write that adds to counters of an item, and is applied at most once although its response may be lost.
///
/// `ADD` applied twice counts twice, so after a lost response the write may be sent again only if it is known not to have been
/// applied. The item says so: it keeps the tokens of its last four counting writes.
///
/// * The token is among them: the write was applied.
/// * It is not, and a token of before the write was sent still is: it was not applied, as all writes since are there.
/// * Neither: nobody knows, and the write is not repeated.
///
/// The repetition carries this as its condition, so nothing can happen in between. It also leaves the mark `x<token>`, which
/// refuses the first request, should that arrive still later, and a further repetition.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CountingWrite {
    token: WriteToken,
    /// The newest token that was seen on the item.
    seen: Option<WriteToken>,
    now: Timestamp,
    /// Whether the item is made by its first counting write.
    may_begin: bool,
}

/// What became of a counting write, with the item that DynamoDB returned.
#[derive(Debug)]
pub(crate) enum Counted {
    /// It was applied. The item may be that of a later moment.
    Yes(Item),
    /// Its condition did not hold. No item if there is none.
    No(Option<Item>),
}

impl WriteToken {
    fn new(now: Timestamp) -> Self {
        let random = u64::from_be_bytes(random_bytes()) % A_SECOND;
        Self(Self::first_of(now.as_second()).0 + random)
    }

    fn first_of(second: i64) -> Self {
        Self(u64::try_from(second).unwrap_or(0) * A_SECOND)
    }

    pub(crate) fn read(value: &AttributeValue) -> Option<Self> {
        value.as_n().ok()?.parse().ok().map(Self)
    }

    fn value(self) -> AttributeValue {
        number(self.0)
    }
}

/// The attributes of a new item that is counted on.
pub(crate) fn no_tokens() -> impl Iterator<Item = (String, AttributeValue)> {
    TOKENS.map(|name| (name.to_owned(), number(0))).into_iter()
}

/// Whether an attribute is the mark that a repetition has left.
pub(crate) fn is_mark(attribute: &str) -> bool {
    let digits = attribute.strip_prefix('x').unwrap_or_default();
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

impl CountingWrite {
    /// A write that is made at `now`. `seen` is [`crate::Meter::last_write`] of the item when it was seen last.
    pub(crate) fn new(now: Timestamp, seen: Option<WriteToken>) -> Self {
        Self {
            token: WriteToken::new(now),
            seen,
            now,
            may_begin: false,
        }
    }

    /// The same of an item that its first counting write makes, without having seen it.
    pub(crate) fn on_any(now: Timestamp) -> Self {
        Self {
            may_begin: true,
            ..Self::new(now, None)
        }
    }

    /// Sends the write under `condition`: `update` follows a `SET` clause, so it begins with a comma, or with a blank and another
    /// clause. `request` makes the request with their names and values.
    ///
    /// One round trip; a second one if the response to the first is lost.
    pub(crate) async fn send(
        &self,
        request: impl Fn() -> UpdateItemFluentBuilder,
        update: &str,
        condition: &str,
    ) -> Result<Counted, StoreError> {
        let first = self
            .prepare(request())
            .update_expression([self.move_on(), update].concat())
            .condition_expression([condition, NO_MARK].concat());
        let lost = match at_most_once(first).await {
            Ok(output) => return Ok(Counted::Yes(output.attributes.unwrap_or_default())),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(refused)) => {
                    return Ok(Counted::No(refused.item().cloned()));
                }
                _ if may_have_been_applied(&error) => error,
                _ => return Err(error.into()),
            },
        };
        let again = self.repetition(request(), update, condition);
        match again.send().await {
            Ok(output) => Ok(Counted::Yes(output.attributes.unwrap_or_default())),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(refused)) => self
                    .outcome(refused.item().cloned())
                    .ok_or_else(|| lost.into()),
                _ => Err(lost.into()),
            },
        }
    }

    const fn move_on(&self) -> &'static str {
        if self.may_begin {
            MOVE_ON_OR_BEGIN
        } else {
            MOVE_ON
        }
    }

    fn prepare(&self, request: UpdateItemFluentBuilder) -> UpdateItemFluentBuilder {
        let request = if self.may_begin {
            request.expression_attribute_values(":never", number(0))
        } else {
            request
        };
        request
            .expression_attribute_names("#mark", self.mark())
            .expression_attribute_values(":token", self.token.value())
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
    }

    /// The same write, which is applied only if the item proves that the first request was not, and only once.
    fn repetition(
        &self,
        request: UpdateItemFluentBuilder,
        update: &str,
        condition: &str,
    ) -> UpdateItemFluentBuilder {
        let mut proven = [condition, NO_MARK, " AND "].concat();
        // An item without tokens has had no counting write.
        if self.may_begin {
            proven.push_str("(attribute_not_exists(t1) OR (");
        }
        for name in TOKENS {
            let _ = write!(proven, "{name} <> :token AND ");
        }
        proven.push_str("(t4 < :before");
        if self.seen.is_some() {
            for name in TOKENS {
                let _ = write!(proven, " OR {name} = :seen");
            }
        }
        // DynamoDB refuses parentheses around what has some already.
        proven.push_str(if self.may_begin { ")))" } else { ")" });
        let request = self
            .prepare(request)
            .update_expression(format!("{}, #mark=:at{update}", self.move_on()))
            .condition_expression(proven)
            .expression_attribute_values(":at", number(self.now.as_second()))
            .expression_attribute_values(":before", self.before().value());
        match self.seen {
            Some(seen) => request.expression_attribute_values(":seen", seen.value()),
            None => request,
        }
    }

    /// What the item that refused the repetition says; none if it proves nothing.
    fn outcome(&self, item: Option<Item>) -> Option<Counted> {
        let Some(item) = item else {
            return Some(Counted::No(None));
        };
        let tokens = TOKENS.map(|name| {
            item.get(name)
                .and_then(WriteToken::read)
                .unwrap_or_default()
        });
        if item.contains_key(&self.mark()) || tokens.contains(&self.token) {
            return Some(Counted::Yes(item));
        }
        let [.., oldest] = tokens;
        let was_there = self.seen.is_some_and(|seen| tokens.contains(&seen));
        (was_there || oldest < self.before()).then_some(Counted::No(Some(item)))
    }

    /// A token that is less than this one was written before the write was sent, however late it arrived.
    fn before(&self) -> WriteToken {
        WriteToken::first_of(self.now.as_second() - LATEST)
    }

    fn mark(&self) -> String {
        format!("x{}", self.token.0)
    }
}
