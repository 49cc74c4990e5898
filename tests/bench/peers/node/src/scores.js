// Kept scores: the table INTEL_TABLE.
import { documents } from "./dynamo.js";
import { badRequest } from "./errors.js";

const TableName = process.env.INTEL_TABLE;
const DOMAIN = /^(?:https?:\/\/)?(?:www\.)?((?:[a-z0-9-]{1,63}\.)+[a-z]{2,63})\.?(?::\d+)?(?:\/.*)?$/i;
const FLAGS = { true: true, 1: true, false: false, 0: false };
// Switches with their defaults, and the fields of the answer that each is about.
const SWITCHES = {
  include_signals: { byDefault: true, fields: ["signals", "more_signals"] },
  include_talk_track: { byDefault: false, fields: ["talk_track"] },
  include_email_subject: { byDefault: false, fields: ["email_subject"] },
};

/** The parameters of a score: the domain, and the fields to leave out. */
export function readQuery(params = {}) {
  const unknown = Object.keys(params).find((name) => name !== "domain" && !Object.hasOwn(SWITCHES, name));
  if (unknown) throw badRequest(unknown, "parameter_unknown", `there is no parameter ${unknown}`);
  if (params.domain === undefined) {
    throw badRequest("domain", "parameter_missing", "domain is required, for example domain=stripe.com");
  }
  const [, domain] = DOMAIN.exec(params.domain.trim()) ?? [];
  if (!domain) throw badRequest("domain", "domain_malformed", "this is not a company domain, such as stripe.com");
  const leftOut = Object.entries(SWITCHES).flatMap(([name, { byDefault, fields }]) => {
    const on = name in params ? FLAGS[params[name]] : byDefault;
    if (on === undefined) throw badRequest(name, "parameter_invalid", `${name} is true or false`);
    return on ? [] : fields;
  });
  return { domain: domain.toLowerCase(), leftOut };
}

/** The kept score of a company: one read. */
export async function findScore(domain) {
  const { Item } = await documents.get({ TableName, Key: { pk: `COMPANY#${domain}`, sk: "SCORE" } });
  return Item && { score: JSON.parse(Item.body), validUntil: Item.valid_until };
}

/** A kept score as it is answered. */
export function answer({ score, validUntil }, { leftOut }, price) {
  const fields = { ...score };
  for (const name of leftOut) delete fields[name];
  const expires_at = new Date(validUntil * 1000).toISOString().replace(".000Z", "Z");
  return { ...fields, expires_at, cached: true, credits_charged: price };
}
