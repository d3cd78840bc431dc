// Values that JSON cannot hold, or holds otherwise than a caller means: refused with their path, never bent in silence.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { buildRequest, connect, plan } from "../../pkg/dist/index.js";
import { assertError } from "./cases.mjs";

const UPSERT = { pipelineId: "pipeline1", locationId: "location1" };
const PAIR = { fromObjectType: "contacts", fromObjectId: "1", toObjectType: "companies", toObjectId: "2" };
const LINK = { entity: "opportunities", entity_id: "301", associations: { contacts: [{ id: "101" }] } };

const upsert = (fields) => buildRequest("leadconnector.opportunities.upsert", { ...UPSERT, ...fields });
const pair = (params) => buildRequest("hubspot.associations.createDefault", params);
const bodyOf = (request) => JSON.parse(request.body);

describe("values that JSON does not have", () => {
  const selfHolding = {};
  selfHolding.again = selfHolding;
  const selfListing = [];
  selfListing.push([selfListing]);

  for (const [what, fields, path, message] of [
    ["NaN", { monetaryValue: NaN }, "monetaryValue", "NaN"],
    ["Infinity", { monetaryValue: Infinity }, "monetaryValue", "Infinity"],
    ["-Infinity, deep inside", { extra: { a: [{ b: -Infinity }] } }, "extra.a[0].b", "-Infinity"],
    ["a BigInt", { monetaryValue: 10n }, "monetaryValue", "BigInt"],
    ["a BigInt, deep inside", { extra: { a: [10n] } }, "extra.a[0]", "BigInt"],
    ["a function", { name: () => {} }, "name", "function"],
    ["a class", { name: class {} }, "name", "function"],
    ["a symbol", { name: Symbol("x") }, "name", "symbol"],
    ["a function in a list", { followers: ["a", () => {}] }, "followers[1]", "function"],
    ["undefined in a list", { followers: ["a", undefined] }, "followers[1]", "undefined"],
    // eslint-disable-next-line no-sparse-arrays
    ["a hole in a list", { followers: ["a", , "b"] }, "followers[1]", "undefined"],
    ["an object that holds itself", { extra: selfHolding }, "extra.again", "itself"],
    ["a list that holds itself", { extra: { a: selfListing } }, "extra.a[0][0]", "itself"],
  ]) {
    test(`${what} is refused`, () => {
      assertRefused(() => upsert(fields), { code: "invalid_input", path, message });
    });
  }

  test("undefined is as if it were not there", () => {
    assert.deepEqual(upsert({ name: undefined, extra: { a: undefined } }), upsert({}));
  });

  test("the same value twice is no cycle", () => {
    const shared = { b: 1, c: null };
    assert.deepEqual(bodyOf(upsert({ extra: { one: shared, two: [shared, shared] } })).two, [shared, shared]);
  });

  for (const [what, extra, path] of [
    ["a function", { a: () => {} }, "extra.a"],
    ["a symbol", { a: { b: Symbol("x") } }, "extra.a.b"],
    ["a Map", { a: new Map([["b", 1]]) }, "extra.a"],
    ["a Set", { a: new Set([1]) }, "extra.a"],
    ["an invalid date", { a: new Date(NaN) }, "extra.a"],
    ["half of a surrogate pair in a text that is JSON already", undefined, undefined],
  ]) {
    test(`${what}, deep inside, is refused`, () => {
      const text = `{"pipelineId":"p","locationId":"l","name":"\ud800"}`;
      const build = () => (extra ? upsert({ extra }) : buildRequest("leadconnector.opportunities.upsert", text));
      assertRefused(build, { code: "invalid_input", ...(path && { path }) });
    });
  }

  test("so in operations and in options", async () => {
    const bad = { ...LINK, remote_data: { amount: NaN } };
    const refused = { code: "invalid_input", path: "remote_data.amount" };
    assertRefused(() => plan("hubspot", "associations.create", bad), refused);
    const connection = connect("hubspot", { token: "t", fetch: () => assert.fail("sent") });
    await assert.rejects(connection.associations.create(bad), (error) => (assertError(error, refused), true));
    const option = { code: "invalid_input", path: "options.strictSpec" };
    assertRefused(() => pair(PAIR) && buildRequest("truto.associations.create", {}, { strictSpec: NaN }), option);
    assertRefused(() => connect("hubspot", { strictSpec: NaN }), option);
  });
});

