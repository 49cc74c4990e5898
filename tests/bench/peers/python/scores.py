"""Kept scores: the table `INTEL_TABLE`."""

import json
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dynamo import dynamodb
from errors import bad_request

TABLE = os.environ["INTEL_TABLE"]
DOMAIN = re.compile(r"(?:https?://)?(?:www\.)?((?:[a-z0-9-]{1,63}\.)+[a-z]{2,63})\.?(?::\d+)?(?:/.*)?", re.IGNORECASE)
FLAGS = {"true": True, "1": True, "false": False, "0": False}
# Switches with their defaults, and the fields of the answer that each is about.
SWITCHES = {
    "include_signals": (True, ("signals", "more_signals")),
    "include_talk_track": (False, ("talk_track",)),
    "include_email_subject": (False, ("email_subject",)),
}


@dataclass(frozen=True, slots=True)
class ScoreQuery:
    domain: str
    left_out: frozenset[str]

    @classmethod
    def read(cls, params: dict[str, str]) -> "ScoreQuery":
        for name in params:
            if name != "domain" and name not in SWITCHES:
                raise bad_request(name, "parameter_unknown", f"there is no parameter {name}")
        if "domain" not in params:
            raise bad_request("domain", "parameter_missing", "domain is required, for example domain=stripe.com")
        domain = DOMAIN.fullmatch(params["domain"].strip())
        if domain is None:
            raise bad_request("domain", "domain_malformed", "this is not a company domain, such as stripe.com")
        left_out: set[str] = set()
        for name, (default, fields) in SWITCHES.items():
            on = FLAGS.get(params[name]) if name in params else default
            if on is None:
                raise bad_request(name, "parameter_invalid", f"{name} is true or false")
            if not on:
                left_out.update(fields)
        return cls(domain[1].lower(), frozenset(left_out))


@dataclass(frozen=True, slots=True)
class Kept:
    """A score as it was computed, with the moment until which it may be answered."""

    score: dict[str, Any]
    valid_until: int

    def answer(self, query: ScoreQuery, price: int) -> dict[str, Any]:
        fields = {name: value for name, value in self.score.items() if name not in query.left_out}
        expires = datetime.fromtimestamp(self.valid_until, UTC)
        return fields | {"expires_at": f"{expires:%Y-%m-%dT%H:%M:%SZ}", "cached": True, "credits_charged": price}


def find_score(domain: str) -> Kept | None:
    """The kept score of a company: one read."""
    found = dynamodb.get_item(TableName=TABLE, Key={"pk": {"S": f"COMPANY#{domain}"}, "sk": {"S": "SCORE"}})
    if "Item" not in found:
        return None
    row = found["Item"]
    return Kept(json.loads(row["body"]["S"]), int(row["valid_until"]["N"]))
