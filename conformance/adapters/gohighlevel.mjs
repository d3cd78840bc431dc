// HighLevel's own client, with the retries of rate limits that it offers: by default it has none.

import "./no-proxy.mjs";
import { createRequire } from "node:module";

import { outcomeOf } from "./outcome.mjs";

const require = createRequire(import.meta.url);
const { HighLevel } = require("@gohighlevel/api-client");

export const name = "@gohighlevel/api-client";
export const { version } = require("@gohighlevel/api-client/package.json");
export const settings = "rateLimitRetry: true";

/** It renews tokens that it keeps in its own storage. */
export const renewal = ["leadconnector"];

export const vendors = {
  leadconnector({ origin, token, patience, credentials }) {
    const client = clientAt(origin, token, credentials);
    // Each call takes axios' own options, the time limit among them.
    const options = { baseURL: origin, timeout: patience };
    const statusOf = ({ statusCode }) => statusCode;
    const ask = (location, act, read) =>
      outcomeOf(async () => (await signedIn(client, location, token, credentials), act()), { read, statusOf });
    // Declared: whether it worked.
    const worked = ({ success }) => ({ outcome: success === false ? "not_done" : "done" });
    const deal = ({ location, contact, pipeline, name, amount }) =>
      ask(location, () =>
        client.opportunities.upsertOpportunity(
          { locationId: location, contactId: contact, pipelineId: pipeline, name, monetaryValue: amount },
          { ...options },
        ),
      );
    return {
      operations: {
        P: ({ location, contact, business }) =>
          ask(
            location,
            () =>
              client.contacts.addRemoveContactFromBusiness(
                { locationId: location, ids: [contact], businessId: business },
                { ...options },
              ),
            worked,
          ),
        U: deal,
        C: ({ location, name }) =>
          ask(location, () => client.businesses.createBusiness({ locationId: location, name }, { ...options }), worked),
        V: deal,
        I: ({ location, id }) => ask(location, () => client.contacts.getContact({ contactId: id }, { ...options })),
      },
    };
  },
};

function clientAt(origin, token, credentials) {
  const common = { logLevel: "none", rateLimitRetry: true };
  if (!credentials) return new HighLevel({ ...common, privateIntegrationToken: token });
  // Where the token endpoint is: it has no other setting for that, and reads this one when a client is made.
  HighLevel.BASE_URL = origin;
  const { clientId, clientSecret } = credentials;
  return new HighLevel({ ...common, clientId, clientSecret });
}

/** What an installation of the app leaves behind in the client's own storage. */
async function signedIn(client, location, token, credentials) {
  const storage = client.getSessionStorage();
  if (!credentials || (await storage.getSession(location))) return;
  await storage.setSession(location, {
    access_token: token,
    refresh_token: credentials.refreshToken,
    expires_in: credentials.expired ? 0 : 86_399,
    userType: "Location",
    locationId: location,
  });
}
