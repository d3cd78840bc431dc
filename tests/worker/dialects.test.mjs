// The vendors' own paths: the same paths, bodies, answers and error shapes, with a token of one's own or an account.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";

import { asAccount, asOwner, assertProblem, call } from "./calls.mjs";
import { startEdge } from "./harness.mjs";

let edge;
before(async () => {
  edge = await startEdge();
});
after(() => edge?.stop());
beforeEach(() => edge.twin.reset());

const LOCATION = "CLu7BaljjqrEjBGKTNNe";
const VERSION = { version: "2021-07-28" };

/** The founding calls and their like: what is sent, what comes back, and what it leaves at the vendor. */
const CALLS = [
  {
    name: "hubspot: default association",
    vendor: "hubspot",
    request: ["PUT", "/crm/v4/objects/contacts/101/associations/default/companies/201"],
    status: 200,
    check: ({ status, results }) => assert.deepEqual([status, results.length], ["COMPLETE", 2]),
    commits: 1,
  },
  {
    name: "hubspot: default association, dated version",
    vendor: "hubspot",
    request: ["PUT", "/crm/objects/2026-03/0-1/101/associations/default/0-2/201"],
    status: 200,
    check: ({ results }) => assert.equal(results.length, 2),
    commits: 1,
  },
  {
    name: "hubspot: batch of default associations",
    vendor: "hubspot",
    request: ["POST", "/crm/v4/associations/deals/contacts/batch/associate/default"],
    body: { inputs: ["101", "102"].map((id) => ({ from: { id: "301" }, to: { id } })) },
    status: 200,
    check: ({ results }) => assert.equal(results.length, 4),
    commits: 2,
  },
  {
    name: "hubspot: labels of a pair, whose body is a bare list",
    vendor: "hubspot",
    request: ["PUT", "/crm/v4/objects/contacts/101/associations/companies/201"],
    body: [{ associationCategory: "HUBSPOT_DEFINED", associationTypeId: 931 }],
    status: 201,
    check: ({ fromObjectId, toObjectId }) => assert.deepEqual([fromObjectId, toObjectId], [101, 201]),
    commits: 1,
  },
  {
    name: "hubspot: list of associations",
    vendor: "hubspot",
    request: ["GET", "/crm/objects/2026-03/contacts/101/associations/companies?limit=5"],
    status: 200,
    check: ({ results }) => assert.deepEqual(results, []),
    commits: 0,
  },
  {
    name: "hubspot: removal of a pair",
    vendor: "hubspot",
    request: ["DELETE", "/crm/v4/objects/contacts/101/associations/companies/201"],
    status: 204,
    commits: 0,
  },
  {
    name: "hubspot: batch of labelled associations",
    vendor: "hubspot",
    request: ["POST", "/crm/associations/2026-03/contacts/companies/batch/create"],
    body: {
      inputs: [
        {
          from: { id: "101" },
          to: { id: "201" },
          types: [{ associationCategory: "HUBSPOT_DEFINED", associationTypeId: 279 }],
        },
      ],
    },
    status: 201,
    check: ({ results }) => assert.equal(results.length, 1),
    commits: 1,
  },
  {
    name: "hubspot: kinds of association",
    vendor: "hubspot",
    request: ["GET", "/crm/v4/associations/contacts/companies/labels"],
    status: 200,
    check: ({ results }) => assert.ok(results.some(({ typeId }) => typeId === 279)),
    commits: 0,
  },
  {
    name: "hubspot: limits",
    vendor: "hubspot",
    request: ["GET", "/crm/v4/associations/definitions/configurations/all"],
    status: 200,
    check: ({ results }) => assert.deepEqual(results, []),
    commits: 0,
  },
  {
    name: "hubspot: associations of several records",
    vendor: "hubspot",
    request: ["POST", "/crm/v4/associations/contacts/companies/batch/read"],
    body: { inputs: [{ id: "101" }, { id: "102" }] },
    status: 207,
    check: ({ numErrors }) => assert.equal(numErrors, 2),
    commits: 0,
  },
  {
    name: "hubspot: batch of pairs removed",
    vendor: "hubspot",
    request: ["POST", "/crm/v4/associations/contacts/companies/batch/archive"],
    body: { inputs: [{ from: { id: "101" }, to: [{ id: "201" }] }] },
    status: 204,
    commits: 0,
  },
  {
    name: "hubspot: a new label",
    vendor: "hubspot",
    request: ["POST", "/crm/v4/associations/contacts/companies/labels"],
    body: { label: "Advisor", inverseLabel: "Advised", name: "advisor" },
    status: 200,
    check: ({ results }) => assert.equal(results.length, 2),
    commits: 0,
  },
  {
    name: "hubspot: partner client",
    vendor: "hubspot",
    request: ["PUT", "/crm/v3/objects/partner_clients/601/associations/deals/301/partner_client_to_deal"],
    status: 200,
    check: ({ id, properties }) => assert.deepEqual([id, typeof properties], ["601", "object"]),
    commits: 1,
  },
  {
    name: "leadconnector: association definition",
    vendor: "leadconnector",
    request: ["POST", "/associations/"],
    headers: VERSION,
    body: {
      locationId: LOCATION,
      key: "student_teacher",
      firstObjectLabel: "student",
      firstObjectKey: "custom_objects.children",
      secondObjectLabel: "Teacher",
      secondObjectKey: "contact",
    },
    status: 201,
    check: ({ associationType, key }) => assert.deepEqual([associationType, key], ["USER_DEFINED", "student_teacher"]),
    commits: 1,
  },
  {
    name: "leadconnector: association definition by its key",
    vendor: "leadconnector",
    request: ["GET", `/associations/key/OPPORTUNITIES_CONTACTS_ASSOCIATION?locationId=${LOCATION}`],
    headers: VERSION,
    status: 200,
    check: ({ associationType }) => assert.equal(associationType, "SYSTEM_DEFINED"),
    commits: 0,
  },
  {
    name: "leadconnector: relation",
    vendor: "leadconnector",
    request: ["POST", "/associations/relations"],
    headers: VERSION,
    body: {
      locationId: LOCATION,
      associationId: "OPPORTUNITIES_CONTACTS_ASSOCIATION",
      firstRecordId: "yWQobCRIhRguQtD2llvk",
      secondRecordId: "ocQHyuzHvysMo5N5VsXc",
    },
    status: 201,
    check: ({ firstRecordId }) => assert.equal(firstRecordId, "yWQobCRIhRguQtD2llvk"),
    commits: 1,
  },
  {
    name: "leadconnector: association definitions",
    vendor: "leadconnector",
    request: ["GET", `/associations/?locationId=${LOCATION}&skip=0&limit=1`],
    headers: VERSION,
    status: 200,
    check: ({ associations }) => assert.equal(associations.length, 1),
    commits: 0,
  },
  {
    name: "leadconnector: relations of a record, of two definitions",
    vendor: "leadconnector",
    request: [
      "GET",
      `/associations/relations/ocQHyuzHvysMo5N5VsXc?locationId=${LOCATION}&skip=0&limit=10&associationIds[]=a&associationIds[]=b`,
    ],
    headers: VERSION,
    status: 200,
    check: ({ relations }) => assert.deepEqual(relations, []),
    commits: 0,
  },
  {
    name: "leadconnector: opportunity",
    vendor: "leadconnector",
    request: ["POST", "/opportunities/upsert"],
    headers: VERSION,
    body: {
      pipelineId: "bCkKGpDsyPP4peuKowkG",
      locationId: LOCATION,
      name: "A deal",
      status: "open",
      monetaryValue: 220,
      followers: ["082goXVW3lIExEQPOnd3"],
      isRemoveAllFollowers: false,
      followersActionType: "add",
    },
    status: 201,
    check: (answer) => assert.deepEqual([answer.new, answer.opportunity.followers], [true, ["082goXVW3lIExEQPOnd3"]]),
    commits: 1,
  },
];

