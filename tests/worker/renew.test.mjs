// The token of an account: renewed once for all who wait, wherever they come from, and not lost when the machine is.

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, beforeEach, describe, test } from "node:test";

import { createTwin } from "../../pkg/dist/twin.js";
import { ADMIN_KEY, KEY, SAMPLES, variables } from "../../xtask/development.mjs";
import { assertProblem, call, manage } from "./calls.mjs";
import { startProxy, startWorker } from "./harness.mjs";

const CALLERS = 1000;
const FEWER = 200;
const APP = { client_id: "twin-app", client_secret: "twin-secret" };
const LINKS = {
  hubspot: { from: SAMPLES.hubspot.deal, to: SAMPLES.hubspot.contact },
  leadconnector: { from: SAMPLES.leadconnector.opportunity, to: SAMPLES.leadconnector.contact },
  salesforce: { from: SAMPLES.salesforce.opportunity, to: SAMPLES.salesforce.contact },
};
const OWN = `/crm/v4/objects/contacts/${SAMPLES.hubspot.contact}/associations/default/companies/${SAMPLES.hubspot.company}`;

let twin, proxy, before_, after_;
before(async () => {
  twin = createTwin();
  const isToken = ({ path }) => path.endsWith("/token") || path.endsWith("/locationToken");
  proxy = await startProxy(
    (path, init) => twin.fetch(proxy.origin + path, init),
    (request) => (isToken(request) ? before_(request) : undefined),
    (request, answer) => (isToken(request) ? after_(request, answer) : undefined),
  );
});
after(async () => {
  await proxy?.stop();
});
beforeEach(() => {
  twin.reset();
  before_ = after_ = () => {};
});

const start = (options) => startWorker(variables({ twinOrigin: proxy.origin }), options);
const tell = async (body) => {
  const response = await twin.fetch("/_twin/oauth", { method: "POST", body: JSON.stringify(body) });
  assert.equal(response.status, 200, await response.clone().text());
};
const ledger = async (vendor) => {
  const { calls } = await twin.fetch("/_twin/oauth").then((response) => response.json());
  return calls.filter((entry) => entry.vendor === vendor).map(({ asked, outcome }) => `${asked} ${outcome}`);
};
/** An account whose token is to be had by a refresh token alone. */
const make = async (worker, vendor, credentials = {}) => {
  const oauth = { kind: "oauth", ...APP, refresh_token: "twin-refresh", ...credentials };
  if (vendor === "leadconnector") oauth.location_id ??= SAMPLES.leadconnector.location;
  if (vendor === "salesforce") oauth.origin ??= proxy.origin;
  const answer = await manage({ origin: worker.origin, adminKey: ADMIN_KEY }, "POST", "", {
    id: vendor,
    vendor,
    credentials: oauth,
  });
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
};
/** A token that has ended, by the vendor's word alone. */
const ended = async (vendor) => {
  const path = { hubspot: "/oauth/v1/token", leadconnector: "/oauth/token", salesforce: "/services/oauth2/token" }[
    vendor
  ];
  const form = new URLSearchParams({ grant_type: "authorization_code", ...APP, code: "twin-code" });
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const response = await twin.fetch(path, { method: "POST", headers, body: `${form}` });
  const { access_token } = await response.json();
  await tell({ vendor, expire: true });
  return access_token;
};
const headers = (id) => ({ authorization: `Bearer ${KEY}`, "x-integrated-account-id": id });
const use = (origin, vendor) => {
  const { from, to } = LINKS[vendor];
  const body = { entity: "opportunities", entity_id: from, associations: { contacts: [{ id: to }] } };
  return call(origin, "POST", "/unified/crm/associations", { headers: headers(vendor), body });
};
const isFine = ({ status, text }) => assert.ok(status === 200 || status === 201, text);
const show = async (worker, id) => (await manage({ origin: worker.origin, adminKey: ADMIN_KEY }, "GET", `/${id}`)).json;

describe("one renewal for all", () => {
  let worker;
  before(async () => (worker = await start({ isolates: 3 })));
  after(() => worker?.stop());

  // By the clock, and by the vendor's word.
  const ends = {
    "when the token has ended": [CALLERS, () => ({ access_token: "twin-ended", expires_at: Date.now() - 1000 })],
    "when the vendor refuses the token": [FEWER, async (vendor) => ({ access_token: await ended(vendor) })],
    "when there never was a token": [FEWER, () => ({})],
  };
  for (const [end, [callers, credentials]] of Object.entries(ends)) {
    for (const vendor of Object.keys(LINKS)) {
      test(`${vendor}: ${callers} callers in three isolates, ${end}: one token call, and no error`, async () => {
        await make(worker, vendor, await credentials(vendor));
        before_ = () => wait(300);
        const answers = await Promise.all(
          Array.from({ length: callers }, (_, number) => use(worker.origins[number % worker.origins.length], vendor)),
        );
        const statuses = Object.groupBy(answers, ({ status }) => status);
        const counted = Object.fromEntries(Object.entries(statuses).map(([status, { length }]) => [status, length]));
        const fine = (counted[200] ?? 0) + (counted[201] ?? 0);
        assert.equal(fine, callers, JSON.stringify(counted));
        const calls = (await ledger(vendor)).filter((entry) => !entry.startsWith("authorization_code"));
        assert.deepEqual(calls, ["refresh_token minted"]);
        await manage({ origin: worker.origin, adminKey: ADMIN_KEY }, "DELETE", `/${vendor}`);
      });
    }
  }
});

