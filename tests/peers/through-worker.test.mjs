// A program written for the vendor works through the Worker by changing its base address alone: here with the
// vendors' own clients, unchanged, with a vendor token of their own or with an account that the Worker knows.
// Behind the Worker stand the simulators. What the clients make of the answers is what counts, errors included.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { startEdge } from "../worker/harness.mjs";
import { highLevelClient, highLevelErrors, hubspotClient } from "./clients.mjs";

/** The token that the simulators take for a vendor's. */
const VENDOR_TOKEN = "twin-token";

let edge;
before(async () => {
  edge = await startEdge();
});
after(() => edge?.stop());

/** Who calls: with the caller's own vendor token, or with a crmlink key and the name of an account. */
const CALLERS = {
  "with a vendor token of one's own": () => ({ token: VENDOR_TOKEN, headers: {} }),
  "with an account": (vendor) => ({
    token: edge.key,
    headers: { "x-integrated-account-id": edge.accounts[vendor] },
  }),
};

for (const [how, caller] of Object.entries(CALLERS)) {
  describe(`HubSpot's client through the Worker, ${how}`, () => {
    let client;
    before(() => {
      const { token, headers } = caller("hubspot");
      client = hubspotClient(edge.origin, token, headers);
    });

    test("links two records, and reads both directions of the link", async () => {
      const answer = await client.crm.associations.v4.basicApi.createDefault("contacts", "101", "companies", "201");

      assert.equal(answer.status, "COMPLETE");
      assert.ok(answer.completedAt instanceof Date, "the client reads times");
      const links = answer.results.map(({ _from, to, associationSpec }) => [
        _from.id,
        to.id,
        associationSpec.associationTypeId,
      ]);
      assert.deepEqual(links, [
        ["101", "201", 279],
        ["201", "101", 280],
      ]);
    });

    test("links many records at once", async () => {
      const inputs = ["101", "102", "103"].map((id) => ({ _from: { id: "301" }, to: { id } }));
      const answer = await client.crm.associations.v4.batchApi.createDefault("deals", "contacts", { inputs });

      assert.equal(answer.results.length, 2 * inputs.length);
      assert.equal(answer.numErrors ?? 0, 0);
    });

    test("sees which links of a batch failed, in the 200 that HubSpot answers", async () => {
      const inputs = ["101", "999999"].map((id) => ({ _from: { id: "302" }, to: { id } }));
      const answer = await client.crm.associations.v4.batchApi.createDefault("deals", "contacts", { inputs });

      assert.equal(answer.numErrors, 1);
      assert.equal(answer.errors.length, 1);
      assert.equal(answer.errors[0].category, "OBJECT_NOT_FOUND");
      assert.equal(answer.results.length, 2);
    });

    test("associates a partner client, which it has no method for", async () => {
      const response = await client.apiRequest({
        method: "PUT",
        path: "/crm/v3/objects/partner_clients/601/associations/deals/301/partner_client_to_deal",
      });

      assert.equal(response.status, 200);
      const record = await response.json();
      assert.equal(record.id, "601");
      assert.equal(typeof record.properties, "object");
      assert.ok(!Number.isNaN(Date.parse(record.createdAt)));
    });

    test("gets its usual error for a record that is not there", async () => {
      const error = await rejection(
        client.crm.associations.v4.basicApi.createDefault("contacts", "999999", "companies", "201"),
      );
      assert.equal(error.code, 404);
      assert.equal(error.body.category, "OBJECT_NOT_FOUND");
      assert.ok(error.body.message && error.body.correlationId);
    });

    test("gets its usual error for object types that HubSpot does not know", async () => {
      const error = await rejection(
        client.crm.associations.v4.basicApi.createDefault("contacts", "101", "no_such_type", "201"),
      );
      assert.equal(error.code, 400);
      assert.equal(error.body.category, "VALIDATION_ERROR");
    });
  });

  describe(`HighLevel's client through the Worker, ${how}`, () => {
    const locationId = "CLu7BaljjqrEjBGKTNNe";
    const association = {
      locationId,
      key: `student_teacher_${how.length}`, // one of its own for each caller: keys are unique in a location
      firstObjectLabel: "student",
      firstObjectKey: "custom_objects.children",
      secondObjectLabel: "Teacher",
      secondObjectKey: "contact",
    };
    let client;
    before(() => {
      const { token, headers } = caller("leadconnector");
      client = highLevelClient(edge.origin, token, headers);
    });

    test("creates an association", async () => {
      const answer = await client.createAssociation(association);

      assert.equal(typeof answer.id, "string");
      assert.equal(answer.associationType, "USER_DEFINED");
      const { firstObjectKey, secondObjectKey, key } = answer;
      assert.deepEqual(
        { firstObjectKey, secondObjectKey, key },
        {
          firstObjectKey: association.firstObjectKey,
          secondObjectKey: association.secondObjectKey,
          key: association.key,
        },
      );
    });

    test("gets its usual error when the association is there already", async () => {
      const error = await rejection(client.createAssociation(association));
      assert.ok(error instanceof highLevelErrors.GHLValidationError);
      assert.equal(error.statusCode, 400);
      assert.ok(error.message && error.response.message);
    });

    test("gets its usual error for a field that HighLevel does not know", async () => {
      const error = await rejection(client.createAssociation({ ...association, key: "other", colour: "blue" }));
      assert.ok(error instanceof highLevelErrors.GHLValidationError);
      assert.equal(error.statusCode, 422);
      assert.match(error.message, /colour/);
    });

    test("creates an opportunity, then updates it", async () => {
      const opportunity = {
        pipelineId: "bCkKGpDsyPP4peuKowkG",
        locationId,
        name: `A deal ${how}`,
        status: "open",
        monetaryValue: 220,
        followers: ["LiKJ2vnRg5ETM8Z19K7"],
        isRemoveAllFollowers: false,
        followersActionType: "add",
      };
      const created = await client.upsertOpportunity(opportunity);
      assert.equal(created.new, true);
      assert.equal(created.opportunity.name, opportunity.name);

      const updated = await client.upsertOpportunity({ ...opportunity, id: created.opportunity.id, status: "won" });
      assert.equal(updated.new, false);
      assert.equal(updated.opportunity.id, created.opportunity.id);
      assert.equal(updated.opportunity.status, "won");
    });
  });
}

