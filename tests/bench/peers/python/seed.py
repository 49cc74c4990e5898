"""Creates the tables at AWS_ENDPOINT_URL with one account, one key and one kept score; prints how to call it."""

import argparse
import hashlib
import json
import secrets
import time
from pathlib import Path

import boto3
import zae_limiter
from zae_limiter import SyncRateLimiter, SyncRepository
from zae_limiter.schema import get_table_definition
from zae_limiter.version import get_schema_version

from minute import RESOURCE, minute_limit

SCORE = json.loads((Path(__file__).parent.parent / "score.json").read_text(encoding="utf-8"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minute-limit", type=int, default=1_000_000)
    parser.add_argument("--month-limit", type=int, help="default: none")
    parser.add_argument("--credits", type=int, default=1_000_000_000)
    parser.add_argument("--scope", default="read")
    options = parser.parse_args()

    stack = f"peer-python-{secrets.token_hex(3)}"
    accounts, intel = f"{stack}-accounts", f"{stack}-intel"
    dynamodb = boto3.client("dynamodb")
    for table in (accounts, intel):
        create_table(dynamodb, table)

    secret, key = f"iq_live_sk_{secrets.token_hex(16)}", f"key_{secrets.token_hex(8)}"
    meter = {
        "pk": {"S": "ACCT#acct_1"},
        "sk": {"S": "METER#intent"},
        "plan": {"S": "scale"},
        "credits": {"N": str(options.credits)},
        "active": {"SS": [key]},
    }
    if options.month_limit is not None:
        meter["month_limit"] = {"N": str(options.month_limit)}
    row = {
        "pk": {"S": f"KEY#{hashlib.sha256(secret.encode()).hexdigest()}"},
        "sk": {"S": "KEY"},
        "account": {"S": "acct_1"},
        "product": {"S": "intent"},
        "key": {"S": key},
        "scopes": {"SS": [options.scope]},
        "minute_limit": {"N": str(options.minute_limit)},
    }
    score = {
        "pk": {"S": f"COMPANY#{SCORE['domain']}"},
        "sk": {"S": "SCORE"},
        "body": {"S": json.dumps(SCORE, separators=(",", ":"), ensure_ascii=False)},
        "valid_until": {"N": str(int(time.time()) + 24 * 3600)},
    }
    for table, item in ((accounts, meter), (accounts, row), (intel, score)):
        dynamodb.put_item(TableName=table, Item=item)
    create_limiter(dynamodb, stack).set_limits(key, [minute_limit(options.minute_limit)], resource=RESOURCE)

    env = {"ACCOUNTS_TABLE": accounts, "INTEL_TABLE": intel, "ZAEL_STACK": stack}
    print(json.dumps({"key": secret, "domain": SCORE["domain"], "env": env}))


def create_table(dynamodb, name: str) -> None:
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
    )
    dynamodb.get_waiter("table_exists").wait(TableName=name)


def create_limiter(dynamodb, stack: str) -> SyncRateLimiter:
    """The limiter's own table, without the CloudFormation stack around it, ready for `SyncRepository.connect`.

    The stack's Lambdas only aggregate usage. The library asks for them in the version record all the same before it
    takes a limit with a window, so the record says what it would say if they were deployed with this version.
    """
    dynamodb.create_table(**get_table_definition(stack))
    dynamodb.get_waiter("table_exists").wait(TableName=stack)
    repository = SyncRepository.open(stack=stack, auto_update=False)
    repository.set_version_record(schema_version=get_schema_version(), lambda_version=zae_limiter.__version__)
    return SyncRateLimiter(repository=SyncRepository.connect(stack=stack))


if __name__ == "__main__":
    main()
