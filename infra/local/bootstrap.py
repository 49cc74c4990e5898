"""Installs the pinned Python tools into a virtual environment. Run by the system's Python, so standard library only."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from local.layout import LOCAL  # noqa: E402
from local.steps import Failure, run, step  # noqa: E402


def main() -> int:
    """`bootstrap.py <venv> <requirements>`: create the environment, then its stamp file .ready."""
    home, requirements = Path(sys.argv[1]), Path(sys.argv[2])
    if sys.version_info < (3, 10):
        print(f"Python 3.10 or newer is required, this is {sys.version.split()[0]}: make PYTHON=/path/to/python3.x …", file=sys.stderr)
        return 1
    try:
        with step(f"Python tools into {home.name}"):
            if not (home / "bin" / "pip").exists():
                _create(home)
            run(
                [home / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements],
                LOCAL / "logs" / "venv.log",
                hint="Is PyPI reachable?",
            )
        (home / ".ready").touch()
    except Failure as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 1
    return 0


def _create(home: Path) -> None:
    try:
        venv.create(home, with_pip=True)
    except subprocess.CalledProcessError:
        raise Failure("This Python cannot create virtual environments (Debian: apt install python3-venv)") from None


if __name__ == "__main__":
    raise SystemExit(main())
