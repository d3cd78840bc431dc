import { linkDealToContacts } from "../hand/hubspot.mjs";
import { checkUnified } from "../hand/truto.mjs";
import { crmlinkPlanners, TOKEN } from "./crmlink.mjs";
import { handWritten } from "./hand.mjs";

export const plannedBatch = {
  name: "hubspot plan of associations.create",
  about: "the unified input, one opportunity and 2,000 contacts, to HubSpot's batch (v4, which the client speaks)",
  kind: "batch",
  inputs: Array.from({ length: 4 }, (_, turn) => ({
    entity: "opportunities",
    entity_id: String(10_000_000_000 + turn),
    associations: {
      contacts: Array.from({ length: 2000 }, (_, i) => ({ id: String(20_000_000_000 + 2000 * turn + i) })),
    },
  })),
  contenders: {
    ...crmlinkPlanners("hubspot", "associations.create", { apiVersion: "v4" }, onlyRequest),
    client: {
      title: "@hubspot/api-client, mapped by hand",
      asynchronous: true,
      load: async () => (await import("../clients/hubspot.mjs")).hubspot(TOKEN).linkDealToContacts,
    },
    ...handWritten((input) => linkDealToContacts(TOKEN, input), checkUnified),
  },
};

function onlyRequest({ steps }) {
  const requests = steps.flatMap((step) => step.requests);
  if (requests.length !== 1) throw new Error(`2,000 links are one HubSpot request, not ${requests.length}`);
  return requests[0];
}
