/** The half that sends: drives an operation with any fetch, directly or through a crmlink Worker. */
import { call, gone, life } from "./core.js";
import { CrmlinkError, expectText, invalidInput } from "./error.js";
import type { Code, LinkReceipt, Reason, Report, Sent, Vendor } from "./generated.js";
import * as core from "./glue.js";
import { headerLines, readMessage } from "./message.js";
import { inputText, jsonText } from "./text.js";
import type { Association, Headers, HttpRequest, HttpResponse, Options, Receipt } from "./types.js";

/** How to reach a vendor. */
export interface ConnectOptions extends Options {
  /** Sends instead of the global `fetch`. */
  fetch?: typeof fetch;
  /** How long one answer may take, its body included, in milliseconds; 30,000 by default. */
  timeout?: number;
  /** Cancels: nothing more is sent. */
  signal?: AbortSignal;
  /** Told after each answer. */
  onProgress?: (progress: Progress) => void;
  /** Those of {@link EdgeOptions} come together or not at all. */
  edge?: never;
  account?: never;
}

/** How to reach a vendor through a crmlink Worker, which holds the vendor's token. */
export interface EdgeOptions extends Pick<ConnectOptions, "fetch" | "timeout" | "signal"> {
  /** The Worker's origin, as in `https://crmlink.example.workers.dev`. */
  edge: string;
  /** The integrated account. */
  account: string;
  /** The Worker's key, or a browser token of it. */
  token: string;
}

/** How far an operation has come. */
export interface Progress {
  /** How many requests were answered or lost. */
  answered: number;
}

/** A vendor, ready to be asked. */
export interface Connection {
  associations: {
    /**
     * Links a record with others, and says of each link what is now true.
     *
     * @throws {CrmlinkError} When not one link is true and for none it is unknown.
     */
    create(input: Association | string | Uint8Array): Promise<Receipt>;
  };
  /** Sends a built request as it is, with the connection's token where it has none. Nothing is repeated. */
  send(request: HttpRequest): Promise<HttpResponse>;
}

/** Connects to a vendor, directly or (with `edge`) through a crmlink Worker. */
export function connect(vendor: Vendor, options: ConnectOptions | EdgeOptions = {}): Connection {
  expectText(vendor, "vendor");
  return isThroughEdge(options) ? throughEdge(options) : direct(vendor, options);
}

/** By the key and not by its value: where an edge is forgotten, its key must not go to the vendor as a token. */
function isThroughEdge(options: ConnectOptions | EdgeOptions): options is EdgeOptions {
  return "edge" in options;
}

function direct(vendor: Vendor, options: ConnectOptions): Connection {
  const { fetch: _fetch, timeout: _timeout, signal, onProgress, ...choices } = options;
  const chosen = jsonText(choices, "options");
  const send = sender(options);
  return {
    associations: {
      // Async, so that a bad input rejects like any other failure instead of being thrown at the call.
      create: async (input) => run(vendor, "associations.create", inputText(input), chosen, send, signal, onProgress),
    },
    send: async (request) => sent(send, withToken(request, options.token)),
  };
}

/** Drives an operation: sends what the core says, waits as long as it says, hands every answer back. */
async function run(
  vendor: Vendor,
  operation: string,
  input: string,
  options: string,
  send: Send,
  signal: AbortSignal | undefined,
  onProgress: ConnectOptions["onProgress"],
): Promise<Receipt> {
  const number = call(() => core.start(vendor, operation, input, options, entropy()));
  const own = life();
  /** The numbers of an instance that trapped mean nothing to the next one. */
  const ask = <T>(act: () => T): T => {
    if (life() !== own) throw gone();
    return call(act);
  };
  // A listener's error would be nobody's to catch: what there is to say, the loop says.
  const abort = () => {
    if (life() === own) call(() => core.abort(number));
  };
  const outstanding = new Set<Promise<void>>();
  let answered = 0;

  const dispatch = async (id: number, request: HttpRequest) => {
    try {
      const { status, headers, body } = await send(request);
      ask(() => core.answered(number, id, status, headers, body, now()));
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
      ask(() => core.lost(number, id, error.loss, now()));
    }
    answered += 1;
    onProgress?.({ answered });
  };

  signal?.addEventListener("abort", abort);
  try {
    if (signal?.aborted) abort();
    for (;;) {
      const todo = ask(() => core.poll(number, now()));
      if (todo.startsWith("send ")) {
        const lineEnd = todo.indexOf("\n");
        const promise = dispatch(Number(todo.slice(5, lineEnd)), readMessage(todo.slice(lineEnd + 1)));
        const settled = promise.finally(() => outstanding.delete(settled));
        outstanding.add(settled);
      } else if (todo === "done") {
        return JSON.parse(ask(() => core.receipt(number))) as Receipt;
      } else {
        const pause = todo.startsWith("wait ") ? delay(Number(todo.slice(5)), signal) : undefined;
        await Promise.race([...outstanding, ...(pause ? [pause.over] : [])]);
        pause?.stop();
      }
    }
  } finally {
    signal?.removeEventListener("abort", abort);
    // Those on their way after a fault of the driver itself must not surface as unhandled.
    for (const promise of outstanding) promise.catch(() => {});
    if (life() === own) core.forget(number);
  }
}