describe("values with a JSON of their own", () => {
  test("a date is its text", () => {
    assert.equal(bodyOf(upsert({ extra: { at: new Date(0) } })).at, "1970-01-01T00:00:00.000Z");
  });

  test("an object with toJSON is what it says, once", () => {
    let asked = 0;
    const name = { toJSON: () => `asked ${++asked}` };
    assert.equal(bodyOf(upsert({ name })).name, "asked 1");
  });

  test("boxed values are their values", () => {
    const body = bodyOf(upsert({ name: new String("boxed"), monetaryValue: new Number(5) }));
    assert.deepEqual([body.name, body.monetaryValue], ["boxed", 5]);
  });

  test("what a caller's own code throws is thrown", () => {
    const own = new Error("the caller's own");
    const throws = () => {
      throw own;
    };
    for (const fields of [
      { name: { toJSON: throws } },
      Object.defineProperty({}, "name", { get: throws, enumerable: true }),
    ]) {
      const params = Object.defineProperties({ ...UPSERT }, Object.getOwnPropertyDescriptors(fields));
      assert.throws(
        () => buildRequest("leadconnector.opportunities.upsert", params),
        (error) => error === own,
      );
    }
  });
});

describe("numbers", () => {
  test("minus nothing is nothing", () => {
    assert.equal(upsert({ monetaryValue: -0 }).body, upsert({ monetaryValue: 0 }).body);
  });

  test("digits stand as JavaScript writes them", () => {
    for (const value of [0.1, 1.5, 1e21, 5e-324, 2 ** 53, Number.MAX_VALUE]) {
      const { body } = upsert({ extra: { value } });
      assert.ok(body.includes(`"value":${JSON.stringify(value)}`), body);
    }
  });

  test("whole numbers of a text keep their digits beyond what a JavaScript number holds", () => {
    const text = `{"pipelineId":"p","locationId":"l","extra":{"value":12345678901234567890}}`;
    assert.ok(buildRequest("leadconnector.opportunities.upsert", text).body.includes(`"value":12345678901234567890}`));
  });

  test("a whole number below 2^53 is an id, another one is none", () => {
    assert.ok(pair({ ...PAIR, fromObjectId: 2 ** 53 - 1 }).url.includes("/9007199254740991/"));
    for (const fromObjectId of [2 ** 53, 1e21, -1, 0.5]) {
      assertRefused(() => pair({ ...PAIR, fromObjectId }), { path: "fromObjectId", sent: "no" });
    }
  });
});

describe("texts", () => {
  test("half of a surrogate pair is refused wherever it stands", () => {
    for (const half of ["\ud800", "\udc00", "a\ud83d", "\ude00\ud83d"]) {
      assertRefused(() => pair({ ...PAIR, fromObjectId: half }), { path: "fromObjectId", message: "surrogate" });
      assertRefused(() => upsert({ name: half }), { code: "invalid_input", path: "name" });
      assertRefused(() => upsert({ extra: { a: [half] } }), { code: "invalid_input" });
      assertRefused(() => upsert({ extra: { [half]: 1 } }), { code: "invalid_input" });
      const link = { ...LINK, associations: { contacts: [{ id: half }] } };
      assertRefused(() => plan("hubspot", "associations.create", link), { message: "surrogate" });
    }
  });

  test("whole pairs, and all that JSON escapes, arrive as they are", () => {
    const name = 'Zoë 😀 \u2028\u2029 " \\ / \u0001 \u007f \ufeff é e\u0301';
    assert.equal(bodyOf(upsert({ name })).name, name);
  });
});

