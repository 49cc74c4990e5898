"""The responses of each source about an invented company, in the format of the real source."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any

Response = tuple[str, str]  # content type, body
COMPANY = re.compile(r"newcomer[a-z0-9-]*")


def response(host: str, path: str, query: dict[str, str], today: datetime) -> Response | None:
    """The response of `host` for `path`; None if it has no data."""
    for pattern, reply in SOURCES:
        match = re.fullmatch(pattern, f"{host}{path}")
        if match:
            return reply(match.group(1) if match.groups() else "", query, today)
    return None


def _json(value: Any) -> Response:
    return "application/json", json.dumps(value)


def _iso(today: datetime, days: int) -> str:
    return (today - timedelta(days=days)).strftime("%Y-%m-%dT09:00:00Z")


def _site(name: str, query: dict[str, str], today: datetime) -> Response:
    return "text/html", (
        f'<title>{name}</title><link rel="alternate" type="application/rss+xml" href="/feed.xml">'
        f'<script src="https://js.hs-scripts.com/1.js"></script><a href="https://boards.greenhouse.io/{name}">Careers</a>'
    )


def _feed(name: str, query: dict[str, str], today: datetime) -> Response:
    posts = [("Introducing Rockets 2", 4), ("How we test engines", 20)]
    items = "".join(
        f"<item><title>{title}</title><link>https://{name}.com/blog/{days}</link>"
        f"<pubDate>{format_datetime(today - timedelta(days=days))}</pubDate></item>"
        for title, days in posts
    )
    return "application/rss+xml", f"<rss><channel><title>{name}</title>{items}</channel></rss>"


def _greenhouse(name: str, query: dict[str, str], today: datetime) -> Response:
    titles = ["Head of Sales", "Account Executive", "Rust Engineer", "Data Engineer", "Marketing Intern"]
    jobs = [
        {
            "id": 1000 + number,
            "title": title,
            "absolute_url": f"https://boards.greenhouse.io/{name}/jobs/{1000 + number}",
            "updated_at": _iso(today, 1),
            "first_published": _iso(today, 2 + 3 * number),
            "location": {"name": "Berlin"},
        }
        for number, title in enumerate(titles)
    ]
    return _json({"jobs": jobs, "meta": {"total": len(jobs)}})


def _hn(name: str, query: dict[str, str], today: datetime) -> Response:
    domain = query.get("query", "")
    posted = today - timedelta(days=6)
    hit = {"objectID": "1", "title": "Newcomer raises $12M", "url": f"https://{domain}/raise", "points": 210, "created_at_i": int(posted.timestamp())}
    return _json({"hits": [hit] if COMPANY.match(domain) else [], "nbHits": 1})


def _github(name: str, query: dict[str, str], today: datetime) -> Response:
    return _json({"login": name, "blog": f"https://{name}.com", "public_repos": 2})


def _repositories(name: str, query: dict[str, str], today: datetime) -> Response:
    return _json([{"name": "rocket", "language": "Rust", "pushed_at": _iso(today, 1)}, {"name": "docs", "pushed_at": _iso(today, 2)}])


def _tickers(name: str, query: dict[str, str], today: datetime) -> Response:
    return _json({"0": {"cik_str": 4711, "ticker": "NEWC", "title": "Newcomer, Inc."}})


def _filings(name: str, query: dict[str, str], today: datetime) -> Response:
    recent = {
        "accessionNumber": ["0000004711-26-000002", "0000004711-26-000001"],
        "filingDate": [_iso(today, 12)[:10], _iso(today, 40)[:10]],
        "form": ["8-K", "10-Q"],
        "items": ["5.02", ""],
        "primaryDocument": ["a.htm", "b.htm"],
    }
    return _json({"cik": "4711", "name": "Newcomer, Inc.", "filings": {"recent": recent, "files": []}})


def _dns(name: str, query: dict[str, str], today: datetime) -> Response:
    if not COMPANY.match(query.get("name", "")):
        return _json({"Status": 3})
    data = "1 aspmx.l.google.com." if query.get("type") == "MX" else "v=spf1 include:sendgrid.net ~all"
    return _json({"Status": 0, "Answer": [{"name": query["name"], "type": 15, "TTL": 300, "data": data}]})


def _rdap(name: str, query: dict[str, str], today: datetime) -> Response:
    return _json({"events": [{"eventAction": "registration", "eventDate": _iso(today, 200)}], "nameservers": []})


def _protocols(name: str, query: dict[str, str], today: datetime) -> Response:
    asset = {"category": "RWA", "chains": ["Ethereum"], "mcap": None}
    return _json(
        [
            asset | {"slug": "newcomer-treasuries", "name": "Newcomer Treasuries", "description": "Tokenized US treasuries", "tvl": 250e6},
            asset | {"slug": "newcomer-small", "name": "Newcomer Small", "description": None, "tvl": 20e3},
            {"slug": "newcomer-swap", "name": "Newcomer Swap", "category": "Dexs", "chains": ["Ethereum"], "tvl": 900e6},
        ]
    )


def _pools(name: str, query: dict[str, str], today: datetime) -> Response:
    pools = [("newcomer-treasuries", 200e6, 4.5), ("newcomer-treasuries", 50e6, 4.0), ("newcomer-swap", 1e6, 12.0)]
    data = [{"chain": "Ethereum", "project": project, "symbol": "USDC", "tvlUsd": tvl, "apy": apy} for project, tvl, apy in pools]
    return _json({"status": "success", "data": data})


def _protocol(name: str, query: dict[str, str], today: datetime) -> Response:
    midnight = today.replace(hour=0)
    days = [{"date": int((midnight - timedelta(days=back)).timestamp()), "totalLiquidityUSD": 250e6 - back * 1e6} for back in range(120, 0, -1)]
    return _json({"id": "1", "name": "Newcomer Treasuries", "chains": ["Ethereum"], "tvl": days})


_NAME = f"({COMPANY.pattern})"
SOURCES: list[tuple[str, Callable[[str, dict[str, str], datetime], Response]]] = [
    (rf"{_NAME}\.[a-z.]+/", _site),
    (rf"{_NAME}\.[a-z.]+/feed\.xml", _feed),
    (rf"boards-api\.greenhouse\.io/v1/boards/{_NAME}/jobs", _greenhouse),
    (r"hn\.algolia\.com/api/v1/search_by_date", _hn),
    (rf"api\.github\.com/orgs/{_NAME}", _github),
    (rf"api\.github\.com/orgs/{_NAME}/repos", _repositories),
    (r"www\.sec\.gov/files/company_tickers\.json", _tickers),
    (r"data\.sec\.gov/submissions/CIK0000004711\.json", _filings),
    (r"dns\.google/resolve", _dns),
    (rf"rdap\.org/domain/{_NAME}\.[a-z.]+", _rdap),
    (r"api\.llama\.fi/protocols", _protocols),
    (r"api\.llama\.fi/protocol/newcomer-treasuries", _protocol),
    (r"yields\.llama\.fi/pools", _pools),
]


def now() -> datetime:
    """Today at 09:00 UTC."""
    return datetime.now(timezone.utc).replace(hour=9, minute=0, second=0, microsecond=0)
