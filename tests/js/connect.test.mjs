// Operations through `connect`, with the vendors' simulators or a scripted `fetch` behind it.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";

import { buildRequest, connect } from "../../pkg/dist/index.js";
import { createTwin } from "../../pkg/dist/twin.js";
import { assertError } from "./cases.mjs";
import { VENDORS, fault, outcomes } from "./samples.mjs";
import { virtualTime } from "./virtual-time.mjs";

const { link: LINK, partial: PARTIAL, options: OPTIONS } = VENDORS.hubspot;

for (const [vendor, { options, link, partial, hopeless, again }] of Object.entries(VENDORS)) {
  describe(vendor, () => {
    let twin;
    let connection;
    before(() => {
      twin = createTwin();
      connection = connect(vendor, { ...options, fetch: twin.fetch });
    });

    test("links, and the links are really there", async () => {
      const receipt = await connection.associations.create(link);
      assert.equal(receipt.entity, link.entity);
      assert.equal(receipt.entity_id, link.entity_id);
      for (const [kind, records] of Object.entries(link.associations)) {
        assert.deepEqual(receipt.associations[kind], records);
      }
      assert.ok(outcomes(receipt).every((outcome) => outcome === "linked"));
      assert.equal(twin.commits().length, receipt.links.length);
    });

    test("links again, and nothing is written twice", async () => {
      const written = twin.commits().length;
      const receipt = await connection.associations.create(link);
      assert.ok(outcomes(receipt).every((outcome) => outcome === again));
      assert.equal(twin.commits().length, written);
    });

    if (partial) {
      test("a record that does not exist does not sink the rest", async () => {
        twin.reset();
        const receipt = await connection.associations.create(partial);
        assert.deepEqual(outcomes(receipt), ["linked", "not_linked"]);
        const { reason } = receipt.links[1];
        assert.deepEqual([reason.vendor, reason.sent, reason.retryable], [vendor, "yes", false]);
        assert.equal(twin.commits().length, 1);
      });

      test("not one link is an error, with the vendor's words", async () => {
        twin.reset();
        await assert.rejects(connection.associations.create(hopeless), (error) => {
          assertError(error, { vendor, sent: "yes", retryable: false });
          assert.ok(error.raw.includes(error.status === 200 ? "" : "{") && error.status >= 200);
          return true;
        });
        assert.deepEqual(twin.commits(), []);
      });
    }

    test("does without the vendor's answers where it is told to", async () => {
      const without = connect(vendor, { ...options, ignoreRemoteData: true, fetch: twin.fetch });
      twin.reset();
      const { remote_data, ...receipt } = await connection.associations.create(link);
      assert.ok(remote_data);
      twin.reset();
      assert.deepEqual(await without.associations.create(link), receipt);
    });

    test("a wrong token is the vendor's to refuse", async () => {
      twin.reset();
      const stranger = connect(vendor, { ...options, token: "a-wrong-token", fetch: twin.fetch });
      await assert.rejects(stranger.associations.create(link), (error) => {
        assertError(error, { code: "unauthenticated", vendor, status: 401, sent: "yes" });
        assert.ok(!JSON.stringify({ ...error, message: error.message }).includes("a-wrong-token"));
        return true;
      });
      assert.deepEqual(twin.commits(), []);
    });

    test("what is sent has the token, and what is built without one has none", async () => {
      const sent = [];
      const spy = (url, init) => {
        sent.push(init.headers);
        return twin.fetch(url, init);
      };
      await connect(vendor, { ...options, fetch: spy }).associations.create(link);
      assert.ok(sent.length > 0 && sent.every(({ authorization }) => authorization === `Bearer ${options.token}`));
      sent.length = 0;
      const { token, ...without } = options;
      await assert.rejects(connect(vendor, { ...without, fetch: spy }).associations.create(link));
      assert.ok(sent.length > 0 && sent.every((headers) => !("authorization" in headers)));
    });
  });
}

