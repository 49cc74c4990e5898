"""template.yaml as the local stack deploys it: unchanged except where the emulator differs from AWS.

* Code: each function's zip instead of its sources, as `sam build` does.
* BucketTlsOnly is removed: the emulator is served over plain HTTP and enforces the policy.
* JWKS_URL: the emulator's user pools use the issuer URL of AWS, but publish their keys at the emulator's address.
* Collectors, ProtocolSources: every public source by default, simulated by a server beside the emulator (fixture_web).
* WEBHOOK_BASE_URL: the same server stands for the endpoints of webhooks.
* MaximumConcurrency is the number of its parameter's default: the emulator passes parameters as text, and compares numbers.
* sqs:SendMessageBatch is allowed wherever sqs:SendMessage is: the emulator checks it as a separate action, AWS does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from .build import archive
from .layout import TEMPLATE

Template = dict[str, Any]

UNMATCHED = "/{proxy+}"  # every path except / that has no other route


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags (`!Ref x`) read as their long form (`Ref: x`)."""


def _short_tag(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _short_tag)


def load(path: Path = TEMPLATE) -> Template:
    """Load the template, with short tags in their long form."""
    with path.open() as file:
        return yaml.load(file, _Loader)


def functions(template: Template) -> dict[str, str]:
    """The functions by logical id, and the binary each one runs."""
    return {
        logical_id: resource["Metadata"]["BuildProperties"]["Binary"]
        for logical_id, resource in template["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    }


def routes(template: Template) -> Iterator[tuple[str, str, str]]:
    """Method, path, and the function's logical id, for each route of the HTTP API."""
    for logical_id in functions(template):
        for event in template["Resources"][logical_id]["Properties"].get("Events", {}).values():
            if event["Type"] == "HttpApi":
                yield event["Properties"]["Method"], event["Properties"]["Path"], logical_id


def localise(template: Template, endpoint_url: str, web_url: str) -> Template:
    """Adapt the template in place to the emulator at `endpoint_url` and the fixture web server at `web_url`."""
    resources = template["Resources"]
    variables = template["Globals"]["Function"]["Environment"]["Variables"]
    variables["JWKS_URL"] = {"Fn::Sub": f"{endpoint_url}/${{UserPool}}/.well-known/jwks.json"}
    parameters = template["Parameters"]
    parameters["Collectors"]["Default"] = "all"
    parameters["CollectorContact"]["Default"] = "local@assay.example"
    parameters["ProtocolSources"]["Default"] = "defillama"
    for logical_id in ("ScoreFunction", "RefresherFunction", "ProtocolRefresherFunction"):
        resources[logical_id]["Properties"]["Environment"]["Variables"]["COLLECTOR_BASE_URL"] = web_url
    for logical_id in ("WebhooksFunction", "WebhookSenderFunction"):
        resources[logical_id]["Properties"]["Environment"]["Variables"]["WEBHOOK_BASE_URL"] = web_url
    for logical_id, name in functions(template).items():
        resources[logical_id]["Properties"]["CodeUri"] = str(archive(name))
        for policy in resources[logical_id]["Properties"].get("Policies", []):
            for statement in policy["Statement"]:
                _allow_batches(statement)
        del resources[logical_id]["Metadata"]
    for resource in resources.values():
        _resolve_concurrency(resource["Properties"].get("ScalingConfig", {}), parameters)
    resources.pop("BucketTlsOnly", None)
    return template


def _resolve_concurrency(scaling: dict[str, Any], parameters: dict[str, Any]) -> None:
    match scaling.get("MaximumConcurrency"):
        case {"Ref": name}:
            scaling["MaximumConcurrency"] = parameters[name]["Default"]


def _allow_batches(statement: dict[str, Any]) -> None:
    actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
    if "sqs:SendMessage" in actions:
        statement["Action"] = [*actions, "sqs:SendMessageBatch"]


def write(template: Template, path: Path) -> None:
    """Write a template for `sam deploy`."""
    path.write_text(yaml.safe_dump(template, sort_keys=False))
