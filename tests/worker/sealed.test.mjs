// What the Worker keeps of an account is sealed, and bound to what it is and whose: whoever can write to the storage can
// take an account away, and nothing else.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { serveTwin } from "../../pkg/dist/twin.js";
import { ACCOUNTS, SAMPLES, VENDOR_TOKEN, variables } from "../../xtask/development.mjs";
import { asAccount, assertProblem, call, manage } from "./calls.mjs";
import { startEdge, startWorker } from "./harness.mjs";

const HUBSPOT = `/crm/v4/objects/contacts/${SAMPLES.hubspot.contact}/associations/default/companies/${SAMPLES.hubspot.company}`;
const SECRET = "a-token-that-stands-in-no-file";
const account = (id, token = VENDOR_TOKEN) => ({ id, vendor: "hubspot", credentials: { kind: "token", token } });

const make = async (edge, id, token) => {
  const answer = await manage(edge, "POST", "", account(id, token));
  assert.equal(answer.status, 201, answer.text);
};
const use = (edge, id) =>
  call(edge.origin, "PUT", HUBSPOT, { headers: asAccount({ ...edge, accounts: { id } }, "id") });
const isRefused = async (edge, id) => {
  const answer = await use(edge, id);
  assert.equal(answer.status, 503, answer.text);
  assert.match(answer.json.message, /CRMLINK_ENCRYPTION_KEY/);
  assertProblem(await manage(edge, "GET", `/${id}`), 503, "internal");
};

describe("what is stored", () => {
  let edge;
  before(async () => (edge = await startEdge()));
  after(() => edge?.stop());

  const row = async (id) => (await (await edge.storage(id)).exec("SELECT * FROM account"))[0];
  /** Changes the row behind the object's back. */
  const put = async (id, { vendor, version, sealed }) => {
    const storage = await edge.storage(id);
    await storage.exec("UPDATE account SET vendor = ?, version = ?, sealed = ?", vendor, version, sealed);
    await edge.evict(id);
  };

  test("is good as it is, before and after an eviction", async () => {
    await make(edge, "as-it-is");
    await put("as-it-is", await row("as-it-is"));
    assert.equal((await use(edge, "as-it-is")).status, 200);
  });

  test("is refused in the place of another account's", async () => {
    await make(edge, "one");
    await make(edge, "two");
    const [one, two] = [await row("one"), await row("two")];
    assert.equal(one.version, two.version);
    await put("one", two);
    await put("two", one);
    await isRefused(edge, "one");
    await isRefused(edge, "two");
    await put("one", one);
    assert.equal((await use(edge, "one")).status, 200, "and taken where it belongs");
  });

  test("is refused once there was a later one", async () => {
    await make(edge, "back");
    const older = await row("back");
    assert.equal((await manage(edge, "PATCH", "/back", { api_version: "v4" })).status, 200);
    const newer = await row("back");
    assert.equal(newer.version, older.version + 1);
    await put("back", older);
    await isRefused(edge, "back");
    // Called what it is not, it does not open either.
    await put("back", { ...older, version: newer.version });
    await isRefused(edge, "back");
    await put("back", newer);
    assert.equal((await use(edge, "back")).status, 200);
  });

  test("is refused once the account is deleted, also where another has its id", async () => {
    await make(edge, "gone");
    const old = await row("gone");
    assert.equal((await manage(edge, "DELETE", "/gone")).status, 204);
    const storage = await edge.storage("gone");
    await storage.exec("CREATE TABLE account (one INTEGER PRIMARY KEY, vendor TEXT, version INTEGER, sealed BLOB)");
    await storage.exec("INSERT INTO account VALUES (1, ?, ?, ?)", old.vendor, old.version, old.sealed);
    await edge.evict("gone");
    await isRefused(edge, "gone");
    assert.equal((await manage(edge, "DELETE", "/gone")).status, 204, "it can be deleted all the same");
    await make(edge, "gone");
    assert.ok((await row("gone")).version > old.version);
    await put("gone", old);
    await isRefused(edge, "gone");
  });

  test("is refused with a byte less, a byte more or another one, wherever it is", async () => {
    await make(edge, "bytes");
    const whole = await row("bytes");
    const bytes = new Uint8Array(whole.sealed);
    const changed = (place) => bytes.with(place, bytes.at(place) ^ 1);
    // The last sixteen are the tag.
    const cut = [1, 8, 16, 17].map((fewer) => bytes.slice(0, -fewer));
    const other = [0, 1, 2, 30, -17, -16, -1].map((place) => changed(place));
    for (const sealed of [...cut, ...other, new Uint8Array([...bytes, 0]), new Uint8Array()]) {
      await put("bytes", { ...whole, sealed: sealed.buffer });
      await isRefused(edge, "bytes");
    }
    await put("bytes", { ...whole, vendor: "leadconnector" });
    assertProblem(await manage(edge, "GET", "/bytes"), 503, "internal");
    await put("bytes", whole);
    assert.equal((await use(edge, "bytes")).status, 200);
  });
});

