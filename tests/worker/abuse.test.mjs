// What hostile callers and broken vendors send: refused or survived, and the next request is served as ever.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { gzipSync } from "node:zlib";

import { root } from "../../xtask/steps.mjs";
import { asAccount, asOwner, assertProblem, call, raw } from "./calls.mjs";
import { startBetween, startEdge, startUpstream } from "./harness.mjs";

const MEGABYTE = 1 << 20;
const UNIFIED = "/unified/crm/associations";
const HUBSPOT = "/crm/v4/objects/contacts/101/associations/default/companies/201";
const LINK = { entity: "opportunities", entity_id: "301", associations: { contacts: [{ id: "101" }] } };

/** What becomes of the vendor's answers on their way. */
let mangle;
let between, edge;
before(async () => {
  edge = await startEdge({
    vars: async (twin) => {
      between = await startBetween(twin, (request, answer) => mangle?.(request, answer) ?? answer);
      const vendors = ["hubspot", "leadconnector", "salesforce", "truto"];
      const origins = Object.fromEntries(vendors.map((vendor) => [vendor, between.origin]));
      return { CRMLINK_VENDOR_ORIGINS: JSON.stringify(origins) };
    },
  });
});
after(async () => {
  await edge?.stop();
  await between?.stop();
});
beforeEach(() => {
  mangle = undefined;
  between.requests.length = 0;
  edge.twin.reset();
});
// Whatever it was: the Worker works on, and so does its instance.
afterEach(async () => {
  mangle = undefined;
  edge.twin.reset();
  const healthy = await call(edge.origin, "POST", UNIFIED, { headers: asAccount(edge, "hubspot"), body: LINK });
  assert.equal(healthy.status, 201, healthy.text);
});

describe("bodies of 10 and 100 MB", () => {
  const routes = [
    ["POST", UNIFIED, () => asAccount(edge, "hubspot")],
    ["POST", "/unified/crm/plan", () => asAccount(edge, "hubspot")],
    ["POST", "/unified/crm/contacts/upsert", () => asAccount(edge, "hubspot")],
    ["POST", "/opportunities/upsert", () => ({ ...asOwner, version: "2021-07-28" })],
  ];
  for (const size of [10, 100]) {
    for (const [method, path, headers] of routes) {
      test(`${size} MB for ${method} ${path} are refused before they are read`, async () => {
        // The caller keeps the rest back until it has its answer: for a length that is told the first piece is enough.
        for (const [length, first] of [
          [{ "content-length": String(size * MEGABYTE) }, 65_536],
          [{}, 2 * MEGABYTE],
        ]) {
          let given = 0;
          const body = new ReadableStream({
            pull(controller) {
              if (given >= first) return new Promise(() => {});
              given += 65_536;
              controller.enqueue(new Uint8Array(65_536).fill(32));
            },
          });
          const leave = new AbortController();
          const answer = await fetch(edge.origin + path, {
            method,
            headers: { "content-type": "application/json", ...headers(), ...length },
            body,
            duplex: "half",
            signal: leave.signal,
          });
          const text = await answer.text();
          leave.abort();
          assert.equal(answer.status, 413, text);
        }
        assert.deepEqual(between.requests, []);
      });
    }
  }
});