describe("what goes wrong on the way", () => {
  test("429 with retry-after: waits as long as asked, and sends the same again", async (t) => {
    const time = virtualTime(t);
    const twin = createTwin();
    await fault(twin, { vendor: "hubspot", times: 2, status: 429, headers: { "retry-after": "7" }, body: {} });
    const sent = [];
    const spy = (url, { method, headers, body }) => {
      sent.push({ method, url, headers, body });
      return twin.fetch(url, { method, headers, body });
    };
    const one = { ...LINK, associations: { contacts: LINK.associations.contacts } };
    const receipt = await connect("hubspot", { ...OPTIONS, fetch: spy }).associations.create(one);
    assert.deepEqual(outcomes(receipt), ["linked"]);
    // Never earlier than told, and a tenth later at most.
    assert.ok(time.waits.length === 2 && time.waits.every((span) => span >= 7000 && span <= 7700), String(time.waits));
    assert.equal(sent.length, 3);
    assert.deepEqual([sent[1], sent[2]], [sent[0], sent[0]]);
  });

  test("429 without an end: a rate_limited error that says when to come back", async (t) => {
    const time = virtualTime(t);
    const fetch = async () => new Response("{}", { status: 429, headers: { "retry-after": "9" } });
    await assert.rejects(connect("hubspot", { ...OPTIONS, fetch }).associations.create(LINK), (error) => {
      assertError(error, { code: "rate_limited", retryable: true, retryAfter: 9000, sent: "yes", status: 429 });
      return true;
    });
    assert.ok(time.waits.length > 0 && time.waits.every((span) => span >= 9000 && span <= 9900));
  });

  test("a vendor that asks for an hour is not waited for", async (t) => {
    const time = virtualTime(t);
    const fetch = async () => new Response("{}", { status: 429, headers: { "retry-after": "3600" } });
    await assert.rejects(connect("hubspot", { ...OPTIONS, fetch }).associations.create(LINK), (error) => {
      assertError(error, { code: "rate_limited", retryAfter: 3_600_000 });
      return true;
    });
    assert.deepEqual(time.waits, []);
  });

  test("a connection that broke after the write: looked up or made again, and written once", async (t) => {
    for (const [vendor, { options, link }] of Object.entries(VENDORS)) {
      virtualTime(t);
      const twin = createTwin();
      // Not the reads before it: the write itself is answered by nothing.
      let broken = false;
      const fetch = async (url, init) => {
        const before = twin.commits().length;
        const response = await twin.fetch(url, init);
        if (!broken && twin.commits().length > before) {
          broken = true;
          throw new TypeError("fetch failed", { cause: { code: "ECONNRESET" } });
        }
        return response;
      };
      const receipt = await connect(vendor, { ...options, fetch }).associations.create(link);
      assert.ok(broken);
      assert.ok(
        outcomes(receipt).every((outcome) => ["linked", "already_linked", "unknown"].includes(outcome)),
        `${vendor} ${outcomes(receipt)}`,
      );
      assert.equal(twin.commits().length, receipt.links.length, vendor);
      t.mock.restoreAll();
    }
  });

  test("a timeout is one, and covers the body", async () => {
    // Headers at once, and a body that never ends.
    const fetch = async (_, { signal }) =>
      new Response(
        new ReadableStream({
          start(controller) {
            const alive = setInterval(() => {}, 1000);
            signal.addEventListener("abort", () => {
              clearInterval(alive);
              controller.error(signal.reason);
            });
          },
        }),
      );
    const connection = connect("hubspot", { ...OPTIONS, fetch, timeout: 5 });
    const request = buildRequest("hubspot.associations.createDefault", {
      fromObjectType: "contacts",
      fromObjectId: "101",
      toObjectType: "companies",
      toObjectId: "201",
    });
    await assert.rejects(connection.send(request), (error) => {
      assertError(error, { code: "timeout", sent: "maybe", retryable: true, message: "in time" });
      assert.equal(error.cause.name, "TimeoutError");
      return true;
    });
  });

  test("a timeout that no timer can hold is refused", () => {
    for (const timeout of [0, -1, 0.5, Number.NaN, Infinity, 2 ** 31, "1000", null]) {
      const refused = { code: "invalid_input", path: "options.timeout", sent: "no" };
      for (const edge of [{}, { edge: "https://edge.example", account: "a", token: "t" }]) {
        assert.throws(
          () => connect("hubspot", { ...edge, timeout }),
          (error) => (assertError(error, refused), true),
        );
      }
    }
  });

  test("what a browser shows of a redirect is no success either", async () => {
    const opaque = { status: 0, headers: new Headers(), text: async () => "" };
    const receipt = await connect("hubspot", { ...OPTIONS, fetch: async () => opaque }).associations.create(LINK);
    assert.deepEqual(outcomes(receipt), ["unknown", "unknown"]);
  });

  test("whatever a fetch throws is a broken connection", async (t) => {
    for (const thrown of [undefined, null, "text", 5, {}, new Error("why"), { cause: null }, { cause: "x" }]) {
      virtualTime(t);
      const fetch = () => {
        throw thrown;
      };
      const receipt = await connect("hubspot", { ...OPTIONS, fetch }).associations.create(PARTIAL);
      assert.deepEqual(outcomes(receipt), ["unknown", "unknown"]);
      t.mock.restoreAll();
    }
  });
});

