"""Postings become signals of the right company, or are skipped for a stated reason."""

from __future__ import annotations

import unittest
from collections import Counter
from datetime import date

from convert.attribution import Attribution, read_career_sites
from convert.import_format import Signal, problems
from convert.postings import is_leader, posting_signals
from convert.rows import Row

COMPANIES: list[Row] = [
    {"name": "Bright Kettle", "domain": "kettle.example", "status": "Active"},
    {"name": "Tallow", "domain": "tallow.com", "status": "Active"},
    {"name": "Fjord", "domain": "fjord.example", "status": "Active"},
    {"name": "Gone Fishing", "domain": "gone.example", "status": "Inactive"},
    {"name": "Twin Peak", "domain": "one.example", "status": "Active"},
    {"name": "twin  peak", "domain": "two.example", "status": "Active"},
    {"name": "Old Salt", "domain": "salt.example", "status": "Active", "former_names": ["Sea Dog"]},
    {"name": "Sea Dog", "domain": "dog.example", "status": "Active"},
]
POSTING: Row = {
    "company": "Acme",
    "company_domain": "acme.com",
    "title": "Data Engineer",
    "date_posted": "2026-01-10",
    "last_seen": "2026-02-20",
    "active": True,
    "locations": ["Oslo, Norway"],
    "url": "https://acme.com/jobs/7",
    "kind": "new_grad",
    "source": "greenhouse",
}


def run(*postings: Row, since: date | None = None) -> tuple[list[Signal], Counter[str]]:
    """Convert postings against the small directory above."""
    skipped: Counter[str] = Counter()
    attribution = Attribution(COMPANIES, {"acme.jobs": "acme.com", "board.example": ""})
    return posting_signals(postings, attribution, since, skipped), skipped


def signal(**changes: object) -> Signal:
    """The one signal of the posting above with some fields changed."""
    (only,), _ = run({**POSTING, **changes})
    return only


def reason(**changes: object) -> str:
    """Why the posting above is skipped with some fields changed."""
    signals, skipped = run({**POSTING, **changes})
    assert not signals, signals
    (only,) = skipped
    return only


class Mapping(unittest.TestCase):
    def test_a_posting_is_a_hiring_signal_of_the_day_it_was_last_seen(self) -> None:
        got = signal()
        self.assertEqual(problems(got), [])
        self.assertEqual((got.domain, got.kind, got.strength, got.source), ("acme.com", "hiring", 0.2, "greenhouse"))
        self.assertEqual(got.observed_at, date(2026, 2, 20))
        self.assertEqual(
            got.evidence,
            "Job posting “Data Engineer” in Oslo, Norway: posted 2026-01-10, open when last seen on 2026-02-20.",
        )
        self.assertEqual(got.url, POSTING["url"])

    def test_strength_follows_the_documented_table(self) -> None:
        cases: list[tuple[Row, float]] = [
            ({"active": False}, 0.1),
            ({"kind": "internship"}, 0.1),
            ({"kind": "internship", "active": False}, 0.05),
            ({"title": "Head of Sales"}, 0.7),
            ({"title": "Head of Sales", "active": False}, 0.4),
            ({"company": "Bright Kettle", "company_domain": None}, 0.16),
        ]
        for changes, expected in cases:
            with self.subTest(changes):
                self.assertEqual(signal(**changes).strength, expected)

    def test_only_a_leading_office_is_a_leadership_signal(self) -> None:
        leaders = ["Head of Sales", "VP of Data", "Senior Vice President of Risk", "Chief Financial Officer", "CTO"]
        others = ["CFO, Data Analyst", "Office of the CTO", "Vice President, Java", "Chief Engineer", "Headless CMS"]
        for title in leaders:
            self.assertTrue(is_leader({"title": title}), title)
        for title in others:
            self.assertFalse(is_leader({"title": title}), title)
        self.assertEqual(signal(title="Head of Sales").kind, "leadership")

    def test_long_texts_are_cut_to_what_the_import_accepts(self) -> None:
        got = signal(title="Engineer " * 90, locations=["Place " * 40] * 9)
        self.assertEqual(problems(got), [])
        self.assertIn("and 6 more places", got.evidence)

    def test_a_missing_last_sighting_falls_back_to_the_day_posted(self) -> None:
        self.assertEqual(signal(last_seen=None).observed_at, date(2026, 1, 10))

    def test_an_address_that_is_none_is_left_out(self) -> None:
        self.assertIsNone(signal(url="mailto:jobs@acme.com").url)


