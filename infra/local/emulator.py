"""Starts and stops MiniStack.

It listens on 127.0.0.1 only, enforces IAM (AUTH=true: every function has exactly its role in template.yaml),
keeps its state in memory, and runs the functions as child processes.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from pathlib import Path
from typing import Any

from .layout import REGION, ROOT, Instance, read_json, write_json
from .steps import TAIL, Failure

START_TIMEOUT = 60.0
STOP_TIMEOUT = 5.0


def free_port() -> int:
    """A port that is free at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def running(home_state: dict[str, Any]) -> bool:
    """Whether the MiniStack of a state file is alive and responds."""
    pid, port = home_state.get("pid"), home_state.get("port")
    return bool(pid) and _alive(pid) and _responds(port)


def state(instance: Instance) -> dict[str, Any]:
    """The recorded state of the instance's MiniStack: pid, port, port of the fixture web server, and a unique id of this start."""
    return read_json(instance.home / "ministack.json")


def web_url(instance: Instance) -> str:
    """Base URL of the fixture web server beside the instance's MiniStack."""
    return f"http://127.0.0.1:{state(instance)['web']}"


def start(instance: Instance) -> bool:
    """Start MiniStack unless it runs; return whether it was started."""
    known = state(instance)
    if running(known):
        if known["port"] != instance.port:
            raise Failure(f"The local stack already runs on port {known['port']}: run `make down` first, or keep that PORT.")
        return False
    stop(instance)
    if _taken(instance.port):
        raise Failure(f"Port {instance.port} is in use by another program: stop that, or choose a port: make up PORT={instance.port + 1}")
    temporary = instance.home / "tmp"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    instance.logs.mkdir(parents=True, exist_ok=True)
    log = instance.logs / "ministack.log"
    web = free_port()
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "local.ministack_process"],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=instance.home,
            env=_environment(instance) | {"FIXTURE_WEB_PORT": str(web)},
            start_new_session=True,
        )
    write_json(instance.home / "ministack.json", {"pid": process.pid, "port": instance.port, "web": web, "id": uuid.uuid4().hex})
    deadline = time.monotonic() + START_TIMEOUT
    while not _responds(instance.port):
        if process.poll() is not None or time.monotonic() > deadline:
            stop(instance)
            shown = "\n".join(f"    {line}" for line in log.read_text().splitlines()[-TAIL:])
            raise Failure(f"MiniStack did not start; its log is {log}\n{shown}")
        time.sleep(0.05)
    return True


def stop(instance: Instance) -> bool:
    """Stop MiniStack and its functions; return whether it ran."""
    known = state(instance)
    pid = known.get("pid")
    ran = bool(pid) and _alive(pid) and _is_ministack(pid)
    if ran:
        # Killed: it has no state to save, and would wait two seconds for functions that are stopped anyway.
        _kill_group(pid)
        deadline = time.monotonic() + STOP_TIMEOUT
        while _taken(known["port"]) and time.monotonic() < deadline:
            time.sleep(0.02)
    (instance.home / "ministack.json").unlink(missing_ok=True)
    shutil.rmtree(instance.home / "tmp", ignore_errors=True)
    return ran


def _environment(instance: Instance) -> dict[str, str]:
    """Only what MiniStack needs: the functions inherit it, and should not depend on the caller's shell."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "RUST_BACKTRACE") if name in os.environ}
    return kept | instance.credentials() | {
        "AUTH": "true",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(instance.port),
        "IOT_MTLS_ENABLED": "0",  # would listen on another port
        "MINISTACK_REGION": REGION,
        "PYTHONPATH": str(ROOT / "infra"),
        "PYTHONUNBUFFERED": "1",
        "TMPDIR": str(instance.home / "tmp"),
    }


def _responds(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/_ministack/health", timeout=2) as response:
            return response.status == 200
    except OSError:
        return False


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _alive(pid: int) -> bool:
    try:
        os.waitpid(pid, os.WNOHANG)  # reap our own child, or it would stay a zombie
    except ChildProcessError:
        pass
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def _is_ministack(pid: int) -> bool:
    """Whether a pid is still MiniStack, and was not reused by another program."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        command = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return "ministack" in command


def _kill_group(pid: int) -> None:
    """Kill the process group that MiniStack leads and the functions belong to."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