describe("keys that JavaScript treats as its own", () => {
  const hostile = JSON.parse(
    '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":1,"hasOwnProperty":null}',
  );

  test("are data: they arrive, and change no prototype", () => {
    const { body } = upsert({ extra: hostile });
    for (const key of Object.keys(hostile)) assert.ok(body.includes(`"${key}":`), body);
    const planned = plan(
      "truto",
      "associations.create",
      { ...LINK, remote_data: hostile },
      {
        integratedAccountId: "62f44730-dd91-461e-bd6a-aedd9e0ad79d",
      },
    );
    assert.ok(planned.steps[0].requests[0].body.includes('"__proto__":'));
    assertUnpolluted();
  });

  test("are no fields: they are refused as unknown, named", () => {
    for (const key of Object.keys(hostile)) {
      const params = JSON.parse(JSON.stringify({ ...PAIR, place: 1 }).replace('"place"', `"${key}"`));
      assertRefused(() => pair(params), { code: "invalid_input", message: key });
      const link = JSON.parse(JSON.stringify({ ...LINK, place: 1 }).replace('"place"', `"${key}"`));
      assertRefused(() => plan("hubspot", "associations.create", link), { code: "invalid_input", message: key });
      const kinds = JSON.parse(JSON.stringify(LINK).replace('"contacts"', `"${key}"`));
      const location = { locationId: "location1" };
      assertRefused(() => plan("leadconnector", "associations.create", kinds, location), { code: "invalid_input" });
    }
    assertUnpolluted();
  });

  test("in an answer are data too", async () => {
    const body = JSON.stringify({
      status: "COMPLETE",
      results: [
        {
          from: { id: "301" },
          to: { id: "101" },
          associationSpec: { associationCategory: "HUBSPOT_DEFINED", associationTypeId: 3 },
        },
      ],
      place: { polluted: 1 },
    }).replace('"place"', '"__proto__"');
    const fetch = async () => new Response(body);
    const receipt = await connect("hubspot", { fetch }).associations.create(LINK);
    assert.equal(Object.getPrototypeOf(receipt.remote_data), Object.prototype);
    assert.equal(receipt.polluted, undefined);
    assertUnpolluted();
  });

  test("in headers are headers", async () => {
    const fetch = async () => new Response("{}", { headers: { __proto__: "x", constructor: "y", a: "b" } });
    const { headers } = await connect("hubspot", { fetch }).send(pair(PAIR));
    assert.equal(headers.a, "b");
    assertUnpolluted();
  });

  test("inherited fields are none of the input", () => {
    const inherited = Object.create({ fromObjectId: "666" }, {});
    Object.assign(inherited, { ...PAIR, fromObjectId: undefined });
    assertRefused(() => pair(inherited), { path: "fromObjectId" });
    assert.deepEqual(pair(Object.assign(Object.create(null), PAIR)), pair(PAIR));
  });

  function assertUnpolluted() {
    assert.equal({}.polluted, undefined);
    assert.equal(Object.prototype.polluted, undefined);
    assert.equal([].polluted, undefined);
  }
});