describe("JSON", () => {
  const nested = (depth, [open, close]) => `${open.repeat(depth)}1${close.repeat(depth)}`;
  const lists = ["[", "]"];
  const objects = ['{"a":', "}"];
  const linkWith = (value) =>
    JSON.stringify({ ...LINK, remote_data: { deep: 0 } }).replace('"deep":0', `"deep":${value}`);

  for (const depth of [129, 5_000, 100_000]) {
    test(`${depth} levels are refused, wherever they stand`, async () => {
      for (const kind of [lists, objects]) {
        const deep = nested(depth, kind);
        const opportunity = `{"pipelineId":"p","locationId":"l","extra":{"deep":${deep}}}`;
        const plan = `{"operation":"associations.create","input":${linkWith(deep)}}`;
        const asks = [
          ["POST", UNIFIED, asAccount(edge, "truto"), linkWith(deep)],
          ["POST", "/unified/crm/plan", asAccount(edge, "truto"), plan],
          ["POST", UNIFIED, asAccount(edge, "hubspot"), deep],
          ["POST", "/unified/crm/contacts/upsert", asAccount(edge, "hubspot"), `[{"first_name":${deep}}]`],
          ["POST", "/unified/crm/contacts/upsert", asAccount(edge, "hubspot"), `{"remote_data":{"deep":${deep}}}`],
          ["POST", "/opportunities/upsert", { ...asOwner, version: "2021-07-28" }, opportunity],
        ];
        for (const [method, path, headers, body] of asks) {
          const answer = await call(edge.origin, method, path, { headers, body });
          assert.ok([400, 413, 422].includes(answer.status), `${path} ${answer.status} ${answer.text.slice(0, 200)}`);
        }
      }
      assert.deepEqual(between.requests, []);
    });
  }

  test("a hundred levels are no trouble", async () => {
    const body = linkWith(nested(100, objects));
    const answer = await call(edge.origin, "POST", UNIFIED, { headers: asAccount(edge, "truto"), body });
    assert.equal(answer.status, 201, answer.text);
  });

  for (const [what, body, path] of [
    ["at the top", '{"entity":"contacts","entity":"leads"}', "entity"],
    ["in escapes", '{"entity":"contacts","\\u0065ntity":"leads"}', "entity"],
    ["of a record", JSON.stringify(LINK).replace('"id":"101"', '"id":"101","id":"102"'), "associations.contacts[0].id"],
    ["in what passes through", linkWith('{"a":1,"b":2,"a":3}'), "remote_data.deep.a"],
    ["deep in what passes through", linkWith('[0,{"x":[{"a":":","a":null}]}]'), "remote_data.deep[1].x[0].a"],
    ["with the names of prototypes", linkWith('{"__proto__":1,"__proto__":2}'), "remote_data.deep.__proto__"],
  ]) {
    test(`a name that stands twice, ${what}, is refused by its path`, async () => {
      const answer = await call(edge.origin, "POST", UNIFIED, { headers: asAccount(edge, "truto"), body });
      assert.equal(assertProblem(answer, 422, "invalid_input").path, path);
      assert.deepEqual(between.requests, []);
    });
  }

  test("the same name in two objects is none that stands twice", async () => {
    const body = linkWith('[{"a":{"a":":\\"a\\":"}},{"a":1}]');
    const answer = await call(edge.origin, "POST", UNIFIED, { headers: asAccount(edge, "truto"), body });
    assert.equal(answer.status, 201, answer.text);
  });

  test("numbers that no number holds are refused or keep their digits", async () => {
    const headers = { ...asOwner, version: "2021-07-28" };
    for (const [number, sent] of [
      ["1e400", null],
      ["NaN", null],
      ["Infinity", null],
      ["-Infinity", null],
      ["0x10", null],
      ["01", null],
      ["1e", null],
      ["-0", "-0"],
      ["9007199254740993", "9007199254740993"],
      ["123456789012345678901234567890", "123456789012345678901234567890"],
      ["0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827"],
    ]) {
      const body = `{"pipelineId":"p","locationId":"l","monetaryValue":${number}}`;
      between.requests.length = 0;
      const { status, text } = await call(edge.origin, "POST", "/opportunities/upsert", { headers, body });
      if (sent === null) {
        assert.ok([400, 422].includes(status), `${number}: ${status} ${text}`);
        assert.deepEqual(between.requests, []);
      } else {
        assert.ok(between.requests[0].body.includes(`"monetaryValue":${sent}`), between.requests[0].body);
      }
    }
  });
});

describe("a body in an encoding", () => {
  for (const [encoding, bytes] of [
    ["gzip", gzipSync(JSON.stringify(LINK))],
    ["gzip", gzipSync(Buffer.alloc(50 * MEGABYTE, 32), { level: 9 })],
    ["br", Buffer.from("anything")],
    ["gzip, gzip", Buffer.from(JSON.stringify(LINK))],
  ]) {
    test(`${encoding}, ${bytes.length} bytes, is refused as it stands`, async () => {
      const headers = {
        ...asAccount(edge, "hubspot"),
        "content-type": "application/json",
        "content-encoding": encoding,
      };
      const response = await fetch(edge.origin + UNIFIED, { method: "POST", headers, body: bytes });
      assert.deepEqual([response.status, response.headers.get("accept-encoding")], [415, "identity"]);
      assert.deepEqual(between.requests, []);
    });
  }
});

