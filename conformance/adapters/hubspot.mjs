// HubSpot's own client, with the retries that it offers: by default it has none.

import "./no-proxy.mjs";
import { createRequire } from "node:module";

import { outcomeOf } from "./outcome.mjs";

const require = createRequire(import.meta.url);
const { Client } = require("@hubspot/api-client");

export const name = "@hubspot/api-client";
export const { version } = require("@hubspot/api-client/package.json");
export const settings = "numberOfApiCallRetries: 3";

export const vendors = {
  hubspot({ origin, token }) {
    const { crm } = new Client({ accessToken: token, basePath: origin, numberOfApiCallRetries: 3 });
    const ask = (act, read) =>
      outcomeOf(act, { read, statusOf: ({ code }) => (typeof code === "number" ? code : undefined) });
    const link = (from, to) =>
      ask(
        () => crm.associations.v4.basicApi.createDefault("contacts", from, "companies", to),
        // Declared: how many of the asked links could not be made.
        ({ numErrors = 0 }) => ({ outcome: numErrors > 0 ? "not_done" : "done" }),
      );
    const create = (api, properties) => ask(() => api.basicApi.create({ properties, associations: [] }));
    return {
      operations: {
        P: ({ contact, company }) => link(contact, company),
        U: ({ email, firstName }) =>
          ask(() =>
            crm.contacts.batchApi.upsert({
              inputs: [{ id: email, idProperty: "email", properties: { firstname: firstName } }],
            }),
          ),
        C: ({ name, domain }) => create(crm.companies, { name, domain }),
        L: ({ contact }) =>
          ask(
            () => crm.associations.v4.basicApi.getPage("contacts", contact, "companies"),
            ({ results }) => ({ outcome: "done", ids: results.map(({ toObjectId }) => String(toObjectId)) }),
          ),
        B: ({ deal, contacts }) =>
          ask(
            () =>
              crm.associations.v4.batchApi.createDefault("deals", "contacts", {
                inputs: contacts.map((id) => ({ _from: { id: deal }, to: { id } })),
              }),
            ({ results }) => {
              const linked = new Set(results.map(({ to }) => String(to.id)));
              return { outcome: "partial", items: contacts.map((id) => (linked.has(id) ? "done" : "not_done")) };
            },
          ),
        V: ({ name, amount }) => create(crm.deals, { dealname: name, amount }),
        I: ({ id, company }) => link(id, company),
      },
    };
  },
};
