// The face of a connection: every operation under its name, progress, streams and undoing, with the simulators behind it.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { capabilities, connect } from "../../pkg/dist/index.js";
import { createTwin } from "../../pkg/dist/twin.js";
import { assertError } from "./cases.mjs";
import { VENDORS, fault, outcomes } from "./samples.mjs";

const { options: OPTIONS, link: LINK } = VENDORS.hubspot;
const EDGE = { edge: "https://edge.example", account: "a", token: "t" };
const KINDS = ["accounts", "contacts", "leads", "opportunities"];
const FACE = {
  associations: ["create", "list", "remove", "set", "stream"],
  associationTypes: ["create", "delete", "get", "list", "update"],
  ...Object.fromEntries(KINDS.map((kind) => [kind, ["upsert", "upsertMany"]])),
};

/** A HubSpot with as many contacts as anybody asks for. */
function boundless() {
  const vendor = { sent: 0 };
  vendor.fetch = async (url, { body }) => {
    assert.match(url, /\/deals\/contacts\/batch\/associate\/default$/);
    vendor.sent += 1;
    const results = JSON.parse(body).inputs.map(({ from, to }) => ({
      from,
      to,
      associationSpec: { associationCategory: "HUBSPOT_DEFINED", associationTypeId: 3 },
    }));
    return Response.json({ status: "COMPLETE", results });
  };
  return vendor;
}

const many = (count) => Array.from({ length: count }, (_, place) => ({ id: String(1_000_000 + place) }));
const toContacts = (contacts) => ({ entity: "opportunities", entity_id: "301", associations: { contacts } });

describe("a connection", () => {
  for (const [way, options] of Object.entries({ direct: {}, "through an edge": EDGE })) {
    test(`has every operation, ${way}`, () => {
      const { send, undo, ...areas } = connect("hubspot", options);
      assert.deepEqual([typeof send, typeof undo], ["function", "function"]);
      const names = Object.entries(areas).map(([area, verbs]) => [area, Object.keys(verbs).sort()]);
      assert.deepEqual(Object.fromEntries(names), FACE);
    });
  }

  test("judges its options before anything is asked", () => {
    for (const [options, path] of [
      [{ tokn: "x" }, "options.tokn"],
      [{ token: 5 }, "options.token"],
      [{ token: "a\nb" }, "options.token"],
      [{ origin: ["https://a.example"] }, "options.origin"],
      [{ strictSpec: "yes" }, "options.strictSpec"],
      [{ locationId: {} }, "options.locationId"],
      [{ ignoreRemoteData: "yes" }, "options.ignoreRemoteData"],
      [{ apiVersion: Number.NaN }, "options.apiVersion"],
    ]) {
      const refused = { code: "invalid_input", path, sent: "no" };
      assert.throws(
        () => connect("hubspot", options),
        (error) => (assertError(error, refused), true),
      );
    }
    const refused = { code: "invalid_input", path: "vendor", sent: "no" };
    assert.throws(
      () => connect("pipedrive", {}),
      (error) => (assertError(error, refused), true),
    );
  });

  test("refuses what its vendor has not, and sends nothing", async () => {
    const connection = connect("truto", { ...VENDORS.truto.options, fetch: () => assert.fail("sent") });
    const record = { entity: "contacts", entity_id: "1" };
    for (const refused of [
      connection.associations.list(record),
      connection.associations.remove({ ...record, associations: { accounts: "2" } }),
      connection.associations.set({ ...record, associations: { accounts: "2" } }),
      connection.associationTypes.list({ from: "contacts", to: "accounts" }),
      connection.associationTypes.get({ id: "1" }),
    ]) {
      await assert.rejects(refused, (error) => (assertError(error, { code: "unsupported", sent: "no" }), true));
    }
  });

  test("tells one record from a list of them", async () => {
    const { contacts } = connect("hubspot", { ...OPTIONS, fetch: () => assert.fail("sent") });
    const invalid = (error) => (assertError(error, { code: "invalid_input", sent: "no" }), true);
    await assert.rejects(contacts.upsert([{ id: "1" }]), invalid);
    await assert.rejects(contacts.upsertMany({ id: "1" }), invalid);
    await assert.rejects(contacts.upsertMany(undefined), invalid);
    await assert.rejects(contacts.upsert(), invalid);
  });
});

