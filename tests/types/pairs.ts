// A pair that a vendor cannot link does not compile, and a target has the fields that the vendor's link has.

import { connect, plan } from "crmlink";
import type { Connection, Vendor } from "crmlink";

const hubspot = connect("hubspot");
const leadconnector = connect("leadconnector", { locationId: "l" });
const salesforce = connect("salesforce", { origin: "https://acme.my.salesforce.com" });
const truto = connect("truto");

// What the vendors hold.
hubspot.associations.create({ entity: "leads", entity_id: "1", associations: { contacts: [{ id: "2" }] } });
hubspot.associations.create({ entity: "contacts", entity_id: 1, associations: { contacts: "2,3", leads: [] } });
leadconnector.associations.create({
  entity: "contacts",
  entity_id: "1",
  associations: { opportunities: [{ id: "2" }], contacts: [{ id: "3", association_type: "student_teacher" }] },
});
salesforce.associations.create({
  entity: "opportunities",
  entity_id: "006",
  associations: { contacts: [{ id: "003", role: "Decision Maker", primary: true }], acocunts: [{ id: "001" }] },
});
salesforce.associations.create({
  entity: "accounts",
  entity_id: "001",
  associations: { accounts: [{ id: "002", role: "child" }] },
});
salesforce.associations.set({
  entity: "contacts",
  entity_id: "003",
  associations: { opportunities: [], accounts: "001" },
});
leadconnector.associations.remove({
  entity: "contacts",
  entity_id: "1",
  // No field is needed to remove.
  associations: { contacts: [{ id: "2" }] },
});
leadconnector.associations.list({ entity: "contacts", entity_id: "1", to: "accounts" });
leadconnector.associations.list({ entity: "contacts", entity_id: "1", to: ["accounts", "custom_objects.pets"] });
truto.associations.create({ entity: "contacts", entity_id: "1", associations: { organizations: [{ id: "2" }] } });

// Custom objects, on either end, by keys that look like the vendor's.
leadconnector.associations.create({
  entity: "custom_objects.pets",
  entity_id: "1",
  associations: {
    contacts: [{ id: "2", association_type: "owner" }],
    "custom_objects.cars": [{ id: "3", association_type: ["a", "b"] }],
  },
  association_types: [{ key: "owner", label: "Owner", inverse_label: "Pet" }],
});
salesforce.associations.create({
  entity: "accounts",
  entity_id: "001",
  associations: { Invoice__c: [{ id: "a00", association_type: "Account__c" }], contacts: "003" },
});
// @ts-expect-error: a lookup has to be named
salesforce.associations.create({ entity: "accounts", entity_id: "001", associations: { Invoice__c: [{ id: "a00" }] } });
// @ts-expect-error: that is LeadConnector's way to write it
salesforce.associations.create({ entity: "custom_objects.pets", entity_id: "1", associations: { contacts: "003" } });
// @ts-expect-error: and that is Salesforce's
leadconnector.associations.create({ entity: "Invoice__c", entity_id: "1", associations: {} });
// @ts-expect-error: Truto's page knows none
truto.associations.create({ entity: "custom_objects.pets", entity_id: "1", associations: { contacts: "2" } });
leadconnector.associationTypes.create({
  from: "contacts",
  to: "custom_objects.pets",
  key: "owner",
  label: "Pet",
  inverse_label: "Owner",
});
// @ts-expect-error: both ends are needed
leadconnector.associationTypes.create({ from: "contacts", key: "owner", label: "Pet" });
// @ts-expect-error: no such kind
leadconnector.associationTypes.list({ from: "people", to: "contacts" });

