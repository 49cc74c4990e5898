"""`make logs`: follows the logs of MiniStack and the functions."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

from .deploy import client
from .layout import Instance

TAIL_BYTES = 4_000
RUNTIME_LINES = ("START RequestId", "END RequestId", "REPORT RequestId")
PAUSE = 0.5
RECENT = 60_000  # milliseconds of history shown at the start
OVERLAP = 5_000  # milliseconds that an event may arrive late


def follow(instance: Instance, stack: dict[str, Any]) -> None:
    """Print until interrupted."""
    threading.Thread(target=_follow_file, args=(instance.logs / "ministack.log",), daemon=True).start()
    _follow_functions(instance, stack)


def _follow_file(path: Path) -> None:
    with path.open(errors="replace") as file:
        file.seek(max(0, path.stat().st_size - TAIL_BYTES))
        while True:
            line = file.readline()
            if line:
                print(f"ministack │ {line}", end="", flush=True)
            else:
                time.sleep(PAUSE)


def _follow_functions(instance: Instance, stack: dict[str, Any]) -> None:
    logs = client(instance, "logs")
    since = int(time.time() * 1000) - RECENT
    seen: set[tuple[str, int, str]] = set()  # the emulator assigns no event ids
    while True:
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=stack["log_group"], startTime=since)
        for event in (event for page in pages for event in page["events"]):
            identity = (event["logStreamName"], event["timestamp"], event["message"])
            if identity not in seen and not event["message"].startswith(RUNTIME_LINES):
                print(f"functions │ {event['message'].rstrip()}", flush=True)
            seen.add(identity)
        since = max(since, int(time.time() * 1000) - OVERLAP)
        seen = {identity for identity in seen if identity[1] >= since}
        time.sleep(PAUSE)