for (const { name, vendor, request, headers, body, status, check, commits } of CALLS) {
  const [method, path] = request;
  for (const [how, caller] of [
    ["with a token of one's own", () => asOwner],
    ["with an account in the header", () => asAccount(edge, vendor)],
  ]) {
    test(`${name}, ${how}`, async () => {
      const answer = await call(edge.origin, method, path, { headers: { ...headers, ...caller() }, body });
      assert.equal(answer.status, status, answer.text);
      if (status === 204) assert.deepEqual([answer.text, answer.headers.get("content-type")], ["", null]);
      else {
        check(answer.json);
        assert.match(answer.headers.get("content-type"), /^application\/json/);
      }
      assert.equal(edge.twin.commits().length, commits);
    });
  }

  test(`${name}, as the vendor itself answers it`, async () => {
    const ask = async (origin, own) => {
      edge.twin.reset();
      return call(origin, method, path, { headers: { ...headers, ...own }, body });
    };
    const there = await ask(edge.twin.origin, asOwner);
    const here = await ask(edge.origin, asOwner);
    assert.equal(masked(here.text), masked(there.text));
    for (const [header, value] of there.headers) {
      if (/ratelimit(?!.*reset)|correlation/.test(header)) assert.equal(here.headers.get(header), value, header);
    }
  });
}

