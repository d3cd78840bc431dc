// `connect` through a Worker: what it asks for, how it takes each kind of answer, and that the results are the same.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";

import { buildRequest, connect } from "../../pkg/dist/index.js";
import { createTwin } from "../../pkg/dist/twin.js";
import { startEdge } from "../worker/harness.mjs";
import { assertError } from "./cases.mjs";
import { VENDORS, fault } from "./samples.mjs";

const { link: LINK } = VENDORS.hubspot;
const ACCOUNT = "an account/with?what&URLs=mean";
const TOKEN = "the-key-of-the-edge";
const FROM = { entity: "opportunities", id: "301" };
const REASON = {
  code: "forbidden",
  message: "hubspot answered 403: no",
  vendor: "hubspot",
  status: 403,
  retryable: false,
  sent: "yes",
  missingScopes: ["crm.objects.deals.write"],
  raw: "{}",
};
const linked = (id) => ({ from: FROM, to: { entity: "contacts", id }, outcome: "linked" });
const notLinked = (id, reason = REASON) => ({
  from: FROM,
  to: { entity: "contacts", id },
  outcome: "not_linked",
  reason,
});
const PROBLEM = {
  type: "#forbidden",
  title: "Forbidden",
  status: 403,
  detail: "no",
  statusCode: 403,
  error: "Forbidden",
  message: "no",
  code: "forbidden",
  sent: "no",
  retryable: false,
  truto_is_remote_error: false,
  truto_error_insight: {},
};

const LINKS = { entity: "opportunities", entity_id: "301", associations: {}, links: [] };
const ONE = { outcome: "found", id: "1", from: "contacts", to: "accounts", category: "user" };
const TYPE = { from: "contacts", to: "accounts", key: "k&y", label: "L", remote_data: { a: [1] } };
const RECORD = { first_name: "Anna", email_addresses: [{ email: "a@example.com" }] };
const LISTING = {
  entity: "contacts",
  entity_id: 101,
  to: ["accounts", "custom_objects.pets"],
  remote_query: { a: { b: "c d&e" }, list: [1, 2] },
};

/** For each operation: how it is called, the route, the query and the body that this takes, and an answer. */
const ROUTES = [
  [
    "associations.create",
    ({ associations }) => associations.create(LINK),
    ["POST /unified/crm/associations", {}, LINK],
    LINKS,
  ],
  [
    "associations.remove",
    ({ associations }) => associations.remove(LINK),
    ["DELETE /unified/crm/associations", {}, LINK],
    LINKS,
  ],
  [
    "associations.set",
    ({ associations }) => associations.set(LINK),
    ["PUT /unified/crm/associations", {}, LINK],
    LINKS,
  ],
  [
    "associations.list",
    ({ associations }) => associations.list(LISTING),
    [
      "GET /unified/crm/associations",
      {
        entity: "contacts",
        entity_id: "101",
        to: "accounts,custom_objects.pets",
        "remote_query[a][b]": "c d&e",
        "remote_query[list][]": "2",
      },
      "",
    ],
    { entity: "contacts", entity_id: "101", associations: {} },
  ],
  [
    "association_types.create",
    ({ associationTypes }) => associationTypes.create(TYPE),
    ["POST /unified/crm/association-types", {}, TYPE],
    { ...ONE, outcome: "created" },
  ],
  [
    "association_types.list",
    ({ associationTypes }) => associationTypes.list({ from: "contacts", to: "accounts" }),
    ["GET /unified/crm/association-types", { from: "contacts", to: "accounts" }, ""],
    { result: [ONE] },
  ],
  [
    "association_types.get",
    ({ associationTypes }) => associationTypes.get(JSON.stringify({ id: 7 })),
    ["GET /unified/crm/association-types", { id: "7" }, ""],
    ONE,
  ],
  [
    "association_types.update",
    ({ associationTypes }) => associationTypes.update({ id: "1", label: "M" }),
    ["PATCH /unified/crm/association-types", {}, { id: "1", label: "M" }],
    { ...ONE, outcome: "updated" },
  ],
  [
    "association_types.delete",
    ({ associationTypes }) => associationTypes.delete({ id: "1", from: "contacts", to: "accounts" }),
    ["DELETE /unified/crm/association-types", { id: "1", from: "contacts", to: "accounts" }, ""],
    { ...ONE, outcome: "deleted" },
  ],
  ...["accounts", "contacts", "leads", "opportunities"].flatMap((kind) => [
    [
      `${kind}.upsert`,
      (connection) => connection[kind].upsert(RECORD),
      [`POST /unified/crm/${kind}/upsert`, {}, RECORD],
      { id: "1", outcome: "created" },
    ],
    [
      `${kind}.upsert of several`,
      (connection) => connection[kind].upsertMany([RECORD]),
      [`POST /unified/crm/${kind}/upsert`, {}, [RECORD]],
      { result: [], created: 0, updated: 0, failed: 0, unknown: 0, fields: [] },
    ],
  ]),
];