describe("the encryption key", () => {
  const key = (id, letter) => `${id}:${Buffer.alloc(32, letter).toString("base64")}`;
  const [A, B] = [key("a", "a"), key("b", "b")];
  let twin, folder;
  before(async () => {
    twin = await serveTwin({ port: 0 });
    folder = mkdtempSync(join(tmpdir(), "crmlink-sealed-"));
  });
  after(async () => {
    await twin?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Does some work with a Worker that has these keys, and always the same storage. */
  const withKeys = async (current, old, work) => {
    const own = { CRMLINK_ENCRYPTION_KEY: current, CRMLINK_OLD_ENCRYPTION_KEYS: old };
    const vars = variables({ twinOrigin: twin.origin });
    const worker = await startWorker({ ...vars, ...own }, { folder });
    try {
      return await work({ ...worker, key: vars.CRMLINK_KEY, adminKey: vars.CRMLINK_ADMIN_KEY });
    } finally {
      await worker.stop();
    }
  };
  const sealedBy = async (edge, id) => {
    const [{ sealed }] = await (await edge.storage(id)).exec("SELECT sealed FROM account");
    const bytes = new Uint8Array(sealed);
    return String.fromCharCode(...bytes.subarray(2, 2 + bytes[1]));
  };

  test("is needed: without one, nothing is kept and nothing that was kept is used", async () => {
    await withKeys(A, undefined, (edge) => make(edge, "kept"));
    for (const [current, old] of [
      [undefined, undefined],
      ["", undefined],
      ["a:too-short", undefined],
      [A, "b"],
    ]) {
      await withKeys(current, old, async (edge) => {
        const refused = assertProblem(await manage(edge, "POST", "", account("new")), 503, "internal");
        assert.match(refused.detail, /CRMLINK_ENCRYPTION_KEY/);
        await isRefused(edge, "kept");
        assertProblem(await manage(edge, "GET", "/never"), 404, "not_found");
        const fixed = asAccount({ key: edge.key, accounts: ACCOUNTS }, "hubspot");
        assert.equal((await call(edge.origin, "PUT", HUBSPOT, { headers: fixed })).status, 200);
      });
    }
  });

  test("of local development is taken there alone", async () => {
    const { CRMLINK_ENCRYPTION_KEY } = variables({ twinOrigin: twin.origin });
    const origins = JSON.stringify({ hubspot: twin.origin });
    const worker = await startWorker({
      CRMLINK_ADMIN_KEY: "a-real-key",
      CRMLINK_ENCRYPTION_KEY,
      CRMLINK_VENDOR_ORIGINS: origins,
    });
    try {
      const answer = await manage({ ...worker, adminKey: "a-real-key" }, "POST", "", account("new"));
      assert.match(assertProblem(answer, 503, "internal").detail, /development/);
    } finally {
      await worker.stop();
    }
  });

  test("can be replaced while all goes on: the old one opens, the new one seals", async () => {
    await withKeys(A, undefined, async (edge) => {
      await make(edge, "moved");
      await make(edge, "left");
      assert.equal(await sealedBy(edge, "moved"), "a");
    });
    await withKeys(B, A, async (edge) => {
      for (const id of ["moved", "left"]) assert.equal((await use(edge, id)).status, 200);
      assert.equal((await manage(edge, "PATCH", "/moved", {})).status, 200);
      assert.equal(await sealedBy(edge, "moved"), "b");
      assert.equal(await sealedBy(edge, "left"), "a");
    });
    await withKeys(B, undefined, async (edge) => {
      assert.equal((await use(edge, "moved")).status, 200);
      await isRefused(edge, "left");
    });
    // Another key under the old name is another key.
    await withKeys(B, key("a", "c"), (edge) => isRefused(edge, "left"));
  });

  test("is all that opens it: no file holds a token", async () => {
    await withKeys(A, undefined, (edge) => make(edge, "secret", SECRET));
    const files = readdirSync(folder, { recursive: true })
      .map((file) => join(folder, file))
      .filter((file) => statSync(file).isFile());
    assert.ok(files.some((file) => file.endsWith(".sqlite")));
    for (const file of files) assert.ok(!readFileSync(file).includes(SECRET), file);
  });
});