describe("cancelling", () => {
  test("before anything is sent: nothing is", async () => {
    const fetch = () => assert.fail("sent");
    const signal = AbortSignal.abort();
    const connection = connect("hubspot", { ...OPTIONS, fetch, signal });
    const aborted = { code: "aborted", sent: "no", retryable: false };
    await assert.rejects(connection.associations.create(LINK), (error) => (assertError(error, aborted), true));
  });

  test("on the way: what was sent is in doubt, and nothing more is sent", async () => {
    const cancel = new AbortController();
    let sent = 0;
    const fetch = async (_, { signal }) => {
      sent += 1;
      if (sent === 2) setImmediate(() => cancel.abort());
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    };
    const connection = connect("hubspot", { ...OPTIONS, fetch, signal: cancel.signal });
    const receipt = await connection.associations.create(LINK);
    assert.equal(sent, 2);
    assert.deepEqual(outcomes(receipt), ["unknown", "unknown"]);
    for (const { reason } of receipt.links) assert.deepEqual([reason.code, reason.sent], ["aborted", "maybe"]);
  });

  test("during a wait: it ends at once, and nothing more is sent", async () => {
    const cancel = new AbortController();
    let sent = 0;
    const fetch = async () => {
      sent += 1;
      setImmediate(() => cancel.abort());
      return new Response("{}", { status: 429, headers: { "retry-after": "30" } });
    };
    const one = { ...LINK, associations: { contacts: LINK.associations.contacts } };
    // A wait that did not end would outlive the test's own limit, and with it the proof.
    const connection = connect("hubspot", { ...OPTIONS, fetch, signal: cancel.signal });
    await assert.rejects(connection.associations.create(one), (error) => {
      assertError(error, { code: "aborted", sent: "no" });
      return true;
    });
    assert.equal(sent, 1);
  });

  test("a signal that outlives many operations holds on to none of them", async (t) => {
    const cancel = new AbortController();
    const added = t.mock.method(cancel.signal, "addEventListener");
    const removed = t.mock.method(cancel.signal, "removeEventListener");
    virtualTime(t);
    const twin = createTwin();
    const connection = connect("hubspot", { ...OPTIONS, fetch: twin.fetch, signal: cancel.signal });
    for (let round = 0; round < 3; round++) {
      await fault(twin, { vendor: "hubspot", status: 429, headers: { "retry-after": "1" }, body: {} });
      await connection.associations.create(LINK);
    }
    const listener = (call) => call.arguments[1];
    const ours = added.mock.calls.map(listener);
    const gone = removed.mock.calls.map(listener);
    assert.ok(ours.length >= 6);
    assert.deepEqual(
      ours.filter((each) => !gone.includes(each)),
      [],
    );
  });
});

