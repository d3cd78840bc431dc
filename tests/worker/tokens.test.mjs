// Browser tokens: what they are for, for how long, for which page, and how they are taken back.

import assert from "node:assert/strict";
import { createHmac, hkdfSync } from "node:crypto";
import { after, before, beforeEach, describe, test } from "node:test";

import { ENCRYPTION_KEY, SAMPLES, variables } from "../../xtask/development.mjs";
import { assertProblem, call } from "./calls.mjs";
import { startEdge, startWorker } from "./harness.mjs";

const PAGE = "https://app.example.com";
const OTHER = "https://other.example.com";
const { deal, contact, company } = SAMPLES.hubspot;
const LINK = { entity: "opportunities", entity_id: deal, associations: { contacts: [{ id: contact }] } };
const UNIFIED = "/unified/crm/associations";
const WISH = {
  operations: ["associations.create", "associations.list", "contacts.upsert"],
  entities: ["contacts", "opportunities"],
  origin: PAGE,
  seconds: 600,
};
const KEYS = [
  { name: "reader", key: "reader-key", tenant: "default", scopes: ["read"] },
  { name: "writer", key: "writer-key", tenant: "default", scopes: ["write"] },
  { name: "keeper", key: "keeper-key", tenant: "default", scopes: ["admin"] },
  { name: "stranger", key: "stranger-key", tenant: "other", scopes: ["read", "write", "admin"] },
];

let edge;
before(async () => {
  edge = await startEdge({ pageOrigins: [PAGE, OTHER], vars: { CRMLINK_KEYS: JSON.stringify(KEYS) } });
});
after(() => edge?.stop());
beforeEach(() => edge.twin.reset());

const bearer = (text) => ({ authorization: `Bearer ${text}` });

function make(wish = {}, { key = edge.key, account = edge.accounts.hubspot } = {}) {
  return call(edge.origin, "POST", `/accounts/${account}/tokens`, { headers: bearer(key), body: { ...WISH, ...wish } });
}

async function made(wish, who) {
  const answer = await make(wish, who);
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
}

/** What a page does with its token. */
function page(token, { method = "POST", path = UNIFIED, body = LINK, origin = PAGE, headers = {}, at = edge } = {}) {
  const own = { ...bearer(token), ...(origin && { origin }), ...headers };
  return call(at.origin, method, path, { headers: own, body: method === "GET" ? undefined : body });
}

const claimsOf = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url"));

/** A token with claims of one's own choice, signed as the Worker signs, which nobody without its key can do. */
function forge(claims, { key = ENCRYPTION_KEY, purpose = "crmlink browser token 1" } = {}) {
  const secret = Buffer.from(key.slice(key.indexOf(":") + 1), "base64");
  const derived = Buffer.from(hkdfSync("sha256", secret, "", purpose, 32));
  const unsigned = `crmlink_bt.${Buffer.from(JSON.stringify(claims)).toString("base64url")}`;
  return `${unsigned}.${createHmac("sha256", derived).update(unsigned).digest("base64url")}`;
}

