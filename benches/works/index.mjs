// What is measured: each work is one request (or plan) to build, with everybody who builds it.
//
// @typedef {{ title: string, takes?: "values" | "text", asynchronous?: boolean, load: () => Promise<Function> }} Contender
// @typedef {{ name: string, about: string, kind: "single" | "batch", inputs: object[],
//             contenders: Record<string, Contender> }} Work
//
// `load` imports what the contender needs, in the process that measures it and nowhere else. The function it answers
// takes one input (or its JSON text) and gives `{ method, url, headers, body? }`.

import { batch } from "./hubspot-batch.mjs";
import { defaultAssociation } from "./hubspot-default-association.mjs";
import { partnerClients } from "./hubspot-partner-clients.mjs";
import { plannedBatch } from "./hubspot-planned-batch.mjs";
import { createAssociation } from "./leadconnector-create-association.mjs";
import { upsertOpportunity } from "./leadconnector-upsert-opportunity.mjs";
import { plannedContactRoles } from "./salesforce-planned-contact-roles.mjs";
import { trutoAssociation } from "./truto-create-association.mjs";

export const works = [
  createAssociation,
  upsertOpportunity,
  trutoAssociation,
  defaultAssociation,
  partnerClients,
  batch,
  plannedBatch,
  plannedContactRoles,
];

export function findWork(name) {
  const work = works.find((work) => work.name === name);
  if (!work) throw new Error(`no work is called ${name}; there are ${works.map((work) => work.name).join(", ")}`);
  return work;
}
