"""`sam deploy` to the emulator, skipped if nothing changed."""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from pathlib import Path
from typing import Any

import boto3

from . import build, emulator, routes, template
from .layout import REGION, STACK_NAME, Instance, read_json, write_json
from .steps import run

ARTIFACTS = "assay-artifacts"
ARCHITECTURES = {"aarch64": "arm64", "arm64": "arm64"}


def client(instance: Instance, service: str) -> Any:
    """An AWS client of the emulator."""
    return boto3.client(
        service,
        endpoint_url=instance.endpoint_url,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


def deploy(instance: Instance, incarnation: str) -> bool:
    """Deploy template and binaries to the emulator; return whether anything changed.

    `incarnation` identifies the running MiniStack: a new one has no earlier deployment.
    """
    wanted = template.load()
    digests = build.pack(sorted(template.functions(wanted).values()))
    local = template.localise(wanted, instance.endpoint_url, emulator.web_url(instance))
    mark = _digest([incarnation, local, digests, Path(routes.__file__).read_text()])
    record = instance.home / "deployed.json"
    if read_json(record).get("mark") == mark:
        return False
    path = instance.home / "template.yaml"
    template.write(local, path)
    client(instance, "s3").create_bucket(Bucket=ARTIFACTS)
    _clear_failed(instance)
    run(
        [
            *(Path(sys.executable).with_name("sam"), "deploy", "--template-file", path, "--stack-name", STACK_NAME),
            *("--s3-bucket", ARTIFACTS, "--capabilities", "CAPABILITY_IAM"),
            *("--no-confirm-changeset", "--no-fail-on-empty-changeset", "--no-progressbar"),
            *("--parameter-overrides", f"Architecture={ARCHITECTURES.get(platform.machine(), 'x86_64')}"),
        ],
        instance.logs / "deploy.log",
        env=instance.credentials() | {"SAM_CLI_TELEMETRY": "0", "SAM_CLI_POLL_DELAY": "0.2", "AWS_PAGER": ""},
    )
    routes.add(client(instance, "apigatewayv2"), client(instance, "cloudformation"))
    write_json(record, {"mark": mark})
    return True


def outputs(instance: Instance) -> dict[str, str]:
    """The stack's outputs by name."""
    stack = client(instance, "cloudformation").describe_stacks(StackName=STACK_NAME)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def _clear_failed(instance: Instance) -> None:
    """A stack whose first deployment failed can only be deleted."""
    cloudformation = client(instance, "cloudformation")
    for stack in cloudformation.list_stacks(StackStatusFilter=["ROLLBACK_COMPLETE", "ROLLBACK_FAILED"])["StackSummaries"]:
        if stack["StackName"] == STACK_NAME:
            cloudformation.delete_stack(StackName=STACK_NAME)


def _digest(parts: list[Any]) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()
