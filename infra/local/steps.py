"""Progress output and error reporting of the commands. Standard library only."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

TAIL = 25


class Failure(Exception):
    """An error that the user can fix; the message says how."""


@contextmanager
def step(name: str) -> Iterator[list[str]]:
    """Print a step and its duration. Notes that the body appends to the list are printed after the name."""
    started = time.monotonic()
    notes: list[str] = []
    live = sys.stdout.isatty()
    if live:
        print(f"  … {name}", end="", flush=True)
    failed = True
    try:
        yield notes
        failed = False
    finally:
        text = ", ".join([name, *notes])
        mark = "✗" if failed else "✓"
        print(f"{chr(13) if live else ''}  {mark} {text:<58} {time.monotonic() - started:6.1f} s", flush=True)


def run(
    command: Sequence[str | Path],
    log: Path,
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    hint: str = "",
) -> str:
    """Run a program with its output in `log`; return its standard output. On failure raise with the end of the log."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as out:
        done = subprocess.run(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=out,
            env={**os.environ, **(env or {})},
            cwd=cwd,
            text=True,
            check=False,
        )
        out.write(done.stdout)
    if done.returncode:
        lines = log.read_text(errors="replace").splitlines()[-TAIL:]
        shown = "\n".join(f"    {line}" for line in lines)
        name = Path(str(command[0])).name
        raise Failure(f"{name} failed with status {done.returncode}; all of its output is in {log}\n{shown}\n{hint}".rstrip())
    return done.stdout


def need(program: str, remedy: str) -> str:
    """The path of a required program."""
    found = shutil.which(program)
    if found is None:
        raise Failure(f"{program} is missing: {remedy}")
    return found