describe("a browser token", () => {
  test("is made by a server and used by a page", async () => {
    const { token, jti, expires_at } = await made({ seconds: 60 });
    assert.match(token, /^crmlink_bt\.[\w-]+\.[\w-]{43}$/);
    assert.match(jti, /^[0-9a-f-]{36}$/);
    const left = Date.parse(expires_at) - Date.now();
    assert.ok(left > 50_000 && left <= 60_000, expires_at);
    const answer = await page(token);
    assert.equal(answer.status, 201, answer.text);
    assert.equal(answer.headers.get("access-control-allow-origin"), PAGE);
    assert.equal(edge.twin.commits().length, 1);
    const list = await page(token, {
      method: "GET",
      path: `${UNIFIED}?entity=opportunities&entity_id=${deal}&to=contacts`,
    });
    assert.deepEqual(Object.keys(list.json.associations), ["contacts"], list.text);
    // The account that it names may be named once more.
    const again = await page(token, { headers: { "x-integrated-account-id": edge.accounts.hubspot } });
    assert.equal(again.status, 201, again.text);
    const plan = await page(token, {
      path: "/unified/crm/plan",
      body: { operation: "associations.create", input: LINK },
    });
    assert.equal(plan.status, 200, plan.text);
    const text = Buffer.from(token.split(".")[1], "base64url").toString();
    for (const secret of [edge.key, ENCRYPTION_KEY, "twin-token"]) assert.ok(!text.includes(secret));
  });

  test("of an account that the Worker keeps, or of another tenant's, is that account's alone", async () => {
    const body = { id: "theirs", vendor: "hubspot", credentials: { kind: "token", token: "twin-token" } };
    const kept = await call(edge.origin, "POST", "/accounts", { headers: bearer("stranger-key"), body });
    assert.equal(kept.status, 201, kept.text);
    const { token } = await made({}, { key: "stranger-key", account: "theirs" });
    assert.equal((await page(token)).status, 201);
    for (const account of [edge.accounts.hubspot, "theirs-not"]) {
      assertProblem(await page(token, { headers: { "x-integrated-account-id": account } }), 404, "not_found");
    }
    const ours = await made();
    assertProblem(await page(ours.token, { headers: { "x-integrated-account-id": "theirs" } }), 404, "not_found");
    // The tenant is the token's: its account of that name is another one.
    const claims = { ...claimsOf(token), tenant: "default" };
    assertProblem(await page(forge(claims)), 404, "not_found");
    assertProblem(await make({}, { account: "theirs" }), 404, "not_found");
    assertProblem(await make({}, { key: "stranger-key" }), 404, "not_found");
    for (const path of ["/theirs/tokens", "/theirs/tokens/x"]) {
      const answer = await call(edge.origin, "DELETE", `/accounts${path}`, { headers: bearer(edge.adminKey) });
      assertProblem(answer, 404, "not_found");
    }
  });

  test("that nobody here has made is none: 401, and nothing is sent", async () => {
    const { token } = await made();
    const [, claims, signature] = token.split(".");
    const none = Buffer.from(JSON.stringify({ alg: "none" })).toString("base64url");
    const more = Buffer.from(JSON.stringify({ ...claimsOf(token), exp: Date.now() + 1e9 })).toString("base64url");
    const ring = `x:${Buffer.alloc(32, 1).toString("base64")}`;
    for (const [what, forged] of [
      ["no signature", `crmlink_bt.${claims}`],
      ["an empty signature", `crmlink_bt.${claims}.`],
      ["a JWT without an algorithm", `${none}.${claims}.`],
      ["claims without an algorithm", `crmlink_bt.${none}.${claims}.`],
      ["another's claims", `crmlink_bt.${more}.${signature}`],
      ["a shortened signature", token.slice(0, -1)],
      ["a signature turned round", `crmlink_bt.${claims}.${[...signature].reverse().join("")}`],
      ["a longer signature", `${token}A`],
      ["another key", forge(claimsOf(token), { key: ring })],
      ["the key itself", forge(claimsOf(token), { purpose: "crmlink idempotency fingerprint 1" })],
      ["claims that are none", forge([])],
      ["a claim too many", forge({ ...claimsOf(token), admin: true })],
      ["a claim too few", forge({ tenant: "default" })],
      ["a very long one", `crmlink_bt.${"A".repeat(9_000)}.${signature}`],
    ]) {
      const answer = await page(forged);
      assert.equal(answer.status, 401, `${what}: ${answer.text}`);
    }
    assert.deepEqual(edge.twin.commits(), []);
    assert.equal((await page(forge(claimsOf(token)))).status, 201, "the witness signs as the Worker does");
  });

  test("ends: 401", async () => {
    const { token } = await made();
    const ended = forge({ ...claimsOf(token), exp: Date.now() - 1 });
    assert.match(assertProblem(await page(ended), 401, "unauthenticated").detail, /over/);
    const short = await made({ seconds: 1 });
    await new Promise((resume) => setTimeout(resume, 1_100));
    assertProblem(await page(short.token), 401, "unauthenticated");
  });

  test("that was signed before the key was replaced is good to its end, while the old key is known", async () => {
    const { token } = await made();
    const vars = variables({ twinOrigin: edge.twin.origin, pageOrigins: [PAGE] });
    const fresh = `fresh:${Buffer.alloc(32, 7).toString("base64")}`;
    for (const [old, status] of [
      [ENCRYPTION_KEY, 201],
      [undefined, 401],
    ]) {
      const keys = { CRMLINK_ENCRYPTION_KEY: fresh, CRMLINK_OLD_ENCRYPTION_KEYS: old };
      const worker = await startWorker({ ...vars, ...keys });
      try {
        assert.equal((await page(token, { at: worker })).status, status);
        const own = forge(claimsOf(token), { key: fresh });
        assert.equal((await page(own, { at: worker })).status, 201, "the new key signs");
      } finally {
        await worker.stop();
      }
    }
  });

  test("is for one page: 403 for any other, and for none", async () => {
    const { token } = await made();
    for (const origin of [OTHER, "https://app.example.com.", `${PAGE}:443`, "null", "http://app.example.com", null]) {
      assertProblem(await page(token, { origin }), 403, "forbidden");
    }
    assert.deepEqual(edge.twin.commits(), []);
  });

  test("is for the unified routes: 403 on every other", async () => {
    const { token } = await made();
    const account = { "x-integrated-account-id": edge.accounts.hubspot };
    for (const [method, path, body, headers] of [
      ["PUT", `/crm/v4/objects/contacts/${contact}/associations/default/companies/${company}`, undefined, account],
      ["PUT", `/crm/v4/objects/contacts/${contact}/associations/default/companies/${company}`],
      ["POST", UNIFIED, LINK, { "x-crmlink-vendor": "truto" }],
      ["GET", "/accounts"],
      ["GET", `/accounts/${edge.accounts.hubspot}`],
      ["POST", "/accounts", {}],
      ["DELETE", `/accounts/${edge.accounts.hubspot}`],
      ["POST", `/accounts/${edge.accounts.hubspot}/tokens`, WISH],
      ["DELETE", `/accounts/${edge.accounts.hubspot}/tokens`],
    ]) {
      const answer = await page(token, { method, path, body, headers });
      assert.equal(answer.status, 403, `${method} ${path}: ${answer.text}`);
    }
    assert.deepEqual(edge.twin.commits(), []);
  });

  test("does what it names, for the kinds and with the fields that it names: else 403", async () => {
    const { token } = await made({ fields: ["first_name", "email_addresses"] });
    const upsert = "/unified/crm/contacts/upsert";
    const person = { first_name: "Ada", email_addresses: [{ email: "ada@example.com" }] };
    for (const [options, path] of [
      [{ method: "DELETE" }, "operation"],
      [{ method: "PUT" }, "operation"],
      [{ path: "/unified/crm/accounts/upsert", body: { name: "A" } }, "operation"],
      [{ path: "/unified/crm/plan", body: { operation: "associations.remove", input: LINK } }, "operation"],
      [{ method: "GET", path: "/unified/crm/association-types?from=contacts&to=opportunities" }, "operation"],
      [{ body: { ...LINK, entity: "leads" } }, "entity"],
      [{ body: { ...LINK, associations: { accounts: [{ id: company }] } } }, "associations"],
      [{ method: "GET", path: `${UNIFIED}?entity=opportunities&entity_id=${deal}` }, "to"],
      [{ method: "GET", path: `${UNIFIED}?entity=opportunities&entity_id=${deal}&to=accounts` }, "to"],
      [{ path: upsert, body: { ...person, last_name: "L" } }, "last_name"],
      [{ path: upsert, body: [person, { ...person, owner: { id: "1" } }] }, "[1].owner"],
      [{ path: upsert, body: { ...person, custom_fields: { hubspot_owner_id: "1" } } }, "custom_fields"],
      [{ path: upsert, body: { ...person, remote_data: { hubspot_owner_id: "1" } } }, "remote_data"],
      [{ body: { ...LINK, remote_data: {} } }, "remote_data"],
      [{ path: `${UNIFIED}?truto_response_format=raw` }, "truto_response_format"],
      [{ path: `${UNIFIED}?remote_query[a]=b` }, "remote_query"],
    ]) {
      const answer = await page(token, options);
      assert.equal(assertProblem(answer, 403, "forbidden").path, path, answer.text);
    }
    assert.deepEqual(edge.twin.commits(), []);
    const written = await page(token, { path: upsert, body: person });
    assert.equal(written.status, 201, written.text);
    assert.ok(Object.keys(written.json.record).every((name) => ["id", "first_name", "email_addresses"].includes(name)));
  });

  test("sees nothing of the vendor's own, whatever goes well or wrong, unless it says so", async () => {
    const { token } = await made();
    const all = await made({ remote: true });
    const canary = "a-canary-of-the-vendors";
    const asks = [
      {},
      { path: `${UNIFIED}?truto_ignore_remote_data=false` },
      { path: `${UNIFIED}?truto_response_format=stream` },
      { path: "/unified/crm/contacts/upsert", body: { email_addresses: [{ email: "b@example.com" }] } },
      { path: "/unified/crm/contacts/upsert", body: [{ email_addresses: [{ email: "c@example.com" }] }] },
      { method: "GET", path: `${UNIFIED}?entity=opportunities&entity_id=${deal}&to=contacts` },
    ];
    for (const status of [undefined, 400, 403, 404, 409, 200]) {
      for (const ask of asks) {
        const fault = { vendor: "hubspot", status, body: { message: "no", canary }, times: 9 };
        if (status) await edge.twin.fault(fault);
        const answer = await page(token, ask);
        await edge.twin.fault({ vendor: "hubspot", clear: true });
        for (const word of ["remote_data", '"raw"', "raw_response", canary]) {
          assert.ok(!answer.text.includes(word), `${status} ${word}: ${answer.text}`);
        }
      }
    }
    assert.ok((await page(all.token)).json.remote_data !== undefined);
    await edge.twin.fault({ vendor: "hubspot", status: 400, body: { message: "no", canary } });
    assert.ok((await page(all.token)).text.includes(canary));
  });
});