class Identity(unittest.TestCase):
    def test_the_same_address_is_the_same_posting(self) -> None:
        first = signal().external_id
        for url in ("http://www.acme.com/jobs/7/", "https://ACME.com/jobs/7?utm_source=x&gh_src=9#apply"):
            self.assertEqual(signal(url=url, title="Another title").external_id, first, url)

    def test_another_posting_has_another_id(self) -> None:
        pages = ["/jobs/7", "/jobs?id=7", "/jobs#/7", "/jobs#/8"]
        urls = [f"https://acme.com{page}" for page in pages]
        self.assertEqual(len({signal(url=url).external_id for url in urls}), len(urls))
        self.assertNotEqual(signal(url="").external_id, signal(url="", title="Other").external_id)

    def test_of_two_sightings_the_later_stays(self) -> None:
        signals, skipped = run(POSTING, {**POSTING, "last_seen": "2026-03-01"}, {**POSTING, "last_seen": "2026-01-11"})
        self.assertEqual([got.observed_at for got in signals], [date(2026, 3, 1)])
        self.assertEqual(skipped, {"the same posting again": 2})


class Attributing(unittest.TestCase):
    def test_a_career_site_stands_for_its_company(self) -> None:
        self.assertEqual(signal(company_domain="acme.jobs").domain, "acme.com")

    def test_a_proven_name_names_the_domain(self) -> None:
        for name, domain in (("BRIGHT kettle ", "kettle.example"), ("Tallow", "tallow.com")):
            got = signal(company=name, company_domain=None)
            self.assertEqual(got.domain, domain)
            self.assertIn("company known by name only", got.evidence)

    def test_what_proves_no_company_is_skipped(self) -> None:
        unmatched = "no company domain and no unique name match"
        cases: list[tuple[Row, str]] = [
            ({"company_domain": "board.example"}, "domain is a job board, not the employer's"),
            ({"company_domain": "not a host"}, "company domain is not a host name"),
            ({"company_domain": None}, unmatched),
            ({"company_domain": None, "company": "Gone Fishing"}, unmatched),
            ({"company_domain": None, "company": "Twin Peak"}, unmatched),
            ({"company_domain": None, "company": "Sea Dog"}, unmatched),
            ({"company_domain": None, "company": "Fjord"}, "one-word company name proves no domain"),
            ({"domain_from": "yc_name_match", "company_domain": "acme.io"}, "one-word company name proves no domain"),
        ]
        for changes, expected in cases:
            with self.subTest(changes):
                self.assertEqual(reason(**changes), expected)

    def test_the_shipped_career_sites_are_well_formed(self) -> None:
        sites = read_career_sites()
        self.assertEqual(sites["amazon.jobs"], "amazon.com")
        self.assertEqual(sites["grnh.se"], "")
        self.assertFalse(set(sites) & set(sites.values()))


class Skipping(unittest.TestCase):
    def test_incomplete_postings_are_skipped(self) -> None:
        self.assertEqual(reason(title=" "), "no title")
        self.assertEqual(reason(last_seen="soon", date_posted=None), "no date")

    def test_old_postings_are_skipped(self) -> None:
        self.assertEqual(run(POSTING, since=date(2026, 2, 21))[1], {"too old": 1})
        self.assertEqual(len(run(POSTING, since=date(2026, 2, 20))[0]), 1)


if __name__ == "__main__":
    unittest.main()
