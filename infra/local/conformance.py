"""Calls the deployed stack as docs/openapi.json describes it, and beside that, by schemathesis."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from typing import Any

from .build import binary
from .layout import ROOT, Instance
from .steps import run

DESCRIPTION = ROOT / "docs" / "openapi.json"
CONFIG = ROOT / "infra" / "local" / "schemathesis.toml"
# The plans with the highest limits: the calls of a run must not end in 429.
PLANS = {"intent": "scale", "leads": "scale", "liquidity": "institutional", "portal": "enterprise"}
CREDITS = ("intent", "leads")


def check(instance: Instance, described: dict[str, Any], seconds: int, seed: int | None = None) -> int:
    """Run schemathesis for so many seconds, from a seed or differently each time; return its exit code."""
    command = [f"{sys.prefix}/bin/schemathesis", "--config-file", CONFIG, "run", DESCRIPTION, "--url", described["base_url"]]
    command += ["--no-color", "--workers", 2, "--continue-on-failure", "--no-shrink", "--request-timeout", 30]
    command += ["--generation-database", "none", "--suppress-health-check", "all", "--warnings", "off"]
    command += ["--max-time", seconds] + ([] if seed is None else ["--seed", seed])
    variables = _keys(instance) | {"FUZZ_SESSION": described["session_token"], "PYTHONPATH": str(ROOT / "infra")}
    words = [str(word) for word in command]
    return subprocess.run(words, cwd=instance.home, env={**os.environ, **variables}, check=False).returncode


def _keys(instance: Instance) -> dict[str, str]:
    """The keys of a new account, by the variable of schemathesis.toml."""

    def assay(*words: str) -> dict[str, Any]:
        log = instance.logs / "conformance.log"
        env = {"ASSAY_STACK_FILE": str(instance.stack_file)}
        return json.loads(run([binary("assay"), "--local", "--json", *words], log, env=env))

    plans = [word for product, plan in PLANS.items() for word in ("--plan", f"{product}={plan}")]
    credits = [word for product in CREDITS for word in ("--credits", f"{product}=100000")]
    account = assay("account", "create", "Conformance", *plans, *credits)["account"]
    keys = {product: assay("key", "issue", account, product)["key"] for product in PLANS}
    # A key of leads is shown as the Base64 of itself and a colon; it is accepted decoded everywhere.
    keys["leads"] = base64.b64decode(keys["leads"]).decode().removesuffix(":")
    return {f"FUZZ_{product.upper()}": key for product, key in keys.items()}
