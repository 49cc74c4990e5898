"""Keys, months and credits: the table `ACCOUNTS_TABLE`."""

import hashlib
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from http import HTTPStatus

from dynamo import dynamodb
from errors import ApiError, limit_reached, unauthorized

TABLE = os.environ["ACCOUNTS_TABLE"]


@dataclass(frozen=True, slots=True)
class Key:
    """What an API key stands for. The row never changes, so that an instance may remember it."""

    account: str
    product: str
    id: str
    scopes: frozenset[str]
    minute_limit: int


class UnknownKey(Exception):
    """No such key; raised, so that `lru_cache` does not remember it."""


def authenticate(authorization: str | None) -> Key:
    """The key in `Authorization: Bearer …`: one read the first time, none later."""
    scheme, _, secret = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise unauthorized("key_missing", 'send your API key as "Authorization: Bearer iq_live_sk_…"')
    try:
        return find_key(hashlib.sha256(secret.strip().encode()).hexdigest())
    except UnknownKey:
        raise unauthorized("key_unknown", "this API key is not known") from None


@lru_cache(maxsize=4096)
def find_key(digest: str) -> Key:
    found = dynamodb.get_item(
        TableName=TABLE, Key={"pk": {"S": f"KEY#{digest}"}, "sk": {"S": "KEY"}}, ConsistentRead=True
    )
    if "Item" not in found:
        raise UnknownKey
    row = found["Item"]
    return Key(
        account=row["account"]["S"],
        product=row["product"]["S"],
        id=row["key"]["S"],
        scopes=frozenset(row["scopes"]["SS"]),
        minute_limit=int(row["minute_limit"]["N"]),
    )


def charge(key: Key, price: int) -> None:
    """Counts the call in the account's month and takes its credits: one conditional write."""
    now = datetime.now(UTC)
    try:
        dynamodb.update_item(
            TableName=TABLE,
            Key={"pk": {"S": f"ACCT#{key.account}"}, "sk": {"S": f"METER#{key.product}"}},
            UpdateExpression="ADD #month :one, credits :minus",
            ConditionExpression=(
                "contains(active, :key) AND credits >= :price AND "
                "(attribute_not_exists(month_limit) OR attribute_not_exists(#month) OR #month < month_limit)"
            ),
            ExpressionAttributeNames={"#month": month_attribute(now)},
            ExpressionAttributeValues={
                ":one": {"N": "1"},
                ":price": {"N": str(price)},
                ":minus": {"N": str(-price)},
                ":key": {"S": key.id},
            },
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except dynamodb.exceptions.ConditionalCheckFailedException as error:
        raise refusal(error.response.get("Item", {}), key, price, now) from None


def refusal(meter: dict, key: Key, price: int, now: datetime) -> ApiError:
    """Why the meter did not take the call, read off the item that refused."""
    if key.id not in meter.get("active", {}).get("SS", []):
        return unauthorized("key_revoked", "this API key was revoked; use another, or issue a new one")
    used = int(meter.get(month_attribute(now), {}).get("N", 0))
    if "month_limit" in meter and used >= (limit := int(meter["month_limit"]["N"])):
        return limit_reached("monthly", limit, "month", seconds_to_next_month(now))
    balance = int(meter["credits"]["N"])
    return ApiError(
        HTTPStatus.PAYMENT_REQUIRED,
        "INSUFFICIENT_CREDITS",
        f"not enough credits: {price} needed, {balance} left; top up to continue",
        required=price,
        balance=balance,
    )


def month_attribute(now: datetime) -> str:
    return f"m{now:%Y%m}"


def seconds_to_next_month(now: datetime) -> int:
    year, month = divmod(now.year * 12 + now.month, 12)
    return int(datetime(year, month + 1, 1, tzinfo=UTC).timestamp() - now.timestamp()) + 1
