"""Demo account and sample data: created by the operator's command line, and imported through S3 like any other data."""

from __future__ import annotations

import json
import time
import urllib.request
from datetime import date
from pathlib import Path
from typing import Any

from .build import binary
from .deploy import client
from .layout import ROOT, Instance
from .steps import Failure, run

USER = {"username": "demo@example.com", "password": "Demo-user-of-this-machine-1"}
USER_PLAN = "professional"
SAMPLE = "sample.ndjson"
IMPORT_KEY = f"import/{SAMPLE}"
EXAMPLE = "stripe.com"
PROTOCOLS = ROOT / "infra" / "sample" / "protocols.csv"
EXAMPLE_PROTOCOL = "ondo-usdy"
IMPORT_TIMEOUT = 120.0


def demo_keys(instance: Instance) -> dict[str, str]:
    """Create the demo account and one key for each product; return the keys."""
    log = instance.logs / "demo.log"
    printed = _assay(instance, log, "demo")
    try:
        return json.loads(printed)["keys"]
    except (json.JSONDecodeError, KeyError, TypeError):
        raise Failure(f"`assay demo --json` printed no keys; its output is in {log}") from None


def demo_user(instance: Instance, pool: str) -> None:
    """Create the demo user in the stack's user pool. Its address counts as verified, so it gets the welcome credits."""
    cognito = client(instance, "cognito-idp")
    verified = [{"Name": "email", "Value": USER["username"]}, {"Name": "email_verified", "Value": "true"}]
    cognito.admin_create_user(
        UserPoolId=pool, Username=USER["username"], UserAttributes=verified, MessageAction="SUPPRESS"
    )
    cognito.admin_set_user_password(UserPoolId=pool, Username=USER["username"], Password=USER["password"], Permanent=True)


def sign_in(instance: Instance, client_id: str) -> str:
    """Sign the demo user in; return the ID token, which names the verified address and is valid for an hour."""
    response = client(instance, "cognito-idp").initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": USER["username"], "PASSWORD": USER["password"]},
    )
    return response["AuthenticationResult"]["IdToken"]


def lift_demo_user(instance: Instance, token: str) -> str:
    """Put the demo user on a plan of liquidity that has API access, as a new user's has not; return the user's account."""
    request = urllib.request.Request(
        f"{instance.base_url}/api/v1/usage/stats?product=intent", headers={"Authorization": f"Bearer {token}"}
    )
    # The user's first call opens the account.
    with urllib.request.urlopen(request, timeout=30) as response:
        account = json.load(response)["userId"]
    _assay(instance, instance.logs / "demo-user.log", "account", "set-plan", account, "liquidity", USER_PLAN)
    return account


def load_sample(instance: Instance, bucket: str) -> dict[str, Any]:
    """Import the sample signals and wait until they are stored; return the import's report."""
    from sample.load import write_import_file

    path = instance.home / SAMPLE
    write_import_file(path, date.today())
    s3 = client(instance, "s3")
    report_key = f"{IMPORT_KEY}.report.json"
    s3.delete_object(Bucket=bucket, Key=report_key)
    s3.upload_file(str(path), bucket, IMPORT_KEY)
    deadline = time.monotonic() + IMPORT_TIMEOUT
    while time.monotonic() < deadline:
        listed = s3.list_objects_v2(Bucket=bucket, Prefix=report_key)
        if listed["KeyCount"]:
            return json.loads(s3.get_object(Bucket=bucket, Key=report_key)["Body"].read())
        time.sleep(0.1)
    raise Failure(
        f"The import of s3://{bucket}/{IMPORT_KEY} wrote no report within {IMPORT_TIMEOUT:.0f} s: "
        "`make logs` shows the log of the import function."
    )


def load_protocols(instance: Instance) -> dict[str, int]:
    """Import the sample protocols; return the counts of the report."""
    log = instance.logs / "protocols.log"
    printed = _assay(instance, log, "import", "--liquidity", PROTOCOLS)
    try:
        return {name: count for name, count in json.loads(printed).items() if isinstance(count, int)}
    except json.JSONDecodeError:
        raise Failure(f"`assay import --json` printed no report; its output is in {log}") from None


def _assay(instance: Instance, log: Path, *words: str | Path) -> str:
    """Run the operator's command line on this stack; return what it prints."""
    return run([binary("assay"), "--local", "--json", *words], log, env={"ASSAY_STACK_FILE": str(instance.stack_file)})


def example_signal(instance: Instance) -> dict[str, Any]:
    """A signal of the sample company with the highest score, for the printed examples."""
    with (instance.home / SAMPLE).open() as lines:
        signals = [json.loads(line) for line in lines]
    return next((signal for signal in signals if signal["domain"] == EXAMPLE), signals[0])


def fill_events(instance: Instance, key: str) -> None:
    """Copy the events of tests/events/ with a demo key filled in, for `cargo lambda invoke`."""
    folder = instance.home / "events"
    folder.mkdir(exist_ok=True)
    for event in (ROOT / "tests" / "events").glob("*.json"):
        (folder / event.name).write_text(event.read_text().replace("KEY_FROM_STACK_JSON", key))
