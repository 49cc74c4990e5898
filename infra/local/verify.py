"""`make test`, `make fuzz` and `make bench`: run on a temporary stack on a free port, which is stopped afterwards."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable

from . import conformance, emulator, fuzz as fuzzing, npm, stack
from .layout import LOCAL, ROOT, Instance
from .steps import need, run, step

# Without doc tests and binaries, which have no tests.
ALL_TESTS = ["--lib", "--test", "*", "--no-fail-fast"]
# The word of `make fuzz` for the deployed stack.
CONFORMANCE = "conformance"
# The most that the part of it in `make test` takes, from a seed of its own.
CONFORMANCE_SECONDS = 75
RESULT = re.compile(r"test result: \S+ (\d+) passed; (\d+) failed;")


def test(arguments: list[str]) -> int:
    """Run the tests; return their exit code."""

    def work(instance: Instance) -> int:
        # Arguments select Rust tests, so the others are skipped.
        if not arguments:
            _python_tests(instance)
        described = stack.up(instance)
        if arguments:
            return _cargo_test(instance, arguments)
        _page_tests(instance)
        nonconforming = conformance.check(instance, described, CONFORMANCE_SECONDS, seed=1)
        return _cargo_test(instance, arguments) or nonconforming

    return _on_temporary_stack(work)


def fuzz(words: list[str]) -> int:
    """Fuzz the parsers, or those with these words in their names, and the deployed stack (`conformance`); return the exit code."""
    seconds = int(os.environ.get("TIME") or 20)
    parsers = [word for word in words if word != CONFORMANCE]
    code = 0
    if parsers or not words:
        code = fuzzing.fuzz(parsers, seconds)
    if CONFORMANCE in words or not words:
        code |= _on_temporary_stack(lambda instance: conformance.check(instance, stack.up(instance), max(seconds * 10, 60)))
    return code


def bench(arguments: list[str]) -> int:
    """Run benchmarks, with dynoxide and a temporary stack if they need them; return the exit code."""
    cargo = need("cargo", "install Rust from https://rustup.rs")
    command = [cargo, "run", "--release", "--quiet", "-p", "bench", "--", *arguments]

    def measure(variables: dict[str, str]) -> int:
        return subprocess.run(command, cwd=ROOT, env={**os.environ, **variables}, check=False).returncode

    def work(instance: Instance) -> int:
        stack.up(instance)
        return measure({"ASSAY_STACK_FILE": str(instance.stack_file)})

    if "--list" in arguments:
        return measure({})
    listed = subprocess.run([*command, "--list"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if listed.returncode:
        return listed.returncode
    needs = listed.stdout.splitlines()
    if "dynoxide" in needs:
        _install_dynoxide()
    return _on_temporary_stack(work) if "stack" in needs else measure({})


def _install_dynoxide() -> None:
    """Install it into the venv with the Makefile's rule."""
    make = need("make", "install GNU make")
    subprocess.run([make, "-s", f"VENV={sys.prefix}", f"{sys.prefix}/bin/dynoxide"], cwd=ROOT, check=True)


def _on_temporary_stack(work: Callable[[Instance], int]) -> int:
    """Run `work` on a temporary stack and return its exit code. The logs are kept if it fails."""
    port = emulator.free_port()
    instance = Instance(LOCAL / f"own-{port}", port)
    failed = True
    try:
        failed = work(instance) != 0
    finally:
        emulator.stop(instance)
        if failed:
            print(f"\nThe logs of the temporary stack are in {instance.logs}", file=sys.stderr)
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


def _page_tests(instance: Instance) -> None:
    with step("test the reference page in a browser"):
        run(
            [npm.NODE, "--test", "tests/page/page.test.js"],
            instance.logs / "page-tests.log",
            cwd=ROOT,
            env={"ASSAY_STACK_FILE": str(instance.stack_file)},
            hint="Another browser than that of npm, which is for x86-64 Linux: CHROMIUM=/path/to/chromium make test",
        )


def _cargo_test(instance: Instance, arguments: list[str]) -> int:
    """Run cargo test, by default for all tests; print the totals of all test binaries at the end."""
    command = [need("cargo", "install Rust from https://rustup.rs"), "test", *(arguments or ALL_TESTS)]
    print(f"\n{' '.join(['cargo', *command[1:]])}", flush=True)
    variables = instance.credentials() | {"ASSAY_STACK_FILE": str(instance.stack_file)}
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
