"""Reads NDJSON rows and their fields; invalid lines are counted and do not fail the run."""

from __future__ import annotations

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TextIO

Row = dict[str, Any]

NOT_JSON = "not a JSON object"
BAD_LINES_SHOWN = 5
QUIET_SECONDS = 2.0


class Skip(Exception):
    """A row that gives no signal; the message is the reason it is counted under."""


class Progress:
    """Progress on stderr every two seconds, for tasks that last that long."""

    def __init__(
        self,
        label: str,
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._label = label
        self._stream = stream or sys.stderr
        self._clock = clock
        self._due = clock() + QUIET_SECONDS

    def at(self, count: int) -> None:
        """Print the progress if two seconds have passed."""
        if self._clock() < self._due:
            return
        self._due = self._clock() + QUIET_SECONDS
        print(f"{self._label}: {count:,} lines", file=self._stream, flush=True)


def read_rows(path: Path, skipped: Counter[str]) -> tuple[list[Row], int]:
    """The objects of an NDJSON file and the number of its non-empty lines; invalid lines are counted and reported."""
    rows: list[Row] = []
    lines = 0
    progress = Progress(f"reading {path.name}")
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            lines += 1
            progress.at(lines)
            row = _parse(line)
            if row is not None:
                rows.append(row)
                continue
            skipped[NOT_JSON] += 1
            if skipped[NOT_JSON] <= BAD_LINES_SHOWN:
                print(f"{path.name} line {number}: {NOT_JSON}", file=sys.stderr)
    return rows, lines


def text(row: Row, key: str) -> str:
    """A field as one line of text; empty where it is absent, null or not a text."""
    value = row.get(key)
    return re.sub(r"\s+", " ", value).strip() if isinstance(value, str) else ""


def texts(row: Row, key: str) -> list[str]:
    """A field that is a list of texts, without its empty ones."""
    value = row.get(key)
    items = value if isinstance(value, list) else []
    return [entry for entry in (text({key: item}, key) for item in items) if entry]


def day(row: Row, key: str) -> date | None:
    """A field's date (YYYY-MM-DD, a time after it is cut off), or None where there is none."""
    try:
        return date.fromisoformat(text(row, key)[:10])
    except ValueError:
        return None


def clipped(value: str, limit: int) -> str:
    """A text cut to a number of characters, the cut marked with an ellipsis."""
    return value if len(value) <= limit else f"{value[: limit - 1].rstrip()}…"


def _parse(line: str) -> Row | None:
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) else None
