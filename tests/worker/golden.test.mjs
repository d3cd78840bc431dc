// The golden cases through the Worker: a caller says what the case says, on the vendor's path or on the unified one, and
// what arrives at the vendor is what the case says, byte by byte.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";

import { root } from "../../xtask/steps.mjs";
import { ROUTES, assertProblem, call, requestOf, spell } from "./calls.mjs";
import { startUpstream, startWorker, withoutPlatform } from "./harness.mjs";

const TOKEN = "token-of-the-golden-cases";
const KEY = "key-of-the-golden-cases";
const NOT_A_CALLERS = {
  origin: "where a vendor is, is the Worker's to say",
  strictSpec: "a caller of the vendor's path has no such choice",
  accept: "the Worker chooses what it accepts",
};
const TRUTO_QUERY = [
  "integrated_account_id",
  "truto_response_format",
  "truto_ignore_remote_data",
  "truto_exclude_fields",
  "remote_query",
];
/** Endpoints whose body is one parameter alone, a list. */
const BARE_BODIES = { "hubspot.associations.label": "types" };
const cases = readCases();

let answers = [];
const upstream = await startUpstream(() => answers.shift() ?? { status: 200, body: "{}" });
const worker = await startWorker({
  CRMLINK_KEY: KEY,
  CRMLINK_ACCOUNTS: JSON.stringify(accounts()),
  CRMLINK_VENDOR_ORIGINS: JSON.stringify(
    Object.fromEntries(["hubspot", "leadconnector", "salesforce", "truto"].map((vendor) => [vendor, upstream.origin])),
  ),
});
after(async () => {
  await worker.stop();
  await upstream.stop();
});
const endpoints = await facts();
const silent = {};

describe("golden cases of endpoints, on the vendors' own paths", () => {
  for (const { name, golden } of cases.filter(({ golden }) => golden.endpoint)) {
    const asked = callOf(golden);
    if (asked.cannot) {
      note(asked.cannot, name);
      continue;
    }
    test(name, async () => {
      const answer = await replay(asked, golden.response ? [golden.response] : []);
      if (golden.refused) assertRefused(answer, golden.refused, asked);
      else {
        assertArrived([golden.request], golden.options);
        assertPassed(answer, golden.response);
      }
    });
  }
});

describe("golden cases of operations, on the unified path", () => {
  for (const { name, golden } of cases.filter(({ golden }) => golden.operation)) {
    const asked = askOf(golden);
    const cannot = asked.cannot ?? unsaid(golden);
    if (cannot) {
      note(cannot, name);
      continue;
    }
    test(name, async () => {
      const headers = { authorization: `Bearer ${KEY}`, "x-integrated-account-id": name };
      const exchange = golden.exchange ?? [];
      const answer = await replay(
        { ...asked, headers },
        exchange.map(({ response }) => response ?? { status: 0 }),
      );
      assertArrived(
        exchange.map(({ request }) => request),
        golden.options,
      );
      assertSaid(answer, golden);
      if (golden.plan) await assertPlanned(golden, headers);
    });
  }
});

test("the cases that no caller of the Worker can say are the fewer ones", (t) => {
  for (const [why, names] of Object.entries(silent)) t.diagnostic(`${names.length} cases: ${why}`);
  const unsaid = Object.values(silent).flat().length;
  assert.ok(unsaid * 3 < cases.length, `${unsaid} of ${cases.length}`);
});

function note(why, name) {
  (silent[why] ??= []).push(name);
}

async function facts() {
  const { json } = await call(worker.origin, "GET", "/capabilities");
  return Object.fromEntries(json.endpoints.map((facts) => [facts.name, facts]));
}

/** Asks the Worker, with a vendor behind it that gives these answers in this order. */
async function replay({ method, path, headers, body }, responses) {
  upstream.requests.length = 0;
  answers = [...responses];
  return call(worker.origin, method, path, { headers, body });
}

function assertArrived(expected, options) {
  const shape = (method, path, headers, body) => ({ method, path, headers, body: body ?? "" });
  const authorization = `Bearer ${options?.token ?? TOKEN}`;
  assert.deepEqual(
    upstream.requests.map(({ method, path, headers, body }) => shape(method, path, withoutPlatform(headers), body)),
    expected.map(({ method, url, headers, body }) => shape(method, local(url), { authorization, ...headers }, body)),
  );
}

