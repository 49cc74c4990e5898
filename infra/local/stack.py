"""`make up`: builds, deploys and seeds a stack, skipping each step that has nothing to do."""

from __future__ import annotations

import json
import shlex
import time
from typing import Any

from . import build, deploy, emulator, seed
from .layout import REGION, Instance, read_json, write_json
from .steps import step

TABLES = {"accounts": "AccountsTable", "workspace": "WorkspaceTable", "intel": "IntelTable"}
QUEUES = {
    "bulk": "BulkQueueUrl",
    "bulk_dead": "BulkDeadLetterQueueUrl",
    "import": "ImportQueueUrl",
    "import_dead": "ImportDeadLetterQueueUrl",
    "outbox_dead": "OutboxDeadLetterQueueUrl",
    "delivery": "DeliveryQueueUrl",
    "delivery_dead": "DeliveryDeadLetterQueueUrl",
    "event_dead": "EventDeadLetterQueueUrl",
}


def up(instance: Instance) -> dict[str, Any]:
    """Bring a stack up; return the content of stack.json."""
    with step("build the functions and the operator's command line"):
        build.compile_all(instance.logs)
    with step("start MiniStack") as notes:
        if not emulator.start(instance):
            notes.append("already running")
    incarnation = emulator.state(instance)["id"]
    with step("deploy template.yaml") as notes:
        changed = deploy.deploy(instance, incarnation)
        if not changed:
            notes.append("nothing changed")
    before = read_json(instance.stack_file)
    stack = before if before.get("incarnation") == incarnation else {}
    if changed or not stack:
        stack = stack | _describe(instance, incarnation)
        write_json(instance.stack_file, stack)
    _seed(instance, stack)
    return stack


def environment(instance: Instance, stack: dict[str, Any]) -> dict[str, str]:
    """Environment variables for functions that use this stack from outside."""
    return instance.credentials() | {
        "ACCOUNTS_TABLE": stack["tables"]["accounts"],
        "WORKSPACE_TABLE": stack["tables"]["workspace"],
        "INTEL_TABLE": stack["tables"]["intel"],
        "BUCKET": stack["bucket"],
        "BULK_QUEUE_URL": stack["queues"]["bulk"],
        "BULK_DEAD_LETTER_QUEUE_URL": stack["queues"]["bulk_dead"],
        "IMPORT_QUEUE_URL": stack["queues"]["import"],
        "IMPORT_DEAD_LETTER_QUEUE_URL": stack["queues"]["import_dead"],
        "OUTBOX_DEAD_LETTER_QUEUE_URL": stack["queues"]["outbox_dead"],
        "DELIVERY_QUEUE_URL": stack["queues"]["delivery"],
        "DELIVERY_DEAD_LETTER_QUEUE_URL": stack["queues"]["delivery_dead"],
        "EVENT_DEAD_LETTER_QUEUE_URL": stack["queues"]["event_dead"],
        "WEBHOOK_KEY_ID": stack["webhook_key"],
    }


def _describe(instance: Instance, incarnation: str) -> dict[str, Any]:
    outputs = deploy.outputs(instance)
    return {
        "base_url": instance.base_url,
        "endpoint_url": instance.endpoint_url,
        "region": REGION,
        "web_url": emulator.web_url(instance),
        "tables": {name: outputs[output] for name, output in TABLES.items()},
        "bucket": outputs["Bucket"],
        "queues": {name: outputs[output] for name, output in QUEUES.items()},
        "refresher": outputs["RefresherFunction"],
        "webhook_key": outputs["WebhookKeyArn"],
        "log_group": outputs["LogGroup"],
        "outputs": outputs,
        "user_pool": outputs["UserPoolId"],
        "user_pool_client": outputs["UserPoolClientId"],
        "incarnation": incarnation,
    }


def _seed(instance: Instance, stack: dict[str, Any]) -> None:
    """Create demo account, demo user and sample data, once per start of MiniStack, which loses its state when it stops."""
    if "keys" not in stack:
        with step("create the demo account and its keys"):
            stack["keys"] = seed.demo_keys(instance)
            seed.fill_events(instance, stack["keys"]["intent"])
        write_json(instance.stack_file, stack)
    if "user" not in stack:
        with step("create the demo user"):
            seed.demo_user(instance, stack["user_pool"])
            stack["user"] = seed.USER
        write_json(instance.stack_file, stack)
    # On every run, because a token is valid for an hour.
    stack["session_token"] = seed.sign_in(instance, stack["user_pool_client"])
    write_json(instance.stack_file, stack)
    if "user_account" not in stack:
        with step("lift the demo user to a plan that may call liquidity"):
            stack["user_account"] = seed.lift_demo_user(instance, stack["session_token"])
        write_json(instance.stack_file, stack)
    if "sample" not in stack:
        with step("import the sample data") as notes:
            report = seed.load_sample(instance, stack["bucket"])
            stack["sample"] = {name: count for name, count in report.items() if isinstance(count, int)}
            notes.append(", ".join(f"{count} {name}" for name, count in stack["sample"].items()))
        write_json(instance.stack_file, stack)
    if "protocols" not in stack:
        with step("import the sample protocols") as notes:
            stack["protocols"] = seed.load_protocols(instance)
            notes.append(", ".join(f"{count} {name}" for name, count in stack["protocols"].items()))
        write_json(instance.stack_file, stack)


def greet(instance: Instance, stack: dict[str, Any], started: float) -> None:
    """Print the base URL, the demo keys and commands to try."""
    base, keys = stack["base_url"], stack["keys"]
    signal = seed.example_signal(instance)
    auth = f"-H 'Authorization: Bearer {keys['intent']}'"
    posted = "-H 'Content-Type: application/json' -d"
    print(f"\nThe stack is up ({time.monotonic() - started:.1f} s) at {base}\n")
    for product, value in keys.items():
        print(f"  {product:<10} {value}")
    print(f"\nTry:\n\n  curl -s '{base}/api/v1/score?domain={signal['domain']}' {auth}\n")
    print(f"  curl -s '{base}/api/v1/score?domain=newcomer.com' {auth}   # collected from simulated public sources\n")
    print(f"  curl -s {base}/api/v1/score/bulk {auth} -F file=@infra/sample/companies.csv\n")
    print(f"  curl -s {base}/api/v1/signals {auth} {posted} {_json(signal)}\n")
    query = {"query": "{ account { universalPlan { name available used } } }"}
    print(f"  curl -s {base}/graphql -H 'Authorization: Basic {keys['leads']}' {posted} {_json(query)}\n")
    new_client = {"client_ref": "partner-123", "name": "Partner Ltd"}
    print(f"  curl -s {base}/v1/clients -H 'Authorization: Bearer {keys['portal']}' {posted} {_json(new_client)}\n")
    protocol = f"{base}/api/v1/scores/{seed.EXAMPLE_PROTOCOL}"
    print(f"  curl -s {protocol} -H 'Authorization: Bearer {keys['liquidity']}'\n")
    session = f"-H 'Authorization: Bearer {stack['session_token']}'"
    print("With the demo user's session token, valid for an hour (`make up` prints a new one):\n")
    print(f"  curl -s '{base}/api/v1/score?domain={signal['domain']}' {session}\n")


def _json(value: Any) -> str:
    """A JSON value, quoted for a shell."""
    return shlex.quote(json.dumps(value))