describe("progress", () => {
  test("tells the links that were settled since it was last told", async () => {
    const told = [];
    const { fetch } = boundless();
    const connection = connect("hubspot", { ...OPTIONS, fetch, onProgress: (each) => told.push(each) });
    const { links } = await connection.associations.create(toContacts(many(10_000)));
    assert.ok(links.every(({ outcome }) => outcome === "linked"));
    assert.deepEqual(
      told.map(({ answered }) => answered),
      [1, 2, 3, 4, 5],
    );
    assert.ok(told.every((each) => each.links.length === 2000));
    assert.deepEqual(byId(told.flatMap((each) => each.links)), byId(links));
  });

  test("tells links that never leave, and links that stand twice", async () => {
    const twin = createTwin();
    const told = [];
    const contacts = [{ id: "101" }, { id: ".." }, { id: "101" }];
    const connection = connect("hubspot", { ...OPTIONS, fetch: twin.fetch });
    const onProgress = (each) => told.push(...each.links);
    const { links } = await connection.associations.create(toContacts(contacts), { onProgress });
    assert.equal(told.length, 3);
    assert.deepEqual(byId(told), byId(links));
  });

  test("of a call is told instead of that of the connection", async () => {
    const twin = createTwin();
    const told = [];
    const connection = connect("hubspot", { ...OPTIONS, fetch: twin.fetch, onProgress: () => told.push("connection") });
    await connection.associations.create(toContacts([{ id: "101" }]), { onProgress: () => told.push("call") });
    await connection.associations.create(toContacts([{ id: "101" }]));
    assert.deepEqual(told, ["call", "connection"]);
  });

  for (const [what, onProgress] of Object.entries({
    throws: () => {
      throw new Error("the listener's own");
    },
    rejects: async () => {
      throw new Error("the listener's own");
    },
  })) {
    test(`a listener that ${what} ends nothing`, async (t) => {
      const printed = t.mock.method(console, "error", () => {});
      const twin = createTwin();
      const receipt = await connect("hubspot", { ...OPTIONS, fetch: twin.fetch, onProgress }).associations.create(LINK);
      assert.deepEqual(outcomes(receipt), ["linked", "linked"]);
      await new Promise(setImmediate);
      assert.equal(printed.mock.callCount(), 2);
    });
  }
});

test("of many failures in one answer, each tells its own part", async () => {
  const { fetch } = createTwin();
  const { associations } = connect("hubspot", { ...OPTIONS, fetch });
  // The simulator knows 2,500 of these.
  const receipt = await associations.create(toContacts(many(4000)));
  const failed = receipt.links.filter(({ outcome }) => outcome === "not_linked");
  assert.equal(failed.length, 1500);
  assert.ok(failed.every(({ reason }) => reason.raw.length < 1_000));
  assert.ok(JSON.stringify(receipt).length < 4_000_000);
});

describe("a signal of one call", () => {
  test("cancels it alone", async () => {
    const twin = createTwin();
    const connection = connect("hubspot", { ...OPTIONS, fetch: twin.fetch, signal: new AbortController().signal });
    const cancelled = connection.associations.create(LINK, { signal: AbortSignal.abort() });
    await assert.rejects(cancelled, (error) => (assertError(error, { code: "aborted", sent: "no" }), true));
    assert.deepEqual(outcomes(await connection.associations.create(LINK)), ["linked", "linked"]);
  });
});

describe("a stream", () => {
  test("has an item for each finished batch, and in the end the receipt without its links", async () => {
    const input = toContacts(many(5000));
    const { fetch } = boundless();
    const items = await all(connect("hubspot", { ...OPTIONS, fetch }).associations.stream("create", input));
    const { links, associations, ...receipt } = await connect("hubspot", { ...OPTIONS, fetch }).associations.create(
      input,
    );
    assert.deepEqual(
      items.map((item) => item.links?.length),
      [2000, 2000, 1000, undefined],
    );
    assert.deepEqual(byId(items.flatMap((item) => item.links ?? [])), byId(links));
    assert.equal(associations.contacts.length, 5000);
    assert.deepEqual(items.at(-1).receipt, { ...receipt, counts: { linked: 5000 } });
  });

  test("sends nothing more when nobody reads on", async () => {
    const vendor = boundless();
    const { associations } = connect("hubspot", { ...OPTIONS, fetch: vendor.fetch });
    for await (const { links } of associations.stream("create", toContacts(many(40_000)))) {
      assert.equal(links.length, 2000);
      break;
    }
    const before = vendor.sent;
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(vendor.sent, before);
    assert.ok(vendor.sent < 20, `${vendor.sent} of 20`);
  });

  test("ends as the operation ends: with an error when nothing is as asked", async () => {
    const twin = createTwin();
    const { associations } = connect("hubspot", { ...OPTIONS, token: "a-wrong-token", fetch: twin.fetch });
    const seen = [];
    const read = async () => {
      for await (const item of associations.stream("create", LINK)) seen.push(...item.links);
    };
    await assert.rejects(read(), (error) => (assertError(error, { code: "unauthenticated", status: 401 }), true));
    assert.deepEqual(
      seen.map(({ outcome }) => outcome),
      ["not_linked", "not_linked"],
    );
  });

  test("of a bad input ends before it begins", async () => {
    const { associations } = connect("hubspot", { ...OPTIONS, fetch: () => assert.fail("sent") });
    for (const input of [{}, "{", { ...LINK, entity_id: ".." }]) {
      await assert.rejects(all(associations.stream("create", input)), { name: "CrmlinkError", sent: "no" });
    }
  });

  test("is cancelled by its signal", async () => {
    const cancel = new AbortController();
    const { associations } = connect("hubspot", { ...OPTIONS, fetch: boundless().fetch });
    const seen = [];
    for await (const item of associations.stream("create", toContacts(many(40_000)), { signal: cancel.signal })) {
      seen.push(...(item.links ?? []));
      cancel.abort();
    }
    assert.equal(seen.length, 40_000);
    assert.ok(seen.some(({ outcome }) => outcome === "linked"));
    assert.ok(seen.some(({ reason }) => reason?.code === "aborted"));
  });
});

