// crmlink itself, in the process.

import { readFileSync } from "node:fs";

import { connect, CrmlinkError } from "../../pkg/dist/index.js";

export const name = "crmlink";
export const { version } = JSON.parse(readFileSync(new URL("../../pkg/package.json", import.meta.url), "utf8"));

/** It takes a function that renews the token. */
export const renewal = ["hubspot", "leadconnector", "salesforce"];

export const vendors = vendorsWith((vendor, further, { origin, token, patience, deadline, credentials }) =>
  connect(vendor, {
    ...further,
    origin,
    token,
    timeout: patience,
    deadline,
    ...(credentials && { renew: credentials.renew }),
  }),
);

/** The operations, over what connects to a vendor: directly, or through a Worker. */
export function vendorsWith(connectTo) {
  return {
    hubspot(options) {
      const hubspot = connectTo("hubspot", {}, options);
      return {
        operations: {
          P: ({ contact, company }) => link(hubspot, "contacts", contact, { accounts: [{ id: company }] }),
          U: ({ email, firstName }) =>
            upsert(hubspot.contacts, { email_addresses: [{ email }], first_name: firstName }),
          C: ({ name, domain }) => upsert(hubspot.accounts, { name, website: domain }),
          L: ({ contact }) => list(hubspot, { entity: "contacts", entity_id: contact, to: ["accounts"] }),
          B: ({ deal, contacts }) => batch(hubspot, "opportunities", deal, contacts),
          V: ({ name, amount }) => upsert(hubspot.opportunities, { name, amount, match_by: "name" }),
          I: ({ id, company }) => link(hubspot, "contacts", id, { accounts: [{ id: company }] }),
        },
      };
    },

    leadconnector(options) {
      const at = (locationId) => connectTo("leadconnector", { locationId }, options);
      // One connection for all calls, as a program has it: every sample is of one location.
      let connection;
      const vendor = (location) => (connection ??= at(location));
      const deal = ({ location, contact, pipeline, name, ...further }) =>
        upsert(vendor(location).opportunities, {
          name,
          contacts: [{ id: contact }],
          pipeline: { id: pipeline },
          ...further,
        });
      return {
        operations: {
          P: ({ location, contact, business }) =>
            link(vendor(location), "contacts", contact, { accounts: [{ id: business }] }),
          U: deal,
          C: ({ location, name }) => upsert(vendor(location).accounts, { name, match_by: "name" }),
          V: deal,
          I: ({ location, id, business }) => link(vendor(location), "contacts", id, { accounts: [{ id: business }] }),
        },
      };
    },

    salesforce(options) {
      const salesforce = connectTo("salesforce", {}, options);
      const keyed = ({ field, value, ...fields }) => ({
        ...fields,
        custom_fields: { [field]: value },
        match_by: `custom_fields.${field}`,
      });
      return {
        operations: {
          P: ({ opportunity, account }) =>
            link(salesforce, "opportunities", opportunity, { accounts: [{ id: account }] }),
          U: ({ lastName, ...key }) => upsert(salesforce.contacts, keyed({ ...key, last_name: lastName })),
          C: ({ opportunity, contact }) =>
            link(salesforce, "opportunities", opportunity, { contacts: [{ id: contact }] }),
          B: ({ opportunity, contacts }) => batch(salesforce, "opportunities", opportunity, contacts),
          V: ({ name, stage, amount, ...key }) =>
            upsert(
              salesforce.opportunities,
              keyed({ ...key, name, stage: { name: stage }, close_date: "2027-01-31", amount }),
            ),
          I: ({ id, account }) => link(salesforce, "opportunities", id, { accounts: [{ id: account }] }),
        },
      };
    },
  };
}

const link = (connection, entity, entity_id, associations) =>
  said(
    () => connection.associations.create({ entity, entity_id, associations }),
    ({ links: [link] }) => ({ outcome: LINKS[link.outcome], detail: link.reason?.code }),
  );

const batch = (connection, entity, entity_id, ids) =>
  said(
    () => connection.associations.create({ entity, entity_id, associations: { contacts: ids.map((id) => ({ id })) } }),
    ({ links }) => {
      const items = links.map(({ outcome }) => LINKS[outcome]);
      return { outcome: items.every((item) => item === "done") ? "done" : "partial", items };
    },
  );

const upsert = (records, record) =>
  said(
    () => records.upsert(record),
    ({ outcome, reason }) => ({ outcome: RECORDS[outcome] ?? "unknown", detail: reason?.code }),
  );

const list = (connection, input) =>
  said(
    () => connection.associations.list(input),
    ({ associations }) => ({ outcome: "done", ids: associations.accounts.map(({ id }) => id) }),
  );

const LINKS = { linked: "done", already_linked: "done", not_linked: "not_done", unknown: "unknown" };
const RECORDS = { created: "done", updated: "done", failed: "not_done", unknown: "unknown" };

/** A receipt says what is so; an error says by `sent` and `code` what is known. */
async function said(act, read) {
  try {
    const value = await act();
    return { value, ...read(value) };
  } catch (error) {
    if (!(error instanceof CrmlinkError)) throw error;
    return { outcome: outcomeOf(error), detail: `${error.code}: ${error.message}` };
  }
}

function outcomeOf({ code, sent }) {
  if (code === "unauthenticated") return "reauthenticate";
  if (REJECTED.includes(code) && sent === "no") return "rejected";
  return code === "unknown_outcome" || (sent === "maybe" && OPEN.includes(code)) ? "unknown" : "not_done";
}

const REJECTED = ["invalid_input", "invalid_id", "unsupported"];
const OPEN = ["vendor_unavailable", "unexpected_response", "timeout", "aborted"];
