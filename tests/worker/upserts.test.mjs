// POST /unified/crm/{kind}/upsert: a record is found or made, whatever the vendor. What a vendor's table does not list is
// skipped, and said.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";

import { asAccount, ask, assertProblem, call } from "./calls.mjs";
import { startEdge } from "./harness.mjs";

let edge;
let upserts;
before(async () => {
  edge = await startEdge();
  const { json } = await call(edge.origin, "GET", "/capabilities");
  upserts = Object.fromEntries(json.capabilities.map(({ vendor, upserts }) => [vendor, upserts]));
});
after(() => edge?.stop());
beforeEach(() => edge.twin.reset());

const PERSON = { first_name: "Ada", last_name: "Byron", email_addresses: [{ email: "ada@example.com" }] };
const OTHER = { first_name: "Bo", last_name: "Lund", email_addresses: [{ email: "bo@example.com" }] };

for (const vendor of ["hubspot", "leadconnector", "salesforce"]) {
  describe(vendor, () => {
    const needs = (t, entity) => {
      const known = upserts[vendor].find((known) => known.entity === entity && !known.refused);
      if (!known) t.skip(`${vendor} upserts no ${entity}`);
      return known !== undefined;
    };
    const upsert = (input, query) => ask(edge, vendor, "contacts.upsert", input, query);

    test("a record is made, and found the second time", async (t) => {
      if (!needs(t, "contacts")) return;
      const made = await upsert(PERSON);
      assert.deepEqual([made.status, made.json.outcome], [201, "created"], made.text);
      const again = await upsert({ ...PERSON, first_name: "Augusta" });
      assert.deepEqual([again.status, again.json.outcome, again.json.id], [200, "updated", made.json.id], again.text);
      assert.ok(made.json.fields.every(({ count }) => count > 0));
    });

    test("a list is a batch, in the caller's order, and one bad record does not sink the rest", async (t) => {
      if (!needs(t, "contacts")) return;
      const bad = { first_name: "C", email_addresses: [{ email: "ada@example.com" }], colour: "red" };
      const refused = await upsert([PERSON, bad]);
      assert.ok([207, 422].includes(refused.status), refused.text);

      edge.twin.reset();
      const { status, json, text } = await upsert([PERSON, OTHER]);
      assert.equal(status, 201, text);
      assert.deepEqual(
        json.result.map(({ outcome }) => outcome),
        ["created", "created"],
      );
      assert.deepEqual([json.created, json.updated, json.failed, json.unknown], [2, 0, 0, 0]);
    });

    test("the answer looks as the query says", async (t) => {
      if (!needs(t, "contacts")) return;
      const bare = await upsert([PERSON], "truto_ignore_remote_data=true&truto_exclude_fields=fields,record");
      for (const name of ["remote_data", "fields", "record"]) assert.ok(!(name in bare.json.result[0]), name);
      const lines = await upsert([PERSON, OTHER], "truto_response_format=stream");
      assert.equal(lines.headers.get("content-type"), "application/x-ndjson");
      const last = JSON.parse(lines.text.trimEnd().split("\n").at(-1));
      assert.deepEqual([last.status, last.created, last.updated], [201, 1, 1], lines.text);
    });

    test("the plan says how it is found, and sends nothing", async (t) => {
      if (!needs(t, "contacts")) return;
      const { status, json, text } = await call(edge.origin, "POST", "/unified/crm/plan", {
        headers: asAccount(edge, vendor),
        body: { operation: "contacts.upsert", input: [PERSON, OTHER] },
      });
      assert.equal(status, 200, text);
      assert.ok(json.strategies.length > 0 && json.calls.min >= 1);
      assert.deepEqual(edge.twin.commits(), []);
    });

    test("what cannot be read is refused by its field", async (t) => {
      if (!needs(t, "contacts")) return;
      const json = assertProblem(await upsert({ ...PERSON, colour: "red" }), 422, "invalid_input");
      assert.equal(json.path, "colour");
      const beside = await upsert([PERSON], "remote_query[a]=1");
      assert.equal(assertProblem(beside, 422, "invalid_input").path, "remote_query");
      assert.deepEqual(edge.twin.commits(), []);
    });
  });
}

test("a body that is neither an object nor a list is none", async () => {
  for (const body of ['"x"', "1", "null", "{", "[}"]) {
    const headers = asAccount(edge, "hubspot");
    assertProblem(
      await call(edge.origin, "POST", "/unified/crm/contacts/upsert", { headers, body }),
      400,
      "invalid_input",
    );
  }
});

test("a vendor that upserts nothing says so", async () => {
  assertProblem(await ask(edge, "truto", "contacts.upsert", PERSON), 422, "unsupported");
});
