// Idempotency keys: a write is carried out once, and whoever asks again hears what was answered, byte by byte.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";

import { ENCRYPTION_KEY, SAMPLES, variables } from "../../xtask/development.mjs";
import { asAccount, assertProblem, call } from "./calls.mjs";
import { startEdge, startProxy, startUpstream, startWorker } from "./harness.mjs";

const { deal, contact, company } = SAMPLES.hubspot;
const LINK = { entity: "opportunities", entity_id: deal, associations: { contacts: [{ id: contact }] } };
const UNIFIED = "/unified/crm/associations";
const DEFAULT = `/crm/v4/objects/contacts/${contact}/associations/default/companies/${company}`;
const FRIEND = "key-of-a-friend";

let edge;
before(async () => {
  const friend = { name: "friend", key: FRIEND, tenant: "default", scopes: ["read", "write"] };
  edge = await startEdge({ vars: { CRMLINK_KEYS: JSON.stringify([friend]) } });
});
after(() => edge?.stop());
beforeEach(() => edge.twin.reset());

let used = 0;
const newKey = () => `key_${(used += 1)}`;

/** A write under a key, at HubSpot where nothing else is said. */
function write(key, options = {}) {
  const { path = UNIFIED, method = "POST", vendor = "hubspot", headers, at = edge } = options;
  const body = "body" in options ? options.body : LINK;
  const own = { ...asAccount(edge, vendor), "idempotency-key": key, ...headers };
  return call(at.origin, method, path, { headers: own, body });
}

function assertReplay(answer, first) {
  assert.equal(answer.headers.get("idempotent-replayed"), "true", answer.text);
  assert.equal(answer.status, first.status);
  assert.ok(answer.text === first.text, `${answer.text.slice(0, 300)} is not ${first.text.slice(0, 300)}`);
  assert.equal(answer.headers.get("content-type"), first.headers.get("content-type"));
}

