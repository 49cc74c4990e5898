"""What a caller is told when a call is not answered with success."""

from http import HTTPStatus
from typing import Any


class ApiError(Exception):
    """An error as the caller sees it; `details` are further fields of the body."""

    def __init__(
        self, status: HTTPStatus, code: str, message: str, *, retry_after: int | None = None, **details: Any
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers: dict[str, str] = {}
        if retry_after is not None:
            self.headers["Retry-After"] = str(retry_after)
        if status == HTTPStatus.UNAUTHORIZED:
            self.headers["WWW-Authenticate"] = 'Bearer realm="assay"'
        self.fields = {"code": code, "message": message, **details}


def unauthorized(reason: str, message: str) -> ApiError:
    return ApiError(HTTPStatus.UNAUTHORIZED, "UNAUTHORIZED", message, reason=reason)


def bad_request(field: str, reason: str, message: str) -> ApiError:
    return ApiError(HTTPStatus.BAD_REQUEST, "BAD_REQUEST", message, reason=reason, field=field)


def forbidden(reason: str, message: str, **details: Any) -> ApiError:
    return ApiError(HTTPStatus.FORBIDDEN, "FORBIDDEN", message, reason=reason, **details)


def limit_reached(reason: str, limit: int, window: str, retry_after: int) -> ApiError:
    message = f"the limit of {limit} calls a {window} is reached; try again when Retry-After is over"
    return ApiError(
        HTTPStatus.TOO_MANY_REQUESTS, "LIMIT_REACHED", message, retry_after=retry_after, reason=reason, limit=limit
    )


def unavailable() -> ApiError:
    message = "a service behind this one is not answering; try again in a moment"
    return ApiError(HTTPStatus.SERVICE_UNAVAILABLE, "UNAVAILABLE", message, retry_after=1)
