"""The fixture web server responds in the formats of the public sources."""

from __future__ import annotations

import json
import unittest
import urllib.error
import urllib.request

from local.fixture_web import server

BOARD = "boards-api.greenhouse.io/v1/boards/newcomer-1/jobs"


class FixtureWeb(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.server = server.start(0)
        cls.base = f"http://127.0.0.1:{cls.server.server_address[1]}"

    @classmethod
    def tearDownClass(cls) -> None:
        cls.server.shutdown()
        cls.server.server_close()

    def get(self, path: str, **headers: str) -> urllib.request.Request:
        return urllib.request.urlopen(urllib.request.Request(f"{self.base}/{path}", headers=headers), timeout=5)

    def test_every_source_has_data_on_a_newcomer(self) -> None:
        paths = [
            "newcomer-1.com/",
            "newcomer-1.com/feed.xml",
            BOARD,
            "hn.algolia.com/api/v1/search_by_date?query=newcomer-1.com&tags=story",
            "api.github.com/orgs/newcomer-1",
            "api.github.com/orgs/newcomer-1/repos?sort=pushed",
            "www.sec.gov/files/company_tickers.json",
            "data.sec.gov/submissions/CIK0000004711.json",
            "dns.google/resolve?name=newcomer-1.com&type=MX",
            "rdap.org/domain/newcomer-1.com",
            "api.llama.fi/protocols",
            "api.llama.fi/protocol/newcomer-treasuries",
            "yields.llama.fi/pools",
        ]
        for path in paths:
            with self.subTest(path), self.get(path) as response:
                self.assertEqual(response.status, 200)
                self.assertTrue(response.headers["ETag"])

    def test_no_source_has_data_on_others(self) -> None:
        for path in ("stripe.com/", "rdap.org/domain/stripe.com", "boards-api.greenhouse.io/v1/boards/stripe/jobs"):
            with self.subTest(path), self.assertRaises(urllib.error.HTTPError) as refused:
                self.get(path)
            self.assertEqual(refused.exception.code, 404)
        with self.get("hn.algolia.com/api/v1/search_by_date?query=stripe.com") as response:
            self.assertEqual(json.load(response)["hits"], [])

    def test_a_matching_etag_returns_304(self) -> None:
        with self.get(BOARD) as response:
            tag = response.headers["ETag"]
        with self.assertRaises(urllib.error.HTTPError) as unchanged:
            self.get(BOARD, **{"If-None-Match": tag})
        self.assertEqual(unchanged.exception.code, 304)

    def test_a_webhook_is_answered_as_its_path_says(self) -> None:
        def post(path: str) -> int:
            return urllib.request.urlopen(f"{self.base}/{path}", data=b"{}", timeout=5).status

        self.assertEqual(post("example.com/hooks/assay"), 200)
        self.assertEqual(post("example.com/hooks/status/204"), 204)
        with self.assertRaises(urllib.error.HTTPError) as refused:
            post("example.com/hooks/status/500")
        self.assertEqual(refused.exception.code, 500)

    def test_what_was_posted_to_a_path_can_be_read(self) -> None:
        def posted(path: str) -> list[dict[str, object]]:
            with self.get(f"posted/{path}") as response:
                return json.load(response)

        self.assertEqual(posted("example.com/kept"), [])
        for path, body in [("example.com/kept", "1 €"), ("example.com/kept/2", "2"), ("example.com/kept", "3")]:
            request = urllib.request.Request(f"{self.base}/{path}", data=body.encode(), headers={"X-Of-Test": body[0]})
            urllib.request.urlopen(request, timeout=5).close()
        kept = posted("example.com/kept")
        self.assertEqual([request["body"] for request in kept], ["1 €", "3"])
        self.assertEqual([request["headers"]["X-Of-Test"] for request in kept], ["1", "3"])


if __name__ == "__main__":
    unittest.main()