describe("undo", () => {
  const step = (id, operation = "associations.create") => ({ operation, input: toContacts([{ id }]) });

  test("takes the last step first, and answers the receipts", async () => {
    const twin = createTwin();
    const connection = connect("hubspot", { ...OPTIONS, fetch: twin.fetch });
    const receipts = await connection.undo({ undo: [step("101"), step("102"), step("103")] });
    assert.deepEqual(
      receipts.map(({ links }) => links.map(({ to }) => to.id)),
      [["103"], ["102"], ["101"]],
    );
  });

  test("of what cannot be taken back does nothing", async () => {
    const connection = connect("hubspot", { ...OPTIONS, fetch: () => assert.fail("sent") });
    assert.deepEqual(await connection.undo({}), []);
  });

  test("stops at the first step that fails", async () => {
    const twin = createTwin();
    const connection = connect("hubspot", { ...OPTIONS, fetch: twin.fetch });
    const undone = connection.undo({ undo: [step("101"), step("999"), step("102")] });
    await assert.rejects(undone, (error) => (assertError(error, { vendor: "hubspot" }), true));
    assert.deepEqual(
      twin.commits().map(({ to }) => to),
      ["contact 102"],
    );
  });

  for (const { vendor, pairs } of capabilities()) {
    const { options, link } = VENDORS[vendor];
    const does = pairs.find(({ from, to }) => from === link.entity && to in link.associations);
    const verbs = does.verbs.map(({ verb }) => verb);
    if (!verbs.includes("remove") || !verbs.includes("list")) continue;

    test(`of a link at ${vendor}, and of undoing it`, async () => {
      const twin = createTwin();
      const connection = connect(vendor, { ...options, fetch: twin.fetch });
      const linked = async () =>
        (await connection.associations.list({ ...link, associations: undefined })).associations;
      const before = await linked();
      const receipt = await connection.associations.create({ ...link, reversible: true });
      const after = await linked();
      assert.notDeepEqual(after, before);
      const undone = await connection.undo(receipt);
      assert.deepEqual(await linked(), before);
      for (const each of undone.reverse()) await connection.undo(each);
      assert.deepEqual(await linked(), after);
    });
  }
});

describe("upserts", () => {
  for (const { vendor, upserts } of capabilities()) {
    const here = upserts.filter(({ refused }) => !refused).map(({ entity }) => entity);
    if (!here.includes("contacts")) continue;

    test(`${vendor}: a contact is made, and then it is there`, async () => {
      const twin = createTwin();
      const { contacts } = connect(vendor, { ...VENDORS[vendor].options, fetch: twin.fetch });
      const record = {
        first_name: "Eva",
        last_name: "Example",
        email_addresses: [{ email: "eva@example.com" }],
      };
      const made = await contacts.upsert(record);
      assert.equal(made.outcome, "created");
      const again = await contacts.upsert({ ...record, first_name: "Ewa" });
      assert.deepEqual([again.outcome, again.id], ["updated", made.id]);
      const several = await contacts.upsertMany([record, { ...record, email_addresses: [{ email: "f@example.com" }] }]);
      assert.deepEqual(
        several.result.map(({ outcome }) => outcome),
        ["updated", "created"],
      );
      assert.deepEqual([several.created, several.updated, several.failed, several.unknown], [1, 1, 0, 0]);
    });
  }
});

test("a fault on the way of one operation is not another's", async () => {
  const twin = createTwin();
  await fault(twin, { vendor: "hubspot", status: 403, body: { message: "no", category: "MISSING_SCOPES" } });
  const { associations } = connect("hubspot", { ...OPTIONS, fetch: twin.fetch });
  const results = await Promise.allSettled([1, 2].map(() => associations.create(toContacts([{ id: "101" }]))));
  assert.deepEqual(results.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
});

async function all(items) {
  const list = [];
  for await (const item of items) list.push(item);
  return list;
}

function byId(links) {
  return links.toSorted((a, b) => a.to.id.localeCompare(b.to.id));
}
