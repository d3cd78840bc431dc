import { batchCreateDefault, checkBatchCreateDefault } from "../hand/hubspot.mjs";
import { crmlinkBuilders, TOKEN } from "./crmlink.mjs";
import { handWritten } from "./hand.mjs";

export const batch = {
  name: "hubspot.associations.batchCreateDefault",
  about: "2,000 pairs in the vendor's own shape",
  kind: "batch",
  inputs: Array.from({ length: 4 }, (_, turn) => ({
    fromObjectType: "deals",
    toObjectType: "contacts",
    inputs: Array.from({ length: 2000 }, (_, i) => ({
      from: { id: String(10_000_000_000 + turn) },
      to: { id: String(20_000_000_000 + 2000 * turn + i) },
    })),
  })),
  contenders: {
    ...crmlinkBuilders("hubspot.associations.batchCreateDefault"),
    client: {
      title: "@hubspot/api-client",
      asynchronous: true,
      load: async () => (await import("../clients/hubspot.mjs")).hubspot(TOKEN).batchCreateDefault,
    },
    ...handWritten((params) => batchCreateDefault(TOKEN, params), checkBatchCreateDefault),
  },
};
