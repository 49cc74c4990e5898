"""Job postings to signals: one posting is one `hiring` or one `leadership` signal."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from urllib.parse import parse_qsl, urlencode, urlsplit

from convert.attribution import Attribution, Employer
from convert.import_format import MAX_EVIDENCE, Signal, is_web_url
from convert.rows import Row, Skip, clipped, day, text, texts

# (open, closed) strength by role; the README gives the reasons.
LEADER = (0.7, 0.4)
EMPLOYEE = (0.2, 0.1)
INTERN = (0.1, 0.05)
NAME_MATCH_FACTOR = 0.8

_LEADER_TITLE = re.compile(
    r"(?:global |group |interim )?"
    r"(?:head of\b|(?:senior |executive )?vice president of\b|[se]?vp of\b"
    r"|chief (?:\w+ ){1,3}officer\b|c[efiomprt]o\b|ciso\b)",
    re.IGNORECASE,
)
_NOT_A_LEADER = re.compile(r"\b(?:intern|internship|analyst|associate|assistant|co-?op|office)\b", re.IGNORECASE)
_TRACKING = re.compile(r"utm_\w+|gh_src|source|src|ref|referrer")


def posting_signals(
    postings: Iterable[Row], attribution: Attribution, since: date | None, skipped: Counter[str]
) -> list[Signal]:
    """The signals of the postings last known open on or after `since`; every other posting is counted in `skipped`."""
    signals: dict[tuple[str, str], Signal] = {}
    for posting in postings:
        try:
            signal = posting_signal(posting, attribution.employer(posting), since)
        except Skip as skip:
            skipped[str(skip)] += 1
            continue
        known = signals.setdefault((signal.source, signal.external_id), signal)
        if known is signal:
            continue
        skipped["the same posting again"] += 1
        if known.observed_at < signal.observed_at:
            signals[signal.source, signal.external_id] = signal
    return list(signals.values())


def posting_signal(posting: Row, employer: Employer, since: date | None) -> Signal:
    """The signal of one posting, dated by the last day on which it was known to be open."""
    title = text(posting, "title")
    posted = day(posting, "date_posted")
    seen = day(posting, "last_seen") or posted
    if not title:
        raise Skip("no title")
    if seen is None:
        raise Skip("no date")
    if since and seen < since:
        raise Skip("too old")
    url = text(posting, "url")
    return Signal(
        domain=employer.domain,
        kind="leadership" if is_leader(posting) else "hiring",
        strength=strength(posting, employer),
        observed_at=seen,
        source=text(posting, "source").lower() or "postings",
        external_id=f"posting-{_fingerprint(posting)}",
        evidence=_evidence(posting, employer, posted, seen),
        url=url if is_web_url(url) else None,
    )


def strength(posting: Row, employer: Employer) -> float:
    """The strength of one posting: by role, higher if open, lower if only a name links it to the company."""
    open_now, closed = LEADER if is_leader(posting) else INTERN if _is_intern(posting) else EMPLOYEE
    base = open_now if posting.get("active") is True else closed
    return round(base * NAME_MATCH_FACTOR if employer.by_name else base, 2)


def is_leader(posting: Row) -> bool:
    """Whether the title begins with a leadership role, such as “Head of Sales” or “Chief Financial Officer”."""
    title = text(posting, "title")
    return bool(_LEADER_TITLE.match(title)) and not _NOT_A_LEADER.search(title) and not _is_intern(posting)


def _is_intern(posting: Row) -> bool:
    return text(posting, "kind").lower() == "internship"


def _fingerprint(posting: Row) -> str:
    """A stable id of sixteen hex digits for one posting: of its URL, else of its content."""
    identity = _canonical(text(posting, "url")) or "\n".join(
        text(posting, key) for key in ("company", "title", "date_posted")
    )
    return hashlib.sha256(identity.encode()).hexdigest()[:16]


def _canonical(url: str) -> str:
    """A URL without campaign parameters, `www.`, and fragments that are not routes."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    query = sorted(pair for pair in parse_qsl(parts.query) if not _TRACKING.fullmatch(pair[0].lower()))
    route = parts.fragment if "/" in parts.fragment else ""
    page = parts.netloc.lower().removeprefix("www.") + parts.path.rstrip("/")
    return "\n".join((page, urlencode(query), route)) if page else ""


def _evidence(posting: Row, employer: Employer, posted: date | None, seen: date) -> str:
    places = texts(posting, "locations")
    where = f" in {clipped('; '.join(places[:3]), 120)}" if places else ""
    more = f" and {len(places) - 3} more places" if len(places) > 3 else ""
    opened = f"posted {posted}, " if posted else ""
    state = f"open when last seen on {seen}" if posting.get("active") is True else f"last seen {seen}, since closed"
    match = ", company known by name only" if employer.by_name else ""
    title = clipped(text(posting, "title"), 200)
    return clipped(f"Job posting “{title}”{where}{more}: {opened}{state}{match}.", MAX_EVIDENCE)
