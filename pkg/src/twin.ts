/**
 * The vendor simulators, for your own tests: HubSpot, LeadConnector, Salesforce and Truto behind one `fetch`, told apart
 * by path alone. They keep state, check tokens (`Bearer twin-token` is good), and have the vendors' quirks.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import base64 from "./twin-base64.js";
import { Twins, initSync } from "./twin-glue.js";

/** One link or record that was really written. A request that changed nothing leaves none. */
export interface Commit {
  vendor: "hubspot" | "leadconnector" | "salesforce" | "truto";
  /** Such as `association.create` or `OpportunityContactRole.create`. */
  kind: string;
  /** The record written, or the one that a link starts from: `deal 301`. */
  from: string;
  /** The record that a link goes to, or the fields written. */
  to: string;
}

/** Simulators with a state of their own. */
export interface Twin {
  /** Stands in for the global `fetch`; nothing leaves the process. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** What was really written, in order. */
  commits(): Commit[];
  /** Back to the sample records. */
  reset(): void;
}

/** What a twin may be told. */
export interface TwinOptions {
  /** The time in milliseconds since the epoch; the system's, unless a test brings its own. */
  now?: () => number;
}

/** A twin that listens. */
export interface TwinServer {
  /** `http://127.0.0.1:8788` */
  origin: string;
  /** The simulators behind it, to look into. */
  twin: Twin;
  /** Ends it, open connections included. */
  close(): Promise<void>;
}

/** Makes simulators with their sample records. */
export function createTwin(options: TwinOptions = {}): Twin {
  load();
  const twins = new Twins();
  const now = options.now ?? Date.now;
  const ask = (request: Plain): Answer => {
    if (request.body !== undefined && sizeOf(request.body) > MOST_BYTES) return tooLarge();
    const { method, url, headers, body } = request;
    return read(twins.answer(method, url, headers, body, now()));
  };
  const twin: Twin = {
    async fetch(input, init) {
      const request = new Request(absolute(input), init);
      request.signal.throwIfAborted();
      const answer = ask(await plain(request));
      request.signal.throwIfAborted();
      if (answer.status === 0) throw new TypeError("fetch failed");
      const { status, headers } = answer;
      const body = BODILESS.includes(status) ? null : answer.body;
      return new Response(body, { status, headers });
    },
    commits: () => JSON.parse(ask(GET_COMMITS).body).commits,
    reset: () => twins.reset(),
  };
  asks.set(twin, ask);
  return twin;
}

/** Serves simulators over HTTP, on Node. Port 0 takes a free one. */
export async function serveTwin(options: { port: number; host?: string } & TwinOptions): Promise<TwinServer> {
  const { createServer } = await import("node:http");
  const twin = createTwin(options);
  const ask = asks.get(twin)!;
  const host = options.host ?? "127.0.0.1";
  const server = createServer((incoming, outgoing) => {
    respond(ask, incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, host, resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : options.port;
  const close = () =>
    new Promise<void>((resolve, reject) => {
      server.close((error) => (error ? reject(error) : resolve()));
      server.closeAllConnections();
    });
  return { origin: `http://${host.includes(":") ? `[${host}]` : host}:${port}`, twin, close };
}

interface Plain {
  method: string;
  url: string;
  /** Lines of `name: value`. */
  headers: string;
  body: string | undefined;
}

interface Answer {
  status: number;
  headers: [string, string][];
  body: string;
}

/** Answers one request; a status of 0 breaks the connection. */
async function respond(
  ask: (request: Plain) => Answer,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const body = await received(incoming);
  const answer =
    body === TOO_LARGE
      ? tooLarge()
      : ask({
          method: incoming.method ?? "GET",
          url: incoming.url ?? "/",
          headers: lines(Object.entries(incoming.headers)),
          body: body === "" ? undefined : body,
        });
  const { status, headers } = answer;
  if (status === 0) {
    outgoing.destroy();
    return;
  }
  // What is left of a body that was refused is not waited for.
  if (body === TOO_LARGE) headers.push(["connection", "close"]);
  outgoing.writeHead(status, headers.flat());
  outgoing.end(BODILESS.includes(status) ? undefined : answer.body);
}

async function plain(request: Request): Promise<Plain> {
  const body = await request.text();
  return {
    method: request.method,
    url: request.url,
    headers: lines(request.headers),
    body: body === "" ? undefined : body,
  };
}

function lines(headers: Iterable<[string, string | string[] | undefined]>): string {
  return Array.from(headers, ([name, value]) => `${name}: ${value}\n`).join("");
}

function read(text: string): Answer {
  const end = text.indexOf("\n\n");
  const [status, ...headers] = text.slice(0, end).split("\n");
  return {
    status: Number(status),
    headers: headers.map((line): [string, string] => {
      const colon = line.indexOf(": ");
      return [line.slice(0, colon), line.slice(colon + 2)];
    }),
    body: text.slice(end + 2),
  };
}

/** The body as text, or `TOO_LARGE` once it is known to be. */
async function received(incoming: AsyncIterable<Uint8Array>): Promise<string | typeof TOO_LARGE> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of incoming) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) return TOO_LARGE;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function absolute(input: string | URL | Request): string | URL | Request {
  return typeof input === "string" && input.startsWith("/") ? `http://twin.invalid${input}` : input;
}

function tooLarge(): Answer {
  return {
    status: 413,
    headers: [["content-type", "application/json;charset=utf-8"]],
    body: JSON.stringify({ error: "the simulators take bodies of 10 MB at most" }),
  };
}

function sizeOf(text: string): number {
  // Three bytes per code unit at most: short texts need no counting.
  return text.length * 3 <= MOST_BYTES ? text.length : new TextEncoder().encode(text).length;
}

function load(): void {
  if (loaded) return;
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  initSync({ module: bytes });
  loaded = true;
}

let loaded = false;
const asks = new WeakMap<Twin, (request: Plain) => Answer>();
const TOO_LARGE: unique symbol = Symbol("too large");
const MOST_BYTES = 10_000_000;
const BODILESS = [204, 205, 304];
const GET_COMMITS: Plain = { method: "GET", url: "/_twin/commits", headers: "", body: undefined };
