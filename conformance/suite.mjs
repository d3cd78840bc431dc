// Runs the rows against a client.

import { setTimeout as sleep } from "node:timers/promises";

import { judge } from "./judge.mjs";
import { ROWS } from "./rows.mjs";
import { keyOf, NOBODY, startVendor } from "./vendor.mjs";

/** What the operations are asked for: records that the simulators have, and such that they have not yet. */
export const SAMPLES = {
  hubspot: {
    P: () => ({ contact: "101", company: "201" }),
    U: (n = 0) => ({ email: `ada${n}@example.com`, firstName: "Ada" }),
    C: () => ({ name: "Analytical Engines", domain: "engines.example.com" }),
    L: () => ({ contact: "101" }),
    B: () => ({ deal: "301", contacts: ["101", "999999", "102"] }),
    V: (amount = 250) => ({ name: "An engine", amount }),
    I: (id = "102") => ({ id, company: "201" }),
  },
  leadconnector: {
    P: () => ({ ...LOCATION, contact: "ocQHyuzHvysMo5N5VsXc", business: "63771dcac1116f0e21de8e12" }),
    U: (n = 0) => ({ ...LOCATION, ...DEAL, contact: CONTACTS[n % 3], name: `An engine ${n}` }),
    C: () => ({ ...LOCATION, name: "Analytical Engines" }),
    V: (amount = 250) => ({ ...LOCATION, ...DEAL, contact: CONTACTS[0], name: "An engine", amount }),
    I: (id = CONTACTS[1]) => ({ ...LOCATION, id, business: "63771dcac1116f0e21de8e12" }),
  },
  salesforce: {
    P: () => ({ opportunity: "0065e00000DealBAAR", account: "0015e00000AcmeAAAR" }),
    U: (n = 0) => ({ field: "Engine__c", value: `engine-${n}`, lastName: "Lovelace" }),
    C: () => ({ opportunity: "0065e00000DealAAAR", contact: "0035e00000AnnaAAAR" }),
    B: () => ({
      opportunity: "0065e00000DealAAAR",
      contacts: ["0035e00000AnnaAAAR", "0035e00000ZnnaAAAR", "0035e00000BertBAAR"],
    }),
    V: (amount = 250) => ({ field: "Engine__c", value: "engine-v", name: "An engine", stage: "Prospecting", amount }),
    I: (id = "0065e00000DealBAAR") => ({ id, account: "0015e00000AcmeAAAR" }),
  },
};

const LOCATION = { location: "CLu7BaljjqrEjBGKTNNe" };
const DEAL = { pipeline: "bCkKGpDsyPP4peuKowkG" };
const CONTACTS = ["ocQHyuzHvysMo5N5VsXc", "sx6wyHhbFdRXh302Lunr", "byMEV0NQinDhq8ZfiOi2"];

/**
 * Judges a client by the rows.
 *
 * @param {object} adapter see README.md
 * @param {object} [options]
 * @param {(id: string) => boolean} [options.rows] those that are run; all by default
 * @param {number} [options.patience] how long one answer may take, in milliseconds: clients are told so where they can be
 * @param {number} [options.deadline] how long a whole operation may take
 * @param {number} [options.abreast] how many cases run side by side
 * @returns {Promise<{ row: string, case: string, vendor: string, class: string, verdict: string, word?: string, wrong?: boolean, detail?: string }[]>}
 */
export async function judgeClient(adapter, { rows = () => true, patience = 1500, deadline = 8000, abreast = 24 } = {}) {
  const limits = { patience, deadline: Math.max(deadline, adapter.deadline ?? 0) };
  await adapter.start?.();
  const healthy = await known(adapter, limits);
  const tasks = ROWS.filter(({ id }) => rows(id)).flatMap((row) => tasksOf(row, adapter, healthy));
  const results = new Array(tasks.length);
  const watch = crashes();
  const work = async (index) => {
    const { row, found, vendor, kind, inapplicable } = tasks[index];
    const base = { row: row.id, case: found.name, vendor, class: kind };
    if (inapplicable) results[index] = { ...base, verdict: "n/a", detail: inapplicable };
    else {
      const attempted = () => attempt({ adapter, vendor, kind, found, limits, healthy, watch });
      results[index] = { ...base, ...(await watch.during(index, attempted)) };
    }
  };
  const indexes = [...tasks.keys()];
  try {
    await pool(
      indexes.filter((index) => !tasks[index].row.alone),
      abreast,
      work,
    );
    // These weigh on the machine, which the others' times would suffer from.
    await pool(
      indexes.filter((index) => tasks[index].row.alone),
      1,
      work,
    );
    // Whose error it was that nobody could catch is seen when each of those is alone.
    await pool(watch.suspects(), 1, work);
  } finally {
    watch.end();
    await adapter.stop?.();
  }
  return results;
}

