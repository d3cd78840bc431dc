// What a connection remembers of its vendor, how long it waits, and how it renews its token.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { describe, test } from "node:test";

import { connect } from "../../pkg/dist/index.js";
import { createTwin } from "../../pkg/dist/twin.js";
import { assertError } from "./cases.mjs";
import { VENDORS, outcomes } from "./samples.mjs";

const { options: OPTIONS, link: LINK } = VENDORS.hubspot;
const ONE = { ...LINK, associations: { contacts: LINK.associations.contacts } };

describe("a token that is over", () => {
  /** HubSpot, which knows one token. */
  function hubspot(good) {
    const twin = createTwin();
    const seen = [];
    const fetch = async (url, init) => {
      const token = init.headers.authorization.slice("Bearer ".length);
      seen.push(token);
      if (token !== good()) return expired();
      return twin.fetch(url, { ...init, headers: { ...init.headers, authorization: `Bearer ${OPTIONS.token}` } });
    };
    return { fetch, seen };
  }
  const expired = () =>
    new Response(JSON.stringify({ status: "error", category: "EXPIRED_AUTHENTICATION", message: "expired" }), {
      status: 401,
    });

  test("is renewed once for all operations, and the new one is used from then on", async () => {
    const { fetch, seen } = hubspot(() => "new");
    let renewals = 0;
    const renew = async () => {
      renewals += 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
      return "new";
    };
    const connection = connect("hubspot", { ...OPTIONS, fetch, token: "old", renew });
    const receipts = await Promise.all(Array.from({ length: 10 }, () => connection.associations.create(ONE)));
    for (const receipt of receipts) assert.match(String(outcomes(receipt)), /linked/);
    assert.equal(renewals, 1);
    const old = seen.filter((token) => token === "old").length;
    assert.equal(old, 10);
    await connection.associations.create(ONE);
    assert.equal(renewals, 1);
    assert.ok(!seen.slice(old + 1).includes("old"));
  });

  test("is renewed once, however often the vendor refuses", async () => {
    const { fetch, seen } = hubspot(() => "another");
    let renewals = 0;
    const renew = () => `new-${++renewals}`;
    await assert.rejects(
      connect("hubspot", { ...OPTIONS, fetch, token: "old", renew }).associations.create(ONE),
      (error) => (assertError(error, { code: "unauthenticated", status: 401, sent: "yes" }), true),
    );
    assert.deepEqual([renewals, seen], [1, ["old", "new-1"]]);
  });

  for (const [what, renew, cause] of [
    ["throws", () => Promise.reject(new Error("the login is down")), /the login is down/],
    ["gives no text", () => 7, /no token/],
    ["gives what is no token", () => "a\nb", /visible ASCII/],
    ["gives nothing", () => "", /no token/],
  ]) {
    test(`stays so where renew ${what}`, async () => {
      const { fetch, seen } = hubspot(() => "new");
      const connection = connect("hubspot", { ...OPTIONS, fetch, token: "old", renew });
      for (let round = 1; round <= 2; round++) {
        await assert.rejects(connection.associations.create(ONE), (error) => {
          assertError(error, { code: "unauthenticated", status: 401, sent: "yes" });
          assert.match(String(error.cause), cause);
          return true;
        });
        assert.equal(seen.length, round);
      }
    });
  }

  test("is an error where nobody can renew it", async () => {
    const { fetch, seen } = hubspot(() => "new");
    await assert.rejects(connect("hubspot", { ...OPTIONS, fetch, token: "old" }).associations.create(ONE), {
      code: "unauthenticated",
    });
    assert.deepEqual(seen, ["old"]);
    assert.throws(() => connect("hubspot", { renew: "new" }), { code: "invalid_input", path: "options.renew" });
  });

  test("is not waited for without end", async () => {
    const { fetch } = hubspot(() => "new");
    const renew = () => new Promise(() => {});
    const connection = connect("hubspot", { ...OPTIONS, fetch, token: "old", renew, deadline: 100 });
    await assert.rejects(connection.associations.create(ONE), { code: "timeout" });
    const cancel = new AbortController();
    setTimeout(() => cancel.abort(), 20);
    const patient = connect("hubspot", { ...OPTIONS, fetch, token: "old", renew });
    await assert.rejects(patient.associations.create(ONE, { signal: cancel.signal }), { code: "aborted" });
  });
});