test("one follower as a text, as the published example has it, goes out as a list", async () => {
  const body = { pipelineId: "bCkKGpDsyPP4peuKowkG", locationId: LOCATION, followers: "082goXVW3lIExEQPOnd3" };
  const answer = await call(edge.origin, "POST", "/opportunities/upsert", {
    headers: { ...asOwner, ...VERSION },
    body,
  });
  assert.equal(answer.status, 201, answer.text);
  assert.deepEqual(answer.json.opportunity.followers, ["082goXVW3lIExEQPOnd3"]);
});

test("an account may be named in the query, which the vendor never sees", async () => {
  const path = `/crm/v4/objects/contacts/101/associations/default/companies/201?integrated_account_id=${edge.accounts.hubspot}`;
  const answer = await call(edge.origin, "PUT", path, { headers: { authorization: `Bearer ${edge.key}` } });
  assert.equal(answer.status, 200, answer.text);
});

describe("Truto's own dialect", () => {
  const account = "62f44730-dd91-461e-bd6a-aedd9e0ad79d";
  const body = { entity: "opportunities", entity_id: "o1", associations: { acocunts: [{ id: "a1" }] } };
  const headers = { ...asOwner, "x-crmlink-vendor": "truto" };
  const path = "/unified/crm/associations";

  test("goes to Truto with the caller's own token", async () => {
    const answer = await call(edge.origin, "POST", `${path}?integrated_account_id=${account}`, { headers, body });
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(answer.json.associations.acocunts, [{ id: "a1" }]);
    assert.deepEqual(edge.twin.commits(), [
      { vendor: "truto", kind: "association.create", from: "opportunities o1", to: "accounts a1" },
    ]);
  });

  test("carries the query", async () => {
    const query = "truto_response_format=unified&truto_ignore_remote_data=true&truto_exclude_fields[0]=entity";
    const answer = await call(edge.origin, "POST", `${path}?integrated_account_id=${account}&${query}`, {
      headers,
      body,
    });
    assert.deepEqual(Object.keys(answer.json), ["entity_id", "associations"]);
  });

  test("passes Truto's errors on, and has its shape for ours", async () => {
    const unknown = await call(edge.origin, "POST", `${path}?integrated_account_id=${account.replace("6", "7")}`, {
      headers,
      body,
    });
    assert.equal(unknown.status, 404);
    assert.equal(unknown.json.message, "Integrated account not found");
    const refused = await call(edge.origin, "POST", `${path}?integrated_account_id=me`, { headers, body });
    assert.equal(refused.status, 400);
    assert.deepEqual([refused.json.statusCode, refused.json.error], [400, "Bad Request"]);
    assert.match(refused.json.message, /UUID/);
  });

  test("no other vendor speaks there", async () => {
    const answer = await call(edge.origin, "POST", path, {
      headers: { ...headers, "x-crmlink-vendor": "hubspot" },
      body,
    });
    assert.equal(assertProblem(answer, 422, "invalid_input").path, "x-crmlink-vendor");
  });
});