/** Errors that no caller can catch: they would end the process. */
function crashes() {
  const running = new Set();
  const suspects = new Set();
  let last;
  const onError = (error) => {
    last = error;
    for (const index of running) suspects.add(index);
  };
  process.on("uncaughtException", onError);
  return {
    async during(index, act) {
      running.add(index);
      try {
        return await act();
      } finally {
        running.delete(index);
      }
    },
    suspects: () => [...suspects],
    /** What came since, where one case runs alone. */
    take() {
      const found = running.size === 1 ? last : undefined;
      last = undefined;
      return found;
    },
    end: () => process.off("uncaughtException", onError),
  };
}

/** What each operation does at a vendor that is well: what it writes, by which requests, under which paths. */
async function known(adapter, limits) {
  const found = new Map();
  for (const name of Object.keys(adapter.vendors)) {
    const { operations } = adapter.vendors[name]({ origin: "http://127.0.0.1:9", token: "none", ...limits });
    for (const kind of Object.keys(operations).filter((kind) => SAMPLES[name][kind])) {
      const token = adapter.token ?? "canary";
      const vendor = await startVendor({ name, token });
      try {
        const client = adapter.vendors[name]({ origin: vendor.origin, token, ...limits });
        const { outcome, detail } = await client.operations[kind](SAMPLES[name][kind]());
        if (outcome !== (kind === "B" ? "partial" : "done")) {
          throw new Error(
            `${adapter.name}, ${name}: operation ${kind} does not work without faults: ${outcome} ${detail}`,
          );
        }
        const writes = new Set(vendor.calls.filter(({ wrote }) => wrote).map(keyOf));
        found.set(`${name} ${kind}`, {
          writes,
          wanted: vendor.commits(),
          shapes: vendor.calls.map((call) => shapeOf(call, SAMPLES[name].I?.().id)),
        });
      } finally {
        await vendor.close();
      }
    }
  }
  return found;
}

function tasksOf(row, adapter, healthy) {
  const tasks = [];
  for (const found of row.cases) {
    for (const name of Object.keys(adapter.vendors)) {
      for (const kind of found.classes) {
        const task = { row, found, vendor: name, kind };
        if (found.vendors && !found.vendors.includes(name)) continue;
        if (found.except.includes(`${name} ${kind}`) || !SAMPLES[name][kind]) continue;
        if (!healthy.has(`${name} ${kind}`)) tasks.push({ ...task, inapplicable: "no such operation" });
        else if (adapter.inapplicable?.[row.id]) tasks.push({ ...task, inapplicable: adapter.inapplicable[row.id] });
        else if (row.needs && !adapter[row.needs]?.includes(name))
          tasks.push({ ...task, inapplicable: `no ${row.needs}` });
        else tasks.push(task);
      }
    }
  }
  return tasks;
}