describe("a token", () => {
  let worker;
  before(async () => (worker = await start()));
  after(() => worker?.stop());
  const fresh = async (vendor, credentials) => {
    await manage({ origin: worker.origin, adminKey: ADMIN_KEY }, "DELETE", `/${vendor}`);
    twin.reset();
    return make(worker, vendor, credentials);
  };

  test("that the vendor refuses is renewed, and what was refused is sent once more, also on the vendor's own path", async () => {
    const put = () => call(worker.origin, "PUT", OWN, { headers: headers("hubspot") });
    await fresh("hubspot", { access_token: "twin-refused" });
    isFine(await put());
    assert.equal((await ledger("hubspot")).length, 1);
    // One that was had just now and is refused all the same: no other would be better.
    await tell({ vendor: "hubspot", expire: true });
    for (const answer of [await put(), await put()]) assert.equal(answer.status, 401, answer.text);
    assertProblem(await use(worker.origin, "hubspot"), 401, "unauthenticated");
    assert.equal((await ledger("hubspot")).length, 1, "no loop");
  });

  test("is renewed before it ends, without a call that fails", async () => {
    await fresh("hubspot");
    await tell({ vendor: "hubspot", expires_in: 60 });
    isFine(await use(worker.origin, "hubspot"));
    await tell({ vendor: "hubspot", expires_in: 1800 });
    const refused = [];
    isFine(await use(worker.origin, "hubspot"));
    assert.deepEqual(refused, []);
    assert.ok((await show(worker, "hubspot")).renews_at > new Date().toISOString());
  });

  test("whose grant is gone: one token call, the same error for all, and the account says so", async () => {
    await fresh("salesforce");
    await tell({ vendor: "salesforce", revoke: true });
    const answers = await Promise.all(Array.from({ length: 50 }, () => use(worker.origin, "salesforce")));
    for (const answer of answers) {
      const problem = assertProblem(answer, 401, "unauthenticated");
      assert.equal(problem.reason, "reauthenticate");
    }
    assert.equal((await ledger("salesforce")).length, 1);
    assert.equal((await show(worker, "salesforce")).state, "reauthenticate");
    // It is told again without another call, also by the next object.
    await worker.evict("salesforce");
    assertProblem(await use(worker.origin, "salesforce"), 401, "unauthenticated");
    assert.equal((await ledger("salesforce")).length, 1);
    // New credentials set it right.
    await tell({ vendor: "salesforce", rotate: true });
    twin.reset();
    const credentials = { kind: "oauth", ...APP, refresh_token: "twin-refresh", origin: proxy.origin };
    const changed = await manage({ origin: worker.origin, adminKey: ADMIN_KEY }, "PATCH", "/salesforce", {
      credentials,
    });
    assert.equal(changed.json.state, "ready", changed.text);
    isFine(await use(worker.origin, "salesforce"));
  });

  test("is had without a refresh token: JWT Bearer, signed by the runtime, and Client Credentials", async () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const private_key = privateKey.export({ type: "pkcs8", format: "pem" });
    const client = { client_id: APP.client_id, origin: proxy.origin };
    for (const [kind, credentials] of [
      ["jwt_bearer", { username: "twin@example.test", audience: "https://login.salesforce.com", private_key }],
      ["client_credentials", { client_secret: APP.client_secret }],
    ]) {
      await manage({ origin: worker.origin, adminKey: ADMIN_KEY }, "DELETE", "/salesforce");
      twin.reset();
      const body = { id: "salesforce", vendor: "salesforce", credentials: { kind, ...client, ...credentials } };
      const made = await manage({ origin: worker.origin, adminKey: ADMIN_KEY }, "POST", "", body);
      assert.deepEqual([made.status, made.json.kind], [201, kind], made.text);
      isFine(await use(worker.origin, "salesforce"));
      const [asked, ...more] = await ledger("salesforce");
      assert.match(asked, kind === "jwt_bearer" ? /jwt-bearer minted$/ : /^client_credentials minted$/);
      assert.deepEqual(more, []);
    }
  });

  test("of a deleted account is revoked where the vendor has that", async () => {
    await fresh("salesforce");
    const { status } = await manage({ origin: worker.origin, adminKey: ADMIN_KEY }, "DELETE", "/salesforce");
    assert.equal(status, 204);
    assert.deepEqual(await ledger("salesforce"), ["revoke minted"]);
  });
});

