// What hostile programs and broken vendors hand to the npm package: refused or survived, and the next call works.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { afterEach, describe, test } from "node:test";
import { gzipSync } from "node:zlib";

import { buildRequest, connect, plan, readResponse } from "../../pkg/dist/index.js";
import { createTwin } from "../../pkg/dist/twin.js";
import { assertError } from "./cases.mjs";
import { VENDORS, outcomes } from "./samples.mjs";
import { virtualTime } from "./virtual-time.mjs";

const MEGABYTE = 1 << 20;
const { options: OPTIONS, link: LINK } = VENDORS.hubspot;
const TRUTO = { integratedAccountId: "62f44730-dd91-461e-bd6a-aedd9e0ad79d" };

// Whatever it was: the next call works.
afterEach(async () => {
  const connection = connect("hubspot", { ...OPTIONS, fetch: createTwin().fetch });
  assert.deepEqual(outcomes(await connection.associations.create(LINK)), ["linked", "linked"]);
});

describe("an answer beyond the limit", () => {
  const giant = JSON.stringify({ padding: "x".repeat(10 * MEGABYTE) });
  const question = { method: "GET", url: "https://vendor.example/", headers: {} };
  const tooLarge = { code: "too_large", sent: "yes", retryable: false };

  for (const [what, answer] of [
    ["10 MB with their length", (response) => response.end(giant)],
    ["10 MB without a length", (response) => (response.write(" "), response.end(giant))],
    [
      "a bomb of 200 MB in 200 KB",
      (response) => {
        response.setHeader("content-encoding", "gzip");
        response.end(gzipSync(Buffer.alloc(200 * MEGABYTE, 32), { level: 9 }));
      },
    ],
  ]) {
    test(`${what}: read no further, and no proof of anything`, async () => {
      const asked = [];
      const server = await serve((request, response) => (asked.push(request.method), answer(response)));
      try {
        const connection = connect("hubspot", { ...OPTIONS, origin: server.origin });
        const before = process.memoryUsage().rss;
        await rejects(connection.send({ ...question, url: server.origin }), tooLarge);
        await rejects(connection.associations.list({ entity: "contacts", entity_id: "101", to: "accounts" }), tooLarge);
        assert.equal(asked.length, 2, "it would only be as large again");
        const { links } = await connection.associations.create(LINK);
        for (const { outcome, reason } of links) assert.deepEqual([outcome, reason.code], ["unknown", "too_large"]);
        assert.ok(process.memoryUsage().rss - before < 150 * MEGABYTE);
      } finally {
        await server.stop();
      }
    });
  }

  test("is the caller's to choose", async () => {
    const body = "x".repeat(2_000);
    const fetch = async () => new Response(body);
    const sent = (answerLimit) => connect("hubspot", { fetch, answerLimit }).send(question);
    assert.equal((await sent(2_000)).body, body);
    assert.equal((await sent(Infinity)).body, body);
    await rejects(sent(1_999), tooLarge);
    for (const bad of [0, -1, NaN, "1"]) {
      assert.throws(() => connect("hubspot", { answerLimit: bad }), {
        code: "invalid_input",
        path: "options.answerLimit",
      });
    }
  });

  test("is one of bytes, whatever characters they make, and pieces make none of their own", async () => {
    const body = "é😀".repeat(1_000);
    const bytes = new TextEncoder().encode(body);
    const pieces = new ReadableStream({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const fetch = async () => new Response(pieces);
    assert.equal((await connect("hubspot", { fetch, answerLimit: bytes.length }).send(question)).body, body);
  });

  test("holds for a line of a stream through the edge", async () => {
    const fetch = async () => new Response("x".repeat(5_000));
    const edge = { edge: "https://edge.example", account: "a", token: "t", fetch, answerLimit: 1_000 };
    const stream = connect("hubspot", edge).associations.stream("create", LINK);
    await rejects(stream.next(), tooLarge);
  });
});

describe("a redirect", () => {
  test("carries no token to a second host, in whatever way it was asked", async () => {
    const stolen = [];
    const other = await serve((request, response) => (stolen.push(request.headers), response.end("{}")));
    let status, location;
    const asked = [];
    const server = await serve((request, response) => {
      asked.push(request.url);
      response.writeHead(status, { location }).end();
    });
    try {
      for (status of [301, 302, 303, 307, 308]) {
        for (location of [`${other.origin}/stolen`, "/elsewhere"]) {
          for (const [vendor, { options, link }] of Object.entries(VENDORS)) {
            const direct = connect(vendor, { ...options, origin: server.origin });
            const through = connect(vendor, { edge: server.origin, account: "a", token: "key-of-the-edge" });
            for (const connection of [direct, through]) {
              const outcome = await connection.associations.create(link).catch((error) => error);
              assert.doesNotMatch(JSON.stringify(outcome), /"(already_)?linked"/);
              // What the caller sends himself comes back as it is: a redirect, which nobody followed.
              const request = { method: "GET", url: `${server.origin}/x`, headers: {} };
              assert.equal((await connection.send(request)).status, status);
            }
            const stream = connect(vendor, { edge: server.origin, account: "a", token: "t" }).associations.stream(
              "create",
              link,
            );
            await assert.rejects(async () => {
              for await (const _ of stream);
            });
          }
        }
      }
      assert.deepEqual(stolen, []);
      assert.ok(asked.length > 100 && !asked.includes("/elsewhere"));
    } finally {
      await server.stop();
      await other.stop();
    }
  });
});

describe("values that fight back", () => {
  const revoked = () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  };
  const throws = (what) => () => {
    throw what;
  };
  const own = new Error("the caller's own");
  const cycle = {};
  cycle.in = { itself: [cycle] };
  let turn = 0;
  const values = {
    "a proxy that was revoked": revoked(),
    "a proxy that throws for its keys": new Proxy({}, { ownKeys: throws(own) }),
    "a proxy that throws for its values": new Proxy({ a: 1 }, { get: throws(own) }),
    "a proxy that throws no error": new Proxy({ a: 1 }, { get: throws(undefined) }),
    "a proxy of a list without end": new Proxy([], { get: (_, key) => (key === "length" ? 2 ** 53 : cycle) }),
    "a getter that throws": Object.defineProperty({}, "a", { get: throws(own), enumerable: true }),
    "a getter that makes ever more": Object.defineProperty({}, "a", {
      get: function deeper() {
        return Object.defineProperty({}, "a", { get: deeper, enumerable: true });
      },
      enumerable: true,
    }),
    "a value that is another one each time": {
      get a() {
        return [1, NaN, () => {}, cycle, 10n][turn++ % 5];
      },
    },
    "a toJSON that gives a BigInt": { toJSON: () => 10n },
    "a toJSON that gives itself": { toJSON: () => cycle },
    "a toJSON that throws a text": { toJSON: throws("a text") },
    "a symbol": Symbol("x"),
    "a function": () => {},
    "a BigInt": 2n ** 70n,
    "a BigInt in a list": [1n],
    "a cycle": cycle,
    "not a number": NaN,
    "an infinity": [-Infinity],
    "a date that is none": new Date(NaN),
    "a Map": new Map([["a", 1]]),
    "a WeakMap in an object": { a: new WeakMap() },
    "a module": import.meta,
    "a buffer": new ArrayBuffer(8),
    "a typed list": new Float64Array([NaN]),
    "the global object": globalThis,
    "an error": own,
    "a promise": Promise.resolve(1),
    "a list of a billion holes": Object.assign([], { length: 1e3 }),
    "a text of half a pair": "\ud800",
  };
  for (const [what, value] of Object.entries(values)) {
    test(`${what}: an error of ours or of the caller's, or JSON; never a trap`, async () => {
      for (const input of [value, { ...LINK, entity: value }, { ...LINK, remote_data: value }, [value]]) {
        for (const act of [
          () => plan("truto", "associations.create", input, TRUTO),
          () => buildRequest("leadconnector.opportunities.upsert", { pipelineId: "p", locationId: "l", extra: input }),
          () => connect("hubspot", { origin: input }),
          () => connect("hubspot", { fetch: async () => new Response("{}") }).associations.create(input),
          () => readResponse("hubspot.associations.createDefault", input),
          () => readResponse("hubspot.associations.createDefault", { status: 200, headers: input, body: "{}" }),
          () => readResponse("hubspot.associations.createDefault", { status: input, headers: {}, body: input }),
        ]) {
          try {
            await act();
          } catch (error) {
            assert.ok(!(error instanceof WebAssembly.RuntimeError));
            assert.notEqual(error?.code, "internal", `${what}: ${error?.message}`);
          }
        }
      }
    });
  }

  test("what crosses is what was looked at, however often it changes", () => {
    let asked = 0;
    const changing = { pipelineId: "p", locationId: "l" };
    Object.defineProperty(changing, "name", { get: () => (asked++ === 0 ? "first" : NaN), enumerable: true });
    const { body } = buildRequest("leadconnector.opportunities.upsert", changing);
    assert.equal(JSON.parse(body).name, "first");
  });
});

describe("names that stand twice in a text", () => {
  for (const [text, path] of [
    ['{"pipelineId":"p","pipelineId":"q","locationId":"l"}', "pipelineId"],
    ['{"pipelineId":"p","locationId":"l","extra":{"a":{"b":[{"c":1,"c":2}]}}}', "extra.a.b[0].c"],
    ['{"pipelineId":"p","locationId":"l","extra":{"\\u0061":1,"a":2}}', "extra.a"],
  ]) {
    test(`are refused: ${path}`, () => {
      const build = () => buildRequest("leadconnector.opportunities.upsert", text);
      assert.throws(build, (error) => (assertError(error, { code: "invalid_input", path, message: "twice" }), true));
    });
  }
});

describe("any JSON, in and out", () => {
  test("leaves every prototype as it is", async (t) => {
    virtualTime(t);
    const before = Object.getOwnPropertyNames(Object.prototype).sort();
    const random = randomFrom(20_261_122);
    for (let round = 0; round < 2_000; round++) {
      const text = anyJson(random, 0);
      const value = JSON.parse(text);
      // In, as a value and as a text; what twice stands in the text is refused.
      for (const remote of [value, undefined]) {
        const input = remote === undefined ? withRemote(text) : { ...LINK, remote_data: value };
        try {
          assertPlain(plan("truto", "associations.create", input, TRUTO));
        } catch (error) {
          assertError(error, { sent: "no" });
        }
      }
      // Out, as the answer of a vendor and of an edge.
      const fetch = async () => new Response(text);
      for (const options of [
        { ...OPTIONS, fetch: once(fetch) },
        { edge: "https://edge.example", account: "a", token: "t", fetch },
      ]) {
        const answer = await connect("hubspot", options)
          .associations.list({ entity: "contacts", entity_id: "101", to: "accounts" })
          .catch((error) => error);
        assertPlain(answer instanceof Error ? { ...answer } : answer);
      }
    }
    assert.deepEqual(Object.getOwnPropertyNames(Object.prototype).sort(), before);
    assert.equal({}.polluted, undefined);
  });

  const withRemote = (text) =>
    JSON.stringify({ ...LINK, remote_data: 0 }).replace('"remote_data":0', () => `"remote_data":${text}`);

  /** A first answer, and a refusal for whoever asks again: no waits. */
  function once(fetch) {
    let asked = 0;
    return () => (asked++ === 0 ? fetch() : new Response("{}", { status: 400 }));
  }

  /** Objects are objects and lists are lists, at every level: none has a prototype that data has made. */
  function assertPlain(value) {
    if (typeof value !== "object" || value === null) return;
    const expected = Array.isArray(value) ? Array.prototype : Object.prototype;
    assert.equal(Object.getPrototypeOf(value), expected);
    for (const key of Object.keys(value)) assertPlain(Object.getOwnPropertyDescriptor(value, key).value);
  }

  const NAMES = ["__proto__", "constructor", "prototype", "toString", "polluted", "results", "links", "a", "", "then"];

  function anyJson(random, depth) {
    const kind = random(depth > 4 ? 5 : 8);
    const name = () => JSON.stringify(NAMES[random(NAMES.length)]);
    const several = (make) => Array.from({ length: random(4) }, make).join(",");
    switch (kind) {
      case 0:
        return "null";
      case 1:
        return String(random(2) === 0);
      case 2:
        return ["0", "-0", "1e400", "12345678901234567890", "0.1", "-5e-324"][random(6)];
      case 3:
      case 4:
        return name();
      case 5:
        return `[${several(() => anyJson(random, depth + 1))}]`;
      default:
        return `{${several(() => `${name()}:${anyJson(random, depth + 1)}`)}}`;
    }
  }

  /** The same numbers for the same seed (mulberry32). */
  function randomFrom(seed) {
    let state = seed;
    return (below) => {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
    };
  }
});

describe("origins that lead elsewhere", () => {
  const PAIR = { fromObjectType: "contacts", fromObjectId: "1", toObjectType: "companies", toObjectId: "2" };
  for (const origin of [
    "http://vendor.example",
    "http://169.254.169.254",
    "http://[::ffff:169.254.169.254]",
    "http://2852039166",
    "http://0xa9fea9fe",
    "http://0",
    "http://127.1",
    "http://127.0.0.1.evil.example",
    "http://localhost.evil.example",
    "http://127.0.0.1@evil.example",
    "http://localhost:80@evil.example",
    "http://[::1].evil.example",
    "http://[::1]@evil.example",
    "https://me@vendor.example",
    "https://me:secret@vendor.example",
    "https://evil.example#.my.salesforce.com",
    "https://evil.example?.my.salesforce.com",
    "https://evil.example\\.my.salesforce.com",
    "https://acme.my.salesforce.com\\@evil.example",
    "https://acme.my.salesforce.com%2eevil.example",
    "https://acme.my.salesforce.com%00.evil.example",
    "https://аcme.my.salesforce.com",
    "https://acme.my.salesforce.com。evil.example",
    "https://vendor.example/..",
    "https://vendor.example/%2e%2e/x",
    "https://vendor.example//",
    "https://vendor.example:port",
    "https://vendor.example:",
    "https://:443",
    "https://",
    "https:///x",
    "https:vendor.example",
    "//vendor.example",
    "vendor.example",
    "ftp://vendor.example",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:,x",
    "https://vendor.example\r\nx: y",
    "https://vendor.example /",
    " https://vendor.example",
    "https://vendor.example\u0000",
    "https://[::1",
    "https://ven dor.example",
    "",
  ]) {
    test(`${JSON.stringify(origin)} is refused`, async () => {
      const { link } = VENDORS.salesforce;
      for (const act of [
        async () => buildRequest("hubspot.associations.createDefault", PAIR, { origin }),
        async () => plan("salesforce", "associations.create", link, { origin }),
        async () => connect("salesforce", { origin, token: "t", fetch: () => assert.fail("sent") }),
      ]) {
        await rejects(act(), { code: "invalid_input", path: "options.origin", sent: "no" });
      }
    });
  }

  test("those of gateways are taken, and the host is the one that was named", () => {
    for (const origin of [
      "https://gateway.example",
      "https://gateway.example/",
      "https://gateway.example:8443/crm/v1",
      "https://GATEWAY.example",
      "https://xn--gateway-7za.example",
      "https://[2001:db8::1]:8443",
      "http://localhost:8787",
      "http://127.0.0.1",
      "http://[::1]:1",
    ]) {
      const { url } = buildRequest("hubspot.associations.createDefault", PAIR, { origin });
      assert.equal(new URL(url).host, new URL(origin).host, origin);
    }
  });
});

async function rejects(promise, expected) {
  await assert.rejects(promise, (error) => (assertError(error, expected), true));
}

/** A server on loopback. */
async function serve(answer) {
  const server = createServer(answer);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
