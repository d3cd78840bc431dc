// The shape of what the package exports: errors, capabilities, and what a mistaken call is told.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import * as face from "../../pkg/dist/index.js";
import { assertError } from "./cases.mjs";

const { CrmlinkError, buildRequest, capabilities, connect, plan, readResponse } = face;
const PAIR = { fromObjectType: "contacts", fromObjectId: "1", toObjectType: "companies", toObjectId: "2" };
const ENDPOINT = "hubspot.associations.createDefault";

test("the package exports what the contract says, and no more", () => {
  const expected = ["CrmlinkError", "buildRequest", "capabilities", "connect", "plan", "readResponse"];
  assert.deepEqual(Object.keys(face).sort(), expected);
});

describe("CrmlinkError", () => {
  const refused = caught(() => buildRequest(ENDPOINT, { ...PAIR, fromObjectId: ".." }));

  test("is an Error with a name, a message and a stack of the caller", () => {
    assert.ok(refused instanceof Error && refused instanceof CrmlinkError);
    assert.equal(refused.name, "CrmlinkError");
    assert.match(refused.message, /^fromObjectId: expected/);
    assert.ok(refused.stack.includes("face.test.mjs"));
    assert.equal(String(refused), `CrmlinkError: ${refused.message}`);
  });

  test("of a refusal has the code, the path, and what it is sure of", () => {
    const { code, path, retryable, sent, vendor, status, raw } = refused;
    assert.deepEqual(
      { code, path, retryable, sent },
      { code: "invalid_id", path: "fromObjectId", retryable: false, sent: "no" },
    );
    assert.deepEqual([vendor, status, raw], [undefined, undefined, undefined]);
    assert.ok(!("status" in refused) && !("raw" in refused), "what is not known is not there");
  });

  test("of an answer has the vendor, the status, the hint and the vendor's own words", () => {
    const body = JSON.stringify({ status: "error", message: "slow down", category: "RATE_LIMITS" });
    const error = caught(() => readResponse(ENDPOINT, { status: 429, headers: { "retry-after": "3" }, body }));
    assertError(error, {
      code: "rate_limited",
      vendor: "hubspot",
      status: 429,
      retryable: true,
      sent: "yes",
      raw: body,
    });
    assert.equal(error.retryAfter, 3000);
    assert.equal(typeof error.retryAfter, "number");
    assert.ok(error.message.includes("slow down"));
  });

  test("names the scopes that a token lacks", () => {
    const body = JSON.stringify({
      status: "error",
      message: "no",
      category: "MISSING_SCOPES",
      errors: [{ message: "no", context: { requiredGranularScopes: ["crm.objects.contacts.write"] } }],
    });
    const error = caught(() => readResponse(ENDPOINT, { status: 403, body }));
    assertError(error, { code: "forbidden", missingScopes: ["crm.objects.contacts.write"] });
    assert.ok(Array.isArray(error.missingScopes));
  });

  test("of an unsupported link says why", () => {
    const input = {
      entity: "leads",
      entity_id: "00Q5e00000LeadAEAR",
      associations: { contacts: [{ id: "0035e00000AnnaAAAR" }] },
    };
    const options = { origin: "https://acme.my.salesforce.com" };
    const error = caught(() => plan("salesforce", "associations.create", input, options));
    assertError(error, { code: "unsupported", sent: "no" });
    assert.equal(error.reason, "requires_conversion");
  });

  test("can be made of a report, and takes nothing else from it", () => {
    const report = JSON.parse(
      '{"code":"internal","message":"m","retryable":false,"sent":"no","__proto__":{"a":1},"name":"x","stack":"s","b":1}',
    );
    const error = new CrmlinkError(report, { cause: "why" });
    assert.ok(error instanceof CrmlinkError);
    assert.deepEqual(
      [error.name, error.message, error.cause, error.b, error.a],
      ["CrmlinkError", "m", "why", undefined, undefined],
    );
    assert.notEqual(error.stack, "s");
  });
});

describe("capabilities", () => {
  const VENDORS = ["hubspot", "leadconnector", "salesforce", "truto"];

  test("are those of all vendors, or of one", () => {
    const all = capabilities();
    assert.deepEqual(all.map(({ vendor }) => vendor).sort(), VENDORS);
    for (const vendor of VENDORS)
      assert.deepEqual(
        capabilities(vendor),
        all.filter((row) => row.vendor === vendor),
      );
  });

  test("are true: what they refuse is refused, and what they allow is planned", () => {
    const id = {
      salesforce: {
        accounts: "0015e00000AcmeAAAR",
        contacts: "0035e00000AnnaAAAR",
        opportunities: "0065e00000DealAAAR",
        leads: "00Q5e00000LeadAEAR",
      },
    };
    const options = {
      hubspot: {},
      leadconnector: { locationId: "location1" },
      salesforce: { origin: "https://acme.my.salesforce.com" },
      truto: { integratedAccountId: "62f44730-dd91-461e-bd6a-aedd9e0ad79d" },
    };
    let tried = 0;
    for (const { vendor, pairs } of capabilities()) {
      assert.ok(pairs.length > 0);
      for (const { from, to, verbs, refused, required = [] } of pairs) {
        if (from === "organizations" || [from, to].includes("custom")) continue;
        const record = { id: id[vendor]?.[to] ?? "2" };
        for (const field of required) record[field] = field === "role" ? "child" : "Key__c";
        if (record.id === id[vendor]?.[from]) record.id = "0015e00000BetaBAAR";
        const ends = { entity: from, entity_id: id[vendor]?.[from] ?? "1" };
        const does = verbs.map(({ verb }) => verb);
        for (const verb of ["create", "remove", "set", "list"]) {
          const input = { ...ends, ...(verb === "list" ? { to } : { associations: { [to]: [record] } }) };
          const result = caught(() => plan(vendor, `associations.${verb}`, input, options[vendor]));
          const name = `${vendor}: ${verb} ${from} to ${to}: ${result.message}`;
          if (does.includes(verb)) assert.ok(!(result instanceof Error), name);
          else assertError(result, { code: "unsupported", sent: "no" });
          // What is refused may still be linked by a field of the caller's own.
          if (!refused || verb !== "create") continue;
          const plain = { ...ends, associations: { [to]: [{ id: record.id }] } };
          const refusal = caught(() => plan(vendor, "associations.create", plain, options[vendor]));
          assertError(refusal, { code: "unsupported", reason: refused.reason, sent: "no" });
        }
        tried += 1;
      }
    }
    assert.ok(tried > 40);
  });

  test("are true of definitions and upserts too", () => {
    for (const { vendor, associationTypes } of capabilities()) {
      for (const verb of ["create", "list", "get", "update", "delete"]) {
        if (associationTypes.includes(verb)) continue;
        const refused = caught(() => plan(vendor, `association_types.${verb}`, {}, {}));
        assertError(refused, { code: "unsupported", sent: "no" });
      }
    }
  });

  test("say where they come from", () => {
    for (const { source, apiVersion } of capabilities()) assert.ok(source.length > 0 && apiVersion.length > 0);
  });

  test("are the caller's own copy", () => {
    capabilities()[0].pairs.length = 0;
    assert.ok(capabilities()[0].pairs.length > 0);
  });
});

