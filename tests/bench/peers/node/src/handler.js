// GET /api/v1/score as one would write it with Middy.
//
// A warm call makes four requests to DynamoDB, three deep: the limiter's two writes beside the read of the score, and
// then the write that counts the month and takes the credits. The first call of a key reads its row before.
import { randomUUID } from "node:crypto";
import middy from "@middy/core";
import { authenticate, charge } from "./accounts.js";
import { dynamo } from "./dynamo.js";
import { ApiError, forbidden, unavailable } from "./errors.js";
import { consume, headers, minuteLimiter } from "./minute.js";
import { answer, findScore, readQuery } from "./scores.js";

const PRICE = 1;

const limiters = new Map();

/** The limiter of a plan: one for each limit. */
function limiterOf({ minuteLimit }) {
  const limiter = limiters.get(minuteLimit) ?? minuteLimiter(dynamo, minuteLimit);
  limiters.set(minuteLimit, limiter);
  return limiter;
}

async function score(event, context) {
  if (event.routeKey !== "GET /api/v1/score") {
    throw new ApiError(404, "NOT_FOUND", "there is no such route", { reason: "route_unknown" });
  }
  const key = (context.key = await authenticate(event.headers.authorization));
  permit(key);
  const query = readQuery(event.queryStringParameters);
  const limiter = limiterOf(key);
  const [standing, kept] = await Promise.all([consume(limiter, key.id), findScore(query.domain)]);
  context.headers = headers(limiter, standing);
  try {
    if (!kept) throw new ApiError(404, "NOT_FOUND", "nothing is known of this company");
    await charge(key, PRICE);
  } catch (error) {
    // What was refused is not counted in the minute.
    await limiter.reward(key.id);
    throw error;
  }
  return { statusCode: 200, body: JSON.stringify(answer(kept, query, PRICE)) };
}

function permit({ product, scopes }) {
  if (product !== "intent") {
    throw forbidden("wrong_product", `this is a key of ${product}; intent needs one of its own`);
  }
  if (!scopes.has("read") && !scopes.has("write")) {
    throw forbidden("scope_missing", "this API key lacks the scope read", { scope: "read" });
  }
}

/** What every answer has: a request id, its headers, an error's body, and one line in the log. */
const everyAnswer = () => ({
  before: ({ context }) => {
    context.requestId = `req_${randomUUID().replaceAll("-", "")}`;
  },
  after: ({ response, context }) => {
    response.headers = {
      "Content-Type": "application/json",
      "Cache-Control": "private, no-store",
      "X-Request-Id": context.requestId,
      ...context.headers,
      ...response.headers,
    };
    const { requestId, key } = context;
    const line = { level: "INFO", message: "answered", requestId, status: response.statusCode };
    console.log(JSON.stringify({ ...line, account: key?.account, key: key?.id, timestamp: new Date() }));
  },
  onError: (request) => {
    if (!(request.error instanceof ApiError)) console.error(request.error);
    const error = request.error instanceof ApiError ? request.error : unavailable();
    const body = JSON.stringify({ error: { ...error.fields, requestId: request.context.requestId } });
    request.response = { statusCode: error.status, headers: error.headers, body };
    everyAnswer().after(request);
  },
});

export const handler = middy(score).use(everyAnswer());
