// The minute limit of a key, by rate-limiter-flexible.
import { RateLimiterDynamo, RateLimiterRes } from "rate-limiter-flexible";
import { limitReached } from "./errors.js";

/** The table of every limiter, made by `seed`. */
export const tableName = process.env.LIMITS_TABLE;

/**
 * A limiter of so many calls a minute. A key's minute begins with its first call. A key that was seen over its limit is
 * refused from memory until its minute ends, as the library advises.
 */
export const minuteLimiter = (storeClient, points, table = tableName) =>
  new RateLimiterDynamo({
    storeClient,
    tableName: table,
    tableCreated: true,
    ttlSet: true,
    keyPrefix: "minute",
    points,
    duration: 60,
    inMemoryBlockOnConsumed: points + 1,
  });

/**
 * Counts a call and answers where the key stands, or says that the key is over its limit. Two writes, one after the
 * other: the library first tries to open a new minute, and counts in the open one when that is refused. None for a key
 * that is refused from memory.
 */
export async function consume(limiter, key) {
  try {
    return await limiter.consume(key);
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    const error = limitReached("per_minute", limiter.points, "minute", Math.ceil(refused.msBeforeNext / 1000));
    Object.assign(error.headers, headers(limiter, refused));
    throw error;
  }
}

/** The headers that say where a key stands. */
export const headers = (limiter, { remainingPoints, msBeforeNext }) => ({
  "X-RateLimit-Limit": String(limiter.points),
  "X-RateLimit-Remaining": String(remainingPoints),
  "X-RateLimit-Reset": String(Math.ceil((Date.now() + msBeforeNext) / 1000)),
});
