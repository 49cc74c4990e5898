"""`make logs`: what MiniStack and the functions say, as they say it."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

from .deploy import client
from .layout import Instance, read_json
from .steps import Failure

RUNTIME_LINES = ("START RequestId", "END RequestId", "REPORT RequestId")
PAUSE = 0.5


def follow(instance: Instance) -> None:
    """Print until interrupted."""
    stack = read_json(instance.stack_file)
    if not stack:
        raise Failure("No stack is up: make up")
    threading.Thread(target=_follow_file, args=(instance.logs / "ministack.log",), daemon=True).start()
    _follow_functions(instance, stack)


def _follow_file(path: Path) -> None:
    with path.open(errors="replace") as file:
        while True:
            line = file.readline()
            if line:
                print(f"ministack │ {line}", end="", flush=True)
            else:
                time.sleep(PAUSE)


def _follow_functions(instance: Instance, stack: dict[str, Any]) -> None:
    logs = client(instance, "logs")
    seen: set[str] = set()
    since = 0
    while True:
        for page in logs.get_paginator("filter_log_events").paginate(logGroupName=stack["log_group"], startTime=since):
            for event in page["events"]:
                if event["eventId"] in seen:
                    continue
                seen.add(event["eventId"])
                since = max(since, event["timestamp"] - 5000)
                if not event["message"].startswith(RUNTIME_LINES):
                    print(f"functions │ {event['message'].rstrip()}", flush=True)
        time.sleep(PAUSE)