describe("a write with a key", () => {
  for (const [what, options, status] of [
    ["a link", {}, 201],
    ["links in lines", { path: `${UNIFIED}?truto_response_format=stream` }, 200],
    [
      "an upsert",
      {
        path: "/unified/crm/contacts/upsert",
        body: { first_name: "A", email_addresses: [{ email: "once@example.com" }] },
      },
      201,
    ],
    [
      "a batch",
      { path: "/unified/crm/contacts/upsert", body: [{ email_addresses: [{ email: "one@example.com" }] }] },
      201,
    ],
    ["a vendor's own path", { path: DEFAULT, method: "PUT", body: undefined }, 200],
    [
      "a vendor's create",
      {
        path: "/associations/",
        vendor: "leadconnector",
        headers: { version: "2021-07-28" },
        body: {
          locationId: SAMPLES.leadconnector.location,
          key: "once_only",
          firstObjectKey: "contact",
          firstObjectLabel: "One",
          secondObjectKey: "contact",
          secondObjectLabel: "Other",
        },
      },
      201,
    ],
  ]) {
    test(`${what}: the second call hears what the first one did`, async () => {
      const key = newKey();
      const first = await write(key, options);
      assert.equal(first.status, status, first.text);
      assert.equal(first.headers.get("idempotent-replayed"), null);
      const commits = edge.twin.commits();
      assert.equal(commits.length, 1, JSON.stringify(commits));
      for (const again of [key, `"${key}"`, key]) assertReplay(await write(again, options), first);
      assert.deepEqual(edge.twin.commits(), commits);
    });
  }

  test("runs: 409, and then the answer", async () => {
    let release;
    const held = new Promise((resume) => (release = resume));
    const slow = await startProxy(edge.twin.origin, () => held);
    const worker = await startWorker(variables({ twinOrigin: slow.origin }));
    try {
      for (const options of [{}, { path: DEFAULT, method: "PUT", body: undefined }]) {
        const key = newKey();
        const first = write(key, { ...options, at: worker });
        await until(() => slow.requests.length > 0);
        const second = await write(key, { ...options, at: worker });
        assert.equal(second.status, 409, second.text);
        assert.equal(second.headers.get("retry-after"), "1");
        const asked = slow.requests.length;
        release();
        const answer = await first;
        assert.ok(answer.status < 300, answer.text);
        assertReplay(await write(key, { ...options, at: worker }), answer);
        assert.ok(slow.requests.length >= asked);
      }
    } finally {
      await worker.stop();
      await slow.stop();
    }
  });

  test("is refused for another body, another query, and another version: 422", async () => {
    const key = newKey();
    assert.equal((await write(key)).status, 201);
    for (const other of [
      { body: { ...LINK, entity_id: "302" } },
      { body: `${JSON.stringify(LINK)} ` },
      { path: `${UNIFIED}?truto_response_format=raw` },
      { headers: { version: "2021-07-28" } },
    ]) {
      assertProblem(await write(key, other), 422, "invalid_input");
    }
    assert.equal(edge.twin.commits().length, 1);
  });

  test("is refused for a key that is none, and nothing is sent: 400", async () => {
    for (const key of ["a b", "a,b", "é".normalize("NFC"), "a/b", "", '""', "a".repeat(256), "../x", "a;b", "a\tb"]) {
      const headers = { "idempotency-key": Buffer.from(key).toString("latin1") };
      const answer = await write("x", { headers });
      if (key === "" && answer.status === 201) assert.fail("an empty key is none");
      assert.equal(assertProblem(answer, 400, "invalid_input").path, "idempotency-key");
    }
    assert.deepEqual(edge.twin.commits(), []);
  });

  test("is the caller's own, and the route's", async () => {
    const key = newKey();
    const own = await write(key);
    assert.equal(own.status, 201);
    const friends = await write(key, { headers: { authorization: `Bearer ${FRIEND}` } });
    assert.equal(friends.headers.get("idempotent-replayed"), null);
    assert.equal(friends.status, 201, friends.text);
    const removed = await write(key, { method: "DELETE" });
    assert.deepEqual([removed.status, removed.headers.get("idempotent-replayed")], [200, null], removed.text);
    assertReplay(await write(key), own);
    assert.deepEqual(
      edge.twin.commits().map(({ kind }) => kind),
      ["association.create", "association.remove"],
    );
    // Another account is another object.
    const there = await write(key, { vendor: "leadconnector", body: "{" });
    assert.equal(there.status, 400, there.text);
  });

  test("is kept only once something was begun", async () => {
    const key = newKey();
    assertProblem(await write(key, { body: { ...LINK, entity: "x" } }), 422, "invalid_input");
    assert.equal((await write(key)).status, 201, "what was refused before anything was sent is not kept");
    const limited = newKey();
    await edge.twin.fault({ vendor: "hubspot", status: 429, headers: { "retry-after": "0" }, body: {}, times: 3 });
    const refused = await write(limited, { body: { ...LINK, entity_id: "302" } });
    assert.equal(refused.status, 429, refused.text);
    await edge.calm("hubspot");
    const done = await write(limited, { body: { ...LINK, entity_id: "302" } });
    assert.deepEqual([done.status, done.headers.get("idempotent-replayed")], [201, null]);
    const own = newKey();
    const options = { path: DEFAULT, method: "PUT", body: undefined };
    await edge.twin.fault({ vendor: "hubspot", status: 429, body: {} });
    assert.equal((await write(own, options)).status, 429);
    assert.equal((await write(own, options)).status, 200);
  });

  test("keeps a failure that was more than a refusal", async () => {
    const key = newKey();
    const options = { path: DEFAULT, method: "PUT", body: undefined };
    await edge.twin.fault({ vendor: "hubspot", status: 500, body: { message: "no" }, commit: true });
    const first = await write(key, options);
    assert.equal(first.status, 500);
    assertReplay(await write(key, options), first);
    assert.equal(edge.twin.commits().length, 1);
  });

  test("means nothing to what only reads", async () => {
    const key = newKey();
    const list = () =>
      write(key, { method: "GET", path: `${UNIFIED}?entity=opportunities&entity_id=${deal}`, body: undefined });
    assert.equal((await list()).status, 200);
    await write(newKey());
    const after = await list();
    assert.equal(after.headers.get("idempotent-replayed"), null);
    assert.equal(after.json.associations.contacts.length, 1, after.text);
  });
});

