// HighLevel's client, unchanged, with an adapter (axios' own word for its HTTP layer) that answers by itself.

import { createRequire } from "node:module";

const { HighLevel } = createRequire(import.meta.url)("@gohighlevel/api-client");

let sent;

async function adapter(config) {
  sent = {
    method: config.method.toUpperCase(),
    url: config.baseURL + config.url,
    headers: config.headers,
    body: config.data,
  };
  return { data: "{}", status: 201, statusText: "Created", headers: { "content-type": "application/json" }, config };
}

/** Answers what the client would have sent, once its call is over. */
export function highLevel(token) {
  const { associations, opportunities } = new HighLevel({ privateIntegrationToken: token, logLevel: "none" });
  return {
    async createAssociation(body) {
      await associations.createAssociation(body, { adapter });
      return sent;
    },
    async upsertOpportunity(body) {
      await opportunities.upsertOpportunity(body, { adapter });
      return sent;
    },
  };
}
