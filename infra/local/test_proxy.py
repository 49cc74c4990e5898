"""The local stack is reached whatever HTTP proxy the shell names."""

from __future__ import annotations

import os
import threading
import unittest
import unittest.mock
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

from botocore.utils import should_bypass_proxies

from local.__main__ import reach_local_addresses_directly


class Here(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


class Proxy(unittest.TestCase):
    def test_local_addresses_need_none(self) -> None:
        server = HTTPServer(("127.0.0.1", 0), Here)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        nobody = "http://127.0.0.1:9"
        with unittest.mock.patch.dict(os.environ, {"http_proxy": nobody, "HTTP_PROXY": nobody, "no_proxy": "example.com"}):
            reach_local_addresses_directly()
            self.assertEqual(os.environ["no_proxy"], "example.com,localhost,127.0.0.1")
            for host in ("localhost", "127.0.0.1"):
                url = f"http://{host}:{server.server_port}/"
                with urllib.request.build_opener().open(url, timeout=5) as response:
                    self.assertEqual(response.status, 204)
                self.assertTrue(should_bypass_proxies(url))


if __name__ == "__main__":
    unittest.main()