function throughEdge(options: EdgeOptions): Connection {
  const { edge, account, token } = options;
  for (const [name, value] of Object.entries({ edge, account, token })) {
    if (typeof value !== "string" || value === "") throw invalidInput(`options.${name}`, "expected a text");
  }
  const origin = edge.replace(/\/$/, "");
  const send = sender(options);
  const authorization = `Bearer ${token}`;
  return {
    associations: {
      async create(input) {
        const answer = await sent(send, {
          method: "POST",
          url: `${origin}/unified/crm/associations?integrated_account_id=${encodeURIComponent(account)}`,
          headers: { accept: "application/json", authorization, "content-type": "application/json" },
          body: jsonText(input),
        });
        return receiptOf(answer);
      },
    },
    async send(request) {
      const { pathname, search } = target(request.url);
      const headers = { ...request.headers, authorization, "x-integrated-account-id": account };
      return sent(send, { ...request, url: `${origin}${pathname}${search}`, headers });
    },
  };
}

function target(url: string): URL {
  try {
    return new URL(url);
  } catch {
    throw invalidInput("url", "expected an absolute URL");
  }
}

/** The Worker answers a receipt, or a problem whose fields are those of the error. */
function receiptOf({ status, headers, body: text }: HttpResponse): Receipt {
  const body = fieldsOf(text);
  const links = Array.isArray(body.links) ? body.links : undefined;
  if (status < 300 && links) return body as Receipt;
  // What cannot be told is an answer too, and the caller's to read link by link.
  if (links?.some(({ outcome }) => outcome === "unknown")) return untold(links);
  // The error of an operation is the reason of its first link that has one, with all that the vendor said.
  const reason = links?.find(({ reason }) => reason)?.reason;
  throw new CrmlinkError(reason ?? problem(body, headers) ?? unexpected(status, text));
}

function fieldsOf(text: string): Partial<Receipt & Problem> {
  try {
    return (JSON.parse(text) as Partial<Receipt & Problem> | null) ?? {};
  } catch {
    // Whatever answered, it was not the Worker.
    return {};
  }
}

/** The receipt of links of which none is known to be there. */
function untold(links: LinkReceipt[]): Receipt {
  const { from } = links[0]!;
  const kinds = links.flatMap(({ to: { entity } }) => (entity === "accounts" ? ["acocunts", entity] : [entity]));
  const associations = Object.fromEntries(kinds.map((kind) => [kind, []]));
  return { entity: from.entity, entity_id: from.id, associations, links };
}

/** What the Worker itself refused. */
function problem(body: Partial<Problem>, headers: Headers | undefined): Report | undefined {
  const { code, message, reason, path, existingId, retryable = false, sent = "maybe", raw_response: raw } = body;
  if (code === undefined || message === undefined) return undefined;
  const seconds = Number(headers?.["retry-after"]);
  return {
    code,
    message,
    retryable,
    sent,
    ...(reason !== undefined && { reason }),
    ...(path !== undefined && { path }),
    ...(existingId !== undefined && { existingId }),
    ...(seconds > 0 && { retryAfter: seconds * 1000 }),
    ...(raw !== undefined && { raw }),
  };
}

