"""Attribution of postings: the company domain of a posting, or the reason why it is skipped."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from convert.import_format import is_host
from convert.rows import Row, Skip, text, texts

TRADING = frozenset({"active", "public", ""})
CAREER_SITES = Path(__file__).with_name("career_sites.csv")


@dataclass(frozen=True, slots=True)
class Employer:
    """The company of a posting, and whether only its name identifies it."""

    domain: str
    by_name: bool


class Attribution:
    """Finds the employer of a posting from its own domain field or an exact, unique company name."""

    def __init__(self, companies: Iterable[Row], career_sites: Mapping[str, str]) -> None:
        rows = list(companies)
        self._career_sites = career_sites
        uses = Counter(name for row in rows for name in _names(row))
        self._by_name = {
            name_key(text(row, "name")): domain
            for row in rows
            if (domain := company_domain(row)) and is_trading(row) and uses[name_key(text(row, "name"))] == 1
        }

    def employer(self, posting: Row) -> Employer:
        """The employer of a posting; raises `Skip` if the posting does not prove one."""
        name = text(posting, "company")
        given = text(posting, "company_domain").lower()
        if not given:
            return self._named(name)
        if not is_host(given):
            raise Skip("company domain is not a host name")
        if text(posting, "domain_from").endswith("name_match"):
            return Employer(_proven(name, given), by_name=True)
        owner = self._career_sites.get(given, given)
        if not owner:
            raise Skip("domain is a job board, not the employer's")
        return Employer(owner, by_name=False)

    def _named(self, name: str) -> Employer:
        domain = self._by_name.get(name_key(name))
        if domain is None:
            raise Skip("no company domain and no unique name match")
        return Employer(_proven(name, domain), by_name=True)


def read_career_sites(path: Path = CAREER_SITES) -> dict[str, str]:
    """Hosts that publish postings for other domains, with the owner; an empty owner marks a job board."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["host"]: row["company_domain"] for row in csv.DictReader(file)}


def company_domain(row: Row) -> str:
    """A company's own domain in lower case, or an empty string."""
    domain = text(row, "domain").lower()
    return domain if is_host(domain) else ""


def is_trading(row: Row) -> bool:
    """Whether the company is independent: neither closed nor acquired."""
    return text(row, "status").lower() in TRADING


def name_key(name: str) -> str:
    """A company name normalised for comparison: without case and redundant white space."""
    return " ".join(name.casefold().split())


def _names(row: Row) -> set[str]:
    return {name_key(name) for name in (text(row, "name"), *texts(row, "former_names")) if name}


def _proven(name: str, domain: str) -> str:
    """The domain where the name proves it: two words or more, or one word that is the .com itself."""
    words = re.findall(r"\w+", name.casefold())
    if len(words) > 1 or domain == f"{''.join(words)}.com":
        return domain
    raise Skip("one-word company name proves no domain")
