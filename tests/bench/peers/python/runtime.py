"""The Lambda runtime loop on one kept connection. The handler is imported before the first poll: that is INIT."""

import json
import os
from http.client import HTTPConnection
from types import SimpleNamespace

from handler import lambda_handler

API = "/2018-06-01/runtime/invocation/"


def main() -> None:
    connection = HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    while True:
        connection.request("GET", f"{API}next")
        invocation = connection.getresponse()
        event = json.loads(invocation.read())
        context = SimpleNamespace(
            aws_request_id=invocation.headers["Lambda-Runtime-Aws-Request-Id"],
            invoked_function_arn=invocation.headers.get("Lambda-Runtime-Invoked-Function-Arn", ""),
            function_name=os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "score"),
            memory_limit_in_mb=os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
        )
        try:
            outcome, answer = "response", lambda_handler(event, context)
        except Exception as error:
            outcome, answer = "error", {"errorType": type(error).__name__, "errorMessage": str(error)}
        connection.request("POST", f"{API}{context.aws_request_id}/{outcome}", json.dumps(answer))
        connection.getresponse().read()


if __name__ == "__main__":
    main()
