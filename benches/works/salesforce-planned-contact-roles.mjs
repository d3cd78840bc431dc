import { linkOpportunityToContacts } from "../hand/salesforce.mjs";
import { checkUnified } from "../hand/truto.mjs";
import { crmlinkPlanners, TOKEN } from "./crmlink.mjs";
import { handWritten } from "./hand.mjs";

const ORIGIN = "https://example.my.salesforce.com";
const VERSION = "v66.0";

export const plannedContactRoles = {
  name: "salesforce plan of associations.create",
  about: "the unified input, one opportunity and 200 contacts; crmlink plans the read before the write too",
  kind: "batch",
  inputs: Array.from({ length: 8 }, (_, turn) => ({
    entity: "opportunities",
    entity_id: salesforceId("006", turn),
    associations: {
      contacts: Array.from({ length: 200 }, (_, i) => ({ id: salesforceId("003", 200 * turn + i) })),
    },
  })),
  contenders: {
    ...crmlinkPlanners("salesforce", "associations.create", { origin: ORIGIN, apiVersion: VERSION }, collectionCreate),
    client: {
      title: "jsforce, mapped by hand",
      asynchronous: true,
      load: async () =>
        (await import("../clients/jsforce.mjs")).jsforce(ORIGIN, VERSION, TOKEN).linkOpportunityToContacts,
    },
    ...handWritten((input) => linkOpportunityToContacts(ORIGIN, VERSION, input), checkUnified),
  },
};

/** 18 characters; without capitals in the first 15 the checksum is AAA. */
function salesforceId(prefix, number) {
  return `${prefix}${String(number).padStart(12, "0")}AAA`;
}

function collectionCreate({ steps }) {
  const writes = steps.flatMap((step) => step.requests).filter(({ url }) => url.endsWith("/composite/sobjects"));
  if (writes.length !== 1) throw new Error(`200 links are one collection create, not ${writes.length}`);
  return writes[0];
}