describe("a server that answers as the Worker does", () => {
  let edge;
  let connection;
  before(async () => {
    edge = await fakeEdge();
    connection = connect("hubspot", { edge: edge.origin, account: ACCOUNT, token: TOKEN });
  });
  after(() => edge.stop());

  test("is asked for the account's links, with the key, and with the input as it is", async () => {
    const receipt = { entity: "opportunities", entity_id: "301", associations: {}, links: [linked("101")] };
    edge.answers({ status: 201, body: JSON.stringify(receipt) });
    assert.deepEqual(await connection.associations.create(LINK), receipt);
    const [{ method, url, headers, body }] = edge.asked();
    assert.equal(method, "POST");
    assert.equal(url, `/unified/crm/associations?integrated_account_id=${encodeURIComponent(ACCOUNT)}`);
    assert.equal(headers.authorization, `Bearer ${TOKEN}`);
    assert.equal(headers["content-type"], "application/json");
    assert.deepEqual(JSON.parse(body), LINK);
  });

  test("may stand behind an origin with a slash at its end", async () => {
    edge.answers({ status: 200, body: JSON.stringify({ links: [] }) });
    const slashed = connect("hubspot", { edge: `${edge.origin}/`, account: "a", token: TOKEN });
    await slashed.associations.create(LINK);
    assert.equal(edge.asked()[0].url, "/unified/crm/associations?integrated_account_id=a");
  });

  test("takes JSON text and bytes untouched", async () => {
    const text = `{ "entity":"opportunities", "entity_id": 12345678901234567890 }`;
    for (const input of [text, new TextEncoder().encode(text)]) {
      edge.answers({ status: 200, body: JSON.stringify({ links: [] }) });
      await connection.associations.create(input);
      assert.equal(edge.asked()[0].body, text);
    }
  });

  for (const [operation, call, expected, answer] of ROUTES) {
    test(`is asked for ${operation} at its own route`, async () => {
      edge.answers({ status: 200, body: JSON.stringify(answer) });
      assert.deepEqual(await call(connection), answer);
      const [{ method, url, headers, body }] = edge.asked();
      const [path, query] = url.split("?");
      const { integrated_account_id, ...parameters } = Object.fromEntries(new URLSearchParams(query));
      assert.equal(integrated_account_id, ACCOUNT);
      assert.equal(headers.authorization, `Bearer ${TOKEN}`);
      assert.deepEqual([`${method} ${path}`, parameters, body && JSON.parse(body)], expected);
      assert.equal("content-type" in headers, body !== "");
    });
  }

  test("proves nothing with the answer of another operation", async () => {
    for (const [operation, call, , answer] of ROUTES) {
      for (const other of [{}, { links: {} }, { associations: 5 }, { result: 5 }, { outcome: 5 }]) {
        edge.answers({ status: 200, body: JSON.stringify(other) });
        await assert.rejects(call(connection), { code: "unexpected_response" }, operation);
      }
      edge.answers({ status: 207, body: JSON.stringify(answer) });
      assert.deepEqual(await call(connection), answer);
    }
  });

  test("is not asked for what the core refuses, nor for what a query cannot say", async () => {
    edge.answers({});
    const { associations, associationTypes } = connection;
    for (const [refused, path] of [
      [associations.list({ entity: "people", entity_id: "1" }), "entity"],
      [associations.list({ entity: "contacts" }), "entity_id"],
      [associations.list(`{"entity":"contacts","entity_id":12345678901234567890}`), "entity_id"],
      [associationTypes.list({ from: "people" }), "from"],
      [associationTypes.delete({ id: "1", remote_data: {} }), "remote_data"],
    ]) {
      await assert.rejects(refused, (error) => (assertError(error, { code: "invalid_input", path, sent: "no" }), true));
    }
    await assert.rejects(associations.list("{"), { code: "invalid_input" });
    assert.deepEqual(edge.asked(), []);
  });

  test("is asked for a stream, which is read line by line", async () => {
    const told = [[linked("101"), linked("102")], [notLinked("103")], [linked("104")]];
    const end = { entity: "opportunities", entity_id: "301", counts: { linked: 3, not_linked: 1 } };
    const lines = [{ links: told[0] }, { links: told[1] }, { status: 207, ...end, links: told[2] }];
    const items = [...told.map((links) => ({ links })), { receipt: end }];
    for (const between of ["\n", "\n\n"]) {
      const body = lines.map((line) => JSON.stringify(line) + between).join("");
      edge.answers({ status: 200, body, type: "application/x-ndjson" });
      assert.deepEqual(await all(connection.associations.stream("set", LINK)), items);
    }
    const [{ method, url, body }] = edge.asked();
    assert.equal(method, "PUT");
    assert.equal(new URL(url, edge.origin).searchParams.get("truto_response_format"), "stream");
    assert.deepEqual(JSON.parse(body), LINK);
  });

  test("a stream may end in a problem, break off, or be none", async () => {
    const line = { links: [linked("101")] };
    for (const [status, body, expected, told = 0] of [
      [200, [line, PROBLEM], { code: "forbidden", message: "no", sent: "no" }, 1],
      [200, [line, { ...PROBLEM, links: [notLinked("102")] }], { code: "forbidden" }, 2],
      [200, [line], { code: "unexpected_response", sent: "maybe" }, 1],
      [200, [], { code: "unexpected_response", sent: "maybe" }],
      [200, [line, "<html>"], { code: "unexpected_response", sent: "maybe" }, 1],
      [200, [line, { links: [] }], { code: "unexpected_response", sent: "maybe" }, 1],
      [403, [PROBLEM], { code: "forbidden", message: "no", sent: "no" }],
      [403, [{ ...PROBLEM, links: [notLinked("102")] }], { code: "forbidden" }, 1],
      [502, ["<html>"], { code: "unexpected_response", sent: "maybe" }],
      [502, [], { code: "unexpected_response", sent: "maybe" }],
    ]) {
      edge.answers({ status, body: body.map((each) => JSON.stringify(each)).join("\n") });
      const seen = [];
      const read = async () => {
        for await (const { links } of connection.associations.stream("create", LINK)) seen.push(...links);
      };
      await assert.rejects(read(), (error) => (assertError(error, expected), true));
      assert.equal(seen.length, told);
    }
  });

  test("a stream of which nobody knows the end has its receipt", async () => {
    const unknown = { ...notLinked("101"), outcome: "unknown" };
    const receipt = { entity: "opportunities", entity_id: "301", associations: {}, links: [unknown] };
    const items = [
      { links: [unknown] },
      { receipt: { entity: "opportunities", entity_id: "301", counts: { unknown: 1 } } },
    ];
    for (const [status, lines] of [
      [200, [{ links: [unknown] }, { ...PROBLEM, status: 502, receipt }]],
      [502, [{ ...PROBLEM, status: 502, links: [unknown], receipt }]],
    ]) {
      edge.answers({ status, body: lines.map((line) => JSON.stringify(line)).join("\n") });
      assert.deepEqual(await all(connection.associations.stream("create", LINK)), items);
    }
  });

  test("tells its progress once", async () => {
    const receipt = { entity: "opportunities", entity_id: "301", associations: {}, links: [linked("101")] };
    edge.answers({ status: 201, body: JSON.stringify(receipt) });
    const told = [];
    await connection.associations.create(LINK, { onProgress: (progress) => told.push(progress) });
    assert.deepEqual(told, [{ answered: 1, links: receipt.links }]);
  });

  test("is told the key under which a write is carried out once, in lines and in undoing too", async () => {
    const receipt = { entity: "opportunities", entity_id: "301", associations: {}, links: [linked("101")] };
    const asked = () => edge.asked().map(({ headers }) => headers["idempotency-key"]);
    edge.answers({ status: 201, body: JSON.stringify(receipt) });
    await connection.associations.create(LINK, { idempotencyKey: "once-1" });
    await connection.associations.create(LINK);
    assert.deepEqual(asked(), ["once-1", undefined]);
    edge.answers({ status: 200, body: JSON.stringify(receipt) });
    const undo = [
      { operation: "associations.remove", input: LINK },
      { operation: "associations.create", input: LINK },
    ];
    await connection.undo({ undo }, { idempotencyKey: "once-2" });
    assert.deepEqual(asked(), ["once-2-0", "once-2-1"]);
    edge.answers({
      status: 200,
      body: `${JSON.stringify({ status: 201, entity: "opportunities", entity_id: "301" })}\n`,
    });
    for await (const part of connection.associations.stream("create", LINK, { idempotencyKey: "once-3" }))
      assert.ok(part);
    assert.deepEqual(asked(), ["once-3"]);
  });

  test("without an edge nobody keeps an answer, and a key is refused", async () => {
    const sent = [];
    const own = connect("hubspot", { token: "t", fetch: async (request) => sent.push(request) });
    const call = { idempotencyKey: "once" };
    const refused = { code: "invalid_input", path: "idempotencyKey", sent: "no" };
    for (const asked of [
      own.associations.create(LINK, call),
      own.contacts.upsert({ id: "1" }, call),
      own.undo({ undo: [{ operation: "associations.remove", input: LINK }] }, call),
      own.associations.stream("create", LINK, call).next(),
    ]) {
      await assert.rejects(asked, (error) => (assertError(error, refused), true));
    }
    assert.deepEqual(sent, []);
  });

  test("undoes at the edge too", async () => {
    const receipt = { entity: "opportunities", entity_id: "301", associations: {}, links: [linked("101")] };
    edge.answers({ status: 200, body: JSON.stringify(receipt) });
    assert.deepEqual(await connection.undo({ undo: [{ operation: "associations.remove", input: LINK }] }), [receipt]);
    assert.equal(edge.asked()[0].method, "DELETE");
  });

  test("a problem may carry the receipt, and the vendor's part of the error", async () => {
    const receipt = { outcome: "unknown", reason: REASON };
    edge.answers({ status: 502, body: JSON.stringify({ ...PROBLEM, receipt }) });
    assert.deepEqual(await connection.contacts.upsert({ id: "1" }), receipt);
    const known = {
      vendor: "hubspot",
      vendorStatus: 429,
      retryAfter: 1500,
      missingScopes: ["a"],
      existingId: "7",
      raw_response: "{}",
    };
    edge.answers({ status: 429, body: JSON.stringify({ ...PROBLEM, ...known }) });
    await assert.rejects(connection.contacts.upsert({ id: "1" }), (error) => {
      const { vendor, status, retryAfter, missingScopes, existingId, raw } = error;
      assert.deepEqual(
        [vendor, status, retryAfter, missingScopes, existingId, raw],
        ["hubspot", 429, 1500, ["a"], "7", "{}"],
      );
      return true;
    });
  });

  test("is asked for no answers of the vendor where nobody wants them", async () => {
    const options = { edge: edge.origin, account: ACCOUNT, token: TOKEN };
    for (const [ignoreRemoteData, expected] of [
      [true, "true"],
      [false, null],
      [undefined, null],
    ]) {
      edge.answers({ status: 201, body: JSON.stringify({ ...LINKS, links: [linked("101")] }) });
      await connect("hubspot", { ...options, ignoreRemoteData }).associations.create(LINK);
      const { searchParams } = new URL(edge.asked()[0].url, edge.origin);
      assert.equal(searchParams.get("truto_ignore_remote_data"), expected);
    }
    const refused = { code: "invalid_input", path: "options.ignoreRemoteData", sent: "no" };
    assert.throws(
      () => connect("hubspot", { ...options, ignoreRemoteData: "yes" }),
      (error) => (assertError(error, refused), true),
    );
  });

  test("is asked nothing for a value that JSON cannot hold", async () => {
    edge.answers({});
    const refused = { code: "invalid_input", path: "remote_data.a", sent: "no" };
    const bad = connection.associations.create({ ...LINK, remote_data: { a: NaN } });
    await assert.rejects(bad, (error) => (assertError(error, refused), true));
    assert.deepEqual(edge.asked(), []);
  });

  test("200, 201 and 207 are receipts", async () => {
    for (const status of [200, 201, 207]) {
      const receipt = {
        entity: "opportunities",
        entity_id: "301",
        associations: {},
        links: [linked("101"), notLinked("102")],
      };
      edge.answers({ status, body: JSON.stringify(receipt) });
      assert.deepEqual(await connection.associations.create(LINK), receipt);
    }
  });

  test("a problem is the error that it says, and not that of a link", async () => {
    const links = [notLinked("101"), notLinked("102", { ...REASON, code: "not_found" })];
    edge.answers({ status: 403, body: JSON.stringify({ ...PROBLEM, links }), type: "application/problem+json" });
    await assert.rejects(connection.associations.create(LINK), (error) => {
      assertError(error, { code: "forbidden", message: "no", status: null, sent: "no" });
      return true;
    });
  });

  test("a problem of links of which nobody knows is a receipt", async () => {
    const unknown = { from: FROM, to: { entity: "accounts", id: "201" }, outcome: "unknown", reason: REASON };
    const links = [notLinked("101"), unknown];
    const receipt = { entity: "opportunities", entity_id: "301", associations: { contacts: [] }, links };
    edge.answers({ status: 502, body: JSON.stringify({ ...PROBLEM, links, receipt }) });
    assert.deepEqual(await connection.associations.create(LINK), receipt);
  });

  test("a problem without links is the Worker's own error", async () => {
    const own = {
      ...PROBLEM,
      code: "rate_limited",
      path: "entity_id",
      retryable: true,
      raw_response: "raw",
      existingId: "51",
    };
    edge.answers({ status: 429, headers: { "retry-after": "7" }, body: JSON.stringify(own) });
    await assert.rejects(connection.associations.create(LINK), (error) => {
      assertError(error, {
        code: "rate_limited",
        message: "no",
        path: "entity_id",
        retryable: true,
        sent: "no",
        raw: "raw",
        existingId: "51",
      });
      assert.equal(error.retryAfter, 7000);
      assert.equal(error.vendor, undefined);
      return true;
    });
  });

  for (const [what, status, body] of [
    ["a page with 200", 200, "<!doctype html><title>Welcome to the hotel's network</title>"],
    ["a page with 502", 502, "<html><h1>502 Bad Gateway</h1>"],
    ["nothing with 200", 200, ""],
    ["a receipt that breaks off", 200, `{"entity":"opportunities","links":[{"from"`],
    ["JSON of somebody else", 200, `{"ok":true}`],
    ["null", 200, "null"],
    ["a text", 200, `"links"`],
    ["a list", 200, "[]"],
    ["links that are no list", 200, `{"links":{}}`],
    ["an error of somebody else", 404, `{"error":"Not Found"}`],
    ["a code without a message", 500, `{"code":"forbidden"}`],
    ["no links and no problem", 403, `{"links":[]}`],
    ["a redirect", 302, ""],
  ]) {
    test(`${what} proves nothing`, async () => {
      edge.answers({ status, headers: status === 302 ? { location: "/elsewhere" } : {}, body, type: "text/html" });
      await assert.rejects(connection.associations.create(LINK), (error) => {
        assertError(error, { code: "unexpected_response", status, sent: "maybe", retryable: false, raw: body });
        return true;
      });
      assert.equal(edge.asked().length, 1);
    });
  }

  test("that breaks the connection leaves a doubt, and a word on how to find out", async () => {
    const record = { email_addresses: [{ email: "ada@example.com" }] };
    const once = { idempotencyKey: "once" };
    const { associations, contacts } = connection;
    const list = { entity: "opportunities", entity_id: "301" };
    for (const [act, reconcile, words] of [
      [() => associations.create(LINK), "run_again", /it looks first/],
      [() => associations.create(LINK, once), "run_again", /the same idempotencyKey/],
      [() => contacts.upsert(record), "look_first", /look for what it makes/],
      [() => contacts.upsert(record, once), "run_again", /the same idempotencyKey/],
      [() => all(associations.stream("create", LINK)), "run_again", /it looks first/],
      [() => associations.list(list), null, /before an answer came$/],
    ]) {
      for (const [answer, expected] of [
        [{ status: 0 }, { code: "vendor_unavailable", sent: "maybe", retryable: true }],
        [
          { status: 502, body: "<html>" },
          { code: "unexpected_response", sent: "maybe", retryable: false },
        ],
      ]) {
        edge.answers(answer);
        await assert.rejects(act(), (error) => {
          assertError(error, { ...expected, reconcile });
          if (answer.status === 0) assert.match(error.message, words);
          return true;
        });
      }
    }
  });

  test("send goes to the vendor's path at the edge, with the edge's key instead of the vendor's token", async () => {
    const request = buildRequest(
      "truto.associations.create",
      {
        integrated_account_id: "62f44730-dd91-461e-bd6a-aedd9e0ad79d",
        entity: "opportunities",
        entity_id: "1",
        associations: { contacts: [{ id: "2" }] },
      },
      { token: "a-vendor-token" },
    );
    edge.answers({ status: 418, headers: { "x-tea": "pot" }, body: "short and stout" });
    const answer = await connection.send(request);
    assert.deepEqual([answer.status, answer.headers["x-tea"], answer.body], [418, "pot", "short and stout"]);
    const [{ method, url, headers, body }] = edge.asked();
    assert.equal(method, request.method);
    assert.equal(`https://api.truto.one${url}`, request.url);
    assert.equal(headers.authorization, `Bearer ${TOKEN}`);
    assert.equal(headers["x-integrated-account-id"], ACCOUNT);
    assert.equal(body, request.body);
    assert.ok(!JSON.stringify(edge.last()).includes("a-vendor-token"));
  });

  test("send of a relative URL is refused", async () => {
    const refused = { code: "invalid_input", path: "url", sent: "no" };
    const sent = connection.send({ method: "GET", url: "/x", headers: {} });
    await assert.rejects(sent, (error) => (assertError(error, refused), true));
  });
});

