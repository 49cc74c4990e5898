"""The process MiniStack runs in: `python -m local.ministack_process`.

Its Runtime API server writes the head and the body of an event in two packets. With Nagle's algorithm on, the second
waits for a delayed acknowledgement of the first, and every call of a function takes 40 ms longer.
"""

from __future__ import annotations

import socketserver

from ministack.app import main

socketserver.StreamRequestHandler.disable_nagle_algorithm = True

if __name__ == "__main__":
    main()
