// What a caller is told when a call is not answered with success.

export class ApiError extends Error {
  constructor(status, code, message, { headers = {}, ...details } = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
    this.fields = { code, message, ...details };
  }
}

export const unauthorized = (reason, message) =>
  new ApiError(401, "UNAUTHORIZED", message, { reason, headers: { "WWW-Authenticate": 'Bearer realm="assay"' } });

export const badRequest = (field, reason, message) => new ApiError(400, "BAD_REQUEST", message, { reason, field });

export const forbidden = (reason, message, details) => new ApiError(403, "FORBIDDEN", message, { reason, ...details });

export const limitReached = (reason, limit, window, retryAfter) =>
  new ApiError(
    429,
    "LIMIT_REACHED",
    `the limit of ${limit} calls a ${window} is reached; try again when Retry-After is over`,
    { reason, limit, headers: { "Retry-After": String(retryAfter) } },
  );

export const unavailable = () =>
  new ApiError(503, "UNAVAILABLE", "a service behind this one is not answering; try again in a moment", {
    headers: { "Retry-After": "1" },
  });