describe("progress", () => {
  test("is told after each answer", async () => {
    const twin = createTwin();
    const told = [];
    const onProgress = ({ answered }) => told.push(answered);
    await connect("hubspot", { ...OPTIONS, fetch: twin.fetch, onProgress }).associations.create(LINK);
    assert.deepEqual(told, [1, 2]);
  });

  test("a lost answer counts too", async (t) => {
    virtualTime(t);
    const told = [];
    const fetch = async () => {
      throw new TypeError("fetch failed");
    };
    const onProgress = ({ answered }) => told.push(answered);
    await connect("hubspot", { ...OPTIONS, fetch, onProgress }).associations.create(PARTIAL);
    assert.deepEqual(
      told,
      told.map((_, place) => place + 1),
    );
    assert.ok(told.length > 1);
  });
});

describe("many at once", () => {
  test("operations side by side do not mix", async () => {
    const twin = createTwin();
    const connection = connect("hubspot", { ...OPTIONS, fetch: twin.fetch });
    const targets = Array.from({ length: 40 }, (_, place) => String(1_000_000 + place));
    const receipts = await Promise.all(
      targets.map((id) =>
        connection.associations.create({
          entity: "opportunities",
          entity_id: "301",
          associations: { contacts: [{ id }] },
        }),
      ),
    );
    assert.deepEqual(
      receipts.map(({ links }) => links.map(({ to, outcome }) => [to.id, outcome])),
      targets.map((id) => [[id, "linked"]]),
    );
  });

  test("at most six requests are on their way", async () => {
    const twin = createTwin();
    let now = 0;
    let most = 0;
    const fetch = async (url, init) => {
      now += 1;
      most = Math.max(most, now);
      await new Promise(setImmediate);
      now -= 1;
      return twin.fetch(url, init);
    };
    const { options, link } = VENDORS.leadconnector;
    const opportunities = Array.from({ length: 20 }, (_, place) => ({
      id: `opportunity${String(place).padStart(9, "0")}`,
    }));
    const connection = connect("leadconnector", { ...options, fetch });
    await assert.rejects(connection.associations.create({ ...link, associations: { opportunities } }));
    assert.equal(most, 6);
  });

  test("2,000 targets of a kind go in one call", async () => {
    const twin = createTwin();
    let sent = 0;
    const fetch = (url, init) => {
      sent += 1;
      return twin.fetch(url, init);
    };
    const contacts = Array.from({ length: 2000 }, (_, place) => ({ id: String(1_000_000 + place) }));
    const connection = connect("hubspot", { ...OPTIONS, fetch });
    const receipt = await connection.associations.create({ ...LINK, associations: { contacts } });
    assert.equal(sent, 1);
    assert.ok(outcomes(receipt).every((outcome) => outcome === "linked"));
    assert.deepEqual(receipt.associations.contacts, contacts);
    assert.equal(twin.commits().length, 2000);
  });
});

describe("send", () => {
  const request = buildRequest("hubspot.associations.createDefault", {
    fromObjectType: "deals",
    fromObjectId: "301",
    toObjectType: "contacts",
    toObjectId: "101",
  });

  test("sends a built request with the connection's token, and answers what came", async () => {
    const twin = createTwin();
    const response = await connect("hubspot", { ...OPTIONS, fetch: twin.fetch }).send(request);
    assert.equal(response.status, 200);
    assert.match(response.headers["content-type"], /json/);
    assert.equal(JSON.parse(response.body).status, "COMPLETE");
  });

  test("keeps a token that the request has", async () => {
    const seen = [];
    const fetch = async (_, { headers }) => {
      seen.push(headers.authorization);
      return new Response("{}");
    };
    const own = { ...request, headers: { ...request.headers, authorization: "Bearer of-the-request" } };
    await connect("hubspot", { token: "of-the-connection", fetch }).send(own);
    await connect("hubspot", { fetch }).send(request);
    assert.deepEqual(seen, ["Bearer of-the-request", undefined]);
  });

  test("repeats nothing, and judges no status", async () => {
    let sent = 0;
    const fetch = async () => {
      sent += 1;
      return new Response("busy", { status: 503 });
    };
    const { status, body } = await connect("hubspot", { ...OPTIONS, fetch }).send(request);
    assert.deepEqual([status, body, sent], [503, "busy", 1]);
  });
});