describe("taking back", () => {
  const revoke = (path, key = edge.key) =>
    call(edge.origin, "DELETE", `/accounts/${edge.accounts.hubspot}/tokens${path}`, { headers: bearer(key) });

  test("one: the next call with it is refused, and no other", async () => {
    const [one, two] = [await made(), await made()];
    assert.equal((await page(one.token)).status, 201);
    assert.equal((await revoke(`/${one.jti}`)).status, 204);
    assert.match(assertProblem(await page(one.token), 401, "unauthenticated").detail, /taken back/);
    assert.equal((await page(two.token)).status, 201);
    await edge.evict(edge.accounts.hubspot);
    assertProblem(await page(one.token), 401, "unauthenticated");
    assertProblem(await page(one.token, { path: "/unified/crm/plan", body: {} }), 401, "unauthenticated");
  });

  test("all: those that were made before, and none that is made after", async () => {
    const before = [await made(), await made({}, { key: "keeper-key" })];
    assert.equal((await revoke("", "keeper-key")).status, 204);
    const after = await made();
    for (const { token } of before) assertProblem(await page(token), 401, "unauthenticated");
    assert.equal((await page(after.token)).status, 201);
  });

  test("what nobody has made, or what is over, changes nothing", async () => {
    const { token } = await made();
    for (const jti of ["nobody-s", "'; DROP TABLE tokens; --", "%00"]) {
      assert.equal((await revoke(`/${encodeURIComponent(jti)}`)).status, 204);
    }
    assert.equal((await page(token)).status, 201);
  });

  test("is for keys that may write or administer", async () => {
    assertProblem(await revoke("", "reader-key"), 403, "forbidden");
    assertProblem(await revoke("", "stranger-key"), 404, "not_found");
    assertProblem(await revoke("", "wrong"), 401, "unauthenticated");
    assert.equal((await revoke("/x", "writer-key")).status, 204);
  });
});

