// Creates the tables at AWS_ENDPOINT_URL with one account, one key and one kept score; prints how to call it.
import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import { documents, dynamo } from "./dynamo.js";

const SCORE = JSON.parse(readFileSync(new URL("../../score.json", import.meta.url)));
const hex = (bytes) => randomBytes(bytes).toString("hex");

export async function createTable(TableName, ...names) {
  await dynamo.createTable({
    TableName,
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: names.map((AttributeName, index) => ({ AttributeName, KeyType: index ? "RANGE" : "HASH" })),
    AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
  });
  await waitUntilTableExists({ client: dynamo, maxWaitTime: 30 }, { TableName });
}

/** The limiter's own table, as its documentation has it. */
export const createLimits = (name) => createTable(name, "key");

async function seed() {
  const { values } = parseArgs({
    options: {
      "minute-limit": { type: "string", default: "1000000" },
      "month-limit": { type: "string" },
      credits: { type: "string", default: "1000000000" },
      scope: { type: "string", default: "read" },
    },
  });
  const stack = `peer-node-${hex(3)}`;
  const env = {
    ACCOUNTS_TABLE: `${stack}-accounts`,
    INTEL_TABLE: `${stack}-intel`,
    LIMITS_TABLE: `${stack}-limits`,
  };
  await createTable(env.ACCOUNTS_TABLE, "pk", "sk");
  await createTable(env.INTEL_TABLE, "pk", "sk");
  await createLimits(env.LIMITS_TABLE);

  const secret = `iq_live_sk_${hex(16)}`;
  const key = `key_${hex(8)}`;
  const meter = {
    pk: "ACCT#acct_1",
    sk: "METER#intent",
    plan: "scale",
    credits: Number(values.credits),
    active: new Set([key]),
    ...(values["month-limit"] && { month_limit: Number(values["month-limit"]) }),
  };
  const row = {
    pk: `KEY#${createHash("sha256").update(secret).digest("hex")}`,
    sk: "KEY",
    account: "acct_1",
    product: "intent",
    key,
    scopes: new Set([values.scope]),
    minute_limit: Number(values["minute-limit"]),
  };
  const score = {
    pk: `COMPANY#${SCORE.domain}`,
    sk: "SCORE",
    body: JSON.stringify(SCORE),
    valid_until: Math.floor(Date.now() / 1000) + 24 * 3600,
  };
  await documents.put({ TableName: env.ACCOUNTS_TABLE, Item: meter });
  await documents.put({ TableName: env.ACCOUNTS_TABLE, Item: row });
  await documents.put({ TableName: env.INTEL_TABLE, Item: score });
  console.log(JSON.stringify({ key: secret, domain: SCORE.domain, env }));
}

if (import.meta.filename === process.argv[1]) await seed();
