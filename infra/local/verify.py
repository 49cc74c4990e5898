"""`make test`: a stack of its own on a free port, the whole test suite against it, and nothing left running."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

from . import emulator, stack
from .layout import LOCAL, ROOT, Instance
from .steps import need, run, step

# No documentation has examples to test, and no binary has tests of its own.
EVERYTHING = ["--lib", "--test", "*", "--no-fail-fast"]
RESULT = re.compile(r"test result: \S+ (\d+) passed; (\d+) failed;")


def test(arguments: list[str]) -> int:
    """Run the tests; return their exit code. MiniStack's log is kept if they fail."""
    port = emulator.free_port()
    instance = Instance(LOCAL / f"test-{port}", port)
    failed = True
    try:
        _python_tests(instance)
        stack.up(instance)
        failed = _cargo_test(instance, arguments) != 0
    finally:
        emulator.stop(instance)
        if failed:
            print(f"\nThe logs of the stack that was tested are kept in {instance.logs}", file=sys.stderr)
        else:
            shutil.rmtree(instance.home, ignore_errors=True)
    return int(failed)


def _python_tests(instance: Instance) -> None:
    with step("test infra/"):
        run(
            [sys.executable, "-m", "unittest", "discover", "-s", "infra", "-t", "infra"],
            instance.logs / "infra-tests.log",
            cwd=ROOT,
        )


def _cargo_test(instance: Instance, arguments: list[str]) -> int:
    """Run cargo test, by default all of it; close with the sum over its many binaries."""
    command = [need("cargo", "install Rust from https://rustup.rs"), "test", *(arguments or EVERYTHING)]
    print(f"\n{' '.join(['cargo', *command[1:]])}", flush=True)
    variables = instance.credentials() | {"ASSAY_STACK": str(instance.stack_file)}
    passed = failed = 0
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **variables}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as cargo:
        for line in cargo.stdout or ():
            print(line, end="", flush=True)
            if result := RESULT.match(line):
                passed += int(result[1])
                failed += int(result[2])
    print(f"\n{passed} passed, {failed} failed", flush=True)
    return cargo.returncode
