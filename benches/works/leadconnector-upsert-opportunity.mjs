import { checkOpportunity, upsertOpportunity as build } from "../hand/leadconnector.mjs";
import { crmlinkBuilders, TOKEN } from "./crmlink.mjs";
import { handWritten } from "./hand.mjs";

export const upsertOpportunity = {
  name: "leadconnector.opportunities.upsert",
  about: "POST, twelve fields",
  kind: "single",
  inputs: Array.from({ length: 64 }, (_, i) => ({
    id: "yWQobCRIhRguQtD2llvk",
    pipelineId: "bCkKGpDsyPP4peuKowkG",
    locationId: "CLu7BaljjqrEjBGKTNNe",
    followers: ["LiKJ2vnRg5ETM8Z19K7"],
    isRemoveAllFollowers: false,
    followersActionType: "add",
    name: `opportunity ${i}`,
    status: "open",
    pipelineStageId: "7915dedc-8f18-44d5-8bc3-77c04e994a10",
    monetaryValue: 220 + i,
    assignedTo: "082goXVW3lIExEQPOnd3",
    lostReasonId: "CLu7BaljjqrEjBGKTNNe",
  })),
  contenders: {
    ...crmlinkBuilders("leadconnector.opportunities.upsert"),
    client: {
      title: "@gohighlevel/api-client",
      asynchronous: true,
      load: async () => (await import("../clients/highlevel.mjs")).highLevel(TOKEN).upsertOpportunity,
    },
    ...handWritten((params) => build(TOKEN, params), checkOpportunity),
  },
};
