// Who may call what: each route with each kind of caller, and other tenants' accounts.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { ACCOUNTS, variables } from "../../xtask/development.mjs";
import { assertProblem, call } from "./calls.mjs";
import { startUpstream, startWorker } from "./harness.mjs";

const KEY = "key-of-the-default-tenant";
const ADMIN = "admin-key-of-the-default-tenant";
const KEYS = [
  { name: "reader", key: "reader-key", tenant: "default", scopes: ["read"] },
  { name: "writer", key: "writer-key", tenant: "default", scopes: ["write"] },
  { name: "keeper", key: "keeper-key", tenant: "default", scopes: ["admin"] },
  { name: "stranger", key: "stranger-key", tenant: "other", scopes: ["read", "write", "admin"] },
];
const LINK = { entity: "opportunities", entity_id: "301", associations: { contacts: [{ id: "101" }] } };

let upstream, worker;
before(async () => {
  upstream = await startUpstream(() => ({ headers: { "content-type": "application/json" }, body: "{}" }));
  const development = variables({ twinOrigin: upstream.origin, pageOrigins: [PAGE] });
  worker = await startWorker({
    ...development,
    CRMLINK_KEY: KEY,
    CRMLINK_ADMIN_KEY: ADMIN,
    CRMLINK_KEYS: JSON.stringify(KEYS),
  });
});
after(async () => {
  await worker?.stop();
  await upstream?.stop();
});

const key = (text) => ({ authorization: `Bearer ${text}` });
const PAGE = "https://app.example.com";
const all = (status) => ({ read: status, write: status, admin: status, lend: status });

/** What each kind of caller is answered where a scope is needed; 0 stands for whatever who is let in hears. */
const CALLERS = {
  nobody: [{}, all(401)],
  "an empty bearer": [{ authorization: "Bearer " }, all(401)],
  "another scheme": [{ authorization: `Basic ${KEY}` }, all(401)],
  "a wrong key": [key(`${KEY}x`), all(401)],
  "half a key": [key(KEY.slice(0, -1)), all(401)],
  "the reader": [key("reader-key"), { read: 0, write: 403, admin: 403, lend: 403 }],
  "the writer": [key("writer-key"), { read: 403, write: 0, admin: 403, lend: 0 }],
  "the keeper": [key("keeper-key"), { read: 403, write: 403, admin: 0, lend: 0 }],
  "the key": [key(KEY), { read: 0, write: 0, admin: 403, lend: 0 }],
  "the admin": [key(ADMIN), all(0)],
  "another tenant": [key("stranger-key"), all(404)],
  "a page with the key": [{ ...key(KEY), origin: PAGE }, all(403)],
  "a page with the admin's key": [{ ...key(ADMIN), origin: "null" }, all(403)],
  "a page without a key": [{ origin: PAGE }, all(401)],
  "a page with its token": ["good", all(0)],
  "a page with a token of another account": ["of another account", all(404)],
  "a page with a token of another tenant": ["of another tenant", all(404)],
  "a page with a token that is over": ["over", all(401)],
  "a page with a token that was taken back": ["taken back", all(401)],
  "another page": ["of another page", all(403)],
  "no page, with a token": ["of no page", all(403)],
  "a page with a token that nobody signed": ["unsigned", all(401)],
  "a page with a token of other claims": ["of other claims", all(401)],
};

/** Tokens for everything that a token can be for. */
async function makeTokens() {
  const wish = {
    operations: [
      ...["create", "remove", "set", "list"].map((verb) => `associations.${verb}`),
      ...["accounts", "contacts", "leads", "opportunities"].map((kind) => `${kind}.upsert`),
      "association_types.create",
      "association_types.list",
    ],
    entities: ["accounts", "contacts", "leads", "opportunities"],
    origin: PAGE,
    seconds: 600,
  };
  const make = async (more = {}, account = ACCOUNTS.hubspot, who = ADMIN) => {
    const options = { headers: key(who), body: { ...wish, ...more } };
    const { status, text, json } = await call(worker.origin, "POST", `/accounts/${account}/tokens`, options);
    assert.equal(status, 201, text);
    return json;
  };
  const theirs = { id: "theirs", vendor: "hubspot", credentials: { kind: "token", token: "t" } };
  await call(worker.origin, "POST", "/accounts", { headers: key("stranger-key"), body: theirs });
  const [good, over, back] = [await make(), await make({ seconds: 1 }), await make()];
  const path = `/accounts/${ACCOUNTS.hubspot}/tokens/${back.jti}`;
  assert.equal((await call(worker.origin, "DELETE", path, { headers: key(ADMIN) })).status, 204);
  const [prefix, claims, signature] = good.token.split(".");
  const forever = JSON.stringify({ ...JSON.parse(Buffer.from(claims, "base64url")), exp: 9e15 });
  const shown = (token, origin = PAGE) => ({ ...key(token), ...(origin && { origin }) });
  return {
    good: shown(good.token),
    "of another account": shown((await make({}, ACCOUNTS.leadconnector)).token),
    "of another tenant": shown((await make({}, "theirs", "stranger-key")).token),
    over: shown(over.token),
    "taken back": shown(back.token),
    "of another page": shown(good.token, "https://other.example.com"),
    "of no page": shown(good.token, null),
    unsigned: shown(`${prefix}.${claims}.`),
    "of other claims": shown(`${prefix}.${Buffer.from(forever).toString("base64url")}.${signature}`),
  };
}

