// The founding calls, each made twice: by the vendor's own client, and by our builder with the same values.
// The values stand once, so that the two can't drift apart; only the shape in which each side wants them differs.

import { buildRequest, plan } from "../../pkg/dist/index.js";
import { highLevelClient, hubspotClient, salesforceClient } from "./clients.mjs";

export const TOKEN = "a-token-for-the-capture-server";

/** The version of Salesforce's API that both sides are asked for. */
const SALESFORCE_VERSION = "66.0";

/**
 * @returns {{ name: string, client: () => Promise<unknown>, ours: () => object }[]} `ours` answers the request unsent
 */
export function foundingCalls(origin) {
  return [...hubspotCalls(origin), ...highLevelCalls(origin), ...salesforceCalls(origin)];
}

function hubspotCalls(origin) {
  const client = hubspotClient(origin, TOKEN);
  const { basicApi, batchApi } = client.crm.associations.v4;
  const build = (endpoint, params) => buildRequest(endpoint, params, { origin, token: TOKEN });

  const single = (fromObjectType, fromObjectId, toObjectType, toObjectId) => ({
    client: () => basicApi.createDefault(fromObjectType, fromObjectId, toObjectType, toObjectId),
    ours: () => build("hubspot.associations.createDefault", { fromObjectType, fromObjectId, toObjectType, toObjectId }),
  });
  // The client calls the wire's `from` `_from`, and drops a plain `from` without a word.
  const batch = (fromObjectType, toObjectType, pairs) => ({
    client: () =>
      batchApi.createDefault(fromObjectType, toObjectType, {
        inputs: pairs.map(([from, to]) => ({ _from: { id: from }, to: { id: to } })),
      }),
    ours: () =>
      build("hubspot.associations.batchCreateDefault", {
        fromObjectType,
        toObjectType,
        inputs: pairs.map(([from, to]) => ({ from: { id: from }, to: { id: to } })),
      }),
  });
  const twoThousand = Array.from({ length: 2000 }, (_, i) => ["512", String(10_000_000_000 + i)]);

  return [
    { name: "hubspot: default association", ...single("contacts", "101", "companies", "202") },
    { name: "hubspot: default association, custom object types", ...single("2-1234567", "101", "p42_my boats", "202") },
    {
      name: "hubspot: default association, ids that need encoding",
      ...single("contacts", "a/b?c#d%e&é", "0-2", "x y;z"),
    },
    { name: "hubspot: default association, ids with marks", ...single("contacts", "o'neil!(1)*", "companies", "202") },
    {
      name: "hubspot: batch of default associations",
      ...batch("contacts", "companies", [
        ["1", "2"],
        ["3", "4"],
      ]),
    },
    { name: "hubspot: batch of 2,000 default associations", ...batch("deals", "contacts", twoThousand) },
    {
      name: "hubspot: partner client association",
      // The client has no method for partner clients: this is its door for whatever it does not know.
      client: () =>
        client.apiRequest({
          method: "PUT",
          path: "/crm/v3/objects/partner_clients/77/associations/deals/88/partner_client_to_deal",
        }),
      ours: () =>
        build("hubspot.partnerClients.associate", {
          partnerClientId: "77",
          toObjectType: "deals",
          toObjectId: "88",
          associationType: "partner_client_to_deal",
        }),
    },
  ];
}