describe("a wrong token through the Worker", () => {
  test("is HubSpot's 401 to its client", async () => {
    const client = hubspotClient(edge.origin, "nobody-knows-this-token");
    const error = await rejection(
      client.crm.associations.v4.basicApi.createDefault("contacts", "101", "companies", "201"),
    );
    assert.equal(error.code, 401);
    assert.equal(error.body.category, "INVALID_AUTHENTICATION");
  });

  test("is HighLevel's authentication error to its client", async () => {
    const client = highLevelClient(edge.origin, "nobody-knows-this-token");
    const error = await rejection(client.upsertOpportunity({ pipelineId: "p", locationId: "l" }));
    assert.ok(error instanceof highLevelErrors.GHLAuthenticationError);
    assert.equal(error.statusCode, 401);
    assert.ok(error.message);
  });

  test("together with an account is refused in the vendor's own shape", async () => {
    const client = hubspotClient(edge.origin, "nobody-knows-this-key", {
      "x-integrated-account-id": edge.accounts.hubspot,
    });
    const error = await rejection(
      client.crm.associations.v4.basicApi.createDefault("contacts", "101", "companies", "201"),
    );
    assert.equal(error.code, 401);
    assert.ok(error.body.message, "the client finds the reason where HubSpot would have put it");
  });
});

/** The error that a call must end in. */
async function rejection(promise) {
  try {
    const answer = await promise;
    assert.fail(`expected an error, got ${JSON.stringify(answer)}`);
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    return error;
  }
}
