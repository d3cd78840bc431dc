// Accounts that the Worker keeps: made, shown, changed, deleted, and used. Each call on one is carried out inside its
// Durable Object.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { SAMPLES, VENDOR_TOKEN, variables } from "../../xtask/development.mjs";
import { assertProblem, call, manage } from "./calls.mjs";
import { startEdge, startProxy, startWorker } from "./harness.mjs";

const LINK = {
  entity: "opportunities",
  entity_id: SAMPLES.hubspot.deal,
  associations: { contacts: [{ id: SAMPLES.hubspot.contact }] },
};
const HUBSPOT = `/crm/v4/objects/contacts/${SAMPLES.hubspot.contact}/associations/default/companies/${SAMPLES.hubspot.company}`;
const token = (token = VENDOR_TOKEN) => ({ kind: "token", token });

let edge;
before(async () => {
  const stranger = { name: "stranger", key: "stranger-key", tenant: "other", scopes: ["read", "write", "admin"] };
  edge = await startEdge({ vars: { CRMLINK_KEYS: JSON.stringify([stranger]) } });
});
after(() => edge?.stop());

const accounts = (method, path = "", body) => manage(edge, method, path, body);
const using = (id) => ({ authorization: `Bearer ${edge.key}`, "x-integrated-account-id": id });
/** What stays the same while the account is used: without the counts. */
const still = ({ json: { counters, limits, ...account } }) => account;
const link = (id) => call(edge.origin, "POST", "/unified/crm/associations", { headers: using(id), body: LINK });