// What they do not.
// @ts-expect-error: a lead has no link before it is converted
salesforce.associations.create({
  entity: "accounts",
  entity_id: "001",
  associations: { leads: [{ id: "00Q" }] },
});
// @ts-expect-error: nor has it one from its own side
salesforce.associations.create({
  entity: "leads",
  entity_id: "00Q",
  associations: { contacts: [{ id: "003" }] },
});
// @ts-expect-error: no link between two opportunities, among others that there are
salesforce.associations.create({
  entity: "opportunities",
  entity_id: "006",
  associations: { contacts: [{ id: "003" }], opportunities: [{ id: "006" }] },
});
// @ts-expect-error: HubSpot has no default link between two leads
hubspot.associations.create({
  entity: "leads",
  entity_id: "1",
  associations: { leads: "2" },
});
// @ts-expect-error: organizations are Truto's
hubspot.associations.create({
  entity: "contacts",
  entity_id: "1",
  associations: { organizations: [{ id: "2" }] },
});
// @ts-expect-error: LeadConnector has no leads
leadconnector.associations.create({
  entity: "contacts",
  entity_id: "1",
  associations: { leads: [] },
});
// @ts-expect-error: not in Truto's table
truto.associations.create({
  entity: "contacts",
  entity_id: "1",
  associations: { contacts: [{ id: "2" }] },
});

// Neither when it comes out of a variable.
const wide = { leads: [{ id: "00Q" }], contacts: [{ id: "003" }] };
// @ts-expect-error: still no link to a lead
salesforce.associations.create({ entity: "accounts", entity_id: "001", associations: wide });
const whole = { entity: "accounts" as const, entity_id: "001", associations: wide };
// @ts-expect-error: still none
salesforce.associations.create(whole);

// Fields that a link must have, and fields that it has not.
// @ts-expect-error: `parent` or `child` has to be said
salesforce.associations.create({
  entity: "accounts",
  entity_id: "001",
  associations: { accounts: [{ id: "002" }] },
});
// @ts-expect-error: plain ids cannot say it
salesforce.associations.create({
  entity: "accounts",
  entity_id: "001",
  associations: { accounts: "002,003" },
});
// @ts-expect-error: an opportunity of an account has no role
salesforce.associations.create({
  entity: "accounts",
  entity_id: "001",
  associations: { opportunities: [{ id: "006", role: "x" }] },
});
// @ts-expect-error: two contacts need a definition
leadconnector.associations.create({
  entity: "contacts",
  entity_id: "1",
  associations: { contacts: [{ id: "2" }] },
});
// @ts-expect-error: a relation has no role
leadconnector.associations.create({
  entity: "contacts",
  entity_id: "1",
  associations: { opportunities: [{ id: "2", role: "x" }] },
});

// The same with plan.
plan("salesforce", "associations.create", {
  entity: "opportunities",
  entity_id: "006",
  associations: { contacts: "003" },
});
// @ts-expect-error: no link to a lead
plan("salesforce", "associations.create", {
  entity: "opportunities",
  entity_id: "006",
  associations: { leads: "00Q" },
});

// What a vendor has not at all.
// @ts-expect-error: Truto documents no removal
truto.associations.remove({ entity: "contacts", entity_id: "1", associations: { accounts: "2" } });
// @ts-expect-error: nor as text
truto.associations.remove("{}");
// @ts-expect-error: no such kind to list
leadconnector.associations.list({ entity: "contacts", entity_id: "1", to: "leads" });
// @ts-expect-error: nor a list
truto.associations.list({ entity: "contacts", entity_id: "1" });
// @ts-expect-error: nor definitions
truto.associationTypes.list({ from: "contacts", to: "accounts" });
// @ts-expect-error: nor in a plan
plan("truto", "associations.set", { entity: "contacts", entity_id: "1", associations: { accounts: "2" } });
// @ts-expect-error: nor as a stream
truto.associations.stream("remove", { entity: "contacts", entity_id: "1", associations: { accounts: "2" } });

// A vendor that is known at run time alone takes what any takes.
export function link(vendor: Vendor) {
  return connect(vendor).associations.create({
    entity: "accounts",
    entity_id: "1",
    associations: { leads: [{ id: "2" }], contacts: [{ id: "3" }] },
  });
}
export const all: Connection[] = [hubspot, leadconnector, salesforce, truto];
