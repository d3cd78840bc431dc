// plan, connect and capabilities.

import { CrmlinkError, capabilities, connect, plan } from "crmlink";
import type {
  Association,
  Capability,
  Code,
  Connection,
  HttpResponse,
  LinkReceipt,
  Operations,
  Outcome,
  Plan,
  Receipt,
  Vendor,
} from "crmlink";
import { holds, type Same } from "./expect.js";

const link = {
  entity: "opportunities",
  entity_id: "1",
  associations: { contacts: [{ id: "2" }], accounts: [{ id: 3 }] },
  remote_data: { a: [1, null] },
} satisfies Association;

// Plans.
const planned = plan("hubspot", "associations.create", link, { apiVersion: "2026-03" });
holds<Same<typeof planned, Plan>>();
holds<Same<typeof planned.calls, { min: number; max: number }>>();
holds<Same<Plan["vendor"], Vendor>>();
plan("truto", "associations.create", "{}");
plan("truto", "associations.create", new Uint8Array());
plan("salesforce", "associations.create", { ...link, associations: { acocunts: "1,2,3" } });
// @ts-expect-error: no such vendor
plan("pipedrive", "associations.create", link);
// @ts-expect-error: no such operation
plan("hubspot", "associations.destroy", link);
// @ts-expect-error: no such kind
plan("hubspot", "associations.create", { ...link, entity: "deals" });
// @ts-expect-error: nothing begins at an organization
plan("hubspot", "associations.create", { ...link, entity: "organizations" });
// @ts-expect-error: no such kind to link with
plan("hubspot", "associations.create", { ...link, associations: { people: [] } });
// @ts-expect-error: a target has an id
plan("hubspot", "associations.create", { ...link, associations: { contacts: [{}] } });
// @ts-expect-error: no such field of a target
plan("hubspot", "associations.create", { ...link, associations: { contacts: [{ id: "1", rôle: "x" }] } });
// @ts-expect-error: no id
plan("hubspot", "associations.create", { entity: "contacts", associations: {} });
// @ts-expect-error: the steps may be none
planned.steps[0].purpose;

// Connections.
const direct = connect("hubspot", {
  token: "t",
  origin: "https://gateway.example",
  fetch: async () => new Response(),
  timeout: 1000,
  signal: new AbortController().signal,
  onProgress: ({ answered, links }) => {
    holds<Same<typeof answered, number>>();
    holds<Same<typeof links, LinkReceipt[]>>();
  },
});
holds<Same<typeof direct, Connection<"hubspot">>>();
connect("leadconnector");
connect("truto", { fetch: globalThis.fetch });
connect("salesforce", { edge: "https://edge.example", account: "a", token: "t" });
connect("salesforce", { edge: "https://edge.example", account: "a", token: "t", timeout: 5, fetch });
const receipt = direct.associations.create(link);
holds<Same<typeof receipt, Promise<Receipt>>>();
direct.associations.create(link, { signal: new AbortController().signal, onProgress: ({ links }) => links.length });
const undone = direct.undo({});
holds<Same<typeof undone, Promise<Receipt[]>>>();
const sent = direct.send({ method: "GET", url: "https://api.hubapi.com/", headers: {} });
holds<Same<typeof sent, Promise<HttpResponse>>>();
// @ts-expect-error: no such vendor
connect("pipedrive", {});
// @ts-expect-error: no such option
connect("hubspot", { retries: 3 });
// @ts-expect-error: an edge needs an account
connect("hubspot", { edge: "https://edge.example", token: "t" });
// @ts-expect-error: no such kind
direct.associations.create({ ...link, entity: "people" });
// @ts-expect-error: no such option of a call
direct.associations.create(link, { timeout: 5 });
// @ts-expect-error: no such verb
direct.send({ method: "CONNECT", url: "https://api.hubapi.com/", headers: {} });

export async function read(): Promise<void> {
  const { links, associations, undo, remote_data } = await receipt;
  const [first] = links;
  // @ts-expect-error: the list may be empty
  first.outcome;
  if (!first) return;
  holds<Same<typeof first.outcome, Outcome>>();
  // @ts-expect-error: most links have no reason
  first.reason.code;
  if (first.reason) holds<Same<typeof first.reason.code, Code>>();
  // @ts-expect-error: no such outcome
  if (first.outcome === "failed") return;
  holds<Same<typeof associations.contacts, { id: string }[] | undefined>>();
  holds<Same<typeof remote_data, unknown>>();
  // @ts-expect-error: not all that was done can be taken back
  undo.length;
}

// Errors.
export function told(error: unknown): string {
  if (!(error instanceof CrmlinkError)) return "";
  holds<Same<typeof error.sent, "no" | "maybe" | "yes">>();
  holds<Same<typeof error.name, "CrmlinkError">>();
  // @ts-expect-error: not every error has a path
  error.path.length;
  switch (error.code) {
    case "rate_limited":
      return `again in ${error.retryAfter ?? 0} ms`;
    case "unsupported":
      return error.reason === "cardinality" ? "one at most" : "not at all";
    // @ts-expect-error: no such code
    case "too_many_requests":
      return "";
    default:
      // @ts-expect-error: what an error says stays
      error.message = error.code = "internal";
      return error.message;
  }
}

// Capabilities.
const table = capabilities();
holds<Same<typeof table, Capability[]>>();
capabilities("salesforce");
// @ts-expect-error: no such vendor
capabilities("pipedrive");

// The names of operations are a closed set.
type Verbs = "create" | "remove" | "set" | "list";
type TypeVerbs = "create" | "list" | "get" | "update" | "delete";
type Kinds = "accounts" | "contacts" | "leads" | "opportunities";
holds<Same<keyof Operations, `associations.${Verbs}` | `association_types.${TypeVerbs}` | `${Kinds}.upsert`>>();
