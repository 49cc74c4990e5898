"""`make fuzz`: run the fuzz targets with libFuzzer, each for some seconds."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .layout import LOCAL, ROOT
from .steps import Failure, need

CORPUS = ROOT / "tests" / "fuzz" / "corpus"
# What a target finds beyond its seeds, and the inputs that fail.
FOUND = LOCAL / "fuzz"
TARGET = re.compile(r"^\s*fn (fuzz_\w+)\(", re.MULTILINE)
NAME = re.compile(r'^name = "(.+)"', re.MULTILINE)
# Coverage by LLVM's own pass, which a stable compiler has (clang.llvm.org/docs/SanitizerCoverage.html).
COVERAGE = [
    "--cfg=fuzzing_libfuzzer",
    "-Cpasses=sancov-module",
    *(
        f"-Cllvm-args=-sanitizer-coverage-{option}"
        for option in ("level=4", "inline-8bit-counters", "pc-table", "trace-compares")
    ),
    "-Ccodegen-units=1",
]


@dataclass(frozen=True)
class Target:
    """A test in a package; its seeds have its name without `fuzz_`."""

    package: str
    test: str

    @property
    def name(self) -> str:
        return self.test.removeprefix("fuzz_")


def targets(only: list[str]) -> list[Target]:
    """All fuzz targets, or those whose name has one of these words."""
    found = []
    for manifest in sorted([*ROOT.glob("shared/*/Cargo.toml"), *ROOT.glob("functions/*/*/Cargo.toml")]):
        package = NAME.search(manifest.read_text())
        for source in sorted((manifest.parent / "src").rglob("*.rs")):
            tests = TARGET.findall(source.read_text())
            found += [Target(package[1], test) for test in tests if package]
    return [target for target in found if not only or any(word in target.name for word in only)]


def fuzz(only: list[str], seconds: int) -> int:
    """Fuzz each target for so many seconds; return 1 if an input fails."""
    chosen = targets(only)
    if not chosen:
        raise Failure(f"No fuzz target has {' or '.join(only)} in its name")
    if shutil.which("c++") is None:
        print("There is no C++ compiler for libFuzzer: random changes of the seeds, without coverage", flush=True)
        return _without_coverage(chosen, seconds)
    binaries = _build(sorted({target.package for target in chosen}))
    failed = [target.name for target in chosen if not _run(target, binaries[target.package], seconds)]
    print(f"\n{len(chosen)} targets, {len(failed)} failed{': ' if failed else ''}{', '.join(failed)}", flush=True)
    return int(bool(failed))


def _build(packages: list[str]) -> dict[str, Path]:
    """The packages' unit tests, instrumented, by package. Build scripts are not instrumented, as the target is named."""
    cargo = need("cargo", "install Rust from https://rustup.rs")
    host = subprocess.run(["rustc", "-vV"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
    host = next(line.removeprefix("host: ") for line in host.splitlines() if line.startswith("host: "))
    target_dir = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target") / "fuzz"
    variables = {
        "RUSTFLAGS": " ".join(COVERAGE),
        "CARGO_TARGET_DIR": str(target_dir),
        "CARGO_PROFILE_DEV_OPT_LEVEL": "1",
    }
    command = [cargo, "test", "--target", host, "--lib", "--no-run", "--message-format=json-render-diagnostics"]
    for package in packages:
        command += ["-p", package]
    built = subprocess.run(command, cwd=ROOT, env={**os.environ, **variables}, stdout=subprocess.PIPE, text=True, check=False)
    if built.returncode:
        raise Failure("the instrumented build failed")
    messages = [json.loads(line) for line in built.stdout.splitlines()]
    tests = [message for message in messages if message.get("executable") and message["profile"]["test"]]
    # A name such as `bulk` is that of the library, with `_` for `-`.
    return {package: Path(_executable(tests, package)) for package in packages}


def _executable(tests: list[dict], package: str) -> str:
    names = {package, package.replace("-", "_")}
    return next(message["executable"] for message in tests if message["target"]["name"] in names)


def _run(target: Target, binary: Path, seconds: int) -> bool:
    """Fuzz one target; whether no input failed."""
    listed = subprocess.run([binary, "--list"], stdout=subprocess.PIPE, text=True, check=True).stdout
    tests = [line.removesuffix(": test") for line in listed.splitlines()]
    test = next(test for test in tests if test.rsplit("::", 1)[-1] == target.test)
    kept, log = FOUND / "corpus" / target.name, FOUND / f"{target.name}.log"
    kept.mkdir(parents=True, exist_ok=True)
    options = [kept, CORPUS / target.name, f"-max_total_time={seconds}", "-max_len=4096", "-timeout=10", "-rss_limit_mb=2048"]
    options += [f"-artifact_prefix={FOUND}/{target.name}-", "-print_final_stats=1"]
    variables = {"ASSAY_FUZZ_OPTIONS": "\n".join(str(option) for option in options)}
    with log.open("w") as out:
        command = [binary, test, "--exact", "--nocapture"]
        code = subprocess.run(command, cwd=ROOT, env={**os.environ, **variables}, stdout=out, stderr=out, check=False).returncode
    shown = log.read_text(errors="replace")
    runs = re.search(r"number_of_executed_units:\s*(\d+)", shown)
    covered = re.findall(r"cov: (\d+)", shown)
    print(f"  {'✗' if code else '✓'} {target.name:<20} {runs[1] if runs else '?':>9} inputs, {covered[-1] if covered else '?'} edges", flush=True)
    if code:
        print(f"    {log} has the failure; {FOUND}/{target.name}-* are the inputs", flush=True)
    return code == 0


def _without_coverage(chosen: list[Target], seconds: int) -> int:
    cargo = need("cargo", "install Rust from https://rustup.rs")
    command = [cargo, "test", "--lib", "--no-fail-fast"]
    for package in sorted({target.package for target in chosen}):
        command += ["-p", package]
    command += ["--", "--nocapture", *sorted({target.test for target in chosen})]
    # Some hundred inputs a second.
    variables = {"ASSAY_FUZZ_RUNS": str(seconds * 500)}
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **variables}, check=False).returncode
