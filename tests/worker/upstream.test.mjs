// What arrives at a vendor, and what becomes of its answers: untouched, not followed, not waited for without end.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, beforeEach, describe, test } from "node:test";

import { ACCOUNTS, variables } from "../../xtask/development.mjs";
import { asOwner, assertProblem, call } from "./calls.mjs";
import { startUpstream, startWorker, withoutPlatform } from "./harness.mjs";

const HUBSPOT = "/crm/v4/objects/contacts/101/associations/default/companies/201";
const OPPORTUNITY = { pipelineId: "p", locationId: "l", name: "Ünï", monetaryValue: 1e21 };
const KEY = "the-key-of-this-test";
const TOKEN = "the-token-of-the-account";

let upstream, worker, answer;
before(async () => {
  upstream = await startUpstream((request) => answer(request));
  const vars = variables({ twinOrigin: upstream.origin });
  const accounts = vars.CRMLINK_ACCOUNTS.replaceAll("twin-token", TOKEN);
  worker = await startWorker({ ...vars, CRMLINK_KEY: KEY, CRMLINK_ACCOUNTS: accounts });
});
after(async () => {
  await worker?.stop();
  await upstream?.stop();
});
beforeEach(() => {
  upstream.requests.length = 0;
  answer = () => ({ status: 200, headers: { "content-type": "application/json" }, body: "{}" });
});

const put = (headers = asOwner) => call(worker.origin, "PUT", HUBSPOT, { headers });

describe("what arrives at the vendor", () => {
  test("is what the builder makes: no header of the caller's but its token", async () => {
    const cookie = {
      cookie: "a=b",
      "x-forwarded-host": "evil.example",
      referer: "https://app.example.com/",
      accept: "text/html",
    };
    await put({ ...asOwner, ...cookie, "user-agent": "browser" });
    const [{ method, path, headers, body }] = upstream.requests;
    assert.deepEqual([method, path, body], ["PUT", HUBSPOT, ""]);
    assert.deepEqual(withoutPlatform(headers), { accept: "application/json", authorization: asOwner.authorization });
  });

  test("carries the account's token and not the key", async () => {
    await put({ authorization: `Bearer ${KEY}`, "x-integrated-account-id": ACCOUNTS.hubspot });
    const [{ headers }] = upstream.requests;
    assert.equal(headers.authorization, `Bearer ${TOKEN}`);
    assert.ok(!JSON.stringify(upstream.requests).includes(KEY));
  });

  test("carries the caller's version and the body as the builder wrote it", async () => {
    const headers = { ...asOwner, version: "2023-02-21" };
    await call(worker.origin, "POST", "/opportunities/upsert", { headers, body: OPPORTUNITY });
    const [request] = upstream.requests;
    assert.equal(request.headers.version, "2023-02-21");
    assert.equal(request.headers["content-type"], "application/json");
    assert.deepEqual(JSON.parse(request.body), OPPORTUNITY);
  });

  test("is nothing where the caller shows the crmlink key for a token", async () => {
    assert.equal((await put({ authorization: `Bearer ${KEY}` })).status, 401);
    assert.deepEqual(upstream.requests, []);
  });
});