describe("an answer of the vendor's that does not end in time", () => {
  const giant = (size) => JSON.stringify({ padding: "x".repeat(size) });
  const answers = {
    "10 MB with its length": { body: giant(10 * MEGABYTE) },
    "10 MB without a length": { body: giant(10 * MEGABYTE), chunked: true },
    "a bomb of 200 MB in 200 KB": {
      body: gzipSync(Buffer.alloc(200 * MEGABYTE, 32), { level: 9 }),
      headers: { "content-encoding": "gzip" },
    },
  };
  for (const [what, answer] of Object.entries(answers)) {
    const replaced = ({ status }) => ({ status, chunked: answer.chunked, headers: answer.headers, body: answer.body });

    test(`${what} to a question proves nothing`, async () => {
      mangle = (_, { status }) => replaced({ status });
      const query = "entity=opportunities&entity_id=301&to=contacts";
      const asked = await call(edge.origin, "GET", `${UNIFIED}?${query}`, { headers: asAccount(edge, "hubspot") });
      const { sent, retryable } = assertProblem(asked, asked.status, "too_large");
      assert.deepEqual([asked.status, sent, retryable], [502, "yes", false]);
      assert.equal(between.requests.length, 1, "it would only be as large again");
    });

    test(`${what} to a write that may be repeated is no success`, async () => {
      mangle = (_, { status }) => replaced({ status });
      const written = await call(edge.origin, "POST", UNIFIED, { headers: asAccount(edge, "hubspot"), body: LINK });
      assert.ok(written.status >= 300, written.text);
      assert.equal((written.json.links ?? written.json.receipt.links)[0].outcome, "unknown");
      assert.equal(edge.twin.commits().length, 1);
    });

    test(`${what} to a write that may not is in doubt until it is asked for again`, async () => {
      let first = true;
      mangle = ({ method, path }, came) => {
        if (method !== "POST" || !path.startsWith("/associations/relations") || !first) return came;
        first = false;
        return replaced(came);
      };
      const body = {
        entity: "contacts",
        entity_id: "ocQHyuzHvysMo5N5VsXc",
        associations: { opportunities: [{ id: "yWQobCRIhRguQtD2llvk" }] },
      };
      const write = () => call(edge.origin, "POST", UNIFIED, { headers: asAccount(edge, "leadconnector"), body });
      const written = await write();
      assertProblem(written, 502, "too_large");
      assert.equal(written.json.links[0].outcome, "unknown");
      const again = await write();
      assert.deepEqual([again.status, again.json.links[0].outcome], [200, "already_linked"]);
      assert.equal(edge.twin.commits().length, 1);
    });
  }

  test("what passes through unread may be as large as it is", async () => {
    const body = giant(10 * MEGABYTE);
    mangle = () => ({ status: 200, body });
    for (const headers of [asOwner, asAccount(edge, "hubspot")]) {
      const { status, text } = await call(edge.origin, "PUT", HUBSPOT, { headers });
      assert.ok(status === 200 && text === body);
    }
  });
});

test("a vendor that repeats the account's token is not repeated, wherever the pieces of its answer end", async () => {
  const token = "twin-token";
  for (const status of [200, 400]) {
    for (let cut = 1; cut < token.length; cut++) {
      const padding = "x".repeat(65_536 - cut);
      mangle = () => ({ status, headers: { "x-trace-id": `Bearer ${token}` }, body: `${padding}${token}${token} end` });
      const { text, headers } = await call(edge.origin, "PUT", HUBSPOT, { headers: asAccount(edge, "hubspot") });
      assert.equal(text, `${padding}[hidden][hidden] end`);
      assert.equal(headers.get("x-trace-id"), "Bearer [hidden]");
    }
  }
});

describe("an answer of the vendor's that is none", () => {
  for (const [what, answer] of Object.entries({
    "an HTML page": { headers: { "content-type": "text/html" }, body: "<!doctype html><title>Log in</title>" },
    "an HTML page that calls itself JSON": { headers: { "content-type": "application/json" }, body: "<html></html>" },
    "half of a JSON text": { body: '{"status":"COMPLETE","results":[' },
    "100,000 levels": { body: "[".repeat(100_000) + "]".repeat(100_000) },
    "nothing at all": { body: "" },
    "bytes that are no text": { body: Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28]) },
    "a list for an object": { body: "[]" },
    "names of prototypes": { body: '{"__proto__":{"results":[]},"constructor":{"prototype":1}}' },
  })) {
    test(`${what} makes no link, and may have made one`, async () => {
      mangle = (_, { status }) => ({ status, ...answer });
      const written = await call(edge.origin, "POST", UNIFIED, { headers: asAccount(edge, "hubspot"), body: LINK });
      assert.ok(written.status >= 300, written.text);
      assert.doesNotMatch(written.text, /"outcome":"(already_)?linked"/);
    });
  }
});

