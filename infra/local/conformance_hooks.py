"""Checks of schemathesis that are this API's own."""

from __future__ import annotations

import schemathesis

# Reasons of a body as a whole, which has no field to be named.
WHOLE = {"json_invalid", "body_not_utf8", "too_many_values", "body_too_large", "no_signals"}


@schemathesis.check
def refusals_say_what_is_wrong(ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case) -> None:
    """A 400 names the fields that are invalid, each with a message, or has a reason of the whole body."""
    if response.status_code != 400 or case.path == "/graphql":
        return
    error = response.json().get("error", {})
    assert error.get("message"), f"the error has no message: {error}"
    named = error.get("errors") or ([error] if "field" in error else [])
    assert named or error.get("reason") in WHOLE, f"the error names no field: {error}"
    for one in named:
        assert one.get("message") and one.get("reason"), f"the error of a field has no message or no reason: {one}"
