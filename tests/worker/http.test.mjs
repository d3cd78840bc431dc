// What HTTP itself asks for: routes, verbs, types and sizes, and paths that want to be somewhere else.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";

import { asAccount, asOwner, assertProblem, call, raw } from "./calls.mjs";
import { startEdge } from "./harness.mjs";

let edge;
before(async () => {
  edge = await startEdge();
});
after(() => edge?.stop());
beforeEach(() => edge.twin.reset());

const UNIFIED = "/unified/crm/associations";
const MEGABYTE = 1 << 20;

test("GET /healthz says that it runs, to anyone", async () => {
  const { status, json } = await call(edge.origin, "GET", "/healthz");
  assert.equal(status, 200);
  assert.equal(json.status, "ok");
  assert.match(json.version, /^\d+\.\d+\.\d+$/);
  const head = await call(edge.origin, "HEAD", "/healthz");
  assert.deepEqual([head.status, head.text], [200, ""]);
});

test("GET /capabilities is the table of all vendors", async () => {
  const { status, json } = await call(edge.origin, "GET", "/capabilities");
  assert.equal(status, 200);
  assert.deepEqual(
    json.capabilities.map(({ vendor }) => vendor),
    ["hubspot", "leadconnector", "salesforce", "truto"],
  );
  assert.ok(json.capabilities.every(({ pairs }) => pairs.length > 5));
  const names = json.endpoints.map(({ name }) => name);
  for (const founding of [
    "hubspot.associations.createDefault",
    "hubspot.partnerClients.associate",
    "leadconnector.associations.create",
    "leadconnector.opportunities.upsert",
    "truto.associations.create",
  ]) {
    assert.ok(names.includes(founding), founding);
  }
});

