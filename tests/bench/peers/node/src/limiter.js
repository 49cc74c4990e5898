// The rate limiter alone, called by many clients as by many instances of the function; prints what it let in.
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { ApiError } from "./errors.js";
import { consume, minuteLimiter } from "./minute.js";
import { createLimits } from "./seed.js";

const THREADS = 4;
// The library tells the milliseconds that are left of a minute, so its end comes out a little different each time.
const SAME_MINUTE_MS = 5_000;

async function main() {
  const { values } = parseArgs({
    options: {
      clients: { type: "string", default: "64" },
      keys: { type: "string", default: "1" },
      limit: { type: "string" },
      seconds: { type: "string" },
      calls: { type: "string" },
    },
  });
  const options = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)]));
  if (!options.limit || !options.seconds === !options.calls) {
    throw new Error("give --limit, and one of --seconds and --calls");
  }
  options.table = `peer-node-${randomBytes(3).toString("hex")}-limits`;
  await createLimits(options.table);

  const shares = Array.from({ length: THREADS }, (_, index) => Math.ceil((options.clients - index) / THREADS));
  const workers = shares.map((clients) => new Worker(new URL(import.meta.url), { workerData: { ...options, share: clients } }));
  const message = (worker) => new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
  await Promise.all(workers.map(message));
  const started = performance.now();
  for (const worker of workers) worker.postMessage("start");
  const tallies = (await Promise.all(workers.map(message))).flat();
  const seconds = (performance.now() - started) / 1000;

  const sum = (of) => tallies.reduce((total, tally) => total + of(tally), 0);
  for (const error of new Set(tallies.flatMap(({ errors }) => errors))) console.error(error);
  console.log(
    JSON.stringify({
      admitted: sum(({ admitted }) => admitted.length),
      refused: sum(({ refused }) => refused),
      errors: sum(({ errors }) => errors.length),
      seconds: Number(seconds.toFixed(3)),
      limit: options.limit,
      over_admitted: Math.max(0, fullest(tallies.flatMap(({ admitted }) => admitted)) - options.limit),
    }),
  );
}

/** The calls admitted in the fullest minute of any key. */
function fullest(admitted) {
  const minutes = new Map();
  for (const { key, end } of admitted.sort((a, b) => a.end - b.end)) {
    const known = minutes.get(key) ?? [];
    const last = known.at(-1);
    if (last && end - last.end < SAME_MINUTE_MS) last.calls += 1;
    else known.push({ end, calls: 1 });
    minutes.set(key, known);
  }
  return Math.max(0, ...[...minutes.values()].flat().map(({ calls }) => calls));
}

/** One instance of the function: a limiter, connections and a memory of its own, one call at a time. */
async function client({ limit, keys, seconds, calls, clients, table }) {
  const dynamo = new DynamoDB({ maxAttempts: 2, requestHandler: { connectionTimeout: 1000, requestTimeout: 2500 } });
  const limiter = minuteLimiter(dynamo, limit, table);
  const tally = { admitted: [], refused: 0, errors: [] };
  const end = seconds ? Date.now() + seconds * 1000 : Infinity;
  for (let left = calls ? Math.floor(calls / clients) : Infinity; left > 0 && Date.now() < end; left -= 1) {
    const key = `key_${Math.floor(Math.random() * keys)}`;
    try {
      const { msBeforeNext } = await consume(limiter, key);
      tally.admitted.push({ key, end: Date.now() + msBeforeNext });
    } catch (error) {
      if (error instanceof ApiError) tally.refused += 1;
      else tally.errors.push(`${error.name}: ${error.message}`);
    }
    // A refusal from memory gives the other clients of the thread no turn by itself.
    await new Promise(setImmediate);
  }
  dynamo.destroy();
  return tally;
}

async function thread() {
  const start = new Promise((resolve) => parentPort.once("message", resolve));
  parentPort.postMessage("ready");
  await start;
  const tallies = await Promise.all(Array.from({ length: workerData.share }, () => client(workerData)));
  parentPort.postMessage(tallies);
}

await (isMainThread ? main() : thread());