describe("an account", () => {
  test("is made, used in both ways, shown, changed and deleted", async () => {
    const made = await accounts("POST", "", { vendor: "hubspot", credentials: token() });
    assert.equal(made.status, 201, made.text);
    const { id } = made.json;
    assert.match(id, /^[0-9a-f-]{36}$/);
    assert.equal(made.headers.get("location"), `/accounts/${id}`);
    const { created_at, updated_at, ...shown } = still(made);
    assert.deepEqual(shown, { id, vendor: "hubspot", kind: "token", state: "ready" });
    assert.ok(Math.abs(Date.parse(created_at) - Date.now()) < 60_000 && updated_at === created_at);

    assert.equal((await link(id)).status, 201);
    const own = await call(edge.origin, "PUT", HUBSPOT, { headers: using(id) });
    assert.equal(own.status, 200, own.text);

    const changed = await accounts("PATCH", `/${id}`, { api_version: "2026-09" });
    assert.deepEqual([changed.status, changed.json.api_version], [200, "2026-09"], changed.text);
    assert.deepEqual(still(await accounts("GET", `/${id}`)), still(changed));
    assert.ok((await link(id)).status < 300);

    const wrong = await accounts("PATCH", `/${id}`, { credentials: token("another-token") });
    assert.equal(wrong.status, 200, wrong.text);
    assertProblem(await link(id), 401, "unauthenticated");

    const { status, text } = await accounts("DELETE", `/${id}`);
    assert.deepEqual([status, text], [204, ""]);
    for (const answer of [
      await accounts("GET", `/${id}`),
      await accounts("PATCH", `/${id}`, {}),
      await accounts("DELETE", `/${id}`),
      await link(id),
    ]) {
      assertProblem(answer, 404, "not_found");
    }
  });

  test("has the id that it is given, once", async () => {
    const body = {
      id: "acme.prod",
      vendor: "truto",
      integrated_account_id: SAMPLES.truto.account,
      credentials: token(),
    };
    assert.equal((await accounts("POST", "", body)).json.id, "acme.prod");
    assertProblem(await accounts("POST", "", body), 409, "already_exists");
    assert.equal((await link("acme.prod")).status, 201);
    assert.equal((await accounts("DELETE", "/acme.prod")).status, 204);
    assert.equal((await accounts("POST", "", body)).status, 201, "and again once it is gone");
    for (const id of ["", ".", "a/b", "connect", "é", 7]) {
      assertProblem(await accounts("POST", "", { ...body, id }), 422, "invalid_input");
    }
  });

  test("survives its object", async () => {
    const made = await accounts("POST", "", { vendor: "hubspot", credentials: token() });
    const { id } = made.json;
    await edge.evict(id);
    assert.deepEqual(still(await accounts("GET", `/${id}`)), still(made));
    assert.equal((await call(edge.origin, "PUT", HUBSPOT, { headers: using(id) })).status, 200);
  });

  test("whose vendor has no more for today is not asked again, also by the next object", async () => {
    edge.twin.reset();
    const { json } = await accounts("POST", "", { vendor: "hubspot", credentials: token() });
    const body = {
      status: "error",
      errorType: "RATE_LIMIT",
      policyName: "DAILY",
      message: "You have reached your daily limit.",
    };
    await edge.twin.fault({ vendor: "hubspot", times: 1, status: 429, body });
    assertProblem(await link(json.id), 429, "quota_exhausted");
    await edge.evict(json.id);
    const again = assertProblem(await link(json.id), 429, "quota_exhausted");
    assert.equal(again.sent, "no");
    assert.equal(edge.twin.commits().length, 0);
  });

  test("is listed, with those of the settings", async () => {
    const { json } = await accounts("POST", "", { id: "listed", vendor: "leadconnector", credentials: token() });
    const list = await accounts("GET");
    assert.equal(list.status, 200, list.text);
    const found = (id) => list.json.accounts.find((account) => account.id === id);
    assert.deepEqual(found("listed"), { id: "listed", vendor: "leadconnector", created_at: json.created_at });
    assert.deepEqual(found(edge.accounts.salesforce), { id: edge.accounts.salesforce, vendor: "salesforce" });
    assert.equal(list.json.next, null);
    const behind = (await accounts("GET", "?after=listed")).json.accounts;
    assert.ok(!behind.some(({ id }) => id === "listed"));
    assertProblem(await accounts("GET", "?page=2"), 422, "invalid_input");
  });

  test("of the settings is shown, and changed there", async () => {
    const id = edge.accounts.hubspot;
    const shown = still(await accounts("GET", `/${id}`));
    assert.deepEqual(shown, { id, vendor: "hubspot", kind: "token", state: "ready", fixed: true });
    assertProblem(await accounts("PATCH", `/${id}`, {}), 409, "conflict");
    assertProblem(await accounts("DELETE", `/${id}`), 409, "conflict");
    assertProblem(await accounts("POST", "", { id, vendor: "hubspot", credentials: token() }), 409, "already_exists");
  });

  test("is refused by the field at fault, and no value is repeated", async () => {
    const secret = "a-value-that-nobody-repeats";
    for (const [body, path] of [
      [{ credentials: token() }, "vendor"],
      [{ vendor: secret, credentials: token() }, "vendor"],
      [{ vendor: "hubspot" }, "credentials"],
      [{ vendor: "hubspot", credentials: { kind: secret } }, "credentials.kind"],
      [{ vendor: "hubspot", credentials: { kind: "token" } }, "credentials.token"],
      [{ vendor: "hubspot", credentials: { kind: "token", token: `${secret}\n` } }, "credentials.token"],
      [{ vendor: "hubspot", credentials: { ...token(), [secret]: 1 } }, `credentials.${secret}`],
      [{ vendor: "hubspot", credentials: token(), nonsense: secret }, "nonsense"],
      [{ vendor: "truto", credentials: token() }, "integrated_account_id"],
      [{ vendor: "hubspot", credentials: { ...token(), origin: "https://evil.example" } }, "credentials.origin"],
      [{ vendor: "salesforce", credentials: { ...token(), origin: "https://evil.example" } }, "credentials.origin"],
    ]) {
      const answer = await accounts("POST", "", body);
      assert.equal(answer.status, 422, answer.text);
      assert.equal(answer.json.path, path, answer.text);
      if (!path.includes(secret) && body.vendor !== secret) assert.ok(!answer.text.includes(secret), answer.text);
    }
  });
});