/** The scope that a route needs, told from its words and not from the code. */
function needOf(verb, path) {
  if (path === "/healthz" || path === "/capabilities") return "open";
  if (path === "/accounts/connected") return "state";
  if (/^\/accounts\/\{id\}\/tokens/.test(path)) return "lend";
  if (path.startsWith("/accounts")) return "admin";
  if (verb === "GET" || path.endsWith("/plan") || path.endsWith("/batch/read")) return "read";
  return "write";
}

/** What a caller hears on a route. */
function expectation(who, headers, expected, verb, template) {
  const need = needOf(verb, template);
  if (need === "open") return 200;
  // Whom a vendor sends back has a state that this Worker has sealed, or nothing.
  if (need === "state") return 400;
  // Of its own tenant's accounts everybody may ask.
  if (who === "another tenant" && ["/accounts", "/accounts/connect"].includes(template)) return 0;
  const isToken = typeof headers === "string";
  const isUnified = template.startsWith("/unified");
  if (isToken && expected[need] !== 401 && !isUnified) return 403;
  if (headers === "taken back" && !isUnified) return 403;
  // A definition that is changed or deleted is the whole account's.
  const shared = template === "/unified/crm/association-types" && ["PATCH", "DELETE"].includes(verb);
  if (headers === "good" && shared) return 403;
  return expected[need];
}

/** A request of a route, which would be let in and then refused for its input, or be sent. */
function requestOf(verb, template) {
  const path = template.replace("/accounts/{id}", `/accounts/${ACCOUNTS.hubspot}`).replaceAll(/\{\w+\}/g, "1");
  const account = ACCOUNTS[/^\/(associations|opportunities)/.test(path) ? "leadconnector" : "hubspot"];
  const headers = { "x-integrated-account-id": account, version: "2021-07-28" };
  const isType = path === "/unified/crm/association-types";
  const inQuery = verb === "GET" || (isType && verb === "DELETE");
  const kinds = isType ? { from: "contacts", to: "contacts" } : {};
  const query = inQuery && isType ? `?${new URLSearchParams(kinds)}` : "";
  return [verb, path + query, { headers, body: inQuery ? undefined : kinds }];
}

describe("each route with each kind of caller", () => {
  for (const [who, [headers, expected]] of Object.entries(CALLERS)) {
    test(who, async () => {
      const { json } = await call(worker.origin, "GET", "/nowhere");
      const own = typeof headers === "string" ? (await makeTokens())[headers] : headers;
      if (headers === "over") await new Promise((resume) => setTimeout(resume, 1_100));
      const seen = {};
      for (const route of json.routes) {
        const [verb, template] = route.split(" ");
        const [method, path, options] = requestOf(verb, template);
        const sent = upstream.requests.length;
        const answer = await call(worker.origin, method, path, { ...options, headers: { ...options.headers, ...own } });
        const wanted = expectation(who, headers, expected, verb, template);
        const about = `${route}: ${answer.status} ${answer.text}`;
        if (wanted === 0) assert.ok(![401, 403, 404].includes(answer.status), about);
        else assert.equal(answer.status, wanted, about);
        if (wanted !== 0) assert.equal(upstream.requests.length, sent, `${route} reached the vendor`);
        const need = needOf(verb, template);
        seen[need] = (seen[need] ?? 0) + 1;
      }
      for (const need of ["open", "read", "write", "admin", "lend"])
        assert.ok(seen[need] > 1, `${need}: ${seen[need]}`);
    });
  }
});

test("a page that shows a secret key is told what it should have", async () => {
  const headers = { ...key(KEY), "x-integrated-account-id": ACCOUNTS.hubspot, origin: "https://app.example.com" };
  const answer = await call(worker.origin, "POST", "/unified/crm/associations", { headers, body: LINK });
  const { detail } = assertProblem(answer, 403, "forbidden");
  assert.match(detail, /browser token/);
  assert.match(detail, /\/tokens/);
});