async function attempt({ adapter, vendor: name, kind, found, limits, healthy, watch }) {
  watch.take();
  const { writes, wanted, shapes } = healthy.get(`${name} ${kind}`);
  const deadline = Math.max(found.deadline ?? 0, limits.deadline);
  const token = adapter.token ?? `canary-${Math.random().toString(36).slice(2)}`;
  const most = found.most ?? Math.max(60, 5 * (found.crowd ?? 1));
  const vendor = await startVendor({ ...found, name, writes, token, most });
  try {
    const origin = found.run === "nobody" ? NOBODY : vendor.origin;
    const credentials = found.grant && credentialsAt(vendor, found.grant);
    // Short only where an answer does not come: elsewhere a busy machine must not look like a silent vendor.
    const patience = found.short ? limits.patience : Math.max(limits.patience, found.crowd ? 12_000 : 5000);
    const client = adapter.vendors[name]({ patience, deadline, origin, token, ...(credentials && { credentials }) });
    const sample = SAMPLES[name][kind];
    // A whole operation may end a moment late, and no later.
    const ask = (input) => within(deadline + 250, () => client.operations[kind](input));

    const crowd = found.crowd ?? 1;
    const outcomes = await Promise.all(
      Array.from({ length: crowd }, (_, n) =>
        ask(found.value ? sample(found.value()) : crowd > 1 ? sample(n) : sample()),
      ),
    );
    const seen = {
      token,
      deadline,
      outcomes,
      asks: crowd,
      tokenCalls: vendor.tokens.calls,
      calls: [...vendor.calls],
      soon: found.script[0]?.soon,
    };
    if (found.run === "twice") {
      const before = [vendor.calls.length, vendor.tokens.calls];
      outcomes.push(await ask(sample()));
      seen.further = vendor.calls.length - before[0];
      seen.furtherRenewals = vendor.tokens.calls - before[1];
    }
    // What a client sends after its last word counts too.
    await sleep(found.after ?? 50);
    seen.calls = found.run === "twice" ? seen.calls : [...vendor.calls];
    seen.strayed = [...vendor.strayed];
    seen.commits = vendor.commits();
    seen.wanted = crowd === 1 ? wanted : [...new Set(seen.commits)];
    seen.each = wanted.length;
    seen.most = Math.max(0, ...countsOf(seen.calls.map(keyOf)));
    seen.runaway = vendor.calls.length > most;
    seen.distinct = new Set(seen.calls.map((call) => `${keyOf(call)} ${call.body}`)).size;
    seen.escapes = kind === "I" ? seen.calls.filter((call) => !leadsTo(call, found.value(), shapes)).map(keyOf) : [];
    seen.truth = (sample().contacts ?? []).map((id) => seen.commits.some((commit) => commit.includes(id)));
    seen.alive = await isAlive({ found, vendor, client, name, outcomes });
    seen.crash = watch.take();
    return judge({ required: found, vendor: name, kind, seen });
  } finally {
    await vendor.close();
    // What a client makes of that is no part of the row.
    await sleep(50);
  }
}

/** Whether the client does its work afterwards. */
async function isAlive({ found, vendor, client, name, outcomes }) {
  if (!found.alive || outcomes.some(({ outcome }) => outcome === "hang")) return undefined;
  vendor.heal();
  const kind = ["P", "U", "C"].find((kind) => client.operations[kind]);
  const { outcome } = await within(5000, () => client.operations[kind](SAMPLES[name][kind]()));
  return outcome === "done";
}

/**
 * What a program holds that was granted access: `renew` is how it would renew it by its own means, and answers the token, and
 * the origin where that is good if it is not the one before.
 */
function credentialsAt({ origin, tokens }, { known }) {
  let refreshToken = tokens.refresh;
  return {
    tokenUrl: `${origin}/oauth/token`,
    clientId: "conformance",
    clientSecret: "conformance-secret",
    refreshToken,
    /** Whether it is known that the access token is no longer good. */
    expired: known ?? false,
    async renew() {
      const answer = await fetch(`${origin}/oauth/token`, {
        method: "POST",
        body: new URLSearchParams({ grant_type: "refresh_token", refresh_token: refreshToken }),
      });
      const body = await answer.json();
      if (!answer.ok) throw Object.assign(new Error(body.error), { status: answer.status, code: body.error });
      refreshToken = body.refresh_token;
      return { token: body.access_token, origin: body.instance_url };
    },
  };
}

async function within(milliseconds, act) {
  const timer = new AbortController();
  const end = sleep(milliseconds, { outcome: "hang", detail: "" }, { signal: timer.signal });
  end.catch(() => {});
  try {
    return await Promise.race([act(), end]);
  } catch (error) {
    // An adapter's own fault, not an outcome of the client's.
    return { outcome: "broken", detail: `the adapter threw: ${error}` };
  } finally {
    timer.abort();
  }
}

/** The parts of a path, and which of them is the id. */
function shapeOf({ target }, id) {
  const parts = partsOf(target);
  return { length: parts.length, at: parts.indexOf(id) };
}

/** Whether a call went where its kind goes, with the very id in the place of the id. */
function leadsTo({ target }, id, shapes) {
  const parts = partsOf(target);
  return shapes.some(({ length, at }) => length === parts.length && (at < 0 || parts[at] === id));
}

function partsOf(target) {
  const parts = target.split("?")[0].split("/").filter(Boolean);
  return parts.map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });
}

function countsOf(list) {
  const counts = new Map();
  for (const item of list) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts.values();
}

async function pool(items, width, work) {
  const left = [...items];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
