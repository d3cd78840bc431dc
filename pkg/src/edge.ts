/** The way through a crmlink Worker: its routes, and its answers read back into those of the operations. */
import { call } from "./core.js";
import { CrmlinkError, invalidInput } from "./error.js";
import type { LinkReceipt, Reconcile, Report } from "./generated.js";
import * as core from "./glue.js";
import { sender, sent } from "./send.js";
import { jsonText } from "./text.js";
import type { EdgeOptions } from "./connect.js";
import type { Receipt, Summary } from "./operations.js";
import type { HttpRequest, Headers, HttpResponse, Method } from "./types.js";
import { summary, type Way } from "./way.js";

/** @throws {CrmlinkError} For an edge, an account or a token that is none. */
export function throughEdge(vendor: string, options: EdgeOptions): Way {
  const { edge, account, token, signal, ignoreRemoteData = false } = options;
  for (const [name, value] of Object.entries({ edge, account, token })) {
    if (typeof value !== "string" || value === "") throw invalidInput(`options.${name}`, "expected a text");
  }
  if (typeof ignoreRemoteData !== "boolean") throw invalidInput("options.ignoreRemoteData", "expected true or false");
  const origin = edge.replace(/\/$/, "");
  const sends = sender(options);
  const authorization = `Bearer ${token}`;
  // The Worker repeats no key; what answers in its place may. A shorter one may be a word.
  const hide = (text: string) => (token.length < 8 ? text : text.replaceAll(token, "[hidden]"));

  const request = (
    operation: string,
    input: unknown,
    accept: string,
    idempotencyKey: string | undefined,
    further: Parameters = [],
  ): HttpRequest => {
    const { method, path, inQuery } = route(operation);
    const text = jsonText(input);
    const query: Parameters = [["integrated_account_id", account], ...further];
    if (ignoreRemoteData) query.push(["truto_ignore_remote_data", "true"]);
    if (inQuery) query.push(...parameters(operation, text));
    const headers: Headers = { accept, authorization };
    if (idempotencyKey !== undefined) headers["idempotency-key"] = idempotencyKey;
    return {
      method,
      url: `${origin}/unified/crm/${path}?${query.map((pair) => pair.map(encodeURIComponent).join("=")).join("&")}`,
      ...(inQuery ? { headers } : { headers: { ...headers, "content-type": "application/json" }, body: text }),
    };
  };

  return {
    async *run(operation, input, { signal, watched, idempotencyKey }) {
      const asked = request(operation, input, "application/json", idempotencyKey);
      const doubt = doubting(vendor, operation, idempotencyKey);
      const answer = await orThrow(sent(sends.whole(asked, signal)), doubt);
      const value = answerOf(operation, { ...answer, body: hide(answer.body) }, doubt);
      if (watched) yield { answered: 1, links: linksOf(value) };
      return value;
    },
    async *stream(operation, input, signal, idempotencyKey) {
      const format: Parameters = [["truto_response_format", "stream"]];
      const asked = request(operation, input, "application/x-ndjson", idempotencyKey, format);
      const doubt = doubting(vendor, operation, idempotencyKey);
      const { status, body } = await orThrow(sends.lines(asked, signal), doubt);
      const lines = doubted(body, doubt);
      for await (const text of status < 300 ? lines : whole(lines)) {
        const line = hide(text);
        const said = fieldsOf(line);
        const links = linksOf(said);
        if (links.length > 0) yield links;
        // The last line has a status, as an answer of its own would have.
        const end = status < 300 ? Number(said["status"] ?? 0) : status;
        if (end >= 300) return summary(answerOf(operation, { status: end, body: line }, doubt) as Receipt);
        if (end > 0) {
          const { status: _status, links: _links, ...rest } = said;
          return rest as unknown as Summary;
        }
        if (links.length === 0 && line !== "") throw doubt(unexpected(status, line));
      }
      throw doubt(unexpected(status, "", "and broke off"));
    },
    async send(request) {
      const { pathname, search } = target(request.url);
      const headers = { ...request.headers, authorization, "x-integrated-account-id": account };
      return sent(sends.whole({ ...request, url: `${origin}${pathname}${search}`, headers }, signal));
    },
  };
}

/** The Worker's route of an operation. */
function route(operation: string): { method: Method; path: string; inQuery: boolean } {
  const [area = "", verb = ""] = operation.split(".");
  const method = METHODS[verb] ?? "POST";
  // What has no body in HTTP has none here; links that are to be removed are too many for a query.
  const inQuery = method === "GET" || operation === "association_types.delete";
  return { method, path: PATHS[area] ?? `${area}/upsert`, inQuery };
}

const METHODS: { [verb: string]: Method } = {
  create: "POST",
  remove: "DELETE",
  set: "PUT",
  list: "GET",
  get: "GET",
  update: "PATCH",
  delete: "DELETE",
};

const PATHS: { [area: string]: string } = { associations: "associations", association_types: "association-types" };

type Parameters = [name: string, value: string][];

