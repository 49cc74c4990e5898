"""The commands of the local stack, called by the Makefile."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from typing import Any

from . import clients, emulator, logs, npm, stack, template, verify, watch
from .layout import LOCAL, ROOT, Instance, read_json
from .steps import Failure, step


def main() -> int:
    """Run one command; return its exit code."""
    parser = argparse.ArgumentParser(prog="local", description="The local stack of Assay.")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 4566), help="port of MiniStack (default: %(default)s)")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("up", help="build, start, deploy, seed")
    commands.add_parser("down", help="stop MiniStack and discard its data")
    commands.add_parser("logs", help="follow the logs of MiniStack and the functions")
    commands.add_parser("watch", help="serve the HTTP functions on :9000, rebuilt on every change")
    commands.add_parser("test", help="run the tests on a temporary stack").add_argument("cargo", nargs="*", help="arguments of cargo test (default: all tests)")
    commands.add_parser("fuzz", help="fuzz the parsers of callers' bytes").add_argument("targets", nargs="*", help="words in the names of the targets to run (default: all)")
    commands.add_parser("bench", help="run the benchmarks, on a temporary stack if they need one").add_argument("sections", nargs="*", help="benchmarks to run (default: all)")
    commands.add_parser("clients", help="generate the clients from the API's description")
    commands.add_parser("npm", help="install what a folder's lock file names").add_argument("folder")
    options = parser.parse_args()
    _clean_up_on_signals()
    reach_local_addresses_directly()
    instance = Instance(LOCAL, options.port)
    try:
        match options.command:
            case "up":
                return _up(instance)
            case "down":
                return _down(instance)
            case "logs":
                logs.follow(*_running(instance))
            case "watch":
                return _watch(instance)
            case "test":
                return verify.test(options.cargo)
            case "fuzz":
                return verify.fuzz(options.targets)
            case "bench":
                return verify.bench(options.sections)
            case "clients":
                clients.generate()
            case "npm":
                npm.install(options.folder)
    except Failure as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _clean_up_on_signals() -> None:
    """Turn signals into exceptions, so that processes started here are stopped before this one exits."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _: sys.exit(128 + received))


def reach_local_addresses_directly() -> None:
    """Exempt this machine from the shell's HTTP proxy: for the AWS clients here, and for SAM and the tests, which inherit it."""
    for name in ("no_proxy", "NO_PROXY"):
        os.environ[name] = ",".join([*filter(None, [os.environ.get(name)]), "localhost", "127.0.0.1"])


def _up(instance: Instance) -> int:
    started = time.monotonic()
    stack.greet(instance, stack.up(instance), started)
    return 0


def _down(instance: Instance) -> int:
    with step("stop MiniStack") as notes:
        if not emulator.stop(instance):
            notes.append("was not running")
    for name in ("stack.json", "deployed.json", "template.yaml", "cargo-lambda.toml"):
        (instance.home / name).unlink(missing_ok=True)
    return 0


def _running(instance: Instance) -> tuple[Instance, dict[str, Any]]:
    """The stack that is running, on whatever port, and its description."""
    described = read_json(instance.stack_file)
    if not described or not emulator.running(emulator.state(instance)):
        raise Failure("No stack is running: make up")
    return Instance(LOCAL, int(described["endpoint_url"].rsplit(":", 1)[1])), described


def _watch(instance: Instance) -> int:
    here, described = _running(instance)
    print("The HTTP functions are served on http://localhost:9000 under their API paths; Ctrl-C stops them.", flush=True)
    variables = stack.environment(here, described) | {"LOG_LEVEL": os.environ.get("LOG_LEVEL", "info")}
    config = here.home / "cargo-lambda.toml"
    watch.write(template.load(), config)
    return subprocess.run(["cargo", "lambda", "watch", "--global", config], cwd=ROOT, env={**os.environ, **variables}, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
