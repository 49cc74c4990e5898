"""The command reads both files, writes one import file and accounts for every line."""

from __future__ import annotations

import io
import json
import tempfile
import unittest
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from pathlib import Path

from convert.import_format import KINDS, Signal, problems
from convert.rows import Progress
from convert.signals import main
from convert.test_companies import COMPANY
from convert.test_postings import POSTING


class Command(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.output = self.folder / "signals.ndjson"

    def file(self, name: str, *lines: object) -> str:
        """Write an input file; strings are lines, other values are encoded as JSON."""
        path = self.folder / name
        path.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines))
        return str(path)

    def run_main(self, *arguments: str) -> tuple[int, str, str]:
        """The exit code, stdout and stderr of a run."""
        with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
            try:
                code = main(["-o", str(self.output), *arguments])
            except SystemExit as end:
                code = int(end.code or 0)
        return code, out.getvalue(), err.getvalue()

    def lines(self) -> list[dict[str, object]]:
        """The signals that were written."""
        return [json.loads(line) for line in self.output.read_text(encoding="utf-8").splitlines()]

    def test_every_line_read_is_accounted_for(self) -> None:
        postings = self.file("p.ndjson", POSTING, "", "{broken", "[]", {**POSTING, "company_domain": None})
        companies = self.file("c.ndjson", COMPANY, {**COMPANY, "id": 8, "domain": None})
        code, out, err = self.run_main("--postings", postings, "--companies", companies, "--json")
        self.assertEqual(code, 0)
        self.assertIn("p.ndjson line 3: not a JSON object", err)
        summary = json.loads(out)
        self.assertEqual(summary["lines_read"], {"companies": 2, "postings": 4})
        self.assertEqual(summary["signals_by_kind"], {"hiring": 2, "news": 1})
        self.assertEqual(
            summary["skipped"],
            {
                "companies": {"company without its own domain": 1},
                "postings": {"not a JSON object": 2, "no company domain and no unique name match": 1},
            },
        )
        self.assertEqual((summary["signals"], summary["companies_covered"]), (3, 2))

    def test_lines_are_sorted_and_a_second_run_writes_the_same_bytes(self) -> None:
        later = {**POSTING, "url": "https://acme.com/jobs/8", "last_seen": "2026-02-21"}
        zebra = {**POSTING, "url": "https://zebra.example/1", "company_domain": "zebra.example"}
        self.run_main("--postings", self.file("p.ndjson", zebra, later, POSTING))
        first = self.output.read_bytes()
        self.assertEqual(
            [(line["domain"], line["observed_at"]) for line in self.lines()],
            [("acme.com", "2026-02-20"), ("acme.com", "2026-02-21"), ("zebra.example", "2026-02-20")],
        )
        self.run_main("--postings", self.file("p.ndjson", POSTING, later, zebra))
        self.assertEqual(self.output.read_bytes(), first)
        self.assertEqual(list(self.folder.glob("*.unfinished")), [])

    def test_the_age_limit_counts_from_the_newest_input(self) -> None:
        old = {**POSTING, "url": "https://acme.com/jobs/1", "date_posted": "2024-01-01", "last_seen": "2024-01-05"}
        postings = self.file("p.ndjson", POSTING, old)
        self.run_main("--postings", postings)
        self.assertEqual(len(self.lines()), 1)
        self.run_main("--postings", postings, "--max-age-days", "0")
        self.assertEqual(len(self.lines()), 2)

    def test_the_directory_has_a_day_and_a_name(self) -> None:
        undated = self.file("c.ndjson", {**COMPANY, "launched_date": None})
        _, out, _ = self.run_main("--companies", undated)
        self.assertIn("directory without a date: use --companies-as-of", out)
        self.run_main("--companies", undated, "--companies-as-of", "2026-06-02", "--companies-source", "mirror")
        self.assertEqual([(line["observed_at"], line["source"]) for line in self.lines()], [("2026-06-02", "mirror")])

    def test_a_signal_the_import_would_refuse_is_counted_and_left_out(self) -> None:
        _, out, _ = self.run_main("--postings", self.file("p.ndjson", {**POSTING, "source": "No Slug"}), "--json")
        self.assertEqual(json.loads(out)["skipped"]["signals"], {"source is not a slug": 1})
        self.assertEqual(self.lines(), [])

    def test_wrong_use_is_one_clear_line(self) -> None:
        self.assertEqual(self.run_main()[0], 2)
        self.assertIn("--postings, --companies or both are required", self.run_main()[2])
        code, _, err = self.run_main("--postings", str(self.folder / "none"))
        self.assertEqual((code, err.count("\n")), (1, 1))
        self.assertIn("is not a date", self.run_main("--companies-as-of", "June")[2])
        self.assertIn("is not a slug", self.run_main("--companies-source", "A B")[2])


class Format(unittest.TestCase):
    def test_problems_name_what_the_import_refuses(self) -> None:
        good = Signal("acme.com", "web", 0.5, date(2026, 1, 1), "sample", "a-1", "Text.")
        self.assertEqual(problems(good), [])
        bad = Signal("acme", "gossip", 0, date(2026, 1, 1), "A b", " ", "x" * 501, "ftp://acme.com")
        self.assertEqual(len(problems(bad)), 7)
        self.assertEqual(len(set(KINDS)), 11)

    def test_a_line_is_compact_json_without_an_empty_url(self) -> None:
        line = Signal("acme.com", "web", 0.5, date(2026, 1, 1), "sample", "a-1", "Säulen").line()
        self.assertEqual(
            line,
            '{"domain":"acme.com","kind":"web","strength":0.5,"observed_at":"2026-01-01",'
            '"source":"sample","external_id":"a-1","evidence":"Säulen"}',
        )


class Reporting(unittest.TestCase):
    def test_progress_is_silent_for_two_seconds(self) -> None:
        times = iter([0.0, 1.9, 2.0, 2.0, 3.9, 4.0, 4.0])
        stream = io.StringIO()
        progress = Progress("reading", stream, lambda: next(times))
        for count in (1_000, 2_000, 3_000, 4_000):
            progress.at(count)
        self.assertEqual(stream.getvalue(), "reading: 2,000 lines\nreading: 4,000 lines\n")


if __name__ == "__main__":
    unittest.main()
