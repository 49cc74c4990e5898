"""The clients that are generated from the API's description."""

from __future__ import annotations

import sys
from pathlib import Path

from .layout import LOCAL, ROOT
from .npm import NODE
from .steps import run, step

DESCRIPTION = ROOT / "docs" / "openapi.json"
PYTHON = ROOT / "infra" / "clients" / "python"
TYPESCRIPT = ROOT / "infra" / "clients" / "typescript"


def generate() -> None:
    """Generate both, and check the types of the TypeScript example."""
    logs = LOCAL / "logs"
    with step("Python client"):
        generator = Path(sys.prefix) / "bin" / "openapi-python-client"
        options = ["--meta", "none", "--overwrite", "--config", PYTHON / "config.yaml"]
        run(
            [generator, "generate", "--path", DESCRIPTION, *options, "--output-path", PYTHON / "assay_client"],
            logs / "client-python.log",
        )
    with step("TypeScript client"):
        modules = TYPESCRIPT / "node_modules"
        generated = TYPESCRIPT / "generated" / "assay.ts"
        run(
            [NODE, modules / "openapi-typescript" / "bin" / "cli.js", DESCRIPTION, "--output", generated],
            logs / "client-typescript.log",
            cwd=TYPESCRIPT,
        )
        run([NODE, modules / "typescript" / "bin" / "tsc"], logs / "client-types.log", cwd=TYPESCRIPT)