describe("a wish", () => {
  test("for what the key has not is refused: nobody lends what is not theirs", async () => {
    assertProblem(await make({}, { key: "reader-key" }), 403, "forbidden");
    assert.match(assertProblem(await make({}, { key: "writer-key" }), 403, "forbidden").detail, /associations\.list/);
    await made({ operations: ["associations.create"] }, { key: "writer-key" });
    await made({}, { key: "keeper-key" });
  });

  test("is refused by the field at fault: 422", async () => {
    for (const [wish, path] of [
      [{ operations: ["association_types.delete"] }, "operations"],
      [{ operations: [] }, "operations"],
      [{ entities: ["*"] }, undefined],
      [{ entities: ["people"] }, "entities"],
      [{ fields: ["remote_data"] }, "fields"],
      [{ origin: "*" }, "origin"],
      [{ origin: "https://unlisted.example.com" }, "origin"],
      [{ seconds: 601 }, "seconds"],
      [{ seconds: 0 }, "seconds"],
      [{ writes: -1 }, "writes"],
      [{ tenant: "other" }, "tenant"],
      [{ account: "x" }, "account"],
    ]) {
      if (path === undefined) continue;
      assert.equal(assertProblem(await make(wish), 422, "invalid_input").path, path);
    }
  });

  test("needs an encryption key: 503", async () => {
    const bare = await startEdge({ pageOrigins: [PAGE], vars: { CRMLINK_ENCRYPTION_KEY: undefined } });
    try {
      const path = `/accounts/${bare.accounts.hubspot}/tokens`;
      const answer = await call(bare.origin, "POST", path, { headers: bearer(bare.key), body: WISH });
      assert.match(assertProblem(answer, 503, "internal").detail, /CRMLINK_ENCRYPTION_KEY/);
      const shown = await call(bare.origin, "POST", UNIFIED, {
        headers: { ...bearer("crmlink_bt.e30.AQID"), origin: PAGE },
        body: LINK,
      });
      assertProblem(shown, 503, "internal");
    } finally {
      await bare.stop();
    }
  });
});

