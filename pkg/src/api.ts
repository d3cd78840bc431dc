/** The pure half of crmlink: requests, answers, plans and capabilities, without sending anything. */
import { call } from "./core.js";
import { expectText, invalidInput } from "./error.js";
import type { Capability, Endpoints, Vendor } from "./generated.js";
import * as core from "./glue.js";
import { headerLines, readMessage } from "./message.js";
import { inputText, jsonText } from "./text.js";
import type { Given, Operations } from "./operations.js";
import type { HttpRequest, HttpResponse, Options, Plan, Step } from "./types.js";

export { connect } from "./connect.js";
export type * from "./connect.js";
export { CrmlinkError } from "./error.js";
export type * from "./generated.js";
export type * from "./operations.js";
export type * from "./records.js";
export type * from "./types.js";
export type { Progress } from "./way.js";

/**
 * Builds a request of an endpoint. The parameters are flat, under the names of the vendor's page, wherever they travel;
 * JSON text or bytes may be given instead of an object.
 *
 * @throws {CrmlinkError} `invalid_input`, `invalid_id`, `unsupported` or `too_large`, with the parameter's path.
 */
export function buildRequest<Name extends keyof Endpoints>(
  endpoint: Name,
  params: Endpoints[Name]["params"] | string | Uint8Array,
  options?: Options,
): HttpRequest {
  expectText(endpoint, "endpoint");
  if (endpoint.includes("\n")) throw invalidInput("endpoint", "expected a name in one line");
  const text = `${endpoint}\n${optionsText(options)}\n${jsonText(params)}`;
  return readMessage(call(() => core.build(text)));
}

/**
 * Reads the answer of an endpoint.
 *
 * @throws {CrmlinkError} When the answer says failure, whatever its status, or proves nothing.
 */
export function readResponse<Name extends keyof Endpoints>(
  endpoint: Name,
  response: HttpResponse,
): Endpoints[Name]["answer"] {
  expectText(endpoint, "endpoint");
  const { status, headers, body } = response;
  if (!Number.isInteger(status) || status < 0 || status > 999) throw invalidInput("status", "expected an HTTP status");
  expectText(body, "body");
  // The caller's own code, a getter for instance, is run before: what it throws is no trap.
  const lines = headerLines(headers);
  const text = call(() => core.read(endpoint, status, lines, body));
  return JSON.parse(text) as Endpoints[Name]["answer"];
}

/**
 * What an operation would send, what it costs, and what becomes of each field of the input.
 *
 * @throws {CrmlinkError} When nothing of the input could be done.
 */
export function plan<V extends Vendor, Name extends keyof Operations>(
  vendor: V,
  operation: Name,
  input: Given<V, Name>,
  options?: Options,
): Plan {
  expectText(vendor, "vendor");
  expectText(operation, "operation");
  const text = inputText(input);
  const chosen = optionsText(options);
  const [outline, ...messages] = call(() => core.plan(vendor, operation, text, chosen)) as [string, ...string[]];
  const plan = JSON.parse(outline) as Omit<Plan, "steps"> & {
    steps: (Omit<Step, "requests"> & { requests: number })[];
  };
  let taken = 0;
  const steps = plan.steps.map((step) => ({
    ...step,
    requests: messages.slice(taken, (taken += step.requests)).map(readMessage),
  }));
  return { ...plan, steps };
}

/** What can be linked where, and what is refused and why: the table that the mappers themselves obey. */
export function capabilities(vendor?: Vendor): Capability[] {
  if (vendor !== undefined) expectText(vendor, "vendor");
  return JSON.parse(call(() => core.capabilities(vendor ?? ""))) as Capability[];
}

/** The options in one line. Only the parameters may be JSON text already, with line ends in it. */
function optionsText(options: Options | undefined): string {
  if (options === undefined) return "";
  if (typeof options === "string" || options instanceof Uint8Array) {
    throw invalidInput("options", "expected an object, got JSON text");
  }
  return jsonText(options, "options");
}