describe("the vendor's errors pass untouched", () => {
  for (const [name, method, path, headers, body] of [
    ["hubspot: no such record", "PUT", "/crm/v4/objects/contacts/999999/associations/default/companies/201", {}],
    ["hubspot: no such type", "PUT", "/crm/v4/objects/contacts/101/associations/default/nothings/201", {}],
    [
      "hubspot: a label that is none of the pair's",
      "PUT",
      "/crm/v4/objects/contacts/101/associations/companies/201",
      {},
      [{ associationCategory: "USER_DEFINED", associationTypeId: 999999 }],
    ],
    [
      "hubspot: a batch of which some fail",
      "POST",
      "/crm/v4/associations/deals/contacts/batch/associate/default",
      {},
      { inputs: ["101", "999999"].map((id) => ({ from: { id: "301" }, to: { id } })) },
    ],
    ["leadconnector: another location", "GET", "/associations/key/x?locationId=elsewhere", VERSION],
    [
      "leadconnector: a version that is not",
      "GET",
      `/associations/key/x?locationId=${LOCATION}`,
      { version: "1999-01-01" },
    ],
    [
      "leadconnector: no such pipeline",
      "POST",
      "/opportunities/upsert",
      VERSION,
      { pipelineId: "none", locationId: LOCATION },
    ],
  ]) {
    test(name, async () => {
      const own = { ...asOwner, ...headers };
      edge.twin.reset();
      const there = await call(edge.twin.origin, method, path, { headers: own, body });
      edge.twin.reset();
      const here = await call(edge.origin, method, path, { headers: own, body });
      assert.ok(there.status >= 400 || there.json.numErrors > 0, there.text);
      assert.equal(here.status, there.status);
      assert.equal(masked(here.text), masked(there.text));
    });
  }

  test("an expired token's 401 and a limit's 429, with its headers", async () => {
    const path = "/crm/v4/objects/contacts/101/associations/default/companies/201";
    const expired = await call(edge.origin, "PUT", path, { headers: { authorization: "Bearer expired" } });
    assert.equal(expired.status, 401);
    assert.ok(expired.json.correlationId);
    await edge.twin.fault({
      vendor: "hubspot",
      status: 429,
      headers: { "retry-after": "7", "x-hubspot-correlation-id": "abc" },
      body: "slow",
    });
    const limited = await call(edge.origin, "PUT", path, { headers: asOwner });
    assert.deepEqual([limited.status, limited.text], [429, "slow"]);
    assert.equal(limited.headers.get("retry-after"), "7");
    assert.equal(limited.headers.get("x-hubspot-correlation-id"), "abc");
  });
});

