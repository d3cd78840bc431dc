// The operations on links and on their definitions, against the simulators: each proved by the next list, and none written
// twice. What a vendor's table does not list is skipped, and said.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";

import { ask, assertProblem, call, asAccount } from "./calls.mjs";
import { startEdge } from "./harness.mjs";

let edge;
let capabilities;
before(async () => {
  edge = await startEdge();
  const { json } = await call(edge.origin, "GET", "/capabilities");
  capabilities = Object.fromEntries(json.capabilities.map((capability) => [capability.vendor, capability]));
});
after(() => edge?.stop());
beforeEach(() => edge.twin.reset());

/** For each vendor a link that is not there yet. */
const LINKS = {
  hubspot: ["opportunities", "301", "contacts", { id: "101" }],
  leadconnector: ["opportunities", "yWQobCRIhRguQtD2llvk", "contacts", { id: "ocQHyuzHvysMo5N5VsXc" }],
  salesforce: [
    "opportunities",
    "0065e00000DealAAAR",
    "contacts",
    { id: "0035e00000AnnaAAAR", role: "Decision Maker", primary: true },
  ],
  truto: ["opportunities", "o1", "contacts", { id: "c1" }],
};

for (const [vendor, [entity, entity_id, kind, target]] of Object.entries(LINKS)) {
  describe(vendor, () => {
    const input = (...targets) => ({ entity, entity_id, associations: { [kind]: targets } });
    const list = async () => {
      const answer = await ask(edge, vendor, "associations.list", { entity, entity_id, to: kind });
      assert.equal(answer.status, 200, answer.text);
      return answer.json.associations[kind];
    };
    /** Lets the test go where the vendor's table lacks one of the verbs. */
    const needs = (t, ...verbs) => {
      const pair = capabilities[vendor].pairs.find(({ from, to }) => from === entity && to === kind);
      const lacking = verbs.filter((verb) => !pair.verbs.some((does) => does.verb === verb));
      if (lacking.length > 0) t.skip(`${vendor} has no ${lacking.join(", ")} there`);
      return lacking.length === 0;
    };

    test("what is created is listed, and gone after its removal", async (t) => {
      if (!needs(t, "create", "list", "remove")) return;
      const before = await list();
      assert.equal((await ask(edge, vendor, "associations.create", input(target))).status, 201);
      assert.deepEqual(ids(await list()), [...ids(before), target.id].sort());

      const removed = await ask(edge, vendor, "associations.remove", input({ id: target.id }));
      assert.equal(removed.status, 200, removed.text);
      assert.deepEqual(outcomes(removed), ["removed"]);
      assert.deepEqual(removed.json.associations, { [kind]: [] });
      assert.deepEqual(await list(), before);
    });

    test("what was not there is removed already", async (t) => {
      if (!needs(t, "remove", "list")) return;
      assert.deepEqual(await list(), []);
      const removed = await ask(edge, vendor, "associations.remove", input({ id: target.id }));
      assert.equal(removed.status, 200, removed.text);
      // HubSpot answers the same to a link that was there: it is told apart by who looks first.
      assert.ok(["already_removed", "removed"].includes(outcomes(removed)[0]), removed.text);
    });

    test("a set makes what is missing, takes away what is not named, and writes nothing the second time", async (t) => {
      if (!needs(t, "set", "list")) return;
      const first = await ask(edge, vendor, "associations.set", input(target));
      assert.equal(first.status, 201, first.text);
      assert.deepEqual(ids(await list()), [target.id]);

      const written = edge.twin.commits().length;
      const second = await ask(edge, vendor, "associations.set", input(target));
      assert.equal(second.status, 200, second.text);
      assert.deepEqual(outcomes(second), ["already_linked"]);
      assert.equal(edge.twin.commits().length, written, "nothing is written the second time");

      const none = await ask(edge, vendor, "associations.set", input());
      assert.equal(none.status, 200, none.text);
      assert.deepEqual(outcomes(none), ["removed"]);
      assert.deepEqual(await list(), []);
    });

    test("what a list shows can be set: nothing is written", async (t) => {
      if (!needs(t, "create", "set", "list")) return;
      await ask(edge, vendor, "associations.create", input(target));
      const written = edge.twin.commits().length;
      const again = await ask(edge, vendor, "associations.set", input(...(await list())));
      assert.deepEqual([again.status, outcomes(again)], [200, ["already_linked"]], again.text);
      assert.equal(edge.twin.commits().length, written);
    });

    test("undo takes back what was done", async (t) => {
      if (!needs(t, "create", "remove", "list")) return;
      const before = await list();
      const made = await ask(edge, vendor, "associations.create", { ...input(target), reversible: true });
      assert.equal(made.status, 201, made.text);
      assert.equal(made.json.links[0].reversible, true);
      for (const { operation, input } of made.json.undo) {
        const undone = await ask(edge, vendor, operation, input);
        assert.ok(undone.status < 300, undone.text);
      }
      assert.deepEqual(await list(), before);
    });

    test("the plan of each verb sends nothing and shows no token", async (t) => {
      if (!needs(t, "create")) return;
      const pair = capabilities[vendor].pairs.find(({ from, to }) => from === entity && to === kind);
      for (const { verb } of pair.verbs) {
        const operation = `associations.${verb}`;
        const targets = verb === "remove" ? { id: target.id } : target;
        const planned = verb === "list" ? { entity, entity_id, to: [kind] } : input(targets);
        const { status, json, text } = await call(edge.origin, "POST", "/unified/crm/plan", {
          headers: asAccount(edge, vendor),
          body: { operation, input: planned },
        });
        assert.equal(status, 200, text);
        assert.deepEqual([json.operation, json.vendor], [operation, vendor]);
        assert.ok(json.calls.min >= 1 && json.calls.max >= json.calls.min);
        assert.doesNotMatch(text, /authorization|twin-token/i);
      }
      assert.deepEqual(edge.twin.commits(), []);
    });

    test("a verb that the table lacks is refused before anything is sent", async () => {
      const pair = capabilities[vendor].pairs.find(({ from, to }) => from === entity && to === kind);
      for (const verb of ["create", "remove", "set", "list"]) {
        if (pair.verbs.some((does) => does.verb === verb)) continue;
        const asked = verb === "list" ? { entity, entity_id, to: kind } : input(target);
        assertProblem(await ask(edge, vendor, `associations.${verb}`, asked), 422, "unsupported");
      }
      assert.deepEqual(edge.twin.commits(), []);
    });
  });
}

