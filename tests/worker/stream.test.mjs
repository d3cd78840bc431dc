// truto_response_format=stream: a line for each finished batch as it comes, and a last one that says how it ended. And what
// is begun is carried out, whether or not anybody waits for the answer.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";

import { ACCOUNTS, variables } from "../../xtask/development.mjs";
import { assertProblem, call } from "./calls.mjs";
import { startUpstream, startWorker } from "./harness.mjs";

const KEY = "the-key-of-this-test";
const PATH = "/unified/crm/associations";
const STREAM = "truto_response_format=stream";

let upstream, worker, answer;
before(async () => {
  upstream = await startUpstream((request) => answer(request));
  worker = await startWorker({ ...variables({ twinOrigin: upstream.origin }), CRMLINK_KEY: KEY });
});
after(async () => {
  await worker?.stop();
  await upstream?.stop();
});
beforeEach(() => {
  upstream.requests.length = 0;
  answer = leadconnector();
});

const headers = (vendor = "leadconnector") => ({
  authorization: `Bearer ${KEY}`,
  "x-integrated-account-id": ACCOUNTS[vendor],
});
const deal = (...ids) => ({
  entity: "opportunities",
  entity_id: "o1",
  associations: { contacts: ids.map((id) => ({ id })) },
});

/** A vendor that makes relations, each after its own while; those that `refuse` names it does not make. */
function leadconnector({ wait = () => 0, refuse = [] } = {}) {
  return async ({ method, path, body }) => {
    if (method === "GET" && path.startsWith("/associations/relations")) {
      return { status: 200, body: JSON.stringify({ relations: [], total: 0 }) };
    }
    if (method === "GET") {
      const definition = { id: "d1", firstObjectKey: "opportunity", secondObjectKey: "contact" };
      return { status: 200, body: JSON.stringify(definition) };
    }
    const relation = JSON.parse(body);
    await new Promise((resolve) => setTimeout(resolve, wait(relation.secondRecordId)));
    if (refuse.includes(relation.secondRecordId)) {
      return {
        status: 404,
        body: JSON.stringify({ statusCode: 404, message: "Record not found", error: "Not Found" }),
      };
    }
    return { status: 201, body: JSON.stringify({ id: `r-${relation.secondRecordId}`, ...relation }) };
  };
}

/** Reads line by line: each with the time at which it came. */
async function read(response) {
  const lines = [];
  let rest = "";
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const [...whole] = (rest + chunk).split("\n");
    rest = whole.pop();
    lines.push(...whole.map((line) => ({ at: Date.now(), ...JSON.parse(line) })));
  }
  assert.equal(rest, "", "the last line ends");
  return lines;
}