describe("a connection", () => {
  test("does not ask a vendor again whose day is used up; another connection does", async () => {
    let asked = 0;
    const fetch = async () => {
      asked += 1;
      return new Response(JSON.stringify({ message: "daily limit", policyName: "DAILY" }), { status: 429 });
    };
    const connection = connect("hubspot", { ...OPTIONS, fetch });
    await assert.rejects(connection.associations.create(ONE), { code: "quota_exhausted", sent: "yes" });
    for (let round = 0; round < 5; round++) {
      await assert.rejects(connection.associations.create(ONE), (error) => {
        assertError(error, { code: "quota_exhausted", sent: "no" });
        assert.ok(error.retryAfter > 800_000 && error.retryAfter <= 900_000);
        return true;
      });
    }
    assert.equal(asked, 1);
    await assert.rejects(connect("hubspot", { ...OPTIONS, fetch }).associations.create(ONE), { sent: "yes" });
  });

  test("refuses a deadline that no timer can hold", () => {
    for (const deadline of [0, -1, 0.5, Number.NaN, Infinity, 2 ** 31, "1000", null]) {
      const refused = { code: "invalid_input", path: "options.deadline" };
      assert.throws(() => connect("hubspot", { deadline }), refused);
    }
  });
});

describe("an operation ends by its deadline", () => {
  const DEADLINE = 400;

  for (const [what, answer] of [
    ["silence", () => {}],
    [
      "a body of a byte now and then",
      (_, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        const drip = setInterval(() => response.write(" "), 20);
        response.on("close", () => clearInterval(drip));
      },
    ],
    ["a vendor that fails", (_, response) => response.writeHead(503).end()],
    ["a vendor that is busy", (_, response) => response.writeHead(429, { "retry-after": "20" }).end()],
  ]) {
    test(what, async () => {
      let closed = 0;
      const server = createServer((request, response) => {
        request.socket.once("close", () => (closed += 1));
        answer(request, response);
      });
      await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
      const origin = `http://127.0.0.1:${server.address().port}`;
      try {
        const connection = connect("hubspot", { ...OPTIONS, origin, deadline: DEADLINE });
        const started = performance.now();
        const settled = await connection.associations.create(LINK).then(
          ({ links }) => links.map(({ reason }) => reason),
          (error) => [error],
        );
        const took = performance.now() - started;
        assert.ok(took <= DEADLINE + 250, `${took} ms`);
        for (const { code, sent } of settled) {
          assert.match(code, /timeout|vendor_unavailable|rate_limited/);
          assert.match(sent, /no|maybe|yes/);
        }
        if (what !== "a vendor that fails" && what !== "a vendor that is busy") {
          await new Promise((resolve) => setTimeout(resolve, 50));
          assert.ok(closed > 0, "the connection is given up");
        }
      } finally {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    });
  }

  test("a stand-in for fetch that heeds no signal", async () => {
    // Timers of signals do not keep a process alive.
    const alive = setInterval(() => {}, 1_000);
    try {
      for (const fetch of [
        () => new Promise(() => {}),
        async () => new Response(new ReadableStream({ pull: () => new Promise(() => {}) })),
      ]) {
        const started = performance.now();
        const { links } = await connect("hubspot", { ...OPTIONS, fetch, deadline: DEADLINE }).associations.create(LINK);
        assert.ok(performance.now() - started <= DEADLINE + 250);
        for (const { outcome, reason } of links) {
          assert.deepEqual([outcome, reason.code, reason.sent], ["unknown", "timeout", "maybe"]);
        }
      }
    } finally {
      clearInterval(alive);
    }
  });
});
