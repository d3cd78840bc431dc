// The entries with one vendor: the same shapes, and no other vendor's names.

import * as all from "crmlink";
import { buildRequest, capabilities, connect, CrmlinkError, plan, readResponse } from "crmlink/hubspot";
import type { Endpoints, HttpRequest, Receipt, Vendor } from "crmlink/hubspot";
import type * as salesforce from "crmlink/salesforce";
import { holds, type Same } from "./expect.js";

const pair = { fromObjectType: "contacts", fromObjectId: "1", toObjectType: "companies", toObjectId: "2" };
const link = { entity: "opportunities", entity_id: "1", associations: { contacts: "2" } } as const;

// Its own.
holds<Same<Vendor, "hubspot">>();
holds<Same<salesforce.Vendor, "salesforce">>();
holds<Same<Endpoints["hubspot.associations.createDefault"], all.Endpoints["hubspot.associations.createDefault"]>>();
const request: HttpRequest = buildRequest("hubspot.associations.createDefault", pair);
const sent: all.HttpRequest = request;
void sent;
readResponse("hubspot.associations.createDefault", { status: 200, body: "{}" }).results;
plan("hubspot", "associations.create", link).calls;
capabilities("hubspot");
const receipt: Promise<Receipt> = connect("hubspot", { token: "t" }).associations.create(link);
const same: Promise<all.Receipt> = receipt;
void same;
holds<Same<CrmlinkError, all.CrmlinkError>>();

// Another's.
// @ts-expect-error: not in this entry
connect("salesforce", { token: "t" });
// @ts-expect-error: not in this entry
plan("truto", "associations.create", link);
// @ts-expect-error: not in this entry
capabilities("leadconnector");
// @ts-expect-error: not in this entry
buildRequest("salesforce.sobjects.create", {});
// @ts-expect-error: not in this entry
readResponse("truto.associations.create", { status: 200, body: "{}" });
