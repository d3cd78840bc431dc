// The vendors' own clients, unchanged, pointed at another origin by the means each of them offers.

import "./no-proxy.mjs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { Client: HubSpot } = require("@hubspot/api-client");
const { HighLevel, ...highLevelErrors } = require("@gohighlevel/api-client");
const { Connection } = require("jsforce");

/** HubSpot: `basePath` and `defaultHeaders` are documented options, and its `apiRequest` honours both. */
export function hubspotClient(origin, token, headers = {}) {
  return new HubSpot({ accessToken: token, basePath: origin, defaultHeaders: headers });
}

/**
 * HighLevel: every method takes axios' own options, so the origin goes along with each call; the client keeps no
 * setting for it, nor for further headers.
 */
export function highLevelClient(origin, token, headers = {}) {
  const client = new HighLevel({ privateIntegrationToken: token, logLevel: "none" });
  const options = { baseURL: origin, headers };
  return {
    createAssociation: (body) => client.associations.createAssociation(body, { ...options }),
    upsertOpportunity: (body) => client.opportunities.upsertOpportunity(body, { ...options }),
  };
}

/** Salesforce: `instanceUrl` is what the vendor's token answer would name. */
export function salesforceClient(origin, token, version) {
  return new Connection({ instanceUrl: origin, accessToken: token, version });
}

export { highLevelErrors };

/** The version of an installed client, as its own package says. */
export function versionOf(name) {
  return require(`${name}/package.json`).version;
}