test("an answer of several megabytes is kept whole, and sealed", async () => {
  const body = JSON.stringify({
    status: "COMPLETE",
    results: [{ text: "a canary of many colours. ".repeat(100_000) }],
  });
  const upstream = await startUpstream(() => ({ headers: { "content-type": "application/json" }, body }));
  const worker = await startWorker(variables({ twinOrigin: upstream.origin }));
  try {
    const key = newKey();
    const options = { path: DEFAULT, method: "PUT", body: undefined, at: worker };
    const first = await write(key, options);
    assert.ok(first.text === body, first.text.slice(0, 300));
    assertReplay(await write(key, options), first);
    assert.equal(upstream.requests.length, 1);
    const storage = await worker.storage(edge.accounts.hubspot);
    const pieces = await storage.exec("SELECT sealed FROM answer_pieces");
    assert.equal(pieces.length, 3);
    for (const { sealed } of pieces) assert.ok(!Buffer.from(sealed).includes("canary"));
    // A piece that is put in another's place is none.
    await storage.exec("UPDATE answer_pieces SET place = 9 - place");
    const swapped = await write(key, options);
    assert.equal(swapped.status, 503, swapped.text.slice(0, 200));
  } finally {
    await worker.stop();
    await upstream.stop();
  }
});

test("without an encryption key nothing is kept, and a write with a key is not sent", async () => {
  const worker = await startWorker({
    ...variables({ twinOrigin: edge.twin.origin }),
    CRMLINK_ENCRYPTION_KEY: undefined,
  });
  try {
    const answer = await write(newKey(), { at: worker });
    assert.match(assertProblem(answer, 503, "internal").detail, /CRMLINK_ENCRYPTION_KEY/);
    assert.deepEqual(edge.twin.commits(), []);
    assert.equal(
      (await call(worker.origin, "POST", UNIFIED, { headers: asAccount(edge, "hubspot"), body: LINK })).status,
      201,
    );
  } finally {
    await worker.stop();
  }
});

test("an answer is forgotten after a day, by the alarm", async () => {
  const key = newKey();
  assert.equal((await write(key)).status, 201);
  const storage = await edge.storage(edge.accounts.hubspot);
  const rows = () => storage.exec("SELECT key, until FROM answers ORDER BY until");
  const [{ until: last }] = (await rows()).filter((row) => row.key === key);
  assert.ok(Math.abs(last - Date.now() - 86_400_000) < 60_000, `${last}`);
  // A day passes for this key; the next one that is used sets the alarm.
  await storage.exec("UPDATE answers SET until = ? WHERE key = ?", Date.now() - 1, key);
  const anew = await write(key);
  assert.deepEqual([anew.status, anew.headers.get("idempotent-replayed")], [201, null]);
  // And it is forgotten when the alarm rings, whether or not anybody asks.
  await storage.exec("UPDATE answers SET until = ? WHERE key = ?", Date.now() + 700, key);
  const other = newKey();
  assert.equal((await write(other)).status, 201);
  await until(async () => !(await rows()).some((row) => row.key === key));
  assert.ok((await rows()).some((row) => row.key === other));
  const pieces = await storage.exec("SELECT key FROM answer_pieces WHERE key = ?", key);
  assert.deepEqual(pieces, []);
});