describe("our refusals have the vendor's shape", () => {
  const hubspotPath = "/crm/v4/objects/contacts/101/associations/default/companies/201";

  test("hubspot: a bad id is a validation error that names the field", async () => {
    const path = hubspotPath.replace("101", encodeURIComponent("../..%2f"));
    const { status, json, headers } = await call(edge.origin, "PUT", path, { headers: asOwner });
    assert.equal(status, 400);
    assert.deepEqual([json.status, json.category, json.errors[0].in], ["error", "VALIDATION_ERROR", "fromObjectId"]);
    assert.match(json.correlationId, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.deepEqual([headers.get("x-crmlink-code"), headers.get("x-crmlink-sent")], ["invalid_id", "no"]);
  });

  test("hubspot: unknown fields, and a parameter given twice", async () => {
    const batch = "/crm/v4/associations/deals/contacts/batch/associate/default";
    const inputs = [{ from: { id: "301" }, to: { id: "101" } }];
    for (const [path, body] of [
      [batch, { inputs, colour: 1 }],
      [batch, { inputs, fromObjectType: "contacts" }],
      [`${batch}?toObjectType=companies`, { inputs }],
      [batch, { inputs: [] }],
      ["/crm/v4/objects/contacts/101/associations/companies/201", [{ associationCategory: "MINE" }]],
      ["/crm/v4/objects/contacts/101/associations/companies/201", {}],
      [hubspotPath, { toObjectId: "202" }],
    ]) {
      const { status, json } = await call(edge.origin, path.includes("/objects/") ? "PUT" : "POST", path, {
        headers: asOwner,
        body,
      });
      assert.deepEqual([status, json.category], [400, "VALIDATION_ERROR"], JSON.stringify(json));
    }
    assert.deepEqual(edge.twin.commits(), []);
  });

  test("leadconnector: 422 with a list of sentences", async () => {
    const required = { pipelineId: "bCkKGpDsyPP4peuKowkG", locationId: LOCATION };
    for (const [body, sentence] of [
      [{ ...required, colour: "blue" }, /^property colour should not exist$/],
      [{ ...required, status: "all" }, /^status: /],
      [{ locationId: LOCATION }, /^pipelineId: /],
      [{ ...required, monetaryValue: true }, /^monetaryValue: /],
    ]) {
      const { status, json } = await call(edge.origin, "POST", "/opportunities/upsert", {
        headers: { ...asOwner, ...VERSION },
        body,
      });
      assert.deepEqual([status, json.statusCode, json.error], [422, 422, "Unprocessable Entity"]);
      assert.match(json.message[0], sentence);
    }
    assert.deepEqual(edge.twin.commits(), []);
  });

  test("leadconnector: no version is the vendor's own 401", async () => {
    const there = await call(edge.twin.origin, "POST", "/opportunities/upsert", { headers: asOwner, body: {} });
    const here = await call(edge.origin, "POST", "/opportunities/upsert", { headers: asOwner, body: {} });
    assert.equal(here.status, there.status);
    const { statusCode, message, error } = there.json;
    assert.deepEqual({ ...here.json, statusCode, message, error }, here.json);
  });

  test("a wrong verb, a body that is no JSON, and one of another type", async () => {
    const wrongVerb = await call(edge.origin, "POST", hubspotPath, { headers: asOwner });
    assert.deepEqual([wrongVerb.status, wrongVerb.headers.get("allow"), wrongVerb.json.status], [405, "PUT", "error"]);
    const headers = { ...asOwner, ...VERSION };
    const noJson = await call(edge.origin, "POST", "/opportunities/upsert", { headers, body: "{" });
    assert.deepEqual([noJson.status, noJson.json.error], [400, "Bad Request"]);
    const form = await call(edge.origin, "POST", "/opportunities/upsert", {
      headers: { ...headers, "content-type": "application/x-www-form-urlencoded" },
      body: "a=1",
    });
    assert.deepEqual([form.status, form.json.statusCode], [415, 415]);
  });

  test("no token, the crmlink key as a token, a wrong key, an account of another vendor", async () => {
    const key = `Bearer ${edge.key}`;
    const attempts = [
      [401, {}],
      [401, { authorization: key }],
      [401, { authorization: "Bearer wrong", "x-integrated-account-id": edge.accounts.hubspot }],
      [401, { "x-integrated-account-id": edge.accounts.hubspot }],
      [404, { authorization: key, "x-integrated-account-id": edge.accounts.leadconnector }],
      [404, { authorization: key, "x-integrated-account-id": "nobody" }],
    ];
    for (const [expected, headers] of attempts) {
      const hubspot = await call(edge.origin, "PUT", hubspotPath, { headers });
      assert.deepEqual([hubspot.status, hubspot.json.status], [expected, "error"], JSON.stringify(headers));
      assert.ok(hubspot.json.message && hubspot.json.correlationId && hubspot.json.category);
    }
    const leadconnector = await call(edge.origin, "POST", "/associations/", { headers: VERSION, body: {} });
    assert.deepEqual([leadconnector.status, leadconnector.json.error], [401, "Unauthorized"]);
    assert.deepEqual(edge.twin.commits(), []);
  });
});

/** What two answers of the same kind never have in common. */
function masked(text) {
  return text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>").replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "<uuid>");
}
