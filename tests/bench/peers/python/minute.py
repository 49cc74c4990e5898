"""The minute limit of a key, by zae-limiter."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from zae_limiter import Limit, RateLimiterUnavailable, RateLimitExceeded, SyncRateLimiter, SyncRepository

from errors import ApiError, limit_reached, unavailable

RESOURCE = "score"
NAME = "minute"


def minute_limit(calls: int) -> Limit:
    """So many calls in a minute that begins with a key's first. `Limit.per_minute` would be a bucket, which lets twice
    as many in while it refills; a quota by the clock's minutes takes 50 ms to refuse a call."""
    return Limit.quota(NAME, calls, reset_after=timedelta(minutes=1))


def connect(stack: str | None = None) -> SyncRateLimiter:
    """A limiter on the table of a stack, by default `ZAEL_STACK`: two reads."""
    return SyncRateLimiter(repository=SyncRepository.connect(stack=stack))


@contextmanager
def admitted(limiter: SyncRateLimiter, entity: str, limit: int, resource: str = RESOURCE) -> Iterator[dict[str, str]]:
    """Counts a call, and yields the headers that say where the key stands; an exception inside takes the count back.

    One write. A call that opens a minute takes two reads and a second write more, and once a minute a read of settings;
    a key that was seen over its limit less than a second ago takes none.
    """
    try:
        with limiter.acquire(entity, resource, consume={NAME: 1}) as lease:
            state = lease.entries[0].state
            standing = headers(limit, state.tokens, state.window_end_ms)
            try:
                yield standing
            except ApiError as error:
                error.headers |= standing
                raise
    except RateLimitExceeded as error:
        refused = limit_reached("per_minute", limit, "minute", max(1, math.ceil(error.retry_after_seconds)))
        refused.headers |= headers(limit, 0, error.primary_violation.resets_at_ms)
        raise refused from None
    except RateLimiterUnavailable as error:
        raise unavailable() from error


def headers(limit: int, remaining: int, window_end_ms: int | None) -> dict[str, str]:
    reset = window_end_ms / 1000 if window_end_ms else time.time() + 60
    return {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(max(remaining, 0)),
        "X-RateLimit-Reset": str(math.ceil(reset)),
    }
