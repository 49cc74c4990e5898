"""The result of a conversion, as a table and as JSON."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Summary:
    """Counts of one conversion. Every line read gives a signal or is counted under one reason."""

    lines: dict[str, int] = field(default_factory=dict)
    signals: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    skipped: dict[str, Counter[str]] = field(default_factory=dict)
    companies: int = 0
    oldest: str | None = None
    newest: str | None = None
    seconds: float = 0.0

    def as_json(self) -> dict[str, object]:
        """The counts with stable names, largest first in each group."""
        return {
            "lines_read": self.lines,
            "signals": self.signals.total(),
            "signals_by_kind": dict(self.signals.most_common()),
            "signals_by_source": dict(self.sources.most_common()),
            "skipped": {name: dict(counts.most_common()) for name, counts in self.skipped.items()},
            "companies_covered": self.companies,
            "observed_from": self.oldest,
            "observed_to": self.newest,
            "seconds": round(self.seconds, 3),
        }

    def as_table(self) -> str:
        """The counts as an aligned table."""
        groups = [
            ("lines read", self.lines),
            ("signals by kind", dict(self.signals.most_common())),
            ("signals by source", dict(self.sources.most_common())),
            *((f"skipped {name}", dict(counts.most_common())) for name, counts in self.skipped.items()),
            ("result", {"signals": self.signals.total(), "companies covered": self.companies}),
        ]
        lines = [line for title, counts in groups if counts for line in _group(title, counts)]
        span = f"observed {self.oldest} to {self.newest}, " if self.oldest else ""
        return "\n".join([*lines, f"{span}{self.seconds:.1f} s"])


def _group(title: str, counts: dict[str, int]) -> list[str]:
    return [title, *(f"  {name:<46} {count:>9,}" for name, count in counts.items())]
