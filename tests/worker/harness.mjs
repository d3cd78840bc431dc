// The Worker in the real runtime (Miniflare runs workerd), with the vendors' simulators behind it.

import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

import { Miniflare } from "miniflare";

import { serveTwin } from "../../pkg/dist/twin.js";
import { ACCOUNTS, ADMIN_KEY, KEY, variables } from "../../xtask/development.mjs";
import { root } from "../../xtask/steps.mjs";

/** The token that the simulators take. */
export const TWIN_TOKEN = "twin-token";

/**
 * Starts the Worker with the development values, and the simulators.
 *
 * `vars` replaces values by name (`undefined` removes one); as a function it gets the simulators' origin.
 *
 * @returns {Promise<{
 *   origin: string,
 *   twin: { origin: string, commits(): object[], reset(): void, fault(fault: object): Promise<void>, records(): Promise<object> },
 *   key: string,
 *   adminKey: string,
 *   accounts: { hubspot: string, leadconnector: string, salesforce: string, truto: string },
 *   logs(): string,
 *   storage: (id: string, tenant?: string) => Promise<object>,
 *   evict: (id: string, tenant?: string) => Promise<void>,
 *   calm(vendor: string): Promise<void>,
 *   stop(): Promise<void>,
 * }>}
 */
export async function startEdge({ vars = {}, pageOrigins = [] } = {}) {
  const server = await serveTwin({ port: 0 });
  const own = typeof vars === "function" ? await vars(server.origin) : vars;
  const worker = await startWorker({ ...variables({ twinOrigin: server.origin, pageOrigins }), ...own }).catch(
    async (error) => {
      // A server left open would keep the test from ending.
      await server.close();
      throw error;
    },
  );
  return {
    origin: worker.origin,
    twin: {
      origin: server.origin,
      commits: () => server.twin.commits(),
      reset: () => server.twin.reset(),
      fault: (fault) => control(server.origin, "fault", fault),
      records: () => fetch(`${server.origin}/_twin/records`).then((response) => response.json()),
    },
    key: KEY,
    adminKey: ADMIN_KEY,
    accounts: ACCOUNTS,
    logs: worker.logs,
    storage: worker.storage,
    evict: worker.evict,
    /** Forgets what an account's vendor has said about when to ask again. */
    async calm(vendor) {
      await (await worker.storage(ACCOUNTS[vendor])).exec("DROP TABLE IF EXISTS pace");
      await worker.evict(ACCOUNTS[vendor]);
    },
    async stop() {
      await worker.stop();
      await server.close();
    },
  };
}

/**
 * Starts the Worker alone, with settings and bindings. With a `folder`, its objects keep there what they store, for the next one; `isolates` is in how
 * many of them it runs, of which one has the objects for all. With an `entry`, that text is the main module, and `./index.js`
 * the Worker's own.
 *
 * @returns {Promise<{
 *   origin: string,
 *   origins: string[],
 *   storage(id: string, tenant?: string): Promise<{ exec(statement: string, ...values: unknown[]): Promise<object[]> }>,
 *   evict(id: string, tenant?: string): Promise<void>,
 *   logs(): string,
 *   stop(): Promise<void>,
 * }>}
 */
export async function startWorker(vars, { folder, isolates = 1, entry } = {}) {
  let logs = "";
  const names = ["crmlink", ...Array.from({ length: isolates - 1 }, (_, number) => `crmlink-${number + 2}`)];
  const runtime = new Miniflare({
    host: "127.0.0.1",
    port: 0,
    // Nothing is asked of anybody's server.
    cf: false,
    telemetry: { enabled: false },
    handleStructuredLogs: ({ message }) => (logs += `${message}\n`),
    unsafeInspectDurableObjects: true,
    ...(folder && { resourcePersistencePath: folder }),
    workers: names.map((name) => ({
      config: {
        name,
        compatibilityDate: compatibilityDate(),
        compatibilityFlags: compatibilityFlags(),
        manifest: { mainModule: entry ? "entry.js" : "index.js", modules: modules(entry) },
        ...(name === "crmlink" && { exports: EXPORTS }),
        env: { ...bindings(vars), ...OBJECTS },
      },
      ...(isolates > 1 && { dev: { unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }] } }),
    })),
  });
  const { origin } = await runtime.ready;
  const direct = async (name) => (await runtime.unsafeGetDirectURL(name)).origin;
  const named = (id, tenant = "default") => ["crmlink", "Account", { name: `${tenant}/${id}` }];
  return {
    origin,
    origins: isolates > 1 ? await Promise.all(names.map(direct)) : [origin],
    storage: (...names) => runtime.unsafeGetDurableObjectStorage(...named(...names)),
    evict: (...names) => runtime.unsafeEvictDurableObject(...named(...names)),
    logs: () => logs,
    stop: () => runtime.dispose(),
  };
}

