/** The shapes that callers see, beside those that are generated from the core. */
import type { Operations } from "./operations.js";
import type { Calls, FieldEntry, Report, UpsertStrategy, Vendor } from "./generated.js";

/** The verbs that CRM vendors use. */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Header values by lower-case name. */
export type Headers = Record<string, string>;

/** A request that is ready to be sent, by whoever sends. */
export interface HttpRequest {
  method: Method;
  /** The absolute URL, percent-encoded. */
  url: string;
  headers: Headers;
  /** Absent (and not `"{}"`) where the endpoint takes none. */
  body?: string;
}

/** What came back. */
export interface HttpResponse {
  status: number;
  headers?: Headers;
  body: string;
}

/** What may be chosen for a request. */
export interface Options {
  /** The vendor's token. Without one the request carries no authorization header. */
  token?: string;
  /** Where to send it instead of the vendor's own origin. Salesforce has no default: give your org's `instance_url`. */
  origin?: string;
  /** The version of the vendor's API: HubSpot `v4`, `2026-03`, `2026-09`; Salesforce `v66.0`; LeadConnector's `Version`. */
  apiVersion?: string;
  /** Sends also what only the published page calls required (LeadConnector's follower fields). */
  strictSpec?: boolean;
  /** The `accept` header; `application/json` by default. */
  accept?: string;
  /** LeadConnector's sub-account, for the unified operations. */
  locationId?: string;
  /** Truto's account, for the unified operations. */
  integratedAccountId?: string;
  /** Receipts do without the vendor's answers (`remote_data`), and nothing holds them: for many thousands of links. */
  ignoreRemoteData?: boolean;
}

/** What an operation would do. Made without sending anything. */
export interface Plan {
  operation: keyof Operations<Vendor>;
  vendor: Vendor;
  steps: Step[];
  /** The price in vendor calls, retries not counted. */
  calls: Calls;
  /** What becomes of each field of the input; the counts add up to it. */
  fields: FieldLedger;
  /** How the records of an upsert are found, where the operation is one. */
  strategies?: UpsertStrategy[];
  /** Links or records that would be refused, each with the reason. */
  refused?: Report[];
  /** What to know before sending. */
  warnings?: string[];
}

/** Requests that serve one purpose. */
export interface Step {
  purpose: string;
  /** The requests. Where the step depends on an answer, they are those of the dearest case. */
  requests: HttpRequest[];
  /** What they depend on; absent where they are exact. */
  dependsOn?: string;
}

/** What becomes of each field of an input. */
export type FieldLedger = FieldEntry[];