describe("the vendor's answer", () => {
  test("passes byte by byte, whatever it is", async () => {
    const bytes = randomBytes(3_000_000);
    answer = () => ({ status: 200, headers: { "content-type": "application/octet-stream" }, body: bytes });
    const response = await fetch(worker.origin + HUBSPOT, { method: "PUT", headers: asOwner });
    assert.equal(response.headers.get("content-type"), "application/octet-stream");
    const digest = (data) => createHash("sha256").update(data).digest("hex");
    assert.equal(digest(new Uint8Array(await response.arrayBuffer())), digest(bytes));
  });

  test("keeps its status, success or not, with its text unread", async () => {
    for (const status of [
      200, 201, 204, 207, 400, 401, 403, 404, 409, 414, 422, 423, 429, 477, 500, 502, 503, 504, 521,
    ]) {
      const body = status === 204 ? "" : '{"a":1,"a":2}';
      answer = () => ({ status, headers: { "content-type": "application/json", "retry-after": "3" }, body });
      const { status: here, text, headers } = await put();
      assert.deepEqual([here, text, headers.get("retry-after")], [status, body, "3"]);
    }
    assert.equal(upstream.requests.length, 19, "each is asked once");
  });

  test("that is a redirect is not followed and not handed on", async () => {
    for (const status of [301, 302, 303, 307, 308, 304]) {
      const target = `${upstream.origin}/elsewhere`;
      answer = () => ({ status, headers: { location: target } });
      upstream.requests.length = 0;
      const { status: here, json, headers } = await put();
      assert.deepEqual([here, json.status, headers.get("location")], [502, "error", null]);
      assert.equal(headers.get("x-crmlink-sent"), "yes");
      assert.equal(upstream.requests.length, 1);
    }
  });

  test("that is a redirect proves nothing to the unified route either", async () => {
    answer = () => ({ status: 302, headers: { location: `${upstream.origin}/elsewhere` } });
    const body = { entity: "opportunities", entity_id: "301", associations: { contacts: [{ id: "101" }] } };
    const headers = { authorization: `Bearer ${KEY}`, "x-integrated-account-id": ACCOUNTS.hubspot };
    const answered = await call(worker.origin, "POST", "/unified/crm/associations", { headers, body });
    assertProblem(answered, 502, "unexpected_response");
    assert.ok(upstream.requests.every(({ path }) => path !== "/elsewhere"));
  });

  test("that never comes is a 502 in the vendor's shape", async () => {
    answer = () => ({ status: 0 });
    const { status, json, headers } = await put();
    assert.deepEqual([status, json.category, headers.get("x-crmlink-sent")], [502, "INTERNAL_ERROR", "maybe"]);
    const opportunity = await call(worker.origin, "POST", "/opportunities/upsert", {
      headers: { ...asOwner, version: "2021-07-28" },
      body: OPPORTUNITY,
    });
    assert.deepEqual([opportunity.status, opportunity.json.error], [502, "Bad Gateway"]);
  });

  test("that is not there within 25 seconds is a 504, and the call is given up", async () => {
    const started = Date.now();
    answer = () => new Promise((resolve) => setTimeout(resolve, 40_000).unref());
    const { status, json, headers } = await put();
    const seconds = (Date.now() - started) / 1000;
    assert.deepEqual([status, json.status, headers.get("x-crmlink-code")], [504, "error", "timeout"]);
    assert.ok(seconds > 24 && seconds < 35, `${seconds} s`);
  });

  test("whose body comes a byte at a time is given up too, on every way", async () => {
    const started = Date.now();
    let closed = 0;
    const drip = () => (closed += 1);
    const json = { "content-type": "application/json" };
    answer = ({ method }) => ({ status: method === "PUT" ? 400 : 201, headers: json, drip });
    // Truto's create is sent once: what a second one would do is not documented.
    const headers = { authorization: `Bearer ${KEY}`, "x-integrated-account-id": ACCOUNTS.truto };
    const body = { entity: "opportunities", entity_id: "o1", associations: { contacts: [{ id: "c1" }] } };
    const [refused, linked] = await Promise.all([
      put(),
      call(worker.origin, "POST", "/unified/crm/associations", { headers, body }),
    ]);
    assert.deepEqual([refused.status, refused.headers.get("x-crmlink-code")], [504, "timeout"]);
    const { receipt } = assertProblem(linked, 504, "timeout");
    const [{ outcome, reason }] = receipt.links;
    assert.deepEqual([outcome, reason.sent], ["unknown", "maybe"]);
    const seconds = (Date.now() - started) / 1000;
    assert.ok(seconds > 24 && seconds < 35, `${seconds} s`);
    for (let look = 0; look < 60 && closed < 2; look++) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(closed, 2, "both connections are closed");
  });
});

test("at most six calls are under way at once, and all are made", async () => {
  let underway = 0;
  let most = 0;
  answer = async ({ method, path, body }) => {
    most = Math.max(most, ++underway);
    await new Promise((resolve) => setTimeout(resolve, 50));
    underway -= 1;
    if (method === "GET") {
      const definition = { id: "d1", firstObjectKey: "opportunity", secondObjectKey: "contact" };
      return { status: 200, body: JSON.stringify(definition) };
    }
    assert.equal(path, "/associations/relations");
    return { status: 201, body: JSON.stringify({ id: "r", ...JSON.parse(body) }) };
  };
  const contacts = Array.from({ length: 20 }, (_, n) => ({ id: `c${n}` }));
  const headers = { authorization: `Bearer ${KEY}`, "x-integrated-account-id": ACCOUNTS.leadconnector };
  const body = { entity: "opportunities", entity_id: "o1", associations: { contacts } };
  const { status, json } = await call(worker.origin, "POST", "/unified/crm/associations", { headers, body });
  assert.equal(status, 201);
  assert.equal(json.links.length, 20);
  assert.equal(upstream.requests.length, 21);
  assert.equal(most, 6);
});

test("remote_query of the query reaches the vendor", async () => {
  const one = (from, to, associationTypeId) => ({
    from: { id: from },
    to: { id: to },
    associationSpec: { associationCategory: "HUBSPOT_DEFINED", associationTypeId },
  });
  const completed = {
    status: "COMPLETE",
    results: [one("301", "101", 3), one("101", "301", 4)],
    startedAt: "2026-01-01T00:00:00.000Z",
    completedAt: "2026-01-01T00:00:00.001Z",
  };
  answer = () => ({ status: 200, body: JSON.stringify(completed) });
  const body = { entity: "opportunities", entity_id: "301", associations: { contacts: [{ id: "101" }] } };
  const ask = (more) =>
    call(
      worker.origin,
      "POST",
      `/unified/crm/associations?integrated_account_id=${ACCOUNTS.hubspot}&remote_query[a][b]=c%26d&remote_query[e]=1`,
      {
        headers: { authorization: `Bearer ${KEY}` },
        body: { ...body, ...more },
      },
    );
  assert.equal((await ask()).status, 201);
  const [{ path }] = upstream.requests;
  assert.deepEqual(
    [...new URL(path, upstream.origin).searchParams],
    [
      ["a[b]", "c&d"],
      ["e", "1"],
    ],
  );
  const twice = assertProblem(await ask({ remote_query: { e: "2" } }), 422, "invalid_input");
  assert.equal(twice.path, "remote_query");
  assert.equal(upstream.requests.length, 1);
});