describe("a budget", () => {
  test("holds to the last write, however many come at once", async () => {
    const { token } = await made({ writes: 300 });
    const person = (place) => ({ email_addresses: [{ email: `p${place}@example.com` }] });
    let places = 0;
    const one = () => page(token, { path: "/unified/crm/contacts/upsert", body: person((places += 1)) });
    const statuses = [];
    // In waves: a socket for each of thousands at once is more than a test machine has.
    for (let wave = 0; wave < 10; wave += 1) {
      statuses.push(...(await Promise.all(Array.from({ length: 100 }, one))).map(({ status }) => status));
    }
    assert.equal(statuses.filter((status) => status === 201).length, 300);
    assert.equal(statuses.filter((status) => status === 403).length, 700);
    const commits = edge.twin.commits().filter(({ kind }) => kind.endsWith("create"));
    assert.equal(commits.length, 300);
    assert.equal(assertProblem(await one(), 403, "quota_exhausted").sent, "no");
  });

  test("counts each record and each link, and gives nothing back", async () => {
    const { token } = await made({ writes: 5 });
    const links = (count) => ({
      ...LINK,
      associations: { contacts: ["101", "102", "103"].slice(0, count).map((id) => ({ id })) },
    });
    assert.equal((await page(token, { body: links(3) })).status, 201);
    assertProblem(await page(token, { body: links(3) }), 403, "quota_exhausted");
    assert.equal((await page(token, { body: links(2) })).status, 201);
    assertProblem(await page(token, { body: links(1) }), 403, "quota_exhausted");
    const list = { method: "GET", path: `${UNIFIED}?entity=opportunities&entity_id=${deal}&to=contacts` };
    assert.equal((await page(token, list)).status, 200, "reading is free");
    const none = await made({ writes: 0 });
    assertProblem(await page(none.token), 403, "quota_exhausted");
  });

  test("is spent once by what is asked twice under one key", async () => {
    const { token } = await made({ writes: 1 });
    const headers = { "idempotency-key": "spent-once" };
    const first = await page(token, { headers });
    const second = await page(token, { headers });
    assert.deepEqual([first.status, second.status, second.text], [201, 201, first.text]);
    assert.equal(second.headers.get("idempotent-replayed"), "true");
    assertProblem(await page(token), 403, "quota_exhausted");
    // Another token's keys are its own, but for those of the same person.
    const other = await made();
    assert.equal((await page(other.token, { headers })).headers.get("idempotent-replayed"), null);
    const [ada, again, bert] = [
      await made({ subject: "ada" }),
      await made({ subject: "ada" }),
      await made({ subject: "bert" }),
    ];
    assert.equal((await page(ada.token, { headers })).headers.get("idempotent-replayed"), null);
    assert.equal((await page(again.token, { headers })).headers.get("idempotent-replayed"), "true");
    assert.equal((await page(bert.token, { headers })).headers.get("idempotent-replayed"), null);
  });
});
