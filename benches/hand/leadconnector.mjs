// LeadConnector's requests as one writes them without a library.

import { checkId, checkList, checkNames, checkOneOf, checkText } from "./checks.mjs";

const ORIGIN = "https://services.leadconnectorhq.com";

export function createAssociation(token, params) {
  const { locationId, key, firstObjectLabel, firstObjectKey, secondObjectLabel, secondObjectKey } = params;
  return post(token, "/associations/", {
    locationId,
    key,
    firstObjectLabel,
    firstObjectKey,
    secondObjectLabel,
    secondObjectKey,
  });
}

const ASSOCIATION = new Set([
  "locationId",
  "key",
  "firstObjectLabel",
  "firstObjectKey",
  "secondObjectLabel",
  "secondObjectKey",
]);

export function checkAssociation(params) {
  checkNames("params", params, ASSOCIATION);
  checkId("locationId", params.locationId);
  for (const name of ASSOCIATION) checkText(name, params[name]);
}

export function upsertOpportunity(token, params) {
  const { id, pipelineId, locationId, contactId, followers, isRemoveAllFollowers, followersActionType } = params;
  const { name, status, pipelineStageId, monetaryValue, assignedTo, lostReasonId } = params;
  return post(token, "/opportunities/upsert", {
    id,
    pipelineId,
    locationId,
    contactId,
    followers: typeof followers === "string" ? [followers] : followers,
    isRemoveAllFollowers,
    followersActionType,
    name,
    status,
    pipelineStageId,
    monetaryValue,
    assignedTo,
    lostReasonId,
  });
}

const OPPORTUNITY_IDS = [
  "id",
  "pipelineId",
  "locationId",
  "contactId",
  "pipelineStageId",
  "assignedTo",
  "lostReasonId",
];
const OPPORTUNITY = new Set([
  ...OPPORTUNITY_IDS,
  "followers",
  "isRemoveAllFollowers",
  "followersActionType",
  "name",
  "status",
  "monetaryValue",
]);

export function checkOpportunity(params) {
  checkNames("params", params, OPPORTUNITY);
  if (params.pipelineId === undefined || params.locationId === undefined) {
    throw new TypeError("pipelineId and locationId are required");
  }
  for (const name of OPPORTUNITY_IDS) if (params[name] !== undefined) checkId(name, params[name]);
  if (params.name !== undefined) checkText("name", params.name);
  if (params.status !== undefined) checkOneOf("status", params.status, ["open", "won", "lost", "abandoned"]);
  if (params.monetaryValue !== undefined && !Number.isFinite(params.monetaryValue)) {
    throw new TypeError("monetaryValue: expected a number");
  }
  if (typeof params.followers === "string") checkId("followers", params.followers);
  else if (params.followers !== undefined) checkList("followers", params.followers, (id) => checkId("followers[]", id));
  if (params.followersActionType !== undefined) {
    checkOneOf("followersActionType", params.followersActionType, ["add", "remove"]);
  }
  if (params.isRemoveAllFollowers !== undefined && typeof params.isRemoveAllFollowers !== "boolean") {
    throw new TypeError("isRemoveAllFollowers: expected true or false");
  }
}

function post(token, path, body) {
  return {
    method: "POST",
    url: ORIGIN + path,
    headers: {
      accept: "application/json",
      "content-type": "application/json",
      version: "2021-07-28",
      authorization: `Bearer ${token}`,
    },
    body: JSON.stringify(body),
  };
}
