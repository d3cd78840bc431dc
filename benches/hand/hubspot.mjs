// HubSpot's requests as one writes them without a library.

import { checkId, checkList, checkNames } from "./checks.mjs";

const ORIGIN = "https://api.hubapi.com";

export function createDefault(token, { fromObjectType, fromObjectId, toObjectType, toObjectId }) {
  const [fromType, fromId] = [encodeURIComponent(fromObjectType), encodeURIComponent(fromObjectId)];
  const [toType, toId] = [encodeURIComponent(toObjectType), encodeURIComponent(toObjectId)];
  return {
    method: "PUT",
    url: `${ORIGIN}/crm/v4/objects/${fromType}/${fromId}/associations/default/${toType}/${toId}`,
    headers: { accept: "application/json", authorization: `Bearer ${token}` },
  };
}

const CREATE_DEFAULT = new Set(["fromObjectType", "fromObjectId", "toObjectType", "toObjectId"]);

export function checkCreateDefault(params) {
  checkNames("params", params, CREATE_DEFAULT);
  for (const name of CREATE_DEFAULT) checkId(name, params[name]);
}

export function batchCreateDefault(token, { fromObjectType, toObjectType, inputs }) {
  return batchRequest(
    token,
    fromObjectType,
    toObjectType,
    inputs.map(({ from, to }) => ({ from: { id: from.id }, to: { id: to.id } })),
  );
}

const BATCH = new Set(["fromObjectType", "toObjectType", "inputs"]);
const PAIR = new Set(["from", "to"]);
const RECORD = new Set(["id"]);

export function checkBatchCreateDefault(params) {
  checkNames("params", params, BATCH);
  checkId("fromObjectType", params.fromObjectType);
  checkId("toObjectType", params.toObjectType);
  checkList("inputs", params.inputs, (pair) => {
    checkNames("inputs[]", pair, PAIR);
    for (const side of PAIR) {
      checkNames(side, pair[side], RECORD);
      checkId(`${side}.id`, pair[side].id);
    }
  });
}

/** What the unified input asks of HubSpot: one deal, many contacts. */
export function linkDealToContacts(token, { entity_id, associations }) {
  return batchRequest(
    token,
    "deals",
    "contacts",
    associations.contacts.map(({ id }) => ({ from: { id: entity_id }, to: { id } })),
  );
}

function batchRequest(token, fromObjectType, toObjectType, inputs) {
  const [from, to] = [encodeURIComponent(fromObjectType), encodeURIComponent(toObjectType)];
  return {
    method: "POST",
    url: `${ORIGIN}/crm/v4/associations/${from}/${to}/batch/associate/default`,
    headers: {
      accept: "application/json",
      "content-type": "application/json",
      authorization: `Bearer ${token}`,
    },
    body: JSON.stringify({ inputs }),
  };
}

export function associatePartnerClient(token, { partnerClientId, toObjectType, toObjectId, associationType }) {
  const path = [partnerClientId, "associations", toObjectType, toObjectId, associationType];
  return {
    method: "PUT",
    url: `${ORIGIN}/crm/v3/objects/partner_clients/${path.map(encodeURIComponent).join("/")}`,
    headers: { accept: "application/json", authorization: `Bearer ${token}` },
  };
}

const PARTNER_CLIENT = new Set(["partnerClientId", "toObjectType", "toObjectId", "associationType"]);

export function checkPartnerClient(params) {
  checkNames("params", params, PARTNER_CLIENT);
  for (const name of PARTNER_CLIENT) checkId(name, params[name]);
}
