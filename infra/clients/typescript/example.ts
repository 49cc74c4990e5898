// Scores a company and a CSV file, and pages through the watchlist. `ASSAY_URL` and `ASSAY_KEY` name the API and a key of intent.

import { readFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import createClient from "openapi-fetch";
import type { paths } from "./generated/assay.ts";

const { ASSAY_URL, ASSAY_KEY } = process.env;

/** Sends a request, and sends it again when `Retry-After` says so. */
async function patient(request: Request): Promise<Response> {
  for (;;) {
    const response = await fetch(request.clone());
    const wait = response.headers.get("Retry-After");
    if (!wait) return response;
    console.log(`waiting ${wait} s`);
    await setTimeout(Number(wait) * 1000);
  }
}

/** What a call returned; its error ends the program. */
function result<T>({ data, error }: { data?: T; error?: { error: { message: string } } }): T {
  if (data === undefined) throw new Error(error?.error.message);
  return data;
}

const client = createClient<paths>({
  baseUrl: ASSAY_URL,
  headers: { Authorization: `Bearer ${ASSAY_KEY}` },
  fetch: patient,
});

const company = result(await client.GET("/api/v1/score", { params: { query: { domain: "stripe.com" } } }));
console.log(`${company.domain}: ${company.score} ${company.band}`);

const form = new FormData();
form.append("file", new Blob([await readFile(process.argv[2]!)], { type: "text/csv" }), "companies.csv");
const bodySerializer = () => form;
let job = result(await client.POST("/api/v1/score/bulk", { body: { file: "" }, bodySerializer }));
while (job.status === "queued" || job.status === "running") {
  await setTimeout(500);
  job = result(await client.GET("/api/v1/score/bulk/{job_id}", { params: { path: { job_id: job.job_id } } }));
  console.log(`${job.rows.done} of ${job.rows.valid} rows`);
}
console.log(`${job.status}: ${job.credits.charged} credits, ${job.download_url}`);

for (let cursor: string | undefined; ; ) {
  const page = await client.GET("/api/v1/watchlist", { params: { query: { limit: 2, cursor } } });
  const entries = result(page);
  if (!Array.isArray(entries)) break; // of another product
  for (const entry of entries) console.log(`watching ${entry.domain}: ${entry.score}`);
  const link = page.response.headers.get("Link");
  if (!link) break;
  cursor = new URL(link.slice(1, link.indexOf(">"))).searchParams.get("cursor") ?? undefined;
}
