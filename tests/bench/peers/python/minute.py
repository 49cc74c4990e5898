"""The minute limit of a key, by zae-limiter."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

from errors import ApiError, limit_reached, unavailable
from zae_limiter import Limit, RateLimiterUnavailable, RateLimitExceeded, SyncRateLimiter, SyncRepository

RESOURCE = "score"
NAME = "minute"
CRON = "0-59 * * * *"


def minute_limit(calls: int) -> Limit:
    """So many calls in each minute of the clock. `Limit.per_minute` would be a bucket that also refills meanwhile."""
    # Not "* * * * *": 0.17.0 stores it as an empty schedule, which it then refuses to read.
    return Limit.quota(NAME, calls, cron=CRON)


def connect(stack: str | None = None) -> SyncRateLimiter:
    """A limiter on the table of a stack, by default `ZAEL_STACK`: two reads."""
    return SyncRateLimiter(repository=SyncRepository.connect(stack=stack))


@contextmanager
def admitted(limiter: SyncRateLimiter, entity: str, limit: int, resource: str = RESOURCE) -> Iterator[dict[str, str]]:
    """Counts a call, and yields the headers that say where the key stands; an exception inside takes the count back.

    One write. The first call of a minute takes a read and a second write more, the first of an instance one more read;
    a key that was seen over its limit less than a second ago takes none.
    """
    try:
        with limiter.acquire(entity, resource, consume={NAME: 1}) as lease:
            standing = headers(limit, sum(max(entry.state.tokens, 0) for entry in lease.entries))
            try:
                yield standing
            except ApiError as error:
                error.headers |= standing
                raise
    except RateLimitExceeded as error:
        wait = max(1, math.ceil(error.retry_after_seconds))
        refused = limit_reached("per_minute", limit, "minute", wait)
        refused.headers |= headers(limit, 0)
        raise refused from None
    except RateLimiterUnavailable as error:
        raise unavailable() from error


def headers(limit: int, remaining: int) -> dict[str, str]:
    reset = (int(time.time()) // 60 + 1) * 60
    return {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": str(reset),
    }