test("an account of another tenant is not there, and its id is free for one's own", async () => {
  const other = { ...edge, key: "stranger-key", adminKey: "stranger-key" };
  const theirs = (method, path = "", body) => manage(other, method, path, body);
  const asTheirs = { authorization: "Bearer stranger-key", "x-integrated-account-id": "shared" };
  const nobodys = await theirs("GET", "/nobody-s");
  const mine = await accounts("POST", "", { id: "shared", vendor: "hubspot", credentials: token() });
  for (const answer of [
    await theirs("GET", "/shared"),
    await theirs("PATCH", "/shared", { api_version: "v4" }),
    await theirs("DELETE", "/shared"),
    await theirs("GET", `/${edge.accounts.hubspot}`),
    await call(edge.origin, "POST", "/unified/crm/associations", { headers: asTheirs, body: LINK }),
  ]) {
    assertProblem(answer, 404, "not_found");
    assert.equal(answer.text, nobodys.text);
  }
  assert.deepEqual((await theirs("GET")).json, { accounts: [], next: null });
  const own = await theirs("POST", "", { id: "shared", vendor: "leadconnector", credentials: token("theirs") });
  assert.deepEqual([own.status, own.json.vendor], [201, "leadconnector"]);
  assert.deepEqual(
    (await theirs("GET")).json.accounts.map(({ id }) => id),
    ["shared"],
  );
  assert.equal((await theirs("DELETE", "/shared")).status, 204);
  assert.deepEqual(still(await accounts("GET", "/shared")), still(mine));
  assert.ok((await link("shared")).status < 300);
});

test("an id that is nobody's, another kind's or no id at all has one answer", async () => {
  const answers = [];
  for (const id of ["nobody-s", "..%2f..", "%00", "a%2Fb"]) answers.push(await accounts("GET", `/${id}`));
  answers.push(await link("nobody-s"), await link("default/nobody-s"), await link(" "));
  for (const answer of answers) assertProblem(answer, 404, "not_found");
});

test("what a caller writes into the Worker's own header reaches no object", async () => {
  const forged = JSON.stringify({ tenant: "default", account: edge.accounts.hubspot });
  const headers = { ...using("nobody-s"), "x-crmlink-call": forged };
  const answer = await call(edge.origin, "POST", "/unified/crm/associations", { headers, body: LINK });
  assertProblem(answer, 404, "not_found");
});

test("a caller who goes away leaves no write half done, and none twice", async () => {
  edge.twin.reset();
  const slow = await startProxy(edge.twin.origin, () => new Promise((resume) => setTimeout(resume, 800)));
  const worker = await startWorker(variables({ twinOrigin: slow.origin }));
  try {
    for (const [method, path, body] of [
      ["PUT", HUBSPOT],
      ["POST", "/unified/crm/associations", LINK],
    ]) {
      const before = edge.twin.commits().length;
      const controller = new AbortController();
      const asked = fetch(worker.origin + path, {
        method,
        headers: { ...using(edge.accounts.hubspot), "content-type": "application/json" },
        body: body && JSON.stringify(body),
        signal: controller.signal,
      });
      setTimeout(() => controller.abort(), 300);
      await assert.rejects(asked);
      assert.equal(edge.twin.commits().length, before, "it is still under way");
      for (const end = Date.now() + 10_000; edge.twin.commits().length === before && Date.now() < end;) {
        await new Promise((resume) => setTimeout(resume, 50));
      }
      await new Promise((resume) => setTimeout(resume, 1000));
      assert.equal(edge.twin.commits().length, before + 1, path);
    }
  } finally {
    await worker.stop();
    await slow.stop();
  }
});