function unexpected(status: number, raw: string): Report {
  const message = `the edge answered ${status} with a body that is none of its own`;
  return { code: "unexpected_response", message, status, retryable: false, sent: "maybe", raw };
}

interface Problem {
  code: Code;
  message: string;
  reason?: Reason;
  path?: string;
  existingId?: string;
  retryable: boolean;
  sent: Sent;
  raw_response?: string;
  links?: LinkReceipt[];
}

type Send = (request: HttpRequest) => Promise<{ status: number; headers: string; body: string }>;

/** Why no answer came, in the core's words. */
class Lost extends Error {
  constructor(
    readonly loss: "not_sent" | "broken" | "timeout" | "aborted",
    cause: unknown,
  ) {
    super(loss, { cause });
  }
}

/** Sends with a deadline that covers the body, and follows no redirect: a token goes nowhere else. */
function sender(options: Pick<ConnectOptions, "fetch" | "timeout" | "signal">): Send {
  const { timeout = 30_000, signal } = options;
  // Beyond it, timers overflow and ring at once.
  if (!Number.isInteger(timeout) || timeout <= 0 || timeout >= 2 ** 31) {
    throw invalidInput("options.timeout", "expected whole milliseconds, above 0 and below 2^31");
  }
  const fetch = options.fetch ?? globalThis.fetch;
  return async ({ method, url, headers, body }) => {
    const deadline = AbortSignal.timeout(timeout);
    const stop = signal ? AbortSignal.any([signal, deadline]) : deadline;
    try {
      const response = await fetch(url, {
        method,
        headers,
        redirect: "manual",
        signal: stop,
        ...(body !== undefined && { body }),
      });
      const text = await response.text();
      // A stand-in for fetch may answer anything.
      expectText(text, "body");
      return { status: response.status, headers: headerLines(response.headers), body: text };
    } catch (error) {
      throw new Lost(lossOf(error, signal, deadline), error);
    }
  };
}

function lossOf(error: unknown, signal: AbortSignal | undefined, deadline: AbortSignal): Lost["loss"] {
  if (signal?.aborted) return "aborted";
  if (deadline.aborted) return "timeout";
  // Browsers tell nothing of it; Node puts it into the cause, Bun into the error itself.
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: { code?: unknown } | null };
  return UNCONNECTED.has(code) || UNCONNECTED.has(cause?.code) ? "not_sent" : "broken";
}

/** One request outside an operation. */
async function sent(send: Send, request: HttpRequest): Promise<HttpResponse> {
  try {
    const { status, headers, body } = await send(request);
    return { status, headers: Object.fromEntries(pairs(headers)), body };
  } catch (error) {
    if (!(error instanceof Lost)) throw error;
    const [code, message, sent] = LOSSES[error.loss];
    throw new CrmlinkError({ code, message, retryable: code !== "aborted", sent }, { cause: error.cause });
  }
}

function* pairs(lines: string): Generator<[string, string]> {
  for (const line of lines.split("\n")) {
    const colon = line.indexOf(": ");
    if (colon > 0) yield [line.slice(0, colon), line.slice(colon + 2)];
  }
}

function withToken(request: HttpRequest, token: string | undefined): HttpRequest {
  if (token === undefined || "authorization" in request.headers) return request;
  return { ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } };
}

function delay(milliseconds: number, signal: AbortSignal | undefined) {
  let stop = () => {};
  const over = new Promise<void>((resolve) => {
    const end = () => resolve();
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener("abort", end);
    stop = () => {
      clearTimeout(timer);
      // A signal may outlive many waits.
      signal?.removeEventListener("abort", end);
    };
  });
  return { over, stop };
}

const now = () => Date.now();
const entropy = () => Math.floor(Math.random() * 0x1_0000_0000);

/** What a runtime says when there was no connection: the request certainly never left. */
const UNCONNECTED = new Set<unknown>([
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
  "ConnectionRefused",
]);

const LOSSES = {
  not_sent: ["vendor_unavailable", "the request could not be sent", "no"],
  broken: ["vendor_unavailable", "the connection broke before an answer came", "maybe"],
  timeout: ["timeout", "no answer came in time", "maybe"],
  aborted: ["aborted", "the call was cancelled", "maybe"],
} as const satisfies Record<Lost["loss"], readonly [Code, string, Sent]>;
