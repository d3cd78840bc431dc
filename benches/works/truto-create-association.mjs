import { checkAssociation, createAssociation } from "../hand/truto.mjs";
import { crmlinkBuilders, TOKEN } from "./crmlink.mjs";
import { handWritten } from "./hand.mjs";

export const trutoAssociation = {
  name: "truto.associations.create",
  about: "POST, two query parameters, three contacts and an account; there is no client to compare with",
  kind: "single",
  inputs: Array.from({ length: 64 }, (_, i) => ({
    integrated_account_id: "62f44730-dd91-461e-bd6a-aedd9e0ad79d",
    truto_response_format: "unified",
    entity_id: `006000000000${100 + i}AAA`,
    entity: "opportunities",
    associations: {
      accounts: [{ id: "001000000000001AAA" }],
      contacts: [{ id: "003000000000001AAA" }, { id: "003000000000002AAA" }, { id: "003000000000003AAA" }],
    },
  })),
  contenders: {
    ...crmlinkBuilders("truto.associations.create"),
    ...handWritten((params) => createAssociation(TOKEN, params), checkAssociation),
  },
};
