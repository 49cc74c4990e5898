"""The signal import format: the fields of one line of an import file, and their validation."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

KINDS = (
    "engagement",
    "funding",
    "hiring",
    "leadership",
    "technology",
    "expansion",
    "product",
    "news",
    "filing",
    "engineering",
    "web",
)
MAX_EVIDENCE = 500
MAX_URL = 2_000

_HOST = re.compile(r"[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+")
_SLUG = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Signal:
    """One observed event of one company; `source` and `external_id` together identify it."""

    domain: str
    kind: str
    strength: float
    observed_at: date
    source: str
    external_id: str
    evidence: str
    url: str | None = None

    def line(self) -> str:
        """The signal as one NDJSON line, without the newline."""
        fields: dict[str, object] = {
            "domain": self.domain,
            "kind": self.kind,
            "strength": self.strength,
            "observed_at": self.observed_at.isoformat(),
            "source": self.source,
            "external_id": self.external_id,
            "evidence": self.evidence,
        }
        if self.url:
            fields["url"] = self.url
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))

    def order(self) -> tuple[str, date, str, str, str]:
        """The sort key of an import file: the same signals always make the same bytes."""
        return (self.domain, self.observed_at, self.kind, self.source, self.external_id)


def problems(signal: Signal) -> list[str]:
    """The reasons for which the import would reject a signal; empty if it is valid."""
    checks = {
        "domain is not a host name": is_host(signal.domain),
        "kind is unknown": signal.kind in KINDS,
        "strength is not in (0, 1]": 0 < signal.strength <= 1,
        "source is not a slug": is_slug(signal.source),
        "external_id is empty": bool(signal.external_id.strip()),
        "evidence is empty": bool(signal.evidence.strip()),
        f"evidence is over {MAX_EVIDENCE} characters": len(signal.evidence) <= MAX_EVIDENCE,
        "url is not an http address": signal.url is None or is_web_url(signal.url),
    }
    return [problem for problem, holds in checks.items() if not holds]


def is_host(text: str) -> bool:
    """Whether a string is a lower-case host name of two or more labels."""
    return _HOST.fullmatch(text) is not None


def is_slug(text: str) -> bool:
    """Whether a string is a source's short name: lower case, digits, `.`, `_`, `-`, at most 64."""
    return _SLUG.fullmatch(text) is not None


def is_web_url(text: str) -> bool:
    """Whether a string is an http or https URL within the length limit."""
    return len(text) <= MAX_URL and re.match(r"https?://[^\s/]+", text) is not None


def write_ndjson(path: Path, signals: Iterable[Signal]) -> int:
    """Write an import file atomically in a fixed order; return the number of signals."""
    ordered = sorted(signals, key=Signal.order)
    unfinished = path.with_name(f"{path.name}.unfinished")
    with unfinished.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{signal.line()}\n" for signal in ordered)
    os.replace(unfinished, path)
    return len(ordered)
