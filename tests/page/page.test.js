// The reference page of the running stack, in a headless browser: `make test` runs it, and tests/README.md says how to by hand.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { after, before, beforeEach, test } from "node:test";

import { chromium } from "playwright-core";

// The browser is unpacked into TMPDIR, once for each version of it.
process.env.TMPDIR = new URL("node_modules/.chromium", import.meta.url).pathname;
mkdirSync(process.env.TMPDIR, { recursive: true });

const stack = JSON.parse(readFileSync(process.env.ASSAY_STACK_FILE, "utf8"));
const base = stack.base_url;
/** Milliseconds, for a machine that does much else. */
const PATIENCE = 120_000;
const METHODS = ["get", "post", "put", "patch", "delete"];

let browser;
let page;
let problems;

before(async () => {
  const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
  browser = await chromium.launch({ executablePath: await executable(), args });
});
after(() => browser?.close());

beforeEach(async () => {
  problems = [];
  page = await open();
});

/** The browser named by the variable CHROMIUM, or else the one of npm, which is for x86-64 Linux. */
async function executable() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const unpacked = await import("@sparticuz/chromium");
  return unpacked.default.executablePath();
}

/** A new tab on the page. Whatever it must not do is added to `problems`. */
async function open(options = {}, path = "/docs") {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(PATIENCE);
  const tab = await context.newPage();
  tab.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(`${message.type()}: ${message.text()}`);
  });
  tab.on("pageerror", (error) => problems.push(error.stack));
  tab.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (origin !== base && !["data:", "blob:"].includes(protocol)) problems.push(`a request to ${request.url()}`);
  });
  await tab.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`the policy ${event.effectiveDirective} was violated by ${event.blockedURI}`);
    });
  });
  const response = await tab.goto(base + path);
  assert.equal(response.status(), 200);
  await tab.getByRole("heading", { name: "Assay", level: 1 }).waitFor();
  return tab;
}

/** Keeps a picture of the tab, if the variable SCREENSHOTS names a folder for it. */
async function picture(tab, name) {
  const folder = process.env.SCREENSHOTS;
  if (folder) await tab.screenshot({ path: `${folder}/${name}.png` });
}

function assertNoProblems() {
  assert.deepEqual(problems, []);
}

async function description() {
  return (await fetch(`${base}/openapi.json`)).json();
}

test("it lists every operation under its tag", async () => {
  const { paths, tags, info } = await description();
  await page.waitForFunction((title) => document.title.includes(title), info.title);
  const links = [];
  for (const { name } of tags) {
    const open = page.getByRole("button", { name: `Open Group - ${name}`, exact: true });
    const close = page.getByRole("button", { name: `Close Group - ${name}`, exact: true });
    if (await open.count()) await open.first().click();
    await close.first().waitFor();
    const shown = page.locator("a[href*='#tag/']");
    links.push(...(await shown.evaluateAll((found) => found.map((link) => link.getAttribute("href")))));
  }
  await picture(page, "navigation");
  for (const [path, item] of Object.entries(paths)) {
    for (const method of METHODS.filter((method) => method in item)) {
      const ends = `/${method.toUpperCase()}${path}`;
      assert.ok(links.some((link) => decodeURI(link).endsWith(ends)), `${ends} is not among ${links.join("\n")}`);
    }
  }
  assertNoProblems();
});

test("an endpoint can be tried with a key", async () => {
  const dialog = await tryScore(stack.keys.intent);
  await dialog.getByText("200 OK").first().waitFor();
  await dialog.getByText('"stripe.com"').first().waitFor();
  await picture(page, "tried");
  assertNoProblems();
});

test("without a key, the error is shown", async () => {
  const dialog = await tryScore();
  await dialog.getByText("401 Unauthorized").first().waitFor();
  // The browser's own line about the status.
  problems = problems.filter((problem) => !problem.includes("status of 401"));
  assertNoProblems();
});

/** Sends the example of a score, with a key if there is one; returns the dialog. The page renders what is near the place that is read. */
async function tryScore(key) {
  page = await open({}, "/docs#tag/intent/GET/api/v1/score");
  await page.getByRole("button", { name: /^Test Request\s*\(get \/api\/v1\/score\)$/ }).first().click();
  const dialog = page.getByRole("dialog");
  if (key) await dialog.getByLabel("Bearer Token").first().fill(key);
  await dialog.getByRole("button", { name: /^Send/ }).first().click();
  return dialog;
}

test("it fits a narrow window, and is dark where the reader's system is", async () => {
  const narrow = await open({ viewport: { width: 390, height: 844 } });
  await picture(narrow, "narrow");
  const width = await narrow.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 390, `it is ${width} pixels wide`);
  const dark = await open({ colorScheme: "dark" });
  await picture(dark, "dark");
  const background = await dark.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const [red] = background.match(/\d+/g).map(Number);
  assert.ok(red < 64, background);
  assertNoProblems();
});

test("what the policy forbids is reported, so that the tests above see it", async () => {
  await page.evaluate(() => fetch("https://example.com/").catch(() => {}));
  await page.evaluate(() => document.body.append(Object.assign(document.createElement("script"), { textContent: "1" })));
  assert.ok(problems.some((problem) => problem.includes("connect-src")), problems.join("\n"));
  assert.ok(problems.some((problem) => problem.includes("script-src")), problems.join("\n"));
});
