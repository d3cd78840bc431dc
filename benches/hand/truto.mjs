// Truto's request as one writes it without a library.

import { checkId, checkList, checkNames, checkOneOf } from "./checks.mjs";

const KINDS = ["accounts", "contacts", "leads", "opportunities", "organizations"];

export function createAssociation(token, params) {
  const { integrated_account_id, truto_response_format, entity, entity_id, associations } = params;
  const query = new URLSearchParams({ integrated_account_id, truto_response_format });
  const linked = {};
  for (const kind of KINDS) {
    if (associations[kind]) linked[kind] = associations[kind].map(({ id }) => ({ id }));
  }
  return {
    method: "POST",
    url: `https://api.truto.one/unified/crm/associations?${query}`,
    headers: {
      accept: "application/json",
      "content-type": "application/json",
      authorization: `Bearer ${token}`,
    },
    body: JSON.stringify({ entity_id, entity, associations: linked }),
  };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const PARAMS = new Set(["integrated_account_id", "truto_response_format", "entity", "entity_id", "associations"]);
const ASSOCIATIONS = new Set(KINDS);
const RECORD = new Set(["id"]);

export function checkAssociation(params) {
  checkNames("params", params, PARAMS);
  if (!UUID.test(params.integrated_account_id)) throw new TypeError("integrated_account_id: expected a UUID");
  checkOneOf("truto_response_format", params.truto_response_format, ["unified", "raw", "normalized", "stream"]);
  checkUnified(params);
}

/** The part that is the unified input too. */
export function checkUnified({ entity, entity_id, associations }) {
  checkOneOf("entity", entity, KINDS);
  checkId("entity_id", entity_id);
  checkNames("associations", associations, ASSOCIATIONS);
  for (const kind in associations) {
    checkList(`associations.${kind}`, associations[kind], (record) => {
      checkNames(`associations.${kind}[]`, record, RECORD);
      checkId(`associations.${kind}[].id`, record.id);
    });
  }
}