function highLevelCalls(origin) {
  const client = highLevelClient(origin, TOKEN);
  const build = (endpoint, params) => buildRequest(endpoint, params, { origin, token: TOKEN });
  const association = (body) => ({
    client: () => client.createAssociation(body),
    ours: () => build("leadconnector.associations.create", body),
  });
  const opportunity = (body) => ({
    client: () => client.upsertOpportunity(body),
    ours: () => build("leadconnector.opportunities.upsert", body),
  });

  const studentTeacher = {
    locationId: "CLu7BaljjqrEjBGKTNNe",
    key: "student_teacher",
    firstObjectLabel: "student",
    firstObjectKey: "custom_objects.children",
    secondObjectLabel: "Teacher",
    secondObjectKey: "contact",
  };
  const wholeOpportunity = {
    id: "yWQobCRIhRguQtD2llvk",
    pipelineId: "bCkKGpDsyPP4peuKowkG",
    locationId: "CLu7BaljjqrEjBGKTNNe",
    followers: ["LiKJ2vnRg5ETM8Z19K7"],
    isRemoveAllFollowers: false,
    followersActionType: "add",
    name: "opportunity name",
    status: "open",
    pipelineStageId: "7915dedc-8f18-44d5-8bc3-77c04e994a10",
    monetaryValue: 220,
    assignedTo: "082goXVW3lIExEQPOnd3",
    lostReasonId: "CLu7BaljjqrEjBGKTNNe",
  };
  const { pipelineId, locationId } = wholeOpportunity;

  return [
    { name: "highlevel: create association", ...association(studentTeacher) },
    {
      name: "highlevel: create association, labels that JSON escapes",
      ...association({
        ...studentTeacher,
        firstObjectLabel: 'Schüler "A"\\ 🎒 \u2028\ttab',
        secondObjectLabel: "</script>",
      }),
    },
    { name: "highlevel: upsert opportunity", ...opportunity(wholeOpportunity) },
    {
      name: "highlevel: upsert opportunity, the fewest fields",
      ...opportunity({ pipelineId, locationId, name: "A deal", status: "won", monetaryValue: 1234.56 }),
    },
    {
      name: "highlevel: upsert opportunity, one follower as a string",
      ...opportunity({ ...wholeOpportunity, followers: "LiKJ2vnRg5ETM8Z19K7" }),
    },
  ];
}

function salesforceCalls(origin) {
  const client = salesforceClient(origin, TOKEN, SALESFORCE_VERSION);
  const opportunity = "006000000000001AAA";
  const contacts = ["003000000000001AAA", "003000000000002AAA", "003000000000003AAA"];
  const roles = (ids) => ids.map((id) => ({ OpportunityId: opportunity, ContactId: id }));
  const contactRoles = client.sobject("OpportunityContactRole");

  /** The requests of our plan for linking these contacts to the opportunity, whose path ends so. */
  const planned = (ids, pathEnd) => {
    const input = {
      entity: "opportunities",
      entity_id: opportunity,
      associations: { contacts: ids.map((id) => ({ id })) },
    };
    const { steps } = plan("salesforce", "associations.create", input, {
      origin,
      apiVersion: `v${SALESFORCE_VERSION}`,
    });
    const requests = steps.flatMap((step) => step.requests);
    const found = requests.filter(({ url }) => new URL(url).pathname.endsWith(pathEnd));
    if (found.length !== 1) {
      throw new Error(`${found.length} planned requests end in ${pathEnd}: ${requests.map((r) => r.url).join(", ")}`);
    }
    return found[0];
  };

  const reading = () => planned(contacts, "/composite");

  return [
    {
      name: "salesforce: one contact role",
      client: () => contactRoles.create(roles(contacts.slice(0, 1))[0]),
      ours: () => planned(contacts.slice(0, 1), "/sobjects/OpportunityContactRole"),
    },
    {
      name: "salesforce: several contact roles",
      client: () => contactRoles.create(roles(contacts)),
      ours: () => planned(contacts, "/composite/sobjects"),
    },
    {
      // jsforce has no method for a composite call; this shows its path, headers and JSON, and the body that
      // Salesforce's pages describe.
      name: "salesforce: the read before",
      client: () => client.requestPost("/composite", compositeRead(opportunity, contacts)),
      ours: reading,
    },
    {
      // The query inside that composite call, against the one that jsforce writes and sends by itself.
      name: "salesforce: the query of the read",
      client: () =>
        contactRoles.find({ OpportunityId: opportunity, ContactId: { $in: contacts } }, [
          "Id",
          "ContactId",
          "Role",
          "IsPrimary",
        ]),
      ours: () => {
        const { headers, body } = reading();
        const [{ method, url }] = JSON.parse(body).compositeRequest;
        return { method, url: origin + url, headers: { accept: headers.accept } };
      },
    },
  ];
}

function compositeRead(opportunity, contacts) {
  const soql =
    "SELECT Id, ContactId, Role, IsPrimary FROM OpportunityContactRole" +
    ` WHERE OpportunityId = '${opportunity}' AND ContactId IN ('${contacts.join("','")}')`;
  const q = encodeURIComponent(soql).replace(/['()]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`);
  return {
    allOrNone: false,
    collateSubrequests: false,
    compositeRequest: [
      { method: "GET", url: `/services/data/v${SALESFORCE_VERSION}/query?q=${q}`, referenceId: "read0" },
    ],
  };
}