/**
 * A vendor that answers as it is told and notes what arrives, byte by byte.
 *
 * `answer(request)` gives `{ status, headers, body }`, or nothing where no answer is to come.
 */
export async function startUpstream(answer) {
  const requests = [];
  const server = createServer(async (incoming, outgoing) => {
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const { method, url, headers } = incoming;
    const request = { method, path: url, headers, body: Buffer.concat(chunks).toString() };
    requests.push(request);
    const { status = 200, headers: own = {}, body = "", chunked, drip } = (await answer(request)) ?? {};
    if (status === 0) return outgoing.destroy();
    outgoing.writeHead(status, own);
    // A body that never ends, a byte at a time.
    if (drip) {
      const drops = setInterval(() => outgoing.write(" "), 200);
      outgoing.on("close", () => {
        clearInterval(drops);
        drip();
      });
      return;
    }
    // What is written before the end goes without a length.
    if (chunked) outgoing.write(" ");
    outgoing.end(body);
  });
  // Whoever keeps a connection finds it open: one that ends in the moment of its use is another test.
  server.keepAliveTimeout = 120_000;
  await new Promise((resolve) => server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    requests,
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * What stands between the Worker and a vendor, at `origin` or behind a `fetch`: `before` and `after` see each request, may
 * wait, and break the connection where they say false.
 */
export function startProxy(vendor, before = () => {}, after = () => {}) {
  const send = typeof vendor === "string" ? (path, init) => fetch(vendor + path, init) : vendor;
  return startUpstream(async (request) => {
    if ((await before(request)) === false) return { status: 0 };
    const { method, path, headers, body } = request;
    const passed = { method, headers: withoutPlatform(headers), body: body || undefined };
    const response = await send(path, passed);
    const answer = { status: response.status, body: await response.text() };
    if ((await after(request, answer)) === false) return { status: 0 };
    return { ...answer, headers: { "content-type": response.headers.get("content-type") ?? "application/json" } };
  });
}

/**
 * Stands between the Worker and the simulators at `target`: `mangle(request, answer)` gives the answer that is passed back,
 * after the simulator's own one is there.
 */
export function startBetween(target, mangle) {
  return startUpstream(async (request) => {
    const { method, path, headers, body } = request;
    const passed = Object.fromEntries(Object.entries(withoutPlatform(headers)));
    const init = { method, headers: passed, redirect: "manual", ...(body !== "" && { body }) };
    const response = await fetch(target + path, init);
    const answer = {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    };
    for (const name of ["content-length", "transfer-encoding", "connection", "keep-alive"]) delete answer.headers[name];
    return mangle(request, answer);
  });
}

/** The headers of a request but for those that the runtime, HTTP itself and tracing add. */
export function withoutPlatform(headers) {
  const added = [
    "host",
    "connection",
    "content-length",
    "transfer-encoding",
    "accept-encoding",
    "cf-worker",
    "traceparent",
  ];
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !added.includes(name)));
}

async function control(origin, route, body) {
  const response = await fetch(`${origin}/_twin/${route}`, { method: "POST", body: JSON.stringify(body) });
  if (!response.ok) throw new Error(await response.text());
}

/** What `cargo xtask worker` has built. */
function modules(entry) {
  const files = readdirSync(BUILD, { recursive: true }).filter((file) => /\.(js|wasm)$/.test(file));
  const module = (file) => ({
    type: file.endsWith(".wasm") ? "wasm" : "esm",
    contents: readFileSync(join(BUILD, file), file.endsWith(".wasm") ? undefined : "utf8"),
  });
  const built = Object.fromEntries(files.map((file) => [file, module(file)]));
  return entry ? { ...built, "entry.js": { type: "esm", contents: entry } } : built;
}

/** A text is a setting; anything else is a binding as it is. */
function bindings(vars) {
  const given = Object.entries(vars).filter(([, value]) => value !== undefined);
  const binding = (value) => (typeof value === "string" ? { type: "text", value } : value);
  return Object.fromEntries(given.map(([name, value]) => [name, binding(value)]));
}

function compatibilityDate() {
  const [, date] = /^compatibility_date = "(.+)"$/m.exec(readFileSync(join(root, "wrangler.toml"), "utf8"));
  return date;
}

// As wrangler.toml has them.
const CLASSES = { ACCOUNTS: "Account", DIRECTORY: "Directory" };
const OBJECTS = Object.fromEntries(
  Object.entries(CLASSES).map(([name, exportName]) => [
    name,
    { type: "durable-object", worker: "crmlink", exportName },
  ]),
);
const EXPORTS = Object.fromEntries(
  Object.values(CLASSES).map((name) => [name, { type: "durable-object", storage: "sqlite" }]),
);

function compatibilityFlags() {
  const [, flags] = /^compatibility_flags = (\[.+\])$/m.exec(readFileSync(join(root, "wrangler.toml"), "utf8"));
  return JSON.parse(flags);
}

const BUILD = join(root, "crates/worker/build");