/** An input as the parameters of a query. The core judges it before: what it refuses is refused in the same words. */
function parameters(operation: string, text: string): Parameters {
  call(() => core.check("", "", operation, text));
  const { to, ...fields } = JSON.parse(text) as Record<string, unknown>;
  if (fields["remote_data"] !== undefined) throw invalidInput("remote_data", "expected no body for this operation");
  const found: Parameters = [];
  const put = (name: string, value: unknown) => {
    if (Array.isArray(value)) for (const item of value) put(`${name}[]`, item);
    else if (typeof value === "object" && value !== null) {
      for (const [key, item] of Object.entries(value)) put(`${name}[${key}]`, item);
    } else if (value !== undefined && value !== null) found.push([name, String(value)]);
  };
  for (const [name, value] of Object.entries(fields)) put(name, value);
  put("to", Array.isArray(to) ? to.join(",") : to);
  return found;
}

function target(url: string): URL {
  try {
    return new URL(url);
  } catch {
    throw invalidInput("url", "expected an absolute URL");
  }
}

/** An answer that is no stream. */
async function* whole(lines: AsyncIterable<string>): AsyncGenerator<string, void> {
  const all = [];
  for await (const line of lines) all.push(line);
  yield all.join("\n");
}

/** The Worker answers what the operation does, or a problem whose fields are those of the error. */
function answerOf(operation: string, { status, headers, body: text }: HttpResponse, doubt: Doubt): unknown {
  const body = fieldsOf(text);
  if (status < 300 && proves(operation, body)) return body;
  // What cannot be told is an answer too, and the caller's to read part by part.
  const { receipt } = body as Partial<Problem>;
  if (receipt && proves(operation, receipt)) return receipt;
  const told = problem(body, headers);
  if (told) throw new CrmlinkError(told);
  throw doubt(unexpected(status, text));
}

/** What is known of a call to which the Worker gave no answer of its own. */
type Doubt = (error: unknown) => unknown;

/** The Worker carries a write out without its caller: what became of it is to be found out. */
function doubting(vendor: string, operation: string, idempotencyKey: string | undefined): Doubt {
  const { method } = route(operation);
  const [reconcile, how] = wayOut(vendor, operation, idempotencyKey);
  return (error) => {
    if (!(error instanceof CrmlinkError) || method === "GET" || error.sent === "no") return error;
    const { code, retryable, sent, status, raw, cause, message } = error;
    const known = { status, raw } as Partial<Report>;
    return new CrmlinkError({ code, retryable, sent, ...known, message: `${message}; ${how}`, reconcile }, { cause });
  };
}

function wayOut(vendor: string, operation: string, idempotencyKey: string | undefined): [Reconcile, string] {
  if (idempotencyKey !== undefined)
    return ["run_again", "make the same call again with the same idempotencyKey: it answers what became of this one"];
  // How soon a vendor finds what it has made is not known of all, and not what a second link is at Truto.
  if (operation.endsWith(".upsert") || operation === "association_types.create" || vendor === "truto")
    return ["look_first", "it may have been carried out: look for what it makes before the call is made again"];
  return ["run_again", "make the same call again: it looks first"];
}

async function* doubted(lines: AsyncIterable<string>, doubt: Doubt): AsyncGenerator<string, void> {
  try {
    yield* lines;
  } catch (error) {
    throw doubt(error);
  }
}

async function orThrow<T>(answer: Promise<T>, doubt: Doubt): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw doubt(error);
  }
}

/** Whether a body is what the operation answers, and not anything with a good status. */
function proves(operation: string, body: Fields): boolean {
  const { links, associations, outcome, result } = body;
  if (operation === "associations.list") return typeof associations === "object" && associations !== null;
  if (operation.startsWith("associations.")) return Array.isArray(links);
  if (operation === "association_types.list") return Array.isArray(result);
  return typeof outcome === "string" || (operation.endsWith(".upsert") && Array.isArray(result));
}

function linksOf(answer: unknown): LinkReceipt[] {
  const { links } = answer as Partial<Receipt>;
  return Array.isArray(links) ? links : [];
}

function fieldsOf(text: string): Fields {
  try {
    return (JSON.parse(text) as Fields | null) ?? {};
  } catch {
    // Whatever answered, it was not the Worker.
    return {};
  }
}

/** What the Worker itself refused, or what it was told by the vendor. */
function problem(body: Partial<Problem>, headers: Headers | undefined): Report | undefined {
  const { code, message, reason, path, vendor, vendorStatus, reconcile, existingId, missingScopes, raw_response } =
    body;
  if (code === undefined || message === undefined) return undefined;
  const { retryable = false, sent = "maybe" } = body;
  const seconds = Number(headers?.["retry-after"]);
  const retryAfter = body.retryAfter ?? (seconds > 0 ? seconds * 1000 : undefined);
  const known = {
    reason,
    path,
    vendor,
    status: vendorStatus,
    retryAfter,
    reconcile,
    existingId,
    missingScopes,
    raw: raw_response,
  };
  return { code, message, retryable, sent, ...(known as Partial<Report>) };
}

function unexpected(status: number, raw: string, how = "with a body that is none of its own"): CrmlinkError {
  const message = `the edge answered ${status} ${how}`;
  return new CrmlinkError({ code: "unexpected_response", message, status, retryable: false, sent: "maybe", raw });
}

type Fields = Record<string, unknown>;

/** An error as the Worker answers it: the fields of a report, but for what HTTP and Truto name otherwise. */
interface Problem extends Omit<Report, "status" | "raw"> {
  vendorStatus?: number;
  raw_response?: string;
  receipt?: Fields;
}
