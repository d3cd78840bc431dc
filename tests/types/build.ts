// buildRequest and readResponse: the endpoint's name decides what goes in and what comes out.

import { buildRequest, readResponse } from "crmlink";
import type { Endpoints, HttpRequest, HttpResponse, Options } from "crmlink";
import { holds, type Same } from "./expect.js";

const pair = { fromObjectType: "contacts", fromObjectId: "1", toObjectType: "companies", toObjectId: "2" };
const upsert = { pipelineId: "p", locationId: "l" };

// Good calls.
const request = buildRequest("hubspot.associations.createDefault", pair);
holds<Same<typeof request, HttpRequest>>();
holds<Same<typeof request.method, "GET" | "POST" | "PUT" | "PATCH" | "DELETE">>();
holds<Same<HttpRequest["headers"], Record<string, string>>>();
buildRequest("hubspot.associations.createDefault", { ...pair, fromObjectId: 1 });
buildRequest("hubspot.associations.createDefault", pair, { token: "t", apiVersion: "2026-03" });
buildRequest("hubspot.associations.createDefault", JSON.stringify(pair));
buildRequest("hubspot.associations.createDefault", new TextEncoder().encode(JSON.stringify(pair)));
buildRequest("hubspot.partnerClients.associate", {
  partnerClientId: "1",
  toObjectType: "companies",
  toObjectId: "2",
  associationType: 5,
});
buildRequest("leadconnector.associations.create", {
  locationId: "l",
  key: "k",
  firstObjectLabel: "a",
  firstObjectKey: "b",
  secondObjectLabel: "c",
  secondObjectKey: "d",
});
buildRequest("leadconnector.opportunities.upsert", {
  ...upsert,
  status: "won",
  followers: ["a"],
  followersActionType: "add",
  monetaryValue: 5,
  extra: { customFields: [] },
});
buildRequest("leadconnector.opportunities.upsert", { ...upsert, followers: "a", monetaryValue: { amount: "5.00" } });
buildRequest("truto.associations.create", {
  integrated_account_id: "62f44730-dd91-461e-bd6a-aedd9e0ad79d",
  truto_response_format: "normalized",
  entity: "opportunities",
  entity_id: "1",
  associations: { contacts: [{ id: "2" }], acocunts: [{ id: "3" }] },
});

// The five founding endpoints have a name.
const founding = [
  "leadconnector.associations.create",
  "leadconnector.opportunities.upsert",
  "truto.associations.create",
  "hubspot.associations.createDefault",
  "hubspot.partnerClients.associate",
] as const satisfies readonly (keyof Endpoints)[];
holds<Same<(typeof founding)["length"], 5>>();

// Bad ones.
// @ts-expect-error: no such endpoint
buildRequest("hubspot.associations.createdefault", pair);
// @ts-expect-error: a parameter is missing
buildRequest("hubspot.associations.createDefault", { fromObjectType: "a", fromObjectId: "1", toObjectType: "b" });
// @ts-expect-error: no such parameter
buildRequest("hubspot.associations.createDefault", { ...pair, toObjectID: "2" });
// @ts-expect-error: the parameters of another endpoint
buildRequest("leadconnector.opportunities.upsert", pair);
// @ts-expect-error: a word for searches alone
buildRequest("leadconnector.opportunities.upsert", { ...upsert, status: "all" });
// @ts-expect-error: ids are texts here
buildRequest("leadconnector.opportunities.upsert", { ...upsert, contactId: 5 });
// @ts-expect-error: not a word of the page
buildRequest("leadconnector.opportunities.upsert", { ...upsert, followersActionType: "set" });
// @ts-expect-error: a kind that there is not
buildRequest("truto.associations.create", { ...truto(), entity: "deals" });
// @ts-expect-error: a format that there is not
buildRequest("truto.associations.create", { ...truto(), truto_response_format: "xml" });
// @ts-expect-error: no such option
buildRequest("hubspot.associations.createDefault", pair, { tokn: "t" });
// @ts-expect-error: an option of another type
buildRequest("hubspot.associations.createDefault", pair, { strictSpec: "yes" });
// @ts-expect-error: options are an object
buildRequest("hubspot.associations.createDefault", pair, "{}");
// @ts-expect-error: no parameters
buildRequest("hubspot.associations.createDefault");
// @ts-expect-error: null is none
buildRequest("hubspot.associations.createDefault", null);
// @ts-expect-error: an absent option is absent, and not undefined
const options: Options = { token: undefined };
void options;

// Answers.
const response: HttpResponse = { status: 200, body: "{}" };
const linked = readResponse("hubspot.associations.createDefault", response);
holds<Same<typeof linked, Endpoints["hubspot.associations.createDefault"]["answer"]>>();
holds<Same<typeof linked.numErrors, number>>();
holds<Same<(typeof linked.results)[number]["from"]["id"], string>>();
const record = readResponse("hubspot.partnerClients.associate", { status: 200, headers: { etag: "x" }, body: "" });
holds<Same<typeof record.properties, Record<string, string | null>>>();
holds<Same<typeof record.archived, boolean>>();
const opportunity = readResponse("leadconnector.opportunities.upsert", response);
holds<Same<typeof opportunity.new, boolean>>();
holds<Same<(typeof opportunity.opportunity)[string], unknown>>();
const association = readResponse("leadconnector.associations.create", response);
holds<Same<typeof association.id, string>>();
// @ts-expect-error: the answer of another endpoint
association.numErrors;
// @ts-expect-error: an answer may lack it
const archived: string = record.archivedAt;
void archived;
// @ts-expect-error: no such endpoint
readResponse("hubspot.nothing", response);
// @ts-expect-error: no status
readResponse("hubspot.associations.createDefault", { body: "" });
// @ts-expect-error: a body is text
readResponse("hubspot.associations.createDefault", { status: 200, body: {} });

function truto(): Endpoints["truto.associations.create"]["params"] {
  return { integrated_account_id: "a", entity: "contacts", entity_id: "1", associations: {} };
}