function assertPassed(answer, response) {
  if (!response) return;
  if (response.status >= 300 && response.status < 400) {
    assert.equal(answer.status, 502, "a redirect is not passed on");
    return;
  }
  assert.equal(answer.status, response.status);
  assert.equal(answer.text, response.status === 204 ? "" : response.body);
}

function assertRefused(answer, refused, { method, path }) {
  // `.` and `..` in a path are resolved before any server sees them: it is another path then, mostly without a route.
  const resolved = new URL(path, worker.origin).pathname !== path.split("?")[0];
  if (resolved && (method === "GET" || answer.status >= 400)) return;
  assert.deepEqual(upstream.requests, []);
  assert.ok([400, 422].includes(answer.status), answer.text);
  assert.equal(answer.headers.get("x-crmlink-code"), refused.code);
  if (refused.message) {
    assert.ok([answer.json.message].flat().join().includes(refused.message), answer.text);
  }
}

/** The plan is the same, whoever asks for it. */
async function assertPlanned({ operation, input, inputText, plan }, headers) {
  const body = `{"operation":"${operation}","input":${inputText ?? JSON.stringify(input)}}`;
  const { text } = await call(worker.origin, "POST", "/unified/crm/plan", { headers, body });
  // Where a vendor is, is the Worker's to say.
  const bare = (text) => JSON.parse(text.replace(/"url":"https?:\/\/[^/]+/g, '"url":"'));
  assert.deepEqual(bare(text), bare(JSON.stringify(plan)));
}

/** The receipt, or the problem that an error becomes. */
function assertSaid(answer, { refused, error, receipt }) {
  const ofOptions = refused?.path?.startsWith("options.") || refused?.reason === "api_version";
  if (ofOptions) {
    // What stands in the options here is the account's, which the caller can't mend.
    assertProblem(answer, 503, "internal");
    const { detail } = answer.json;
    assert.ok(detail.includes(refused.path ?? "options.") && detail.includes(refused.message ?? ""), detail);
    return;
  }
  const failure = refused ?? error;
  if (failure) {
    assert.equal(answer.headers.get("content-type"), "application/problem+json", answer.text);
    const { json } = answer;
    for (const key of ["code", "path", "reason", "sent", "retryable"]) {
      if (key in failure) assert.equal(json[key] ?? null, failure[key] ?? null, key);
    }
    if (failure.message) assert.ok(json.message.includes(failure.message), json.message);
    if (receipt) assert.deepEqual(outcomes(json), outcomes(receipt));
    return;
  }
  if (answer.status >= 300) {
    // Nothing is known to be true: what became of each part stands in a problem, and the receipt too.
    assert.deepEqual(outcomes(answer.json), outcomes(receipt));
    assert.deepEqual(withoutReasons(answer.json.receipt), withoutReasons(receipt));
    return;
  }
  assert.deepEqual(withoutReasons(answer.json), withoutReasons(receipt));
}

function outcomes({ links = [], result = [] }) {
  return [
    ...links.map(({ to, outcome }) => [to.entity, to.id, outcome]),
    ...result.map(({ id, outcome }) => [id, outcome]),
  ];
}

/** A reason says more than a case writes down. */
function withoutReasons(value) {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutReasons);
  const kept = Object.entries(value).filter(([key, inner]) => key !== "reason" || typeof inner === "string");
  return Object.fromEntries(kept.map(([key, inner]) => [key, key === "remote_data" ? inner : withoutReasons(inner)]));
}

/** The request of a caller who asks for the case's operation, or why none can. */
function askOf({ operation, input, inputText }) {
  const { fields } = ROUTES[operation] ?? {};
  const held = (value) => typeof value === "string" || (Array.isArray(value) && value.length > 0 && value.every(held));
  const said = ([name, value]) =>
    fields.includes(name) && (held(value) || typeof value === "number" || name === "remote_query");
  if (fields && !(input && Object.entries(input).every(said))) return { cannot: "a query holds text only" };
  if (operation === "association_types.list" && ("id" in input || "key" in input)) {
    return { cannot: "with an id or a key, a list of definitions is one of them" };
  }
  return requestOf(operation, inputText ?? input);
}

/** The request of a caller who says what the case says, or why none can. */
function callOf({ endpoint, params, paramsText, options = {}, request, refused }) {
  const facts = endpoints[endpoint];
  if (refused?.path?.startsWith("options")) return { cannot: "the Worker sets the options" };
  if (facts.vendor === "salesforce") return { cannot: "Salesforce's own paths are not served" };
  for (const [option, why] of Object.entries(NOT_A_CALLERS)) {
    if (option in options) return { cannot: why };
  }
  const truto = facts.vendor === "truto";
  if (truto && "apiVersion" in options) return { cannot: "the path has no other version" };
  const version = facts.versions.find(({ name }) => name === options.apiVersion) ?? facts.versions[0];
  const byHeader = facts.versions.some(({ name }) => name === "*");
  if (!byHeader && "apiVersion" in options && version.name !== options.apiVersion)
    return { cannot: "no path has this version" };

  const headers = { authorization: `Bearer ${options.token ?? TOKEN}` };
  if (byHeader) headers.version = options.apiVersion ?? version.name;
  if (/[\r\n\0]/.test(headers.version)) return { cannot: "no header holds a line end" };
  if (truto) headers["x-crmlink-vendor"] = "truto";
  if (paramsText !== undefined) {
    const inBody = facts.method === "POST" && !version.path.includes("{") && !truto;
    if (!inBody) return { cannot: "a path and a query hold text only" };
    return { method: facts.method, path: version.path, headers, body: paramsText };
  }

  const rest = { ...params };
  const take = (name) => {
    const value = rest[name];
    delete rest[name];
    return value;
  };
  let cannot;
  let path = version.path.replace(/\{(\w+)\}/g, (_, name) => {
    const value = take(name);
    if (typeof value !== "string" && !(request && typeof value === "number")) cannot = "a path holds text only";
    return encodeURIComponent(value);
  });
  if (cannot) return { cannot };
  const bodiless = ["GET", "DELETE"].includes(facts.method);
  if (bodiless || truto) {
    const names = bodiless ? Object.keys(rest) : TRUTO_QUERY;
    const query = [];
    for (const name of names.filter((name) => name in rest)) {
      const value = take(name);
      const holds = (value) =>
        typeof value === "string" || (request && value !== null && spell("", value) !== undefined);
      if (!holds(value)) return { cannot: "a query holds text only" };
      query.push(...spell(name, value));
    }
    path += query.length > 0 ? `?${query.join("&")}` : "";
  }
  const bare = BARE_BODIES[endpoint];
  if (bare) return { method: facts.method, path, headers, body: JSON.stringify(rest[bare]) };
  // A vendor whose body is a list gets it as a list.
  const said = request?.body?.startsWith("[") ? Object.values(rest)[0] : rest;
  const body = Object.keys(rest).length > 0 || facts.method === "POST" ? JSON.stringify(said) : undefined;
  return { method: facts.method, path, headers, body };
}

/** Why an operation's case cannot be said through the Worker; `undefined` where it can. */
function unsaid({ operation, vendor, options = {}, exchange = [] }) {
  if (!(operation in ROUTES)) return "no route has this operation";
  for (const option of ["strictSpec", "accept"]) if (option in options) return NOT_A_CALLERS[option];
  const origin = options.origin ?? (vendor === "salesforce" ? "" : "https://vendor.example");
  if (!origin || new URL(origin).pathname !== "/") return NOT_A_CALLERS.origin;
  if (exchange.some(({ lost }) => lost && lost !== "broken"))
    return "such a loss takes 25 seconds or a caller who leaves";
  const waits = exchange.map(({ response }) => Number(response?.headers?.["retry-after"] ?? 0));
  if (waits.slice(0, -1).some((seconds) => seconds > 1)) return "the wait between two requests is too long for a test";
  return undefined;
}

/** An account for each case of an operation: its options are the account's. */
function accounts() {
  const operations = cases.filter(({ golden }) => golden.operation && !unsaid(golden));
  const account = ({ vendor, options = {} }) => {
    const { apiVersion, locationId, integratedAccountId } = options;
    return { vendor, token: options.token ?? TOKEN, apiVersion, locationId, integratedAccountId };
  };
  return Object.fromEntries(operations.map(({ name, golden }) => [name, account(golden)]));
}

function readCases() {
  const folder = join(root, "tests/fixtures");
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(".json"));
  return files.sort().map((file) => ({
    name: file.slice(0, -".json".length).replaceAll("\\", "/"),
    golden: JSON.parse(readFileSync(join(folder, file), "utf8")),
  }));
}

/** Path and query, as they stand in the URL. */
function local(url) {
  return url.replace(/^https?:\/\/[^/]+/, "");
}
