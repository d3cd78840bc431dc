// What operators see: a line of JSON for each request and for each call to a vendor, and the headers that tell the same.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";

import { SAMPLES } from "../../xtask/development.mjs";
import { asAccount, asOwner, call, manage } from "./calls.mjs";
import { startBetween, startEdge } from "./harness.mjs";

const UNIFIED = "/unified/crm/associations";
const { deal, contact, company } = SAMPLES.hubspot;
const HUBSPOT = `/crm/v4/objects/contacts/${contact}/associations/default/companies/${company}`;
const LINK = { entity: "opportunities", entity_id: deal, associations: { contacts: [{ id: contact }] } };
const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

/** What becomes of the vendor's answers on their way. */
let mangle;
let between, edge;
before(async () => {
  ({ between, edge } = await start());
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

async function start(vars = {}) {
  let between;
  const edge = await startEdge({
    vars: async (twin) => {
      between = await startBetween(twin, (request, answer) => mangle?.(request, answer) ?? answer);
      const vendors = ["hubspot", "leadconnector", "salesforce", "truto"];
      const origins = Object.fromEntries(vendors.map((vendor) => [vendor, between.origin]));
      return { CRMLINK_VENDOR_ORIGINS: JSON.stringify(origins), ...vars };
    },
  });
  return { between, edge };
}

/** The lines that an act makes the Worker write. */
async function linesOf(act, at = edge) {
  const before = at.logs().length;
  const answer = await act();
  // The runtime hands its lines over when it likes to.
  let text = "";
  for (let turn = 0; turn < 40; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 25));
    text = at.logs().slice(before);
    if (text.includes('"event":"request"')) break;
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
  const lines = at
    .logs()
    .slice(before)
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return {
    answer,
    requests: lines.filter(({ event }) => event === "request"),
    calls: lines.filter(({ event }) => event === "vendor_call"),
    ends: lines.filter(({ event }) => event === "lines_end"),
  };
}

const link = (more = {}, body = LINK, query = "") =>
  call(edge.origin, "POST", UNIFIED + query, { headers: { ...asAccount(edge, "hubspot"), ...more }, body });

describe("the lines", () => {
  test("tell of an operation: who, what, how it ended, and each call that it took", async () => {
    const { requests, calls, answer } = await linesOf(() => link());
    assert.equal(answer.status, 201);
    const [{ time, trace, ms, vendor_ms, caller, ...request }] = requests;
    assert.deepEqual(request, {
      event: "request",
      method: "POST",
      route: UNIFIED,
      status: 201,
      tenant: "default",
      vendor: "hubspot",
      account: edge.accounts.hubspot,
      calls: 1,
      outcomes: { linked: 1 },
    });
    assert.equal(requests.length, 1);
    assert.match(caller, /^key\//);
    assert.ok(Math.abs(Date.parse(time) - Date.now()) < 60_000 && time.endsWith("Z"));
    assert.match(trace, /^[0-9a-f]{32}$/);
    assert.ok(ms >= vendor_ms && vendor_ms >= 0);
    const [{ time: _time, ms: _ms, ...sent }] = calls;
    assert.deepEqual(sent, {
      event: "vendor_call",
      trace,
      vendor: "hubspot",
      account: edge.accounts.hubspot,
      method: "PUT",
      path: sent.path,
      attempt: 1,
      status: 200,
      then: "taken",
    });
    assert.equal(sent.path, "/crm/objects/2026-03/deals/{}/associations/default/contacts/{}");
  });

  test("tell what was decided after each try", async () => {
    let tries = 0;
    mangle = (_, answer) => {
      tries += 1;
      if (tries === 1) return { status: 429, headers: { "retry-after": "1" }, body: "{}" };
      if (tries === 2) return { status: 0 };
      return answer;
    };
    const { requests, calls } = await linesOf(() => link());
    assert.deepEqual(
      calls.map(({ attempt, status, lost, then }) => [attempt, status ?? lost, then]),
      [
        [1, 429, "retry"],
        [2, "broken", "retry"],
        [3, 200, "taken"],
      ],
    );
    assert.ok(calls[0].retry_in_ms >= 1_000 && calls[0].retry_in_ms <= 1_100);
    assert.equal(requests[0].calls, 3);
  });

  test("tell why something failed, by the code that the caller got", async () => {
    mangle = () => ({ status: 403, headers: {}, body: '{"message":"no"}' });
    const { requests, calls } = await linesOf(() => link());
    assert.deepEqual([requests[0].status, requests[0].code], [403, "forbidden"]);
    assert.deepEqual(requests[0].outcomes, { not_linked: 1 });
    assert.deepEqual([calls[0].status, calls[0].then], [403, "failed"]);
  });

  test("tell of a vendor's path by its template, with and without an account", async () => {
    const owned = await linesOf(() => call(edge.origin, "PUT", HUBSPOT, { headers: asOwner }));
    const template = "/crm/v4/objects/{fromObjectType}/{fromObjectId}/associations/default/{toObjectType}/{toObjectId}";
    assert.deepEqual(owned.requests.length, 1);
    const [{ route, vendor, account, caller, calls }] = owned.requests;
    assert.deepEqual([route, vendor, account, caller, calls], [template, "hubspot", undefined, undefined, 1]);
    const held = await linesOf(() => call(edge.origin, "PUT", HUBSPOT, { headers: asAccount(edge, "hubspot") }));
    assert.deepEqual([held.requests[0].route, held.requests[0].account], [template, edge.accounts.hubspot]);
    assert.equal(held.calls[0].status, 200);
  });

  test("tell of those who got nowhere, and nothing that they wrote", async () => {
    const marker = "a-marker-of-the-caller-s";
    for (const [method, path, headers, status, route] of [
      ["GET", `/${marker}?${marker}=${marker}`, {}, 404, ""],
      ["POST", `${UNIFIED}?${marker}=1`, { authorization: `Bearer ${marker}` }, 401, UNIFIED],
      ["POST", `${UNIFIED}?integrated_account_id=${marker}`, { authorization: `Bearer ${edge.key}` }, 404, UNIFIED],
      ["GET", `/accounts/${marker}`, { authorization: `Bearer ${marker}` }, 401, "/accounts/{id}"],
      ["PUT", HUBSPOT.replace(contact, marker), {}, 401, undefined],
      ["OPTIONS", UNIFIED, { origin: `https://${marker}`, "access-control-request-method": marker }, 403, UNIFIED],
    ]) {
      const body = ["POST", "PUT"].includes(method) ? { [marker]: marker } : undefined;
      const { requests, answer } = await linesOf(() =>
        call(edge.origin, method, path, {
          headers: { "user-agent": marker, referer: `https://${marker}/`, ...headers },
          body,
        }),
      );
      assert.equal(answer.status, status, `${method} ${path} ${answer.text}`);
      assert.equal(requests.length, 1);
      if (route !== undefined) assert.equal(requests[0].route, route);
      assert.ok(requests[0].code);
    }
    assert.ok(!edge.logs().includes(marker), edge.logs());
  });

  test("hold no id of a record, no name of a field and no value", async () => {
    await linesOf(() =>
      call(edge.origin, "POST", "/unified/crm/contacts/upsert?remote_query[q]=marker-query", {
        headers: asAccount(edge, "hubspot"),
        body: { id: "987654321012", first_name: "Marker-Name", email_addresses: [{ email: "marker@example.com" }] },
      }),
    );
    await linesOf(() => link());
    for (const marker of ["987654321012", "Marker-Name", "marker@example.com", "marker-query", `/${deal}/`]) {
      assert.ok(!edge.logs().includes(marker), marker);
    }
  });

  test("tell of an answer in lines when it begins and when it ends", async () => {
    const { ends, calls } = await linesOf(() => link({}, LINK, "?truto_response_format=stream"));
    assert.deepEqual([ends.length, ends[0].status, ends[0].outcomes], [1, 201, { linked: 1 }]);
    assert.equal(calls.length, 1);
  });

  for (const [level, wanted] of [
    ["off", { good: [0, 0], bad: [0, 0] }],
    ["failures", { good: [0, 0], bad: [1, 1] }],
    ["requests", { good: [1, 0], bad: [1, 0] }],
  ]) {
    test(`are fewer with CRMLINK_LOG=${level}`, async () => {
      const own = await start({ CRMLINK_LOG: level });
      try {
        const ask = () =>
          call(own.edge.origin, "POST", UNIFIED, { headers: asAccount(own.edge, "hubspot"), body: LINK });
        for (const [how, count] of Object.entries(wanted)) {
          if (how === "bad") mangle = () => ({ status: 403, headers: {}, body: "{}" });
          const { requests, calls } = await linesOf(ask, own.edge);
          assert.deepEqual([requests.length, calls.length], count, how);
        }
      } finally {
        await own.edge.stop();
        await own.between.stop();
      }
    });
  }
});

describe("traceparent", () => {
  const given = `00-${TRACE}-00f067aa0ba902b7-01`;

  test("goes on to the vendor, into the lines and into the answer", async () => {
    for (const act of [
      () => link({ traceparent: given }),
      () => call(edge.origin, "PUT", HUBSPOT, { headers: { ...asOwner, traceparent: given } }),
    ]) {
      between.requests.length = 0;
      const { answer, requests, calls } = await linesOf(act);
      assert.deepEqual([requests[0].trace, calls[0].trace], [TRACE, TRACE]);
      assert.equal(answer.headers.get("traceparent").split("-")[1], TRACE);
      const [, trace, span, flags] = between.requests[0].headers.traceparent.split("-");
      assert.deepEqual([trace, flags], [TRACE, "01"]);
      assert.notEqual(span, "00f067aa0ba902b7", "the call is a span of its own");
    }
  });

  test("is made where there is none, or none that W3C knows", async () => {
    for (const traceparent of [
      undefined,
      "x",
      given.toUpperCase(),
      `00-${"0".repeat(32)}-00f067aa0ba902b7-01`,
      `${given}-x`,
    ]) {
      between.requests.length = 0;
      const { headers } = await link(traceparent === undefined ? {} : { traceparent });
      const [version, trace] = headers.get("traceparent").split("-");
      assert.equal(version, "00");
      assert.match(trace, /^[0-9a-f]{32}$/);
      assert.notEqual(trace, TRACE);
      assert.equal(between.requests[0].headers.traceparent.split("-")[1], trace);
    }
  });
});

describe("headers", () => {
  test("ratelimit-* tell what the account's vendor told, on every answer from then on", async () => {
    const limits = {
      "x-hubspot-ratelimit-max": "190",
      "x-hubspot-ratelimit-remaining": "180",
      "x-hubspot-ratelimit-interval-milliseconds": "10000",
    };
    mangle = (_, answer) => ({ ...answer, headers: { ...answer.headers, ...limits } });
    const told = (answer) => ["limit", "remaining", "reset"].map((name) => answer.headers.get(`ratelimit-${name}`));
    const own = () => call(edge.origin, "PUT", HUBSPOT, { headers: asAccount(edge, "hubspot") });
    for (const answer of [await own(), await link(), await link({}, "{")]) {
      const [limit, remaining, reset] = told(answer);
      assert.equal(limit, "190", `${answer.status}`);
      assert.ok(Number(remaining) <= 180 && Number(remaining) > 150, remaining);
      assert.ok(Number(reset) > 0 && Number(reset) <= 10, reset);
    }
    const other = await call(edge.origin, "GET", "/healthz");
    assert.deepEqual(told(other), [null, null, null]);
  });

  test("server-timing says how long the vendor took and how often it was asked", async () => {
    for (const [act, calls] of [
      [() => link(), 1],
      [() => call(edge.origin, "PUT", HUBSPOT, { headers: asOwner }), 1],
      [() => call(edge.origin, "GET", "/healthz"), 0],
      [() => link({}, "{"), 0],
    ]) {
      const { headers } = await act();
      const [, vendor, count, total] = /^vendor;dur=(\d+);desc="(\d+) calls", total;dur=(\d+)$/.exec(
        headers.get("server-timing"),
      );
      assert.deepEqual([Number(count), Number(vendor) <= Number(total)], [calls, true]);
    }
  });
});

test("an account's counters are shown to those who keep it", async () => {
  const before = (await manage(edge, "GET", `/${edge.accounts.truto}`)).json.counters;
  const body = LINK;
  const ask = () => call(edge.origin, "POST", UNIFIED, { headers: asAccount(edge, "truto"), body });
  assert.equal((await ask()).status, 201);
  mangle = () => ({ status: 403, headers: {}, body: "{}" });
  assert.equal((await ask()).status, 403);
  const { counters } = (await manage(edge, "GET", `/${edge.accounts.truto}`)).json;
  const more = (of) => of(counters) - (of(before) ?? 0);
  assert.deepEqual(
    [
      more(({ vendor_calls }) => vendor_calls),
      more(({ codes }) => codes.forbidden ?? 0),
      more(({ outcomes }) => outcomes.linked ?? 0),
      more(({ outcomes }) => outcomes.not_linked ?? 0),
    ],
    [2, 1, 1, 1],
  );
});
