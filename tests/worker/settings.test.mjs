// A setting that is missing or broken stops the routes that need it, with a 503 that names it, and no other.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { KEY, variables } from "../../xtask/development.mjs";
import { asOwner, assertProblem, call } from "./calls.mjs";
import { startEdge, startWorker } from "./harness.mjs";

const LINK = { entity: "opportunities", entity_id: "301", associations: { contacts: [{ id: "101" }] } };
const HUBSPOT = "/crm/v4/objects/contacts/101/associations/default/companies/201";
const KEYED = { authorization: `Bearer ${KEY}`, "x-integrated-account-id": "any" };
const SECRET = "a-secret-that-stands-in-no-answer";

/** Starts the Worker with some development values replaced, and asks every kind of route. */
async function withSettings(vars, work) {
  const edge = await startEdge({ vars });
  try {
    await work({
      edge,
      health: await call(edge.origin, "GET", "/healthz"),
      unified: await call(edge.origin, "POST", "/unified/crm/associations", { headers: KEYED, body: LINK }),
      own: await call(edge.origin, "PUT", HUBSPOT, { headers: asOwner }),
      account: await call(edge.origin, "PUT", HUBSPOT, { headers: KEYED }),
    });
  } finally {
    await edge.stop();
  }
}

describe("a setting that is missing or broken", () => {
  const accounts = (account) => ({ CRMLINK_ACCOUNTS: JSON.stringify({ any: account }) });
  for (const [what, vars, name] of [
    ["no key", { CRMLINK_KEY: undefined, CRMLINK_ADMIN_KEY: undefined }, "CRMLINK_KEY"],
    ["an empty key", { CRMLINK_KEY: "", CRMLINK_ADMIN_KEY: "" }, "CRMLINK_KEY"],
    [
      "no accounts and no way to keep any",
      { CRMLINK_ACCOUNTS: undefined, CRMLINK_ENCRYPTION_KEY: undefined },
      "CRMLINK_ACCOUNTS",
    ],
    ["accounts that are no JSON", { CRMLINK_ACCOUNTS: `{"any":{"token":"${SECRET}"` }, "CRMLINK_ACCOUNTS"],
    ["an account of no vendor", accounts({ vendor: SECRET, token: SECRET }), "CRMLINK_ACCOUNTS"],
    ["an account without a token", accounts({ vendor: "hubspot" }), "CRMLINK_ACCOUNTS"],
    ["an account with an empty token", accounts({ vendor: "hubspot", token: "" }), "CRMLINK_ACCOUNTS"],
    ["a token with a line end", accounts({ vendor: "hubspot", token: `${SECRET}\n` }), "CRMLINK_ACCOUNTS"],
    ["an unknown field", accounts({ vendor: "hubspot", token: SECRET, [SECRET]: 1 }), "CRMLINK_ACCOUNTS"],
    [
      "an account behind plain http",
      accounts({ vendor: "hubspot", token: SECRET, origin: "http://10.0.0.1" }),
      "CRMLINK_ACCOUNTS",
    ],
  ]) {
    test(`${what}: 503 for the routes with an account, and for no other`, async () => {
      await withSettings(vars, ({ edge, health, unified, own, account }) => {
        assert.equal(health.status, 200);
        assert.equal(own.status, 200, own.text);
        const { detail } = assertProblem(unified, 503, "internal");
        assert.ok(detail.includes(name), detail);
        assert.deepEqual([account.status, account.json.category], [503, "INTERNAL_ERROR"]);
        for (const text of [unified.text, account.text, edge.logs()]) assert.ok(!text.includes(SECRET), text);
      });
    });
  }

  for (const [what, value] of [
    ["no JSON", "{"],
    ["plain http", JSON.stringify({ hubspot: "http://vendor.example" })],
    ["a user", JSON.stringify({ hubspot: "https://me@vendor.example" })],
    ["an unknown vendor", JSON.stringify({ pipedrive: "https://vendor.example" })],
  ]) {
    test(`vendor origins with ${what}: 503 wherever something would be sent`, async () => {
      await withSettings({ CRMLINK_VENDOR_ORIGINS: value, CRMLINK_KEY: "another-key" }, ({ edge, health, own }) => {
        assert.equal(health.status, 200);
        assert.equal(own.status, 503);
        assert.match(own.json.message, /CRMLINK_VENDOR_ORIGINS/);
        assert.deepEqual(edge.twin.commits(), []);
      });
    });
  }

  for (const value of ["*", "https://*.example.com", "null", "https://app.example.com/path", "app.example.com"]) {
    test(`an allow-list with ${value}: nobody's, and the preflight says so`, async () => {
      const edge = await startEdge({ vars: { CRMLINK_ALLOWED_ORIGINS: `https://app.example.com,${value}` } });
      try {
        for (const origin of ["https://app.example.com", value]) {
          const headers = { origin, "access-control-request-method": "POST" };
          const answer = await call(edge.origin, "OPTIONS", "/healthz", { headers });
          assert.match(assertProblem(answer, 503, "internal").detail, /CRMLINK_ALLOWED_ORIGINS/);
          assert.equal(answer.headers.get("access-control-allow-origin"), null);
          const get = await call(edge.origin, "GET", "/healthz", { headers: { origin } });
          assert.deepEqual([get.status, get.headers.get("access-control-allow-origin")], [200, null]);
        }
      } finally {
        await edge.stop();
      }
    });
  }
});

describe("the development key, which everybody knows", () => {
  const loopback = "http://127.0.0.1:9";
  for (const [what, origins] of [
    ["without origins", undefined],
    ["with one vendor missing", { hubspot: loopback, leadconnector: loopback, salesforce: loopback }],
    [
      "with one real vendor",
      { hubspot: "https://api.hubapi.com", leadconnector: loopback, salesforce: loopback, truto: loopback },
    ],
  ]) {
    test(`${what}: is refused, and says why`, async () => {
      const value = origins && JSON.stringify(origins);
      const worker = await startWorker({ ...variables({ twinOrigin: loopback }), CRMLINK_VENDOR_ORIGINS: value });
      try {
        const answer = await call(worker.origin, "POST", "/unified/crm/associations", { headers: KEYED, body: LINK });
        assert.match(assertProblem(answer, 503, "internal").detail, /development key/);
        const plan = await call(worker.origin, "POST", "/unified/crm/plan", { headers: KEYED, body: {} });
        assertProblem(plan, 503, "internal");
      } finally {
        await worker.stop();
      }
    });
  }
});

test("an account's own settings reach the vendor", async () => {
  const id = "mine";
  const truto = { vendor: "truto", token: "twin-token" };
  const hubspot = { vendor: "hubspot", token: "twin-token", apiVersion: "v4" };
  const edge = await startEdge({ vars: { CRMLINK_ACCOUNTS: JSON.stringify({ [id]: hubspot, truto }) } });
  try {
    const headers = { authorization: `Bearer ${KEY}`, "x-integrated-account-id": id };
    const body = { operation: "associations.create", input: LINK };
    const { json } = await call(edge.origin, "POST", "/unified/crm/plan", { headers, body });
    assert.match(json.steps[0].requests[0].url, /\/crm\/v4\//);
    // An account that lacks what its vendor needs is the Worker's fault and not the caller's.
    const lacking = { ...headers, "x-integrated-account-id": "truto" };
    const answer = await call(edge.origin, "POST", "/unified/crm/associations", { headers: lacking, body: LINK });
    assert.match(assertProblem(answer, 503, "internal").detail, /CRMLINK_ACCOUNTS.*integratedAccountId/);
  } finally {
    await edge.stop();
  }
});
