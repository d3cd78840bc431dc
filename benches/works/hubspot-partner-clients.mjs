import { associatePartnerClient, checkPartnerClient } from "../hand/hubspot.mjs";
import { crmlinkBuilders, TOKEN } from "./crmlink.mjs";
import { handWritten } from "./hand.mjs";

export const partnerClients = {
  name: "hubspot.partnerClients.associate",
  about: "PUT without a body; the client has no method for it, only its generic apiRequest",
  kind: "single",
  inputs: Array.from({ length: 64 }, (_, i) => ({
    partnerClientId: String(30_000_000_000 + i),
    toObjectType: "deals",
    toObjectId: String(40_000_000_000 + i),
    associationType: "partner_client_to_deal",
  })),
  contenders: {
    ...crmlinkBuilders("hubspot.partnerClients.associate"),
    client: {
      title: "@hubspot/api-client (apiRequest)",
      asynchronous: true,
      load: async () => (await import("../clients/hubspot.mjs")).hubspot(TOKEN).associatePartnerClient,
    },
    ...handWritten((params) => associatePartnerClient(TOKEN, params), checkPartnerClient),
  },
};
