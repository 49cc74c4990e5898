"""Converts job postings and a company directory into a signal import file (NDJSON)."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from convert.attribution import Attribution, read_career_sites
from convert.companies import Directory, company_signals, newest_launch
from convert.import_format import Signal, is_slug, problems, write_ndjson
from convert.postings import posting_signals
from convert.rows import Row, day, read_rows
from convert.summary import Summary

EXAMPLE = """\
example:
  python3 infra/convert/signals.py --postings job_postings.ndjson --companies companies.ndjson -o signals.ndjson
  aws s3 cp signals.ndjson s3://BUCKET/import/signals.ndjson

The mapping of fields, strengths and dates is in infra/convert/README.md."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the converter; return the exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if not options.postings and not options.companies:
        parser.error("--postings, --companies or both are required")
    try:
        summary = convert(options)
    except OSError as error:
        print(f"signals.py: {error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    print(json.dumps(summary.as_json(), indent=2) if options.json else summary.as_table())
    return 0


def convert(options: argparse.Namespace) -> Summary:
    """Read both inputs, write the import file, return the counts."""
    started = time.monotonic()
    summary = Summary()
    companies = _read(options.companies, "companies", summary)
    postings = _read(options.postings, "postings", summary)
    taken = options.companies_as_of or newest_launch(companies)
    since = _since(taken, postings, options.max_age_days)
    signals: list[Signal] = []
    if companies and taken:
        directory = Directory(options.companies_source, taken, since)
        signals += _valid(company_signals(companies, directory, summary.skipped["companies"]), summary)
    elif companies:
        summary.skipped["companies"]["directory without a date: use --companies-as-of"] += len(companies)
    if postings:
        attribution = Attribution(companies, read_career_sites())
        signals += _valid(posting_signals(postings, attribution, since, summary.skipped["postings"]), summary)
    write_ndjson(options.output, signals)
    _count(signals, summary)
    summary.seconds = time.monotonic() - started
    return summary


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="signals.py", description=__doc__, epilog=EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--postings", type=Path, metavar="FILE", help="job postings (NDJSON)")
    add("--companies", type=Path, metavar="FILE", help="company directory (NDJSON); also identifies the employers of postings")
    add("-o", "--output", type=Path, metavar="FILE", required=True, help="import file to write (NDJSON)")
    add(
        "--companies-as-of",
        type=_day,
        metavar="YYYY-MM-DD",
        help="date of the directory (default: date of its newest profile)",
    )
    add(
        "--companies-source",
        type=_slug,
        default="yc-directory",
        metavar="SLUG",
        help="source of signals from the directory (default: %(default)s)",
    )
    add(
        "--max-age-days",
        type=int,
        default=730,
        metavar="N",
        help="skip rows over N days older than the newest row; 0 keeps all (default: %(default)s)",
    )
    add("--json", action="store_true", help="print the summary as JSON")
    return parser


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{value} is not a date such as 2026-06-02") from None


def _slug(value: str) -> str:
    if is_slug(value):
        return value
    raise argparse.ArgumentTypeError(f"{value} is not a slug such as yc-directory")


def _read(path: Path | None, name: str, summary: Summary) -> list[Row]:
    if path is None:
        return []
    skipped = summary.skipped.setdefault(name, Counter())
    rows, summary.lines[name] = read_rows(path, skipped)
    return rows


def _since(taken: date | None, postings: list[Row], max_age_days: int) -> date | None:
    """The oldest day kept. It depends on the inputs and not on today, so the same inputs always give the same file."""
    if max_age_days <= 0:
        return None
    days = [taken, *(day(row, "last_seen") for row in postings)]
    newest = max((when for when in days if when), default=None)
    return newest and newest - timedelta(days=max_age_days)


def _valid(signals: list[Signal], summary: Summary) -> list[Signal]:
    """The signals that the import accepts; the others are counted, since the import would reject them."""
    refused = Counter(found[0] for signal in signals if (found := problems(signal)))
    if refused:
        summary.skipped["signals"] = summary.skipped.get("signals", Counter()) + refused
    return [signal for signal in signals if not problems(signal)]


def _count(signals: list[Signal], summary: Summary) -> None:
    summary.signals = Counter(signal.kind for signal in signals)
    summary.sources = Counter(signal.source for signal in signals)
    summary.companies = len({signal.domain for signal in signals})
    if signals:
        summary.oldest = min(signal.observed_at for signal in signals).isoformat()
        summary.newest = max(signal.observed_at for signal in signals).isoformat()


if __name__ == "__main__":
    sys.exit(main())
