// For each vendor, calls on the sample records of the simulators.

import { SAMPLES, VENDOR_TOKEN } from "../../xtask/development.mjs";

const { hubspot, leadconnector, salesforce, truto } = SAMPLES;

/**
 * Per vendor: the options of a connection; `link`, which the vendor can make; `partial`, whose last link it cannot;
 * `hopeless`, of which it can make none; and `again`, the outcome of `link` when it is asked for a second time.
 */
export const VENDORS = {
  hubspot: {
    options: { token: VENDOR_TOKEN },
    link: {
      entity: "opportunities",
      entity_id: hubspot.deal,
      associations: { contacts: [{ id: hubspot.contact }], accounts: [{ id: hubspot.company }] },
    },
    partial: {
      entity: "opportunities",
      entity_id: hubspot.deal,
      associations: { contacts: [{ id: hubspot.contact }, { id: "999" }] },
    },
    hopeless: { entity: "opportunities", entity_id: hubspot.deal, associations: { contacts: [{ id: "999" }] } },
    // A default association that is there is made again without a word.
    again: "linked",
  },
  leadconnector: {
    options: { token: VENDOR_TOKEN, locationId: leadconnector.location },
    link: {
      entity: "contacts",
      entity_id: leadconnector.contact,
      associations: { opportunities: [{ id: leadconnector.opportunity }] },
    },
    partial: {
      entity: "contacts",
      entity_id: leadconnector.contact,
      associations: { opportunities: [{ id: leadconnector.opportunity }, { id: "nobodyHasThisId00000" }] },
    },
    hopeless: {
      entity: "contacts",
      entity_id: leadconnector.contact,
      associations: { opportunities: [{ id: "nobodyHasThisId00000" }] },
    },
    again: "already_linked",
  },
  salesforce: {
    options: { token: VENDOR_TOKEN, origin: "https://acme.my.salesforce.com" },
    link: {
      entity: "opportunities",
      entity_id: salesforce.opportunity,
      associations: { contacts: [{ id: salesforce.contact }] },
    },
    partial: {
      entity: "opportunities",
      entity_id: salesforce.opportunity,
      associations: { contacts: [{ id: salesforce.contact }, { id: "003000000000001AAA" }] },
    },
    hopeless: {
      entity: "opportunities",
      entity_id: salesforce.opportunity,
      associations: { contacts: [{ id: "003000000000001AAA" }] },
    },
    again: "already_linked",
  },
  // The simulator of Truto knows no records, so none is missing.
  truto: {
    options: { token: VENDOR_TOKEN, integratedAccountId: truto.account },
    link: {
      entity: "opportunities",
      entity_id: salesforce.opportunity,
      associations: { contacts: [{ id: salesforce.contact }] },
    },
    again: "linked",
  },
};

/** What became of each link. */
export function outcomes({ links }) {
  return links.map(({ outcome }) => outcome);
}

/** Makes a simulator's next request fail: see `POST /_twin/fault`. */
export async function fault(twin, fault) {
  const response = await twin.fetch("/_twin/fault", { method: "POST", body: JSON.stringify(fault) });
  if (!response.ok) throw new Error(await response.text());
}