function stream(body, query = "", signal) {
  return fetch(`${worker.origin}${PATH}?${STREAM}${query}`, {
    method: "POST",
    headers: { ...headers(), "content-type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });
}

describe("a stream", () => {
  test("tells each link once, as it comes, and says in the end how it was", async () => {
    answer = leadconnector({ wait: (id) => 300 * Number(id.slice(1)), refuse: ["c2"] });
    const response = await stream(deal("c3", "c1", "c2", ".."));
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), "application/x-ndjson");
    const lines = await read(response);
    const last = lines.pop();

    assert.ok(lines.every(({ status }) => status === undefined));
    const seen = [...lines, last].flatMap(({ at, links }) => links.map((link) => ({ at, ...link })));
    const told = seen.filter(({ to }) => to.id !== "..");
    assert.deepEqual(
      told.map(({ to, outcome }) => [to.id, outcome]),
      [
        ["c1", "linked"],
        ["c2", "not_linked"],
        ["c3", "linked"],
      ],
    );
    const [first, second, third] = told.map(({ at }) => at);
    assert.ok(second - first > 150 && third - second > 150, `${[first, second, third]}: they come one by one`);
    // What was never tried is told when it is known, at the latest in the end.
    assert.deepEqual(
      seen.filter(({ to }) => to.id === "..").map(({ outcome, reason }) => [outcome, reason.code]),
      [["not_linked", "invalid_id"]],
    );

    assert.deepEqual([last.status, last.entity, last.entity_id], [207, "opportunities", "o1"]);
    assert.deepEqual(last.counts, { linked: 2, not_linked: 2 });
    assert.ok(last.remote_data.length > 0);
  });

  test("of many links adds up", async () => {
    const ids = Array.from({ length: 40 }, (_, number) => `c${number}`);
    answer = leadconnector({ refuse: ["c7", "c33"] });
    const lines = await read(await stream(deal(...ids)));
    const last = lines.pop();
    const told = [...lines.flatMap(({ links }) => links), ...last.links];
    assert.deepEqual(told.map(({ to }) => to.id).sort(), [...ids].sort());
    assert.deepEqual(last.counts, { linked: 38, not_linked: 2 });
  });

  test("leaves out what it is told to", async () => {
    const whole = await read(await stream(deal("c1"), "&truto_exclude_fields[]=links&truto_ignore_remote_data=true"));
    assert.equal(whole.length, 1);
    assert.deepEqual([whole[0].status, whole[0].counts], [201, { linked: 1 }]);
    assert.ok(!("links" in whole[0]) && !("remote_data" in whole[0]));
  });

  test("in which nothing succeeds ends with the problem", async () => {
    answer = leadconnector({ refuse: ["c1", "c2"] });
    const lines = await read(await stream(deal("c1", "c2")));
    const last = lines.pop();
    assert.equal(lines.flatMap(({ links }) => links).length, 2);
    assert.deepEqual([last.status, last.code, last.counts], [404, "not_found", { not_linked: 2 }]);
    assert.equal(last.truto_is_remote_error, true);
  });

  test("that has not begun is an ordinary problem", async () => {
    const ask = (options) => call(worker.origin, "POST", `${PATH}?${STREAM}`, options);
    assertProblem(await ask({ body: deal("c1") }), 401, "unauthenticated");
    assertProblem(await ask({ headers: headers(), body: deal("..") }), 422, "invalid_id");
    assertProblem(await ask({ headers: headers(), body: "{" }), 400, "invalid_input");
  });

  test("of what has no batches is one line, with its own status", async () => {
    const lists = { associations: [], total: 0 };
    answer = () => ({ status: 200, body: JSON.stringify(lists) });
    const {
      status,
      text,
      headers: got,
    } = await call(worker.origin, "GET", `/unified/crm/association-types?${STREAM}`, { headers: headers() });
    if (status === 422) return; // The table has no such verb yet.
    assert.deepEqual([status, got.get("content-type")], [200, "application/x-ndjson"], text);
    assert.equal(text.trimEnd().split("\n").length, 1);
    assert.deepEqual(JSON.parse(text).status, 200);
  });
});

// The local runtime lets a call that answers at once run on when its caller has gone, Cloudflare only with `waitUntil`: these
// show that it is carried out, not that it would not be without.
describe("a caller who goes away", () => {
  const ids = Array.from({ length: 9 }, (_, number) => `c${number}`);
  const written = () => upstream.requests.filter(({ method }) => method === "POST").length;

  test("in the middle of a stream leaves nothing half done", async () => {
    answer = leadconnector({ wait: (id) => (id === "c0" ? 0 : 400) });
    const controller = new AbortController();
    const response = await stream(deal(...ids), "", controller.signal);
    await response.body.getReader().read();
    assert.ok(written() < ids.length, "some are still to come");
    controller.abort();
    await until(() => written() === ids.length);
  });

  test("before there is an answer leaves nothing half done either", async () => {
    answer = leadconnector({ wait: () => 400 });
    const controller = new AbortController();
    const asked = fetch(worker.origin + PATH, {
      method: "POST",
      headers: { ...headers(), "content-type": "application/json" },
      body: JSON.stringify(deal(...ids)),
      signal: controller.signal,
    });
    await until(() => written() > 0);
    assert.ok(written() < ids.length);
    controller.abort();
    await assert.rejects(asked);
    await until(() => written() === ids.length);
  });
});

async function until(holds) {
  const end = Date.now() + 10_000;
  while (!holds()) {
    assert.ok(Date.now() < end, "it never happens");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