test("POST /unified/crm/plan says what would be sent and sends nothing", async () => {
  const input = { entity: "opportunities", entity_id: "301", associations: { contacts: [{ id: "101" }] } };
  const body = { operation: "associations.create", input };
  const { status, json, text } = await call(edge.origin, "POST", "/unified/crm/plan", {
    headers: asAccount(edge, "hubspot"),
    body,
  });
  assert.equal(status, 200, text);
  assert.deepEqual([json.vendor, json.calls], ["hubspot", { min: 1, max: 1 }]);
  assert.match(json.steps[0].requests[0].url, /\/associations\/default\//);
  assert.doesNotMatch(text, /authorization|twin-token/i);
  assert.deepEqual(edge.twin.commits(), []);

  const refused = await call(edge.origin, "POST", "/unified/crm/plan", {
    headers: asAccount(edge, "hubspot"),
    body: { ...body, operation: "x" },
  });
  assert.equal(assertProblem(refused, 422, "invalid_input").path, "operation");
  const nobody = await call(edge.origin, "POST", "/unified/crm/plan", { body });
  assertProblem(nobody, 401, "unauthenticated");
});

test("404 lists the routes", async () => {
  for (const path of [
    "/",
    "/unified",
    "/unified/crm/associations/",
    "/healthz/x",
    "/crm/v9/objects/a/1/associations/default/b/2",
    "/services/data/v66.0/sobjects/Account",
  ]) {
    const json = assertProblem(await call(edge.origin, "GET", path), 404, "not_found");
    assert.ok(json.routes.includes("POST /unified/crm/associations"));
    assert.ok(json.routes.includes("POST /associations/"));
  }
});

test("405 lists the verbs", async () => {
  for (const [method, path, allow] of [
    ["PATCH", UNIFIED, "GET, HEAD, POST, PUT, DELETE"],
    ["PUT", "/unified/crm/association-types", "GET, HEAD, POST, PATCH, DELETE"],
    ["GET", "/unified/crm/contacts/upsert", "POST"],
    ["DELETE", "/unified/crm/plan", "POST"],
    ["POST", "/healthz", "GET, HEAD"],
  ]) {
    const answer = await call(edge.origin, method, path, { headers: asOwner });
    assertProblem(answer, 405, "invalid_input");
    assert.equal(answer.headers.get("allow"), allow);
  }
});

test("OPTIONS without a page behind it hears the verbs", async () => {
  for (const [path, allow] of [
    [UNIFIED, "GET, HEAD, POST, PUT, DELETE"],
    ["/capabilities", "GET, HEAD"],
    ["/opportunities/upsert", "POST"],
  ]) {
    const { status, headers, text } = await call(edge.origin, "OPTIONS", path);
    assert.deepEqual([status, headers.get("allow"), text], [204, allow, ""]);
  }
});

test("400 for a body where the input stands in the query", async () => {
  const query = "entity=opportunities&entity_id=301";
  const { authorization } = asAccount(edge, "hubspot");
  const head = [
    `GET ${UNIFIED}?${query} HTTP/1.1`,
    "host: localhost",
    `authorization: ${authorization}`,
    `x-integrated-account-id: ${edge.accounts.hubspot}`,
    "content-type: application/json",
    "connection: close",
  ];
  // `fetch` sends no GET with a body.
  const length = await raw(edge.origin, `${[...head, "content-length: 2"].join("\r\n")}\r\n\r\n{}`);
  assert.equal(length.status, 400, length.head);
  assert.match(length.body, /query/);
  const chunks = await raw(
    edge.origin,
    `${[...head, "transfer-encoding: chunked"].join("\r\n")}\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
  );
  assert.equal(chunks.status, 400, chunks.head);
  const answer = await call(edge.origin, "DELETE", "/unified/crm/association-types?id=1", {
    headers: asAccount(edge, "hubspot"),
    body: {},
  });
  assertProblem(answer, 400, "invalid_input");
});

test("415 for a body of another type, or of none", async () => {
  for (const type of [
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/jsonp",
    "",
  ]) {
    const headers = { ...asAccount(edge, "hubspot"), "content-type": type };
    const answer = await call(edge.origin, "POST", UNIFIED, { headers, body: "{}" });
    assertProblem(answer, 415, "invalid_input");
    assert.equal(answer.headers.get("accept"), "application/json");
  }
  for (const type of ["application/json; charset=utf-8", "Application/JSON", "application/vnd.api+json"]) {
    const headers = { ...asAccount(edge, "hubspot"), "content-type": type };
    assertProblem(await call(edge.origin, "POST", UNIFIED, { headers, body: "{}" }), 422, "invalid_input");
  }
});

test("400 for what is no JSON object", async () => {
  const headers = { ...asAccount(edge, "hubspot"), "content-type": "application/json" };
  for (const body of [
    "{",
    "[]",
    "null",
    '"x"',
    "{}{}",
    "\u{feff}{}",
    '{"a":NaN}',
    "{".repeat(200_000),
    "[".repeat(500_000),
  ]) {
    assertProblem(await call(edge.origin, "POST", UNIFIED, { headers, body }), 400, "invalid_input");
  }
  const bytes = await fetch(edge.origin + UNIFIED, {
    method: "POST",
    headers,
    body: new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]),
  });
  assert.equal(bytes.status, 400);
  assert.equal((await call(edge.origin, "GET", "/healthz")).status, 200);
});

test("a request without a body needs neither a length nor a type", async () => {
  const lines = [
    "PUT /crm/v4/objects/contacts/101/associations/default/companies/201 HTTP/1.1",
    "host: localhost",
    "authorization: Bearer twin-token",
    "connection: close",
  ];
  const answer = await raw(edge.origin, `${lines.join("\r\n")}\r\n\r\n`);
  assert.equal(answer.status, 200, answer.head);
  assert.equal(edge.twin.commits().length, 1);
});

test("an absent body is refused by the field that it lacks", async () => {
  const json = assertProblem(
    await call(edge.origin, "POST", UNIFIED, { headers: asAccount(edge, "hubspot") }),
    422,
    "invalid_input",
  );
  assert.ok(json.detail.length > 0);
});

describe("413 for more than 1 MiB", () => {
  test("by its length, before any of it is read", async () => {
    // The body itself never comes.
    const head = [
      `POST ${UNIFIED} HTTP/1.1`,
      "host: localhost",
      `authorization: Bearer ${edge.key}`,
      "content-type: application/json",
      `content-length: ${MEGABYTE + 1}`,
      "connection: close",
    ];
    const answer = await raw(edge.origin, `${head.join("\r\n")}\r\n\r\n{`);
    assert.equal(answer.status, 413, answer.head);
    assert.match(answer.body, /too_large/);
  });

  test("without a length, as soon as it passes the limit", async () => {
    let given = 0;
    const body = new ReadableStream({
      pull(controller) {
        given += 65_536;
        controller.enqueue(new Uint8Array(65_536).fill(32));
        if (given > 64 * MEGABYTE) controller.close();
      },
    });
    const headers = { ...asAccount(edge, "hubspot"), "content-type": "application/json" };
    const response = await fetch(edge.origin + UNIFIED, { method: "POST", headers, body, duplex: "half" }).catch(
      (error) => error,
    );
    assert.ok(given < 32 * MEGABYTE, `${given} bytes were taken`);
    if (!(response instanceof Error)) assert.equal(response.status, 413, await response.text());
    assert.equal((await call(edge.origin, "GET", "/healthz")).status, 200);
  });

  test("without a length, and the answer says so", async () => {
    const head = [
      `POST ${UNIFIED} HTTP/1.1`,
      "host: localhost",
      "content-type: application/json",
      "transfer-encoding: chunked",
      "connection: close",
    ];
    const key = [`authorization: Bearer ${edge.key}`, `x-integrated-account-id: ${edge.accounts.hubspot}`];
    const chunk = `10000\r\n${" ".repeat(65_536)}\r\n`;
    const answer = await raw(edge.origin, `${[...head, ...key].join("\r\n")}\r\n\r\n${chunk.repeat(17)}0\r\n\r\n`);
    assert.equal(answer.status, 413, answer.head);
  });

  test("and what fits is read, with a length and without", async () => {
    const input = JSON.stringify({
      entity: "opportunities",
      entity_id: "301",
      associations: { contacts: [{ id: "101" }] },
    });
    const whole = input + " ".repeat(MEGABYTE - input.length);
    const answer = await call(edge.origin, "POST", UNIFIED, { headers: asAccount(edge, "hubspot"), body: whole });
    assert.equal(answer.status, 201, answer.text);
    const headers = { ...asAccount(edge, "hubspot"), "content-type": "application/json" };
    const chunked = await fetch(edge.origin + UNIFIED, {
      method: "POST",
      headers,
      body: new Blob([input]).stream(),
      duplex: "half",
    });
    assert.equal(chunked.status, 201, await chunked.text());
  });

  test("in the vendor's shape on a vendor's path", async () => {
    const headers = { ...asOwner, version: "2021-07-28" };
    const answer = await call(edge.origin, "POST", "/opportunities/upsert", {
      headers,
      body: " ".repeat(MEGABYTE + 1),
    });
    assert.deepEqual([answer.status, answer.json.error], [413, "Payload Too Large"]);
  });
});

describe("paths that want to be somewhere else", () => {
  const path = (id) => `/crm/v4/objects/contacts/${id}/associations/default/companies/201`;

  for (const [id, statuses] of [
    ["..", [404, 405]],
    ["%2e%2e", [404, 405]],
    ["%2E.", [404, 405]],
    ["../../../../crm/v3/objects/partner_clients", [404, 405]],
    ["..%2F..%2F..", [400]],
    ["%2e%2e%2f%2e%2e", [400]],
    ["%252e%252e", [400]],
    ["%25252e%25252e%25252f", [400]],
    ["..%5C..", [400]],
    ["1%0d%0ax:%20y", [400]],
    ["1%00", [400]],
    ["1%7f", [400]],
    ["%20", [400]],
    ["", [400]],
    ["%ff%fe", [400]],
    ["%ed%a0%80", [400]],
    ["9".repeat(513), [400]],
    ["1?x=1", [404, 405]],
    ["1#x", [404, 405]],
  ]) {
    test(`${id.slice(0, 40) || "an empty id"} is refused and nothing is sent`, async () => {
      const lines = [
        `PUT ${path(id)} HTTP/1.1`,
        "host: localhost",
        "authorization: Bearer twin-token",
        "content-length: 0",
        "connection: close",
      ];
      const answer = await raw(edge.origin, `${lines.join("\r\n")}\r\n\r\n`);
      assert.ok(statuses.includes(answer.status), answer.head);
      assert.deepEqual(edge.twin.commits(), []);
    });
  }

  test("a slash inside an id stays inside it", async () => {
    const answer = await call(edge.origin, "PUT", path("a%2Fb"), { headers: asOwner });
    assert.notEqual(answer.status, 200);
    assert.match(answer.json.message, /a\/b/);
  });
});
