"""Turns the sample signals into a signal import file (NDJSON), dated relative to a day so that the demo does not age."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from convert.import_format import Signal, write_ndjson

SOURCE = "sample"
FOLDER = Path(__file__).parent


def write_import_file(path: Path, today: date) -> int:
    """Write every sample signal, dated `days_ago` before `today`; return their number."""
    return write_ndjson(path, sample_signals(today))


def sample_signals(today: date) -> list[Signal]:
    """The sample signals, dated relative to `today`."""
    return [
        Signal(
            domain=row["domain"],
            kind=row["kind"],
            strength=float(row["strength"]),
            observed_at=today - timedelta(days=int(row["days_ago"])),
            source=SOURCE,
            external_id=row["external_id"],
            evidence=row["evidence"],
        )
        for row in rows("signals.csv")
    ]


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one sample file."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return the exit code."""
    parser = argparse.ArgumentParser(prog="load.py", description=__doc__)
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", required=True, help="import file to write")
    parser.add_argument(
        "--today", type=_day, metavar="YYYY-MM-DD", help="day that the signals are dated relative to (default: today, UTC)"
    )
    options = parser.parse_args(arguments)
    today = options.today or datetime.now(timezone.utc).date()
    try:
        count = write_import_file(options.output, today)
    except OSError as error:
        print(f"load.py: {error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    print(f"{count} sample signals as of {today} in {options.output}")
    return 0


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{value} is not a date such as 2026-06-02") from None


if __name__ == "__main__":
    sys.exit(main())
