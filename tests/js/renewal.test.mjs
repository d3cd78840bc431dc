// A token that expires: `renew` gets another, once for all that need it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { connect, CrmlinkError } from "../../pkg/dist/index.js";
import { createTwin } from "../../pkg/dist/twin.js";

const link = (id = "101") => ({ entity: "contacts", entity_id: id, associations: { accounts: [{ id: "201" }] } });

/** A connection whose token has expired, and what is sent by it. */
function expired(options = {}) {
  const twin = createTwin();
  const tokens = [];
  const renewals = [];
  const hubspot = connect("hubspot", {
    token: "expired",
    fetch(url, init) {
      tokens.push(new Headers(init.headers).get("authorization").replace("Bearer ", ""));
      return twin.fetch(url, init);
    },
    async renew() {
      renewals.push(tokens.length);
      return "twin-token";
    },
    ...options,
  });
  return { hubspot, twin, tokens, renewals };
}

test("what was refused is sent once more, and the new token stays", async () => {
  const { hubspot, tokens, renewals } = expired();
  const { links } = await hubspot.associations.create(link());
  assert.equal(links[0].outcome, "linked");
  await hubspot.associations.list({ entity: "contacts", entity_id: "101", to: ["accounts"] });
  await hubspot.send({ method: "GET", url: "https://api.hubapi.com/crm/v3/objects/contacts/101", headers: {} });
  assert.deepEqual(tokens, ["expired", "twin-token", "twin-token", "twin-token"]);
  assert.deepEqual(renewals, [1]);
});

test("operations side by side share one renewal", async () => {
  const { hubspot, twin, renewals } = expired();
  const ids = Array.from({ length: 50 }, (_, i) => String(1_000_000 + i));
  const receipts = await Promise.all(ids.map((id) => hubspot.associations.create(link(id))));
  assert.ok(receipts.every(({ links }) => links[0].outcome === "linked"));
  assert.equal(twin.commits().length, 50);
  assert.equal(renewals.length, 1);
});

test("a renewed token that is refused too is no reason for another", async () => {
  const { hubspot, tokens } = expired({ renew: () => "expired" });
  await assert.rejects(hubspot.associations.create(link()), { code: "unauthenticated", sent: "yes" });
  assert.equal(tokens.length, 2);
});

for (const [what, renew, cause] of [
  ["throws", () => Promise.reject(new Error("the secret is hunter2")), /hunter2/],
  ["throws at once", () => raise(new Error("no")), /no/],
  ["answers nothing", () => undefined, /answered no token/],
  ["answers an empty text", () => "", /answered no token/],
  ["answers an object without a token", () => ({ origin: "https://acme.my.salesforce.com" }), /answered no token/],
  ["answers an origin that is none", () => ({ token: "twin-token", origin: 1 }), /origin that is no text/],
  ["answers an origin in clear text", () => ({ token: "twin-token", origin: "http://evil.example" }), /expected https/],
]) {
  test(`a renewal that ${what} ends operations, and is not asked for again so soon`, async () => {
    let asked = 0;
    const { hubspot, tokens } = expired({ renew: () => ((asked += 1), renew()) });
    for (let turn = 1; turn <= 2; turn += 1) {
      const error = await hubspot.associations.create(link()).catch((error) => error);
      assert.ok(error instanceof CrmlinkError);
      assert.equal(error.code, "unauthenticated");
      assert.match(String(error.cause), cause);
      assert.doesNotMatch(error.message, /hunter2/);
      assert.deepEqual([tokens.length, asked], [turn, 1]);
    }
  });
}

test("an account that has moved is followed, by what is sent again and by what comes after", async () => {
  const twin = createTwin();
  const seen = [];
  const salesforce = connect("salesforce", {
    token: "expired",
    origin: "https://old.my.salesforce.com",
    fetch(url, init) {
      seen.push([new Headers(init.headers).get("authorization"), new URL(url).hostname]);
      return twin.fetch(String(url).replace(/^https:\/\/[^/]+/, "https://acme.my.salesforce.com"), init);
    },
    renew: () => ({ token: "twin-token", origin: "https://new.my.salesforce.com" }),
  });
  const deal = { entity: "opportunities", entity_id: "0065e00000DealAAAR" };
  const { links } = await salesforce.associations.create({
    ...deal,
    associations: { contacts: [{ id: "0035e00000CleoCAAR" }] },
  });
  assert.equal(links[0].outcome, "linked");
  await salesforce.associations.list({ ...deal, to: ["contacts"] });
  const [first, ...others] = seen;
  assert.deepEqual(first, ["Bearer expired", "old.my.salesforce.com"]);
  assert.ok(others.length >= 3);
  for (const one of others) assert.deepEqual(one, ["Bearer twin-token", "new.my.salesforce.com"]);
});

test("a renewal that never ends is bound by the deadline", async () => {
  const { hubspot } = expired({ renew: () => new Promise(() => {}), deadline: 100 });
  await assert.rejects(hubspot.associations.create(link()), { code: "timeout" });
});

test("a refusal that no renewal helps asks for none", async () => {
  const { hubspot, renewals } = expired({ token: "unscoped" });
  await assert.rejects(hubspot.associations.create(link()), { code: "forbidden" });
  assert.deepEqual(renewals, []);
});

test("`renew` is a function", () => {
  assert.throws(() => expired({ renew: "a-token" }), { code: "invalid_input", path: "options.renew" });
});

function raise(error) {
  throw error;
}