describe("a redirect", () => {
  const ways = {
    "a unified write": ["POST", UNIFIED, () => asAccount(edge, "hubspot"), LINK],
    "a unified question": [
      "GET",
      `${UNIFIED}?entity=opportunities&entity_id=301&to=contacts`,
      () => asAccount(edge, "hubspot"),
    ],
    "an upsert": [
      "POST",
      "/unified/crm/contacts/upsert",
      () => asAccount(edge, "hubspot"),
      { email_addresses: [{ email: "a@example.com" }] },
    ],
    "a vendor's path with a token of one's own": ["PUT", HUBSPOT, () => asOwner],
    "a vendor's path with an account": ["PUT", HUBSPOT, () => asAccount(edge, "hubspot")],
  };
  for (const [what, [method, path, headers, body]] of Object.entries(ways)) {
    test(`is followed nowhere, for ${what}`, async () => {
      const other = await startUpstream(() => ({ status: 200, body: "{}" }));
      try {
        for (const status of [301, 302, 303, 307, 308]) {
          for (const location of [
            `${other.origin}/stolen`,
            `${between.origin}/elsewhere`,
            "/elsewhere",
            "//evil.example",
          ]) {
            mangle = () => ({ status, headers: { location } });
            const answer = await call(edge.origin, method, path, { headers: headers(), body });
            assert.ok(answer.status >= 400, `${status} ${answer.status}`);
            assert.equal(answer.headers.get("location"), null);
          }
        }
        assert.deepEqual(other.requests, [], "nothing arrives at the second host");
        assert.ok(between.requests.every((request) => request.path !== "/elsewhere"));
      } finally {
        await other.stop();
      }
    });
  }
});

describe("what HTTP promises on every answer", () => {
  test("each route refuses every verb that it does not have, and says which it has", async () => {
    const { routes } = (await call(edge.origin, "GET", "/")).json;
    const verbs = new Map();
    for (const route of routes) {
      const [verb, path] = route.split(" ");
      const concrete = path.replace(/\{\w+\}/g, "x");
      verbs.set(concrete, [...(verbs.get(concrete) ?? []), verb]);
    }
    assert.ok(verbs.size > 20);
    let swept = 0;
    for (const [path, has] of verbs) {
      const lines = (verb) =>
        `${verb} ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`;
      for (const verb of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
        if (has.includes(verb)) continue;
        const { status, headers } = await call(edge.origin, verb, path);
        // Another template may fit the same path.
        if (status !== 405) continue;
        swept += 1;
        assert.ok(
          has.every((known) => headers.get("allow").split(", ").includes(known)),
          path,
        );
      }
      for (const verb of ["TRACE", "PROPFIND", "LOCK"]) {
        const { status } = await raw(edge.origin, lines(verb));
        assert.ok([400, 405, 501].includes(status), `${verb} ${path} ${status}`);
      }
    }
    assert.ok(swept > verbs.size, `${swept}`);
  });

  test("what it answers is JSON and nothing else, kept by nobody, and asked for by https alone", async () => {
    for (const [method, path, headers, body] of [
      ["GET", "/healthz"],
      ["GET", "/capabilities"],
      ["GET", "/nowhere"],
      ["POST", "/healthz"],
      ["OPTIONS", UNIFIED],
      ["OPTIONS", UNIFIED, { origin: "https://evil.example", "access-control-request-method": "POST" }],
      ["POST", UNIFIED, {}, LINK],
      ["POST", UNIFIED, asAccount(edge, "hubspot"), LINK],
      ["POST", UNIFIED, asAccount(edge, "hubspot"), "{"],
      ["PUT", HUBSPOT, asOwner],
      ["PUT", HUBSPOT, {}],
    ]) {
      const answer = await call(edge.origin, method, path, { headers, body });
      const of = (name) => answer.headers.get(name);
      assert.equal(of("x-content-type-options"), "nosniff", path);
      assert.match(of("strict-transport-security"), /^max-age=\d{8}/, path);
      assert.equal(of("cache-control"), "no-store", path);
      assert.match(of("vary"), /Origin/, path);
      if (answer.text) assert.match(of("content-type"), /^application\/(problem\+)?json/, path);
    }
  });

  test("headers of a caller's become no headers of ours", async () => {
    const hostile = "2021-07-28%0d%0ax-evil: 1";
    const headers = { ...asOwner, version: hostile, "x-integrated-account-id": "a, b" };
    const answer = await call(edge.origin, "POST", "/opportunities/upsert", { headers, body: {} });
    assert.ok(answer.status >= 400);
    assert.equal(answer.headers.get("x-evil"), null);
    for (const version of ["\u00e9", "2021-07-28\tx", " ", "a".repeat(10_000)]) {
      const { status } = await call(edge.origin, "POST", "/opportunities/upsert", {
        headers: { ...asOwner, version },
        body: { pipelineId: "p", locationId: "l" },
      });
      assert.ok(status >= 400 && status < 500, `${JSON.stringify(version)} ${status}`);
    }
    assert.ok(between.requests.every((request) => request.headers["x-evil"] === undefined));
  });
});

test("the runtime is one that strips tokens from redirects and knows no back door", () => {
  const settings = readFileSync(join(root, "wrangler.toml"), "utf8");
  const [, date] = /^compatibility_date = "(.+)"$/m.exec(settings);
  assert.ok(date >= "2025-09-01", date);
  assert.match(settings, /^compatibility_flags = \[.*"global_fetch_strictly_public"/m);
});