test("an edge that is silent, is not there, or is not waited for", async () => {
  const options = { edge: "https://edge.example", account: "a", token: "t" };
  const silent = (_, { signal }) => {
    const alive = setInterval(() => {}, 1000);
    return new Promise((_, reject) =>
      signal.addEventListener("abort", () => {
        clearInterval(alive);
        reject(signal.reason);
      }),
    );
  };
  const absent = async () => {
    throw new TypeError("fetch failed", { cause: { code: "ENOTFOUND" } });
  };
  const cancel = new AbortController();
  for (const [own, expected] of [
    [
      { fetch: silent, timeout: 5 },
      { code: "timeout", sent: "maybe", retryable: true },
    ],
    [{ fetch: absent }, { code: "vendor_unavailable", sent: "no", retryable: true }],
    [
      { fetch: silent, signal: cancel.signal },
      { code: "aborted", sent: "maybe", retryable: false },
    ],
  ]) {
    if (own.signal) setImmediate(() => cancel.abort());
    const asked = connect("hubspot", { ...options, ...own }).associations.create(LINK);
    await assert.rejects(asked, (error) => (assertError(error, expected), true));
  }
});

describe("the same calls, the same results, directly and through the real Worker", () => {
  let edge;
  let twin;
  before(async () => {
    edge = await startEdge();
    twin = createTwin();
  });
  after(() => edge.stop());

  const pages = { status: 502, headers: { "content-type": "text/html" }, body: "<h1>Bad Gateway</h1>" };
  const forbidden = { status: 403, body: { status: "error", message: "no", category: "MISSING_SCOPES" } };
  const later = { status: 429, headers: { "retry-after": "60" }, body: { message: "later" } };

  for (const [vendor, { options, link, partial, hopeless }] of Object.entries(VENDORS)) {
    const calls = {
      "a link": [link],
      "the same link again": [link],
      ...(partial && { "a link of two": [partial], "no link": [hopeless] }),
      "a refused input": [{ ...link, entity_id: ".." }],
      "a kind that cannot be linked": [{ ...link, associations: { organizations: [{ id: "1" }] } }],
      "no input": [{}],
      "a text that is no JSON": ["{"],
      "the vendor's refusal": [link, forbidden],
      "a page instead of an answer": [link, pages],
      "a connection that breaks": [link, { status: 0 }],
    };
    for (const [what, [input, trouble]] of Object.entries(calls)) {
      test(`${vendor}: ${what}`, async () => {
        // Once for each request, and for each of its tries.
        const faults = trouble && { vendor, times: 20, ...trouble };
        const direct = connect(vendor, { ...options, fetch: twin.fetch });
        const through = connect(vendor, { edge: edge.origin, account: edge.accounts[vendor], token: edge.key });
        if (faults) await Promise.all([fault(twin, faults), edge.twin.fault(faults)]);
        const results = await Promise.all(
          [direct, through].map(({ associations }) => outcome(associations.create(input))),
        );
        if (faults) [twin, edge.twin].forEach((each) => each.reset());
        // An account at the edge remembers for all its callers what the vendor said; a connection here is a new one.
        if (faults) await edge.calm(vendor);
        assert.deepEqual(timeless(results[1]), timeless(results[0]));
      });
    }
  }

  for (const [vendor, { options, link }] of Object.entries(VENDORS)) {
    test(`${vendor}: every operation, one after the other, those that it has not among them`, async () => {
      [twin, edge.twin].forEach((each) => each.reset());
      const direct = connect(vendor, { ...options, fetch: twin.fetch });
      const through = connect(vendor, { edge: edge.origin, account: edge.accounts[vendor], token: edge.key });
      for (const [what, step] of stepsOf(link)) {
        const results = await Promise.all([direct, through].map((connection) => outcome(step(connection))));
        assert.deepEqual(timeless(results[1]), timeless(results[0]), what);
      }
      assert.deepEqual(edge.twin.commits(), twin.commits());
    });
  }

  test("what was written is the same", () => {
    assert.deepEqual(edge.twin.commits(), twin.commits());
  });

  // In the end: the edge remembers for all that come after what a vendor has said of its limits.
  for (const [vendor, { options, link }] of Object.entries(VENDORS)) {
    test(`${vendor}: the vendor's limit`, async () => {
      const faults = { vendor, times: 20, ...later };
      const direct = connect(vendor, { ...options, fetch: twin.fetch });
      const through = connect(vendor, { edge: edge.origin, account: edge.accounts[vendor], token: edge.key });
      await Promise.all([fault(twin, faults), edge.twin.fault(faults)]);
      const results = await Promise.all(
        [direct, through].map(({ associations }) => outcome(associations.create(link))),
      );
      assert.deepEqual(timeless(results[1]), timeless(results[0]));
    });
  }
});