test("a grant that nobody uses is kept alive: its token is renewed a week after it ended, without a call", async () => {
  const folder = mkdtempSync(join(tmpdir(), "crmlink-idle-"));
  const day = 24 * 60 * 60 * 1000;
  let worker = await start({ folder });
  try {
    await make(worker, "hubspot", { access_token: "twin-idle", expires_at: Date.now() - 8 * day });
    await worker.stop();
    ringNow(folder);
    worker = await start({ folder });
    for (const end = Date.now() + 10_000; (await ledger("hubspot")).length === 0 && Date.now() < end;) await wait(50);
    assert.deepEqual(await ledger("hubspot"), ["refresh_token minted"]);
    await wait(100);
    const next = alarmOf(folder) - Date.now();
    assert.ok(next > 6 * day && next < 8 * day, `the next look is in ${next / day} days`);
    assert.ok(Date.parse((await show(worker, "hubspot")).renews_at) > Date.now());
  } finally {
    await worker.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Sets all alarms to now: in the object's own storage, and where the runtime keeps them. In nanoseconds. */
function ringNow(folder) {
  const now = BigInt(Date.now()) * 1_000_000n;
  for (const file of databases(folder)) {
    const database = new DatabaseSync(file);
    const has = (name) => database.prepare("SELECT 1 FROM sqlite_master WHERE name = ?").get(name);
    if (has("_cf_METADATA")) database.prepare("UPDATE _cf_METADATA SET value = ? WHERE key = 1").run(now);
    if (has("_cf_ALARM")) database.prepare("UPDATE _cf_ALARM SET scheduled_time = ?").run(now);
    database.close();
  }
}

/** When the one alarm that there is will ring, in milliseconds. */
function alarmOf(folder) {
  for (const file of databases(folder)) {
    const database = new DatabaseSync(file, { readOnly: true });
    const named = database.prepare("SELECT 1 FROM sqlite_master WHERE name = '_cf_ALARM'").get();
    const row = named && database.prepare("SELECT scheduled_time / 1000000 AS millis FROM _cf_ALARM").get();
    database.close();
    if (row) return row.millis;
  }
  return NaN;
}

function databases(folder) {
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(".sqlite"));
  return files.map((file) => join(folder, file));
}

describe("a machine that dies in the middle of a renewal", () => {
  let folder;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "crmlink-renew-"))));
  const clean = () => rmSync(folder, { recursive: true, force: true });

  // Where it dies, and whether the vendor lets an account live on whose new refresh token was lost.
  const places = {
    "before the vendor hears of it": (die) => (before_ = () => die().then(() => false)),
    "after the vendor has made new tokens": (die) => (after_ = () => die().then(() => false)),
    "once the new tokens are on their way": (die) => (after_ = () => void setTimeout(die, 0)),
    "a moment later": (die) => (after_ = () => void setTimeout(die, 5)),
    "when they may be stored": (die) => (after_ = () => void setTimeout(die, 15)),
  };
  for (const [place, at] of Object.entries(places)) {
    for (const vendor of Object.keys(LINKS)) {
      test(`${vendor}, ${place}: the account works afterwards, or says what is to be done`, async () => {
        let worker = await start({ folder });
        let dead = false;
        try {
          await make(
            worker,
            vendor,
            vendor === "leadconnector" ? { agency_token: "twin-agency", company_id: "twin-company" } : {},
          );
          const dying = new Promise((resolve) => {
            at(async () => {
              if (dead) return;
              dead = true;
              await worker.stop();
              resolve();
            });
          });
          const asked = use(worker.origin, vendor).catch(() => undefined);
          await Promise.race([dying, wait(10_000)]);
          await asked;
          assert.ok(dead, "it died");
          before_ = after_ = () => {};
          worker = await start({ folder });
          const answer = await use(worker.origin, vendor);
          const calls = await ledger(vendor);
          if (answer.status === 401) {
            // Salesforce: a lost answer may have held the only good refresh token, and a second use revokes all.
            assert.equal(vendor, "salesforce", answer.text);
            assert.equal(answer.json.reason, "reauthenticate");
            assert.ok(calls.length <= 1, "nothing was sent a second time");
          } else {
            isFine(answer);
          }
        } finally {
          await worker.stop();
          clean();
        }
      });
    }
  }
});

const wait = (millis) => new Promise((resume) => setTimeout(resume, millis));
