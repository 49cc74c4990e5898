"""`GET /api/v1/score` as one would write it with Powertools.

A warm call makes three requests to DynamoDB, two deep: the limiter's write beside the read of the score, and then the
write that counts the month and takes the credits. The first call of a key reads its row before.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response, content_types
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import BotoCoreError, ClientError

from accounts import Key, authenticate, charge
from errors import ApiError, forbidden, unavailable
from minute import admitted, connect
from scores import ScoreQuery, find_score

PRICE = 1

logger = Logger(service="score")
app = APIGatewayHttpResolver()
limiter = connect()
pool = ThreadPoolExecutor(max_workers=2)


@app.get("/api/v1/score")
def score() -> Response:
    key = authenticate(app.current_event.headers.get("authorization"))
    logger.append_keys(account=key.account, key=key.id)
    permit(key)
    query = ScoreQuery.read(app.current_event.query_string_parameters or {})
    reading = pool.submit(find_score, query.domain)
    with admitted(limiter, key.id, key.minute_limit) as headers:
        kept = reading.result()
        if kept is None:
            raise ApiError(HTTPStatus.NOT_FOUND, "NOT_FOUND", "nothing is known of this company")
        charge(key, PRICE)
    return reply(HTTPStatus.OK, kept.answer(query, PRICE), headers)


def permit(key: Key) -> None:
    if key.product != "intent":
        raise forbidden("wrong_product", f"this is a key of {key.product}; intent needs one of its own")
    if not key.scopes & {"read", "write"}:
        raise forbidden("scope_missing", "this API key lacks the scope read", scope="read")


@app.exception_handler(ApiError)
def answer_error(error: ApiError) -> Response:
    return reply(error.status, {"error": {**error.fields, "requestId": app.context["request_id"]}}, error.headers)


@app.exception_handler((ClientError, BotoCoreError))
def answer_unavailable(error: Exception) -> Response:
    logger.exception("DynamoDB does not answer")
    return answer_error(unavailable())


@app.not_found
def answer_unknown_route(_: NotFoundError) -> Response:
    return answer_error(ApiError(HTTPStatus.NOT_FOUND, "NOT_FOUND", "there is no such route", reason="route_unknown"))


def reply(status: HTTPStatus, body: dict[str, Any], headers: dict[str, str]) -> Response:
    return Response(
        status_code=status.value,
        content_type=content_types.APPLICATION_JSON,
        body=json.dumps(body, separators=(",", ":"), ensure_ascii=False),
        headers={**headers, "X-Request-Id": app.context["request_id"], "Cache-Control": "private, no-store"},
    )


@logger.inject_lambda_context(clear_state=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    request_id = f"req_{uuid4().hex}"
    app.append_context(request_id=request_id)
    answer = app.resolve(event, context)
    logger.info("answered", extra={"request_id": request_id, "status": answer["statusCode"]})
    return answer
