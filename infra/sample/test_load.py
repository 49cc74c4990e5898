"""The sample data set is valid, complete and spread over all bands."""

from __future__ import annotations

import io
import json
import math
import tempfile
import unittest
from collections import defaultdict
from contextlib import redirect_stdout
from datetime import date
from pathlib import Path

from convert.import_format import KINDS, Signal, problems
from sample.load import SOURCE, main, rows, sample_signals, write_import_file

TODAY = date(2026, 11, 22)
# Weight and half-life in days: the intent engine's table, copied to keep the sample's bands.
WEIGHTS = {
    "engagement": (40, 14),
    "funding": (35, 120),
    "hiring": (30, 60),
    "leadership": (20, 90),
    "technology": (18, 90),
    "expansion": (18, 120),
    "product": (12, 60),
    "news": (10, 30),
    "filing": (10, 90),
    "engineering": (8, 45),
    "web": (6, 30),
}
CATEGORIES = {"treasury", "private_credit", "real_estate", "commodity", "infrastructure"}
REDEMPTIONS = {"", "on_demand", "daily", "weekly", "monthly", "quarterly", "semi_annual", "annual", "at_maturity"}


def score(signals: list[Signal], today: date) -> float:
    """The intent score of one company's signals."""
    missing: dict[str, float] = defaultdict(lambda: 1.0)
    for signal in signals:
        age = (today - signal.observed_at).days
        missing[signal.kind] *= 1 - signal.strength * 2 ** (-age / WEIGHTS[signal.kind][1])
    raw = sum(WEIGHTS[kind][0] * (1 - rest) for kind, rest in missing.items())
    return 100 * (1 - math.exp(-raw / 45))


class Signals(unittest.TestCase):
    def setUp(self) -> None:
        self.signals = sample_signals(TODAY)

    def test_every_signal_is_valid_and_says_that_it_is_a_sample(self) -> None:
        for signal in self.signals:
            self.assertEqual(problems(signal), [], signal.external_id)
            self.assertEqual(signal.source, SOURCE)
            self.assertTrue(signal.evidence.startswith("Sample: "), signal.external_id)
            self.assertLessEqual(signal.observed_at, TODAY)

    def test_ids_are_unique_and_every_kind_is_there(self) -> None:
        self.assertEqual(len({signal.external_id for signal in self.signals}), len(self.signals))
        self.assertEqual({signal.kind for signal in self.signals}, set(KINDS))
        self.assertEqual(set(WEIGHTS), set(KINDS))
        self.assertIn(len(self.signals), range(60, 121))

    def test_every_signal_is_of_a_sample_company(self) -> None:
        companies = {row["domain"] for row in rows("companies.csv")}
        self.assertLessEqual({signal.domain for signal in self.signals}, companies)

    def test_the_bands_are_spread_and_stripe_is_hot(self) -> None:
        by_domain: dict[str, list[Signal]] = defaultdict(list)
        for signal in self.signals:
            by_domain[signal.domain].append(signal)
        scores = {domain: score(signals, TODAY) for domain, signals in by_domain.items()}
        self.assertAlmostEqual(scores["stripe.com"], 91, delta=2)
        self.assertEqual(sum(value >= 75 for value in scores.values()), 3)
        self.assertEqual(sum(40 <= value < 75 for value in scores.values()), 7)
        self.assertEqual(len(scores), 25)


class Companies(unittest.TestCase):
    def test_the_file_is_a_bulk_upload(self) -> None:
        companies = rows("companies.csv")
        self.assertEqual(list(companies[0]), ["company_name", "domain"])
        domains = [row["domain"] for row in companies]
        self.assertEqual(len(set(domains)), len(domains))
        self.assertLessEqual({"stripe.com", "notion.so", "linear.app"}, set(domains))


class Protocols(unittest.TestCase):
    def setUp(self) -> None:
        self.protocols = rows("protocols.csv")

    def test_every_category_has_products(self) -> None:
        slugs = {row["slug"] for row in self.protocols}
        self.assertEqual(len(slugs), len(self.protocols))
        self.assertGreaterEqual(len(slugs), 24)
        self.assertLessEqual({"ondo-usdy", "blackrock-buidl"}, slugs)
        self.assertEqual({row["category"] for row in self.protocols}, CATEGORIES)
        needed = ("issuer", "jurisdiction", "redemption_frequency", "aum_usd", "supervision", "operating_years")
        complete = [row["slug"] for row in self.protocols if all(row[column] for column in needed)]
        self.assertGreaterEqual(len(complete), 24)

    def test_every_row_is_well_formed_and_names_its_source(self) -> None:
        for row in self.protocols:
            with self.subTest(row["slug"]):
                self.assertRegex(row["slug"], r"^[a-z0-9]+(-[a-z0-9]+)*$")
                self.assertTrue(row["name"])
                self.assertRegex(row["jurisdiction"], r"^([A-Z]{2})?$")
                self.assertIn(row["redemption_frequency"], REDEMPTIONS)
                self.assertRegex(row["aum_usd"], r"^\d*$")
                self.assertRegex(row["holder_count"], r"^\d*$")
                self.assertTrue(0 <= float(row["yield_pct"] or 0) < 30)
                self.assertLessEqual(date.fromisoformat(row["as_of"]), TODAY)
                self.assertTrue(row["source"].startswith("sample: "))


class Command(unittest.TestCase):
    def test_the_file_is_dated_relative_to_the_given_day(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "signals.ndjson"
            with redirect_stdout(io.StringIO()) as output:
                self.assertEqual(main(["-o", str(path), "--today", "2026-03-01"]), 0)
            lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
            again = Path(folder) / "again.ndjson"
            count = write_import_file(again, date(2026, 3, 1))
            self.assertEqual(again.read_bytes(), path.read_bytes())
        self.assertEqual(len(lines), count)
        self.assertIn(f"{count} sample signals as of 2026-03-01", output.getvalue())
        dated = {line["external_id"]: line["observed_at"] for line in lines}
        self.assertEqual(dated["stripe-engagement-1"], "2026-02-27")


if __name__ == "__main__":
    unittest.main()
