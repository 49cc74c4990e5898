"""The process of MiniStack and of the fixture web server: `python -m local.ministack_process`.

MiniStack's Runtime API server writes head and body of an event in two packets. With Nagle's algorithm on, the second
waits for a delayed acknowledgement of the first, and every invocation takes 40 ms longer.

Functions are limited to their memory (memory_limit.py).
"""

from __future__ import annotations

import os
import socketserver

from ministack.app import main

from local import memory_limit
from local.fixture_web import server

socketserver.StreamRequestHandler.disable_nagle_algorithm = True
memory_limit.apply()

if __name__ == "__main__":
    server.start(int(os.environ["FIXTURE_WEB_PORT"]))
    main()
