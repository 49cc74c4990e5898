// Keys, months and credits: the table ACCOUNTS_TABLE.
import { createHash } from "node:crypto";
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { documents } from "./dynamo.js";
import { ApiError, limitReached, unauthorized } from "./errors.js";

const TableName = process.env.ACCOUNTS_TABLE;
const REMEMBERED = 4096;

// A key's row never changes, so an instance may remember it.
const keys = new Map();

/** The key in `Authorization: Bearer …`: one read the first time, none later. */
export async function authenticate(authorization = "") {
  const [, secret] = /^bearer +(\S+)\s*$/i.exec(authorization) ?? [];
  if (!secret) {
    throw unauthorized("key_missing", 'send your API key as "Authorization: Bearer iq_live_sk_…"');
  }
  const hash = createHash("sha256").update(secret).digest("hex");
  const key = keys.get(hash) ?? (await findKey(hash));
  if (!key) throw unauthorized("key_unknown", "this API key is not known");
  return key;
}

async function findKey(hash) {
  const { Item } = await documents.get({ TableName, Key: { pk: `KEY#${hash}`, sk: "KEY" }, ConsistentRead: true });
  if (!Item) return undefined;
  const key = {
    account: Item.account,
    product: Item.product,
    id: Item.key,
    scopes: Item.scopes,
    minuteLimit: Item.minute_limit,
  };
  if (keys.size >= REMEMBERED) keys.clear();
  keys.set(hash, key);
  return key;
}

/** Counts the call in the account's month and takes its credits: one conditional write. */
export async function charge(key, price) {
  const now = new Date();
  try {
    await documents.update({
      TableName,
      Key: { pk: `ACCT#${key.account}`, sk: `METER#${key.product}` },
      UpdateExpression: "ADD #month :one, credits :minus",
      ConditionExpression:
        "contains(active, :key) AND credits >= :price AND " +
        "(attribute_not_exists(month_limit) OR attribute_not_exists(#month) OR #month < month_limit)",
      ExpressionAttributeNames: { "#month": monthAttribute(now) },
      ExpressionAttributeValues: { ":one": 1, ":price": price, ":minus": -price, ":key": key.id },
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    });
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    throw refusal(error.Item ? unmarshall(error.Item) : {}, key, price, now);
  }
}

/** Why the meter did not take the call, read off the item that refused. */
function refusal(meter, key, price, now) {
  if (!meter.active?.has(key.id)) {
    return unauthorized("key_revoked", "this API key was revoked; use another, or issue a new one");
  }
  if (meter.month_limit !== undefined && (meter[monthAttribute(now)] ?? 0) >= meter.month_limit) {
    return limitReached("monthly", meter.month_limit, "month", secondsToNextMonth(now));
  }
  const message = `not enough credits: ${price} needed, ${meter.credits} left; top up to continue`;
  return new ApiError(402, "INSUFFICIENT_CREDITS", message, { required: price, balance: meter.credits });
}

const monthAttribute = (now) => `m${now.toISOString().slice(0, 7).replace("-", "")}`;

const secondsToNextMonth = (now) => Math.ceil((Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1) - now) / 1000);
