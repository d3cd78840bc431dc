// HubSpot's client, unchanged, up to the point where it would open a socket.

import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { Client } = require("@hubspot/api-client");
// The client ignores a call's own `httpApi` (still so in 14.0), so the method of its one HTTP library is what can be replaced.
const v4 = "@hubspot/api-client/lib/codegen/crm/associations/v4";
const { IsomorphicFetchHttpLibrary } = require(`${v4}/http/isomorphic-fetch.js`);
const { ResponseContext } = require(`${v4}/http/http.js`);
const { from } = require(`${v4}/rxjsStub.js`);
const { HttpClient } = require("@hubspot/api-client/lib/src/services/http/HttpClient.js");

const ANSWER = JSON.stringify({
  status: "COMPLETE",
  results: [],
  startedAt: "2026-01-01T00:00:00Z",
  completedAt: "2026-01-01T00:00:00Z",
});
const HEADERS = { "content-type": "application/json" };

let sent;

IsomorphicFetchHttpLibrary.prototype.send = (request) => {
  sent = {
    method: request.getHttpMethod(),
    url: request.getUrl(),
    headers: request.getHeaders(),
    body: request.getBody(),
  };
  const body = { text: async () => ANSWER, binary: async () => Buffer.from(ANSWER) };
  return from(Promise.resolve(new ResponseContext(200, HEADERS, body)));
};

HttpClient.send = async (request) => {
  const { method, headers, body } = request.getSendData();
  sent = { method, url: request.getUrl().href, headers, body };
  return new Response(ANSWER, { headers: HEADERS });
};

/** Answers what the client would have sent, once its call is over. */
export function hubspot(token) {
  const client = new Client({ accessToken: token });
  const { basicApi, batchApi } = client.crm.associations.v4;
  return {
    async createDefault({ fromObjectType, fromObjectId, toObjectType, toObjectId }) {
      await basicApi.createDefault(fromObjectType, fromObjectId, toObjectType, toObjectId);
      return sent;
    },
    /** The client reads `_from` where the wire says `from`: renaming it is part of using it. */
    async batchCreateDefault({ fromObjectType, toObjectType, inputs }) {
      await batchApi.createDefault(fromObjectType, toObjectType, {
        inputs: inputs.map(({ from, to }) => ({ _from: from, to })),
      });
      return sent;
    },
    async linkDealToContacts({ entity_id, associations }) {
      await batchApi.createDefault("deals", "contacts", {
        inputs: associations.contacts.map(({ id }) => ({ _from: { id: entity_id }, to: { id } })),
      });
      return sent;
    },
    /** No method of the client knows partner clients; apiRequest leaves the path to the caller. */
    async associatePartnerClient({ partnerClientId, toObjectType, toObjectId, associationType }) {
      const path = [partnerClientId, "associations", toObjectType, toObjectId, associationType];
      await client.apiRequest({
        method: "PUT",
        path: `/crm/v3/objects/partner_clients/${path.map(encodeURIComponent).join("/")}`,
      });
      return sent;
    },
  };
}
