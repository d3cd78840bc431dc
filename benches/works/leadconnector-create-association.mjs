import { checkAssociation, createAssociation as build } from "../hand/leadconnector.mjs";
import { crmlinkBuilders, TOKEN } from "./crmlink.mjs";
import { handWritten } from "./hand.mjs";

export const createAssociation = {
  name: "leadconnector.associations.create",
  about: "POST, six strings",
  kind: "single",
  inputs: Array.from({ length: 64 }, (_, i) => ({
    locationId: "CLu7BaljjqrEjBGKTNNe",
    key: `student_teacher_${i}`,
    firstObjectLabel: "student",
    firstObjectKey: "custom_objects.children",
    secondObjectLabel: "Teacher",
    secondObjectKey: "contact",
  })),
  contenders: {
    ...crmlinkBuilders("leadconnector.associations.create"),
    client: {
      title: "@gohighlevel/api-client",
      asynchronous: true,
      load: async () => (await import("../clients/highlevel.mjs")).highLevel(TOKEN).createAssociation,
    },
    ...handWritten((params) => build(TOKEN, params), checkAssociation),
  },
};