describe("definitions", () => {
  const NEW = {
    hubspot: { from: "contacts", to: "accounts", key: "advisor", label: "Advisor", inverse_label: "Advised" },
    leadconnector: {
      from: "contacts",
      to: "custom_objects.children",
      key: "student_teacher",
      label: "Student",
      inverse_label: "Teacher",
    },
  };
  for (const [vendor, input] of Object.entries(NEW)) {
    test(`${vendor}: made, found, changed, deleted`, async (t) => {
      const verbs = capabilities[vendor].association_types ?? capabilities[vendor].associationTypes;
      const lacking = ["create", "list", "get", "update", "delete"].filter((verb) => !verbs.includes(verb));
      if (lacking.length > 0) return t.skip(`${vendor} has no ${lacking.join(", ")}`);
      const { from, to } = input;
      const run = async (verb, asked) => {
        const answer = await ask(edge, vendor, `association_types.${verb}`, asked);
        assert.ok(answer.status < 300, answer.text);
        return answer;
      };

      const made = await run("create", input);
      assert.deepEqual([made.status, made.json.outcome, made.json.label], [201, "created", input.label]);
      const { id } = made.json;
      assert.equal((await run("create", input)).json.outcome, "already_there");

      const { json: listed } = await run("list", vendor === "hubspot" ? { from, to } : {});
      assert.ok(
        listed.result.some((known) => known.id === id),
        JSON.stringify(listed),
      );

      // HubSpot counts its own kinds and the account's from 1 each.
      const which = vendor === "hubspot" ? { from, to, id: `USER_DEFINED:${id}` } : { id };
      assert.deepEqual((await run("get", which)).json.label, input.label);
      const changed = await run("update", { ...which, label: "Coach", inverse_label: input.inverse_label });
      assert.deepEqual([changed.json.outcome, changed.json.label], ["updated", "Coach"]);

      assert.equal((await run("delete", which)).json.outcome, "deleted");
      const gone = await ask(edge, vendor, "association_types.get", which);
      // LeadConnector says so with a 400.
      assert.ok([404, 422].includes(gone.status), gone.text);
      assert.equal(gone.json.truto_is_remote_error, true);
    });
  }

  test("where a vendor has none, they are refused", async () => {
    for (const verb of ["list", "get"]) {
      const answer = await ask(edge, "salesforce", `association_types.${verb}`, verb === "get" ? { id: "1" } : {});
      assertProblem(answer, 422, "unsupported");
    }
  });
});

describe("the query of a list", () => {
  const path = "/unified/crm/associations?entity=opportunities&entity_id=301";
  const get = (query) => call(edge.origin, "GET", `${path}${query}`, { headers: asAccount(edge, "hubspot") });

  test("takes kinds in three spellings", async (t) => {
    const pair = capabilities.hubspot.pairs.find(({ from, to }) => from === "opportunities" && to === "contacts");
    if (!pair.verbs.some(({ verb }) => verb === "list")) return t.skip("no list");
    for (const query of ["&to=contacts,accounts", "&to[]=contacts&to[]=accounts", "&to[0]=contacts&to[1]=accounts"]) {
      const { status, json, text } = await get(query);
      assert.equal(status, 200, text);
      assert.deepEqual(Object.keys(json.associations), ["contacts", "acocunts", "accounts"]);
    }
    const head = await call(edge.origin, "HEAD", `${path}&to=contacts`, { headers: asAccount(edge, "hubspot") });
    assert.deepEqual([head.status, head.text], [200, ""]);
  });

  test("is refused by the parameter at fault", async () => {
    for (const [query, field] of [
      ["&to=deals", "to"],
      ["&colour=red", "colour"],
      ["&entity_id=302", "entity_id"],
      ["&associations[contacts][]=101", "associations[contacts][]"],
    ]) {
      assert.equal(assertProblem(await get(query), 422, "invalid_input").path, field);
    }
  });
});

function ids(targets) {
  return targets.map(({ id }) => id).sort();
}

function outcomes({ json }) {
  return json.links.map(({ outcome }) => outcome);
}
