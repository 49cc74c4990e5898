"""Paths and addresses: of the repository, and of a running stack."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"
TEMPLATE = ROOT / "template.yaml"
STACK_NAME = "assay"
REGION = "us-east-1"


def target_dir() -> Path:
    """Cargo's target directory."""
    return Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve()


@dataclass(frozen=True)
class Instance:
    """One MiniStack with one deployed stack: that of `make up`, or of a test run."""

    home: Path
    port: int

    @property
    def endpoint_url(self) -> str:
        """Endpoint of the local AWS."""
        return f"http://localhost:{self.port}"

    @property
    def base_url(self) -> str:
        """Base URL of the product API: the same port, distinguished by the host (see routes.py)."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def stack_file(self) -> Path:
        """Addresses, names and demo keys, for tests and people."""
        return self.home / "stack.json"

    @property
    def logs(self) -> Path:
        """One file for each step, and ministack.log."""
        return self.home / "logs"

    def credentials(self) -> dict[str, str]:
        """Environment of an AWS client with the emulator's root credentials."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        }


def read_json(path: Path) -> dict[str, Any]:
    """The JSON object in a file; empty if the file is missing or malformed."""
    try:
        return json.loads(path.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}


def write_json(path: Path, value: dict[str, Any]) -> None:
    """Replace a file atomically."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(value, indent=2) + "\n")
    draft.replace(path)