describe("depth", () => {
  const DEEP = 100_000;
  const nested = (make) => {
    let value = 1;
    for (let level = 0; level < DEEP; level++) value = make(value);
    return value;
  };

  test("100,000 levels of a value are refused, and the next call works", () => {
    for (const make of [(inner) => ({ a: inner }), (inner) => [inner]]) {
      assertRefused(() => upsert({ extra: { deep: nested(make) } }), { code: "invalid_input", message: "levels" });
      assert.ok(upsert({}).body);
    }
  });

  test("100,000 levels of a text are refused, and the next call works", () => {
    for (const [open, close] of [
      ["[", "]"],
      ['{"a":', "}"],
      ["[", ""],
    ]) {
      const deep = open.repeat(DEEP) + (close && `1${close.repeat(DEEP)}`);
      const params = `{"pipelineId":"p","locationId":"l","extra":{"deep":${deep}}}`;
      assertRefused(() => buildRequest("leadconnector.opportunities.upsert", params), { code: "invalid_input" });
      const link = JSON.stringify({ ...LINK, remote_data: { deep: 0 } }).replace('"deep":0', `"deep":${deep}`);
      assertRefused(() => plan("hubspot", "associations.create", link), { code: "invalid_input" });
      assert.ok(upsert({}).body);
    }
  });

  test("an answer of 100,000 levels proves nothing, and the next call works", async () => {
    for (const deep of ["[".repeat(DEEP) + "]".repeat(DEEP), '{"a":'.repeat(DEEP)]) {
      const fetch = async () => new Response(deep);
      const receipt = await connect("hubspot", { fetch, token: "t" })
        .associations.create(LINK)
        .catch((error) => error);
      assert.notEqual(receipt.links?.[0].outcome, "linked");
      assert.notEqual(receipt.code, "internal");
      assert.ok(upsert({}).body);
    }
  });

  test("a hundred levels are no trouble", () => {
    let value = { end: null };
    for (let level = 0; level < 90; level++) value = { a: value };
    assert.deepEqual(bodyOf(upsert({ extra: { deep: value } })).deep, value);
  });
});

describe("inputs that are no objects", () => {
  for (const [what, value] of [
    ["null", null],
    ["undefined", undefined],
    ["a number", 5],
    ["true", true],
    ["a BigInt", 5n],
    ["a function", () => {}],
    ["a symbol", Symbol("x")],
    ["a list", [PAIR]],
    ["an empty text", ""],
    ["a text that is no JSON", "contacts"],
    ["two JSON texts", "{}{}"],
    ["a JSON text of a list", JSON.stringify([PAIR])],
    ["a JSON text with NaN", `{"a":NaN}`],
    ["no bytes", new Uint8Array()],
  ]) {
    test(`${what} is refused`, () => {
      assertRefused(() => pair(value), { code: "invalid_input", sent: "no" });
      assertRefused(() => plan("hubspot", "associations.create", value), { code: "invalid_input", sent: "no" });
    });
  }
});

describe("bytes", () => {
  const bytes = (text) => new TextEncoder().encode(text);

  test("are JSON as a text is", () => {
    const name = "Zoë 😀";
    const text = JSON.stringify({ ...UPSERT, name });
    assert.deepEqual(buildRequest("leadconnector.opportunities.upsert", bytes(text)), upsert({ name }));
    assert.deepEqual(buildRequest("leadconnector.opportunities.upsert", Buffer.from(text)), upsert({ name }));
  });

  test("a view sees its own part alone", () => {
    const whole = bytes(`xx${JSON.stringify(PAIR)}yy`);
    assert.deepEqual(pair(whole.subarray(2, whole.length - 2)), pair(PAIR));
  });

  test("that are not UTF-8 are refused", () => {
    const [head, tail] = [`{"pipelineId":"p","locationId":"l","name":"`, `"}`].map(bytes);
    for (const bad of [[0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80]]) {
      const params = Uint8Array.from([...head, ...bad, ...tail]);
      assertRefused(() => buildRequest("leadconnector.opportunities.upsert", params), {
        code: "invalid_input",
        message: "UTF-8",
      });
    }
  });
});

function assertRefused(act, expected) {
  assert.throws(act, (error) => {
    assertError(error, {
      code: "invalid_input",
      sent: "no",
      retryable: false,
      ...expected,
      ...codeOf(expected, error),
    });
    return true;
  });
}

/** Ids have a code of their own; where a test leaves the code open, either will do. */
function codeOf(expected, error) {
  return expected.code === undefined && error.code === "invalid_id" ? { code: "invalid_id" } : {};
}
