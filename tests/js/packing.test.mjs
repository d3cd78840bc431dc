// Long lists of plain ids cross into the core as one text. Nobody may notice: the same lists as JSON text are never packed.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { connect, plan } from "../../pkg/dist/index.js";
import { createTwin } from "../../pkg/dist/twin.js";
import { VENDORS } from "./samples.mjs";

const ids = (count) => Array.from({ length: count }, (_, place) => ({ id: String(1_000_000 + place) }));
const link = (associations) => ({ entity: "opportunities", entity_id: "301", associations });
const at = (list, place, record) => list.with(place, record);
const LONG = 40;

const CASES = {
  "a long list": link({ contacts: ids(LONG) }),
  "a list of every length around the one that is worth packing": ids(20).map((_, length) =>
    link({ contacts: ids(length) }),
  ),
  "two long lists": link({ contacts: ids(LONG), accounts: ids(LONG) }),
  "a long list and a short one": link({ contacts: ids(LONG), accounts: ids(2) }),
  "a long list under the founding page's spelling": link({ acocunts: ids(LONG) }),
  "both spellings": link({ acocunts: ids(LONG), accounts: ids(LONG) }),
  "the same id twice": link({ contacts: at(ids(LONG), 30, { id: "1000000" }) }),
  "an empty id": link({ contacts: at(ids(LONG), 30, { id: "" }) }),
  "an empty id at the end": link({ contacts: at(ids(LONG), LONG - 1, { id: "" }) }),
  "an id with a comma": link({ contacts: at(ids(LONG), 30, { id: "1,2" }) }),
  "a comma as an id": link({ contacts: at(ids(LONG), 30, { id: "," }) }),
  "an id with spaces at its ends": link({ contacts: at(ids(LONG), 30, { id: " 1 " }) }),
  "an id of dots": link({ contacts: at(ids(LONG), 30, { id: ".." }) }),
  "an id with quotes": link({ contacts: at(ids(LONG), 30, { id: '"1"' }) }),
  "an id with a backslash": link({ contacts: at(ids(LONG), 30, { id: "a\\b" }) }),
  "an id with a line end": link({ contacts: at(ids(LONG), 30, { id: "1\r\n2" }) }),
  "an id beyond ASCII": link({ contacts: at(ids(LONG), 30, { id: "é😀" }) }),
  "half of a surrogate pair": link({ contacts: at(ids(LONG), 30, { id: "\ud800" }) }),
  "an id as a number": link({ contacts: at(ids(LONG), 30, { id: 5 }) }),
  "an id as null": link({ contacts: at(ids(LONG), 30, { id: null }) }),
  "a record without an id": link({ contacts: at(ids(LONG), 30, {}) }),
  "a record with a role": link({ contacts: at(ids(LONG), 30, { id: "7", role: "Decision Maker" }) }),
  "a record with an unknown field": link({ contacts: at(ids(LONG), 30, { id: "7", rôle: "x" }) }),
  "a record that is null": link({ contacts: at(ids(LONG), 30, null) }),
  "a record that is a text": link({ contacts: at(ids(LONG), 30, "7") }),
  "a record that is a list": link({ contacts: at(ids(LONG), 30, ["7"]) }),
  "an unknown kind": link({ people: ids(LONG) }),
  "a kind that cannot be linked": link({ organizations: ids(LONG) }),
  "the record itself": { entity: "contacts", entity_id: "1000005", associations: { contacts: ids(LONG) } },
  "no list": link({ contacts: { id: "1" } }),
  "a text": link({ contacts: "1,2,3" }),
  "associations as a list": link([ids(LONG)]),
  "associations as a text": link("contacts"),
};

describe("a packed list is planned as one that is not", () => {
  for (const [what, input] of Object.entries(CASES)) {
    test(what, () => {
      for (const each of [input].flat()) {
        for (const [vendor, { options }] of Object.entries(VENDORS)) {
          const expected = outcome(() => plan(vendor, "associations.create", JSON.stringify(each), options));
          assert.deepEqual(
            outcome(() => plan(vendor, "associations.create", each, options)),
            expected,
            vendor,
          );
        }
      }
    });
  }
});

test("an error names the place of the id", () => {
  const of = (record) => plan("hubspot", "associations.create", link({ contacts: at(ids(LONG), 30, record) }));
  const path = "associations.contacts[30].id";
  for (const id of ["..", "", "a\r\nb", "1,2/../3"]) {
    assert.deepEqual(
      of({ id }).refused.map((reason) => reason.path),
      [path],
    );
  }
  assert.throws(() => of({ id: 0.5 }), { name: "CrmlinkError", path });
});

test("what is inherited by a record is none of it", () => {
  const records = ids(LONG).map((record) => Object.assign(Object.create({ role: "inherited" }), record));
  const packed = plan("hubspot", "associations.create", link({ contacts: records }));
  assert.deepEqual(packed, plan("hubspot", "associations.create", link({ contacts: ids(LONG) })));
});

test("the caller's object stays as it was", () => {
  const input = link({ contacts: ids(LONG), accounts: ids(1) });
  const before = structuredClone(input);
  plan("hubspot", "associations.create", Object.freeze(input));
  assert.deepEqual(input, before);
});

test("fields are counted record by record", () => {
  const { fields } = plan("hubspot", "associations.create", link({ contacts: ids(LONG) }));
  assert.equal(fields.find(({ path }) => path === "associations.contacts[].id").count, LONG);
});

test("a receipt has one entry for each link, in order", async () => {
  const contacts = ids(LONG);
  const twin = createTwin();
  const connection = connect("hubspot", { ...VENDORS.hubspot.options, fetch: twin.fetch });
  const packed = await connection.associations.create(link({ contacts }));
  assert.deepEqual(
    packed.links.map(({ to, outcome }) => ({ id: to.id, outcome })),
    contacts.map(({ id }) => ({ id, outcome: "linked" })),
  );
});

/** What came of it: the plan, or the fields of the error. */
function outcome(act) {
  try {
    return act();
  } catch (error) {
    assert.equal(error.name, "CrmlinkError", error.stack);
    return { ...error, message: error.message };
  }
}
