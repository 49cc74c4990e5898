"""The rate limiter alone, called by many clients as by many instances of the function; prints what it let in."""

import argparse
import json
import random
import secrets
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context

import boto3

from errors import ApiError
from minute import admitted, connect, minute_limit
from seed import create_limiter

PROCESSES = 4


@dataclass
class Tally:
    """What one or more clients saw; `windows` counts the admitted calls of a key by the end of their minute."""

    windows: Counter = field(default_factory=Counter)
    refused: int = 0
    errors: Counter = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        self.windows.update(other.windows)
        self.refused += other.refused
        self.errors.update(other.errors)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--keys", type=int, default=1)
    parser.add_argument("--limit", type=int, required=True, help="calls a minute and key")
    length = parser.add_mutually_exclusive_group(required=True)
    length.add_argument("--seconds", type=float)
    length.add_argument("--calls", type=int, help="of all clients together")
    options = parser.parse_args()

    stack, resource = f"peer-python-{secrets.token_hex(3)}", "bench"
    limiter = create_limiter(boto3.client("dynamodb"), stack)
    limiter.set_resource_defaults(resource, [minute_limit(options.limit)])

    spawn = get_context("spawn")
    ready = spawn.Barrier(options.clients + 1)
    shares = [options.clients // PROCESSES + (index < options.clients % PROCESSES) for index in range(PROCESSES)]
    with spawn.Pool(PROCESSES, initializer=share, initargs=(ready,)) as pool:
        running = pool.starmap_async(process, [(clients, options, stack, resource) for clients in shares], chunksize=1)
        ready.wait()
        started = time.monotonic()
        total = Tally()
        for tally in running.get():
            total.add(tally)
        seconds = time.monotonic() - started
    for error, count in total.errors.items():
        print(f"{count} times: {error}", file=sys.stderr)
    result = {
        "admitted": total.windows.total(),
        "refused": total.refused,
        "errors": total.errors.total(),
        "seconds": round(seconds, 3),
        "limit": options.limit,
        "over_admitted": max(0, max(total.windows.values(), default=0) - options.limit),
    }
    print(json.dumps(result))


def share(barrier) -> None:
    global ready
    ready = barrier


def process(clients: int, options: argparse.Namespace, stack: str, resource: str) -> Tally:
    total = Tally()
    with ThreadPoolExecutor(max_workers=max(clients, 1)) as pool:
        for tally in pool.map(lambda _: client(options, stack, resource), range(clients)):
            total.add(tally)
    return total


def client(options: argparse.Namespace, stack: str, resource: str) -> Tally:
    """One instance of the function: a limiter, a connection and a memory of its own, one call at a time."""
    limiter, tally = connect(stack), Tally()
    left = options.calls // options.clients if options.calls else sys.maxsize
    ready.wait()
    end = time.monotonic() + options.seconds if options.seconds else float("inf")
    while left > 0 and time.monotonic() < end:
        left -= 1
        key = f"key_{random.randrange(options.keys)}"
        try:
            with admitted(limiter, key, options.limit, resource) as headers:
                tally.windows[key, headers["X-RateLimit-Reset"]] += 1
        except ApiError as error:
            if error.status == 429:
                tally.refused += 1
            else:
                tally.errors[str(error.__cause__ or error)] += 1
        except Exception as error:
            tally.errors[f"{type(error).__name__}: {error}"] += 1
    return tally


if __name__ == "__main__":
    main()
