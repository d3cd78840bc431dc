// Which pages may call: an exact list, one origin echoed, never a star.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { asAccount, call } from "./calls.mjs";
import { startEdge } from "./harness.mjs";

const PAGES = ["https://app.example.com", "http://localhost:3000", "https://xn--bcher-kva.example:8443"];
const HOSTILE = [
  "https://evil.example",
  "https://app.example.com.evil.example",
  "https://evilapp.example.com",
  "https://app.example.com:8443",
  "https://app.example.com/",
  "https://APP.example.com",
  "http://app.example.com",
  "https://app.example.comm",
  "https://app.example.co",
  "https://app.example.com@evil.example",
  "https://app.example.com%00.evil.example",
  "https://app.example.com.",
  "https://app.example.com:443",
  "https://sub.app.example.com",
  "https://example.com",
  "https://me@app.example.com",
  "https://app.example.com:me@evil.example",
  "https://app.example.com#.evil.example",
  "https://app.example.com\\.evil.example",
  "https://bücher.example:8443",
  "https://xn--bcher-kva.example",
  "https://xn--bcher-kvb.example:8443",
  "https://app.example.com\thttps://evil.example",
  "HTTPS://app.example.com",
  "//app.example.com",
  "app.example.com",
  "https://",
  "https://app_example.com",
  "https://appxexample.com",
  "http://localhost",
  "http://localhost:3001",
  "http://127.0.0.1:3000",
  "null",
  "file://",
  "*",
  ",",
  "https://app.example.com,https://evil.example",
  "https://app.example.com https://evil.example",
];
const PATHS = ["/unified/crm/associations", "/crm/v4/objects/a/1/associations/default/b/2", "/healthz", "/nowhere"];

let edge;
before(async () => {
  edge = await startEdge({ pageOrigins: PAGES });
});
after(() => edge?.stop());

function preflight(path, origin) {
  const headers = {
    origin,
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization,content-type,x-integrated-account-id",
  };
  return call(edge.origin, "OPTIONS", path, { headers });
}

test("a page on the list gets its preflight, on every path", async () => {
  for (const origin of PAGES) {
    for (const path of PATHS) {
      const { status, headers, text } = await preflight(path, origin);
      assert.deepEqual([status, text], [204, ""]);
      assert.equal(headers.get("access-control-allow-origin"), origin);
      assert.match(headers.get("vary"), /\bOrigin\b/);
      for (const method of ["GET", "POST", "PUT", "DELETE"]) {
        assert.ok(headers.get("access-control-allow-methods").split(", ").includes(method));
      }
      for (const header of [
        "authorization",
        "content-type",
        "idempotency-key",
        "traceparent",
        "version",
        "x-integrated-account-id",
      ]) {
        assert.ok(headers.get("access-control-allow-headers").split(", ").includes(header));
      }
      assert.match(headers.get("vary"), /\bOrigin\b/);
      assert.ok(Number(headers.get("access-control-max-age")) <= 600);
      assert.equal(headers.get("access-control-allow-credentials"), null);
    }
  }
});

test("any other page gets 403 and nothing that a browser would take for leave", async () => {
  for (const origin of HOSTILE) {
    for (const path of PATHS) {
      const { status, headers } = await preflight(path, origin);
      assert.equal(status, 403, origin);
      assertNoLeave(headers, origin);
      assert.match(headers.get("vary"), /\bOrigin\b/);
    }
  }
});

test("an answer names the page that may read it, errors included", async () => {
  const body = { entity: "opportunities", entity_id: "301", associations: { contacts: [{ id: "101" }] } };
  for (const [options, expected] of [
    [{ headers: asAccount(edge, "hubspot"), body }, 201],
    [{ headers: {}, body }, 401],
    [{ headers: asAccount(edge, "hubspot"), body: "{" }, 400],
  ]) {
    const ask = (origin) =>
      call(edge.origin, "POST", "/unified/crm/associations", {
        ...options,
        headers: { ...options.headers, ...(origin && { origin }) },
      });
    // A page of this machine's: the development key is taken from no other.
    const listed = await ask(PAGES[1]);
    assert.equal(listed.status, expected, listed.text);
    assert.equal(listed.headers.get("access-control-allow-origin"), PAGES[1]);
    assert.match(listed.headers.get("access-control-expose-headers"), /retry-after/);
    for (const origin of [HOSTILE[0], undefined]) {
      const other = await ask(origin);
      assert.equal(other.status, origin && options.headers.authorization ? 403 : expected);
      assertNoLeave(other.headers, origin);
      assert.match(other.headers.get("vary"), /\bOrigin\b/);
    }
  }
});

test("what a vendor says about browsers does not pass", async () => {
  const headers = {
    "access-control-allow-origin": "*",
    "access-control-allow-credentials": "true",
    "set-cookie": "a=b",
    vary: "*",
    location: "https://evil.example",
    "content-type": "application/json",
  };
  await edge.twin.fault({ vendor: "hubspot", status: 200, headers, body: {} });
  const answer = await call(edge.origin, "PUT", "/crm/v4/objects/contacts/1/associations/default/companies/2", {
    headers: { authorization: "Bearer twin-token", origin: HOSTILE[0] },
  });
  assert.equal(answer.status, 200);
  assertNoLeave(answer.headers, HOSTILE[0]);
  for (const name of ["set-cookie", "location"]) assert.equal(answer.headers.get(name), null);
  assert.equal(answer.headers.get("vary"), "Origin");
});

test("without a list no page may call", async () => {
  const closed = await startEdge({ vars: { CRMLINK_ALLOWED_ORIGINS: undefined } });
  try {
    for (const origin of [...PAGES, ...HOSTILE]) {
      const headers = { origin, "access-control-request-method": "POST" };
      const answer = await call(closed.origin, "OPTIONS", "/healthz", { headers });
      assert.equal(answer.status, 403);
      assertNoLeave(answer.headers, origin);
    }
  } finally {
    await closed.stop();
  }
});

function assertNoLeave(headers, origin) {
  for (const [name] of headers) {
    assert.ok(!name.startsWith("access-control-"), `${name} for ${origin}`);
  }
}
