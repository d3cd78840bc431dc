// What only a real connection shows: `connect` with the runtime's own fetch, against servers on loopback.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";

import { connect } from "../../pkg/dist/index.js";
import { serveTwin } from "../../pkg/dist/twin.js";
import { assertError } from "./cases.mjs";
import { VENDORS, outcomes } from "./samples.mjs";

const { link: LINK, options: OPTIONS } = VENDORS.hubspot;
const ENDPOINT = { method: "GET", url: "/", headers: {} };

test("links at the simulators' server", async () => {
  const server = await serveTwin({ port: 0 });
  try {
    for (const [vendor, { options, link }] of Object.entries(VENDORS)) {
      const receipt = await connect(vendor, { ...options, origin: server.origin }).associations.create(link);
      assert.ok(outcomes(receipt).every((outcome) => outcome === "linked"));
    }
    assert.equal(new Set(server.twin.commits().map(({ vendor }) => vendor)).size, 4);
  } finally {
    await server.close();
  }
});

test("a redirect is not followed, and is no success", async () => {
  const asked = [];
  const server = await serve((request, response) => {
    asked.push(request.url);
    response.writeHead(307, { location: "/elsewhere" }).end();
  });
  try {
    const { links } = await connect("hubspot", { ...OPTIONS, origin: server.origin }).associations.create(LINK);
    for (const { outcome, reason } of links) {
      assert.deepEqual([outcome, reason.code, reason.status], ["unknown", "unexpected_response", 307]);
    }
    assert.ok(asked.length > 0 && !asked.includes("/elsewhere"));
  } finally {
    await server.stop();
  }
});

test("a server that is not there: nothing was sent", async () => {
  const server = await serve(() => {});
  await server.stop();
  const request = { ...ENDPOINT, url: `${server.origin}/` };
  const refused = { code: "vendor_unavailable", sent: "no", retryable: true };
  await assert.rejects(connect("hubspot", {}).send(request), (error) => (assertError(error, refused), true));
});

test("a connection that breaks: it may have been sent", async () => {
  const server = await serve((request) => request.socket.destroy());
  try {
    const request = { ...ENDPOINT, url: `${server.origin}/` };
    const broken = { code: "vendor_unavailable", sent: "maybe", retryable: true };
    await assert.rejects(connect("hubspot", {}).send(request), (error) => (assertError(error, broken), true));
  } finally {
    await server.stop();
  }
});

for (const [what, answer] of [
  ["silence", () => {}],
  ["headers without a body", (_, response) => response.writeHead(200, { "content-length": "2" }).flushHeaders()],
  ["a body that never ends", (_, response) => response.writeHead(200).write("{")],
]) {
  test(`${what} is a timeout`, async () => {
    const server = await serve(answer);
    try {
      const request = { ...ENDPOINT, url: `${server.origin}/` };
      const silent = { code: "timeout", sent: "maybe", retryable: true };
      const connection = connect("hubspot", { timeout: 50 });
      await assert.rejects(connection.send(request), (error) => (assertError(error, silent), true));
    } finally {
      await server.stop();
    }
  });
}

test("cancelling ends a request that is on its way", async () => {
  const cancel = new AbortController();
  const server = await serve(() => cancel.abort());
  try {
    const request = { ...ENDPOINT, url: `${server.origin}/` };
    const aborted = { code: "aborted", sent: "maybe", retryable: false };
    const connection = connect("hubspot", { signal: cancel.signal });
    await assert.rejects(connection.send(request), (error) => (assertError(error, aborted), true));
  } finally {
    await server.stop();
  }
});

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
