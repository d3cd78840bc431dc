import { checkCreateDefault, createDefault } from "../hand/hubspot.mjs";
import { crmlinkBuilders, TOKEN } from "./crmlink.mjs";
import { handWritten } from "./hand.mjs";

export const defaultAssociation = {
  name: "hubspot.associations.createDefault",
  about: "PUT without a body, four ids in the path",
  kind: "single",
  inputs: Array.from({ length: 64 }, (_, i) => ({
    fromObjectType: "contacts",
    fromObjectId: String(10_000_000_000 + i),
    toObjectType: "companies",
    toObjectId: String(20_000_000_000 + i),
  })),
  contenders: {
    ...crmlinkBuilders("hubspot.associations.createDefault"),
    client: {
      title: "@hubspot/api-client",
      asynchronous: true,
      load: async () => (await import("../clients/hubspot.mjs")).hubspot(TOKEN).createDefault,
    },
    ...handWritten((params) => createDefault(TOKEN, params), checkCreateDefault),
  },
};
