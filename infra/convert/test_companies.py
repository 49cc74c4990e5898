"""Only events in a company directory become signals."""

from __future__ import annotations

import unittest
from collections import Counter
from datetime import date

from convert.companies import BULK_LOAD, Directory, company_signals, newest_launch
from convert.import_format import Signal, problems
from convert.rows import Row

DIRECTORY = Directory("kettle-directory", date(2026, 6, 1), since=None)
COMPANY: Row = {
    "id": 7,
    "name": "Bright Kettle",
    "domain": "Kettle.example",
    "status": "Active",
    "is_hiring": True,
    "launched_date": "2026-05-02",
    "batch": "Spring 2026",
}


def run(*companies: Row, directory: Directory = DIRECTORY) -> tuple[list[Signal], Counter[str]]:
    """Convert companies; also return the reasons for the skipped ones."""
    skipped: Counter[str] = Counter()
    return company_signals(list(companies), directory, skipped), skipped


class Events(unittest.TestCase):
    def test_a_hiring_flag_is_dated_by_the_directory(self) -> None:
        (got,), _ = run({**COMPANY, "launched_date": None})
        self.assertEqual(problems(got), [])
        self.assertEqual((got.domain, got.kind, got.strength), ("kettle.example", "hiring", 0.4))
        self.assertEqual((got.observed_at, got.external_id), (date(2026, 6, 1), "hiring-2026-06-7"))
        self.assertEqual(got.evidence, "Marked as hiring in kettle-directory, as of 2026-06-01.")

    def test_a_new_profile_is_news_of_its_day(self) -> None:
        (got,), _ = run({**COMPANY, "is_hiring": False})
        self.assertEqual(problems(got), [])
        self.assertEqual((got.kind, got.strength, got.observed_at), ("news", 0.3, date(2026, 5, 2)))
        self.assertEqual(got.external_id, "launch-7")
        self.assertEqual(got.evidence, "Profile published in kettle-directory on 2026-05-02 (batch Spring 2026).")

    def test_an_old_future_or_bulk_loaded_profile_is_no_news(self) -> None:
        quiet = {**COMPANY, "is_hiring": False}
        for launched in ("2025-11-01", "2026-06-02", "", None):
            with self.subTest(launched):
                self.assertEqual(run({**quiet, "launched_date": launched})[1], {"no event in the profile": 1})
        load = [{**quiet, "id": number} for number in range(BULK_LOAD + 1)]
        self.assertEqual(run(*load)[1], {"no event in the profile": BULK_LOAD + 1})
        self.assertEqual(len(run(*load[1:])[0]), BULK_LOAD)

    def test_the_age_limit_holds_for_both(self) -> None:
        directory = Directory("kettle-directory", date(2026, 6, 1), since=date(2026, 6, 2))
        self.assertEqual(run(COMPANY, directory=directory), ([], {"no event in the profile": 1}))

    def test_companies_without_domain_or_life_are_skipped(self) -> None:
        self.assertEqual(run({**COMPANY, "domain": None})[1], {"company without its own domain": 1})
        for status in ("Inactive", "Acquired"):
            self.assertEqual(run({**COMPANY, "status": status})[1], {"company closed or acquired": 1})

    def test_the_newest_launch_dates_the_directory(self) -> None:
        self.assertEqual(newest_launch([COMPANY, {"launched_date": "2026-05-30"}, {}]), date(2026, 5, 30))
        self.assertIsNone(newest_launch([{}]))


if __name__ == "__main__":
    unittest.main()
