"""Converts a company directory to signals: only the events with a date in a profile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from convert.attribution import company_domain, is_trading
from convert.import_format import Signal
from convert.rows import Row, Skip, day, text

HIRING_FLAG = 0.4
PROFILE_LAUNCH = 0.3
# A published profile is news for half a year; before that it is history.
LAUNCH_WINDOW = timedelta(days=180)
# More profiles than this on one day are a bulk load of the directory, not events of the companies.
BULK_LOAD = 25


@dataclass(frozen=True, slots=True)
class Directory:
    """Source and date of a companies file; `source` is that of every signal from it."""

    source: str
    taken: date
    since: date | None


def newest_launch(companies: Iterable[Row]) -> date | None:
    """The date of the newest profile: the directory is from that day or later."""
    return max((launch for row in companies if (launch := day(row, "launched_date"))), default=None)


def company_signals(companies: list[Row], directory: Directory, skipped: Counter[str]) -> list[Signal]:
    """The signals of a directory; every company that gives none is counted in `skipped`."""
    launches = Counter(day(row, "launched_date") for row in companies)
    loads = frozenset(launch for launch, count in launches.items() if launch and count > BULK_LOAD)
    signals: list[Signal] = []
    for row in companies:
        try:
            signals.extend(_signals(row, directory, loads))
        except Skip as skip:
            skipped[str(skip)] += 1
    return signals


def _signals(row: Row, directory: Directory, loads: frozenset[date]) -> list[Signal]:
    if not company_domain(row):
        raise Skip("company without its own domain")
    if not is_trading(row):
        raise Skip("company closed or acquired")
    found = [signal for signal in (_hiring(row, directory), _launch(row, directory, loads)) if signal]
    if not found:
        raise Skip("no event in the profile")
    return found


def _hiring(row: Row, directory: Directory) -> Signal | None:
    if row.get("is_hiring") is not True or not _in_window(directory.taken, directory):
        return None
    return Signal(
        domain=company_domain(row),
        kind="hiring",
        strength=HIRING_FLAG,
        observed_at=directory.taken,
        source=directory.source,
        external_id=f"hiring-{directory.taken:%Y-%m}-{_identity(row)}",
        evidence=f"Marked as hiring in {directory.source}, as of {directory.taken}.",
    )


def _launch(row: Row, directory: Directory, loads: frozenset[date]) -> Signal | None:
    launch = day(row, "launched_date")
    if launch is None or launch in loads or not _in_window(launch, directory):
        return None
    if not directory.taken - LAUNCH_WINDOW <= launch <= directory.taken:
        return None
    batch = text(row, "batch")
    return Signal(
        domain=company_domain(row),
        kind="news",
        strength=PROFILE_LAUNCH,
        observed_at=launch,
        source=directory.source,
        external_id=f"launch-{_identity(row)}",
        evidence=f"Profile published in {directory.source} on {launch}{f' (batch {batch})' if batch else ''}.",
    )


def _in_window(when: date, directory: Directory) -> bool:
    return directory.since is None or when >= directory.since


def _identity(row: Row) -> str:
    return str(row.get("id") or text(row, "slug") or company_domain(row))
