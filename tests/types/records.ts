// Upserts: the fields of the unified records, and what becomes of them.

import { connect, plan } from "crmlink";
import type {
  Account,
  Contact,
  Lead,
  LinkReceipt,
  Opportunity,
  RecordFields,
  Report,
  Upserted,
  UpsertedMany,
  UpsertOutcome,
} from "crmlink";
import { holds, type Same } from "./expect.js";

const { accounts, contacts, leads, opportunities } = connect("hubspot", { token: "t" });

// The fields are those that the core knows, and an older spelling of one.
holds<Same<keyof Account, RecordFields["accounts"]>>();
holds<Same<keyof Contact, RecordFields["contacts"]>>();
holds<Same<keyof Lead, RecordFields["leads"] | "contact">>();
holds<Same<keyof Opportunity, RecordFields["opportunities"] | "contact">>();

// Good calls.
const one = contacts.upsert({
  match_by: "email",
  on_ambiguous: "newest",
  first_name: "Anna",
  last_name: null,
  email_addresses: [{ email: "anna@example.com", type: "work" }],
  account: { id: 201 },
  owner: { email: "owner@example.com" },
  custom_fields: { lifecyclestage: "lead", score: 5, tags: ["a", "b"], gone: null },
  remote_data: { anything: { goes: [null] } },
});
holds<Same<typeof one, Promise<Upserted<Contact>>>>();
const several = opportunities.upsertMany([
  { name: "Deal", amount: "12345678901234567.89", currency: "EUR", stage: { name: "Won" }, pipeline: { id: 1 } },
  {
    id: "301",
    contacts: [{ id: "101", role: "Decision Maker", primary: true }],
    followers: { ids: "1", action: "add" },
  },
]);
holds<Same<typeof several, Promise<UpsertedMany<Opportunity>>>>();
const list: readonly Contact[] = [];
contacts.upsertMany(list, { signal: new AbortController().signal });
accounts.upsert({ name: "Acme", website: "https://acme.example", number_of_employees: 5 });
leads.upsert({ name: "Lead", contacts: [{ id: "1" }], lead_source: "web" });
contacts.upsert("{}");
contacts.upsertMany(new Uint8Array());
plan("hubspot", "contacts.upsert", { id: "1", first_name: "Anna" }).strategies;
plan("hubspot", "contacts.upsert", [{ id: "1" }, { id: "2" }]);

// Bad ones.
// @ts-expect-error: no such field
contacts.upsert({ firstname: "Anna" });
// @ts-expect-error: not a word for it
contacts.upsert({ id: "1", on_ambiguous: "last" });
// @ts-expect-error: addresses are objects
contacts.upsert({ email_addresses: ["anna@example.com"] });
// @ts-expect-error: a list is for upsertMany
contacts.upsert([{ id: "1" }]);
// @ts-expect-error: and one record is not
contacts.upsertMany({ id: "1" });
// @ts-expect-error: an account is a company: it has no first name
accounts.upsert({ first_name: "Anna" });
// @ts-expect-error: contacts have no amount
contacts.upsert({ amount: 5 });
// @ts-expect-error: an amount is a number or its digits
opportunities.upsert({ amount: { value: 5 } });
// @ts-expect-error: what is done with followers has three words
opportunities.upsert({ followers: { ids: [], action: "set" } });
// @ts-expect-error: the same in a plan
plan("hubspot", "contacts.upsert", { firstname: "Anna" });
// @ts-expect-error: Truto documents none
connect("truto").contacts.upsert({ id: "1" });
// @ts-expect-error: LeadConnector has no leads
connect("leadconnector").leads.upsert({ id: "1" });

// Answers.
export async function read(): Promise<void> {
  const { outcome, id, record, links, reason, fields } = await one;
  holds<Same<typeof outcome, UpsertOutcome>>();
  holds<Same<typeof id, string | undefined>>();
  holds<Same<typeof links, LinkReceipt[] | undefined>>();
  holds<Same<typeof reason, Report | undefined>>();
  fields?.map(({ path, fate, count }) => [path, fate, count]);
  record?.email_addresses?.map(({ email }) => email);
  // @ts-expect-error: a record that was not written has none
  record.first_name;
  // @ts-expect-error: how it was to be found is no part of it
  record?.match_by;
  const { result, created, updated, failed, unknown } = await several;
  holds<Same<typeof result, Upserted<Opportunity>[]>>();
  holds<Same<number, typeof created & typeof updated & typeof failed & typeof unknown>>();
}