test("another tenant's account is answered as one that is not there, byte by byte", async () => {
  const asks = (id) => [
    ["GET", `/accounts/${id}`, {}],
    ["PATCH", `/accounts/${id}`, { body: {} }],
    ["DELETE", `/accounts/${id}`, {}],
    ["POST", `/accounts/${id}/tokens`, { body: {} }],
    ["DELETE", `/accounts/${id}/tokens`, {}],
    ["DELETE", `/accounts/${id}/tokens/x`, {}],
    ["POST", "/unified/crm/associations", { headers: { "x-integrated-account-id": id }, body: LINK }],
    ["POST", `/unified/crm/associations?integrated_account_id=${id}`, { body: LINK }],
    ["GET", `/unified/crm/associations?entity=contacts&entity_id=1&integrated_account_id=${id}`, {}],
    [
      "POST",
      `/unified/crm/plan?integrated_account_id=${id}`,
      { body: { operation: "associations.create", input: LINK } },
    ],
    ["POST", `/unified/crm/contacts/upsert?integrated_account_id=${id}`, { body: { first_name: "A" } }],
    ["GET", "/unified/crm/association-types?from=contacts&to=accounts", { headers: { "x-integrated-account-id": id } }],
    ["PUT", `/crm/v4/objects/contacts/1/associations/default/companies/2?integrated_account_id=${id}`, {}],
    ["GET", "/crm/v4/objects/contacts/1/associations/companies", { headers: { "x-integrated-account-id": id } }],
  ];
  const sent = upstream.requests.length;
  const ask = ([method, path, { headers, body }], who) =>
    call(worker.origin, method, path, { headers: { ...headers, ...key(who) }, body });
  const same = (text) => text.replace(/"correlationId":"[^"]*"/, "");
  const known = asks(ACCOUNTS.hubspot);
  const unknown = asks(ACCOUNTS.hubspot.replace("3c1d7f52", "00000000"));
  for (const [place, one] of known.entries()) {
    const [theirs, nobody] = [await ask(one, "stranger-key"), await ask(unknown[place], "stranger-key")];
    assert.equal(theirs.status, 404, theirs.text);
    assert.equal(nobody.status, 404, nobody.text);
    assert.equal(same(theirs.text), same(nobody.text));
    const names = ({ headers }) => [...headers.keys()].sort();
    assert.deepEqual(names(theirs), names(nobody));
  }
  assert.equal(upstream.requests.length, sent);
});

describe("a broken key", () => {
  for (const [what, keys] of [
    ["no list", "{}"],
    ["no JSON", "["],
    ["a scope of no name", [{ name: "a", key: "k-1", tenant: "t", scopes: ["all"] }]],
    ["no scope", [{ name: "a", key: "k-1", tenant: "t", scopes: [] }]],
    ["no tenant", [{ name: "a", key: "k-1", scopes: ["read"] }]],
    ["a tenant with a slash", [{ name: "a", key: "k-1", tenant: "a/b", scopes: ["read"] }]],
    ["an unknown field", [{ name: "a", key: "k-1", tenant: "t", scopes: ["read"], more: 1 }]],
    ["the text of another", [{ name: "a", key: KEY, tenant: "t", scopes: ["read"] }]],
  ]) {
    test(`${what}: 503 wherever a key is shown, and no key goes to a vendor`, async () => {
      const text = typeof keys === "string" ? keys : JSON.stringify(keys);
      const upstream = await startUpstream(() => ({ body: "{}" }));
      const development = variables({ twinOrigin: upstream.origin });
      const broken = await startWorker({ ...development, CRMLINK_KEY: KEY, CRMLINK_KEYS: text });
      try {
        const headers = { ...key(KEY), "x-integrated-account-id": ACCOUNTS.hubspot };
        const answer = await call(broken.origin, "POST", "/unified/crm/associations", { headers, body: LINK });
        const { detail } = assertProblem(answer, 503, "internal");
        assert.match(detail, /CRMLINK_KEYS/);
        assert.ok(!answer.text.includes("k-1") && !answer.text.includes(KEY), answer.text);
        const own = await call(broken.origin, "GET", "/crm/v4/objects/contacts/1/associations/companies", {
          headers: key(KEY),
        });
        assert.equal(own.status, 503, own.text);
        assert.deepEqual(upstream.requests, []);
        assert.equal((await call(broken.origin, "GET", "/healthz")).status, 200);
      } finally {
        await broken.stop();
        await upstream.stop();
      }
    });
  }
});