test("an answer outlives its object, and the key that sealed it as long as that key is known", async () => {
  const folder = mkdtempSync(join(tmpdir(), "crmlink-once-"));
  const vars = variables({ twinOrigin: edge.twin.origin });
  const fresh = `fresh:${Buffer.alloc(32, 7).toString("base64")}`;
  const key = newKey();
  try {
    let first;
    for (const keys of [{}, {}, { CRMLINK_ENCRYPTION_KEY: fresh, CRMLINK_OLD_ENCRYPTION_KEYS: ENCRYPTION_KEY }]) {
      const worker = await startWorker({ ...vars, ...keys }, { folder });
      try {
        const answer = await write(key, { at: worker });
        if (first) assertReplay(answer, first);
        first ??= answer;
      } finally {
        await worker.stop();
      }
    }
    assert.equal(edge.twin.commits().length, 1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a caller who goes away finds the answer when it comes back", async () => {
  const slow = await startProxy(edge.twin.origin, () => new Promise((resume) => setTimeout(resume, 600)));
  const worker = await startWorker(variables({ twinOrigin: slow.origin }));
  try {
    for (const options of [
      { path: DEFAULT, method: "PUT", body: undefined },
      {},
      { path: `${UNIFIED}?truto_response_format=stream`, body: { ...LINK, entity_id: "302" } },
    ]) {
      const key = newKey();
      const { path = UNIFIED, method = "POST", body = "body" in options ? undefined : LINK } = options;
      const before = edge.twin.commits().length;
      const gone = new AbortController();
      const headers = { ...asAccount(edge, "hubspot"), "idempotency-key": key, "content-type": "application/json" };
      const asked = fetch(worker.origin + path, {
        method,
        headers,
        body: body && JSON.stringify(body),
        signal: gone.signal,
      });
      setTimeout(() => gone.abort(), 200);
      await assert.rejects(asked);
      assert.equal(edge.twin.commits().length, before, "it is still under way");
      let answer;
      await until(async () => {
        answer = await write(key, { ...options, at: worker });
        return answer.status !== 409;
      });
      assert.ok(answer.status < 300, answer.text);
      assert.equal(answer.headers.get("idempotent-replayed"), "true", answer.text);
      assert.equal(edge.twin.commits().length, before + 1);
    }
  } finally {
    await worker.stop();
    await slow.stop();
  }
});

test("what broke off with its object is begun anew where it looks first, and told to be unknown elsewhere", async () => {
  const folder = mkdtempSync(join(tmpdir(), "crmlink-once-"));
  let broken = true;
  // The vendor carries it out, and its answer never comes.
  const upstream = await startProxy(
    edge.twin.origin,
    () => {},
    ({ method }) => (broken && method !== "GET" ? new Promise(() => {}) : undefined),
  );
  const create = {
    path: "/opportunities/upsert",
    vendor: "leadconnector",
    headers: { version: "2021-07-28" },
    body: {
      pipelineId: SAMPLES.leadconnector.pipeline,
      locationId: SAMPLES.leadconnector.location,
      contactId: SAMPLES.leadconnector.contact,
      name: "Broken off",
      status: "open",
    },
  };
  const vars = variables({ twinOrigin: upstream.origin });
  let worker = await startWorker(vars, { folder });
  try {
    const [unified, put, dialect, truto, upsert] = [newKey(), newKey(), newKey(), newKey(), newKey()];
    // What a second call does there is not documented.
    const undocumented = [
      [truto, { vendor: "truto" }],
      [
        upsert,
        {
          vendor: "leadconnector",
          path: "/unified/crm/opportunities/upsert",
          body: {
            name: "Broken off too",
            contacts: [{ id: "byMEV0NQinDhq8ZfiOi2" }],
            pipeline: { id: SAMPLES.leadconnector.pipeline },
          },
        },
      ],
    ];
    const puts = { path: DEFAULT, method: "PUT", body: undefined };
    for (const [key, options] of [[unified, {}], [put, puts], [dialect, create], ...undocumented]) {
      write(key, { ...options, at: worker }).catch(() => {});
    }
    await until(() => edge.twin.commits().length === 5);
    await worker.stop();
    broken = false;
    worker = await startWorker(vars, { folder });
    const linked = await write(unified, { at: worker });
    assert.equal(linked.status, 201, linked.text);
    assert.equal(linked.headers.get("idempotent-replayed"), null);
    assert.equal((await write(put, { ...puts, at: worker })).status, 200);
    const unknown = await write(dialect, { ...create, at: worker });
    assert.equal(unknown.status, 409, unknown.text);
    assert.equal(unknown.headers.get("x-crmlink-code"), "unknown_outcome");
    for (const [key, options] of undocumented) {
      const answer = await write(key, { ...options, at: worker });
      assert.equal(assertProblem(answer, 409, "unknown_outcome").reconcile, "look_first");
    }
    assert.equal(edge.twin.commits().length, 5, "nothing was written twice");
    assertReplay(await write(unified, { at: worker }), linked);
  } finally {
    await worker.stop();
    await upstream.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

async function until(done) {
  for (const end = Date.now() + 15_000; Date.now() < end;) {
    if (await done()) return;
    await new Promise((resume) => setTimeout(resume, 50));
  }
  assert.fail("it never happened");
}