/** Calls of every operation on a link that the vendor can make; each gets a connection. */
function stepsOf(link) {
  const { entity, entity_id, associations } = link;
  const [kind] = Object.keys(associations);
  const record = { entity, entity_id };
  const ends = { from: entity, to: kind };
  const one = { ...record, associations: { [kind]: associations[kind].slice(0, 1) } };
  const person = { first_name: "Eva", last_name: "Example", email_addresses: [{ email: "eva@example.com" }] };
  const definition = { ...ends, key: "eva_s", label: "Eva's", inverse_label: "Eva" };
  return Object.entries({
    list: ({ associations }) => associations.list({ ...record, to: kind }),
    "list of all": ({ associations }) => associations.list(record),
    create: ({ associations }) => associations.create({ ...link, reversible: true }),
    "list again": ({ associations }) => associations.list({ ...record, to: [kind] }),
    set: ({ associations }) => associations.set(one),
    "set to nothing": ({ associations }) => associations.set({ ...record, associations: { [kind]: [] } }),
    "create and undo": async (connection) => connection.undo(await connection.associations.create(link)),
    remove: ({ associations }) => associations.remove(one),
    "a stream": async ({ associations }) => {
      const items = await all(associations.stream("create", link));
      return { links: items.flatMap(({ links = [] }) => links), receipt: items.at(-1).receipt };
    },
    "a stream that is refused": ({ associations }) => all(associations.stream("create", { ...link, entity_id: ".." })),
    "a bad listing": ({ associations }) => associations.list({ ...record, to: "people" }),
    "a new definition": ({ associationTypes }) => associationTypes.create(definition),
    definitions: ({ associationTypes }) => associationTypes.list(ends),
    "one of them": ({ associationTypes }) => associationTypes.get({ ...ends, key: "eva_s" }),
    "none of them": ({ associationTypes }) => associationTypes.get({ ...ends, id: "999" }),
    "its labels": ({ associationTypes }) => associationTypes.update({ ...definition, label: "Of Eva" }),
    "its end": ({ associationTypes }) => associationTypes.delete({ ...ends, key: "eva_s" }),
    "a new contact": ({ contacts }) => contacts.upsert(person),
    "the same contact": ({ contacts }) => contacts.upsert({ ...person, first_name: "Ewa" }),
    "two contacts": ({ contacts }) => contacts.upsertMany([person, { ...person, email_addresses: [] }]),
    "no contact": ({ contacts }) => contacts.upsert({ firstname: "Eva" }),
    "an account": ({ accounts }) => accounts.upsert({ name: "Example", website: "https://eva.example" }),
    "a lead": ({ leads }) => leads.upsert({ last_name: "Example", account: { name: "Example" } }),
    "an opportunity": ({ opportunities }) => opportunities.upsert({ name: "Deal", amount: "5.10" }),
  });
}

async function all(items) {
  const list = [];
  for await (const item of items) list.push(item);
  return list;
}

/** The receipt, or the fields of the error. */
async function outcome(promise) {
  try {
    return await promise;
  } catch (error) {
    assert.equal(error.name, "CrmlinkError", error.stack);
    return { ...error, message: error.message };
  }
}

/** Without what differs from one moment, and from one list of answers, to the next. */
function timeless(value) {
  const text = JSON.stringify(value).replace(/20\d\d-\d\d-\d\dT[\d:.]+Z/g, "some time");
  return JSON.parse(text.replace(/0{8}-0{4}-4000-8000-\d{12}/g, "some id"));
}

/** A server on loopback that answers as it is told. */
async function fakeEdge() {
  let answer = {};
  let asked = [];
  let last;
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method, url, headers } = request;
    asked.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
    const { status, headers: own = {}, body = "", type = "application/json" } = answer;
    if (status === 0) return request.socket.destroy();
    response.writeHead(status, { "content-type": type, ...own }).end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    answers(next) {
      answer = next;
      asked = [];
    },
    asked() {
      last = asked;
      asked = [];
      return last;
    },
    last: () => last,
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
