"""The server: one thread per connection, with keep-alive."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from . import responses

# How many of the latest POSTs are kept, for tests that read them.
KEPT = 500


class Server(ThreadingHTTPServer):
    """The server, and what was posted to it lately."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.posted: deque[tuple[str, dict[str, object]]] = deque(maxlen=KEPT)


class Handler(BaseHTTPRequestHandler):
    """Serves `/<host>/<path>` as the host would."""

    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Handle a GET request."""
        url = urlsplit(self.path)
        host, _, path = url.path.lstrip("/").partition("/")
        if host == "posted":
            requests = [request for to, request in self.server.posted.copy() if to == f"/{path}"]
            self._send(200, "application/json", json.dumps(requests).encode(), None)
            return
        found = responses.response(host, f"/{path}", dict(parse_qsl(url.query)), responses.now())
        if found is None:
            self._send(404, "text/plain", b"not found", None)
            return
        kind, body = found[0], found[1].encode()
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if self.headers.get("If-None-Match") == tag:
            self._send(304, kind, b"", tag)
        else:
            self._send(200, kind, body, tag)

    def do_POST(self) -> None:
        """Handle a POST request as the endpoint of a webhook: 200, or the status that ends the path, as in /status/500."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = urlsplit(self.path).path
        self.server.posted.append((path, {"headers": dict(self.headers), "body": body.decode(errors="replace")}))
        found = re.search(r"/status/(\d{3})$", path)
        self._send(int(found[1]) if found else 200, "text/plain", b"", None)

    def _send(self, status: int, kind: str, body: bytes, tag: str | None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if tag:
            self.send_header("ETag", tag)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: the log belongs to MiniStack."""


def start(port: int) -> Server:
    """Serve on 127.0.0.1 in a background thread."""
    server = Server(port)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