describe("a mistaken call", () => {
  const good = { status: 200, body: "{}" };
  for (const [what, act, path] of [
    ["an unknown endpoint", () => buildRequest("hubspot.nothing", PAIR), "endpoint"],
    ["an endpoint that is no text", () => buildRequest(5, PAIR), "endpoint"],
    ["an endpoint that looks like a text", () => buildRequest({ length: 3 }, PAIR), "endpoint"],
    ["no endpoint", () => buildRequest(undefined, PAIR), "endpoint"],
    ["a symbol for an endpoint", () => buildRequest(Symbol("x"), PAIR), "endpoint"],
    ["an inherited name for an endpoint", () => buildRequest("constructor", PAIR), "endpoint"],
    ["an unknown endpoint to read", () => readResponse("hubspot.nothing", good), "endpoint"],
    ["a parsed body", () => readResponse(ENDPOINT, { status: 200, body: {} }), "body"],
    ["a body of bytes", () => readResponse(ENDPOINT, { status: 200, body: Buffer.from("{}") }), "body"],
    ["no body", () => readResponse(ENDPOINT, { status: 200 }), "body"],
    ["a status that is no number", () => readResponse(ENDPOINT, { ...good, status: "200" }), "status"],
    ["a status beyond all", () => readResponse(ENDPOINT, { ...good, status: 65_536 + 200 }), "status"],
    ["no status", () => readResponse(ENDPOINT, { body: "{}" }), "status"],
    ["an endpoint that smuggles options in", () => buildRequest(`${ENDPOINT}\n{"token":"smuggled"}`, PAIR), "endpoint"],
    ["options as JSON text", () => buildRequest(ENDPOINT, PAIR, '{\n"token":"t"}'), "options"],
    ["options as bytes", () => plan("hubspot", "associations.create", {}, Buffer.from("{}")), "options"],
    ["options that are null", () => buildRequest(ENDPOINT, PAIR, null), "options"],
    ["options that are a list", () => buildRequest(ENDPOINT, PAIR, []), "options"],
    ["an unknown option", () => buildRequest(ENDPOINT, PAIR, { tokn: "x" }), "options.tokn"],
    ["an unknown vendor", () => plan("pipedrive", "associations.create", {}), "vendor"],
    ["a vendor that is no text", () => plan(5, "associations.create", {}), "vendor"],
    ["an unknown operation", () => plan("hubspot", "associations.destroy", {}), "operation"],
    ["an operation that is no text", () => plan("hubspot", {}, {}), "operation"],
    ["an unknown vendor's capabilities", () => capabilities("pipedrive"), "vendor"],
    ["capabilities of null", () => capabilities(null), "vendor"],
    ["a connection to a number", () => connect(5), "vendor"],
    ["an edge that is no text", () => connect("hubspot", { edge: null, account: "a", token: "t" }), "options.edge"],
    [
      "an edge without an account",
      () => connect("hubspot", { edge: "https://e.example", token: "t" }),
      "options.account",
    ],
    [
      "an edge without a token",
      () => connect("hubspot", { edge: "https://e.example", account: "a", token: "" }),
      "options.token",
    ],
  ]) {
    test(`${what} is told so, and the next call works`, () => {
      const error = caught(act);
      assertError(error, { code: "invalid_input", sent: "no", retryable: false });
      assert.ok(error.path === path || (error.path ?? "options") === path, `${error.path} instead of ${path}`);
      assert.ok(buildRequest(ENDPOINT, PAIR).url);
    });
  }

  test("headers may be absent, or those of a fetch, in any case", () => {
    const body = JSON.stringify({ message: "slow down" });
    for (const headers of [{ "Retry-After": "3" }, new Headers({ "RETRY-AFTER": "3" }), { "retry-after": 3 }]) {
      assert.equal(caught(() => readResponse(ENDPOINT, { status: 429, headers, body })).retryAfter, 3000);
    }
    assert.equal(caught(() => readResponse(ENDPOINT, { status: 429, body })).retryAfter, undefined);
  });
});

function caught(act) {
  try {
    return act();
  } catch (error) {
    return error;
  }
}
