// A vendor on loopback that misbehaves on order. The simulators of `crmlink/twin` say what the vendor itself would do and
// keep the ledger of what was really written; in front of them stands this server, which spoils what passes through.

import { createServer } from "node:http";
import { once } from "node:events";

import { createTwin } from "../pkg/dist/twin.js";
import { spoil } from "./faults.mjs";

/**
 * @typedef {object} Call one request, as it came
 * @property {string} method
 * @property {string} target path and query, as sent
 * @property {string} body
 * @property {number} at when it came, in milliseconds
 * @property {number} [answered] when the answer was complete
 * @property {number} [again] before which no further call may come
 * @property {boolean} wrote whether something was written by it
 * @property {number} [taken] how many bytes of an overlong answer were taken, decoded
 *
 * @param {object} options
 * @param {string} options.name `hubspot`, `leadconnector` or `salesforce`
 * @param {object[]} [options.script] see rows.mjs
 * @param {Set<string>} [options.writes] the requests that write, as `METHOD /path`, known from a run without faults
 * @param {string} options.token the only token that is good at first; see `grant`
 * @param {object} [options.grant] how the token endpoint behaves
 * @param {number} [options.most] calls after which the server hangs up: whoever sends so many does not stop by itself
 */
export async function startVendor({ name, script = [], writes = new Set(), token, grant, most = 60 }) {
  const twin = createTwin();
  /** @type {Call[]} */
  const calls = [];
  /** What came to the host that redirects name. */
  const strayed = [];
  const tokens = tokenEndpoint(token, grant, () => home?.origin);
  const steps = script.map((step) => ({ ...step, left: step.times ?? 1 }));

  const next = (call) => {
    const fits = ({ on = "write", left }) => left > 0 && (on === "any" || writes.has(keyOf(call)));
    const step = steps.find(fits);
    if (step) step.left -= 1;
    return step;
  };

  /** The vendor's own answer; the token is told the simulator in its own words. */
  const serve = async (call, headers, isHome) => {
    const before = twin.commits().length;
    const init = { method: call.method, headers: { ...known(headers) } };
    if (headers.authorization !== undefined)
      init.headers.authorization = `Bearer ${isHome ? tokens.judge(headers.authorization) : "expired"}`;
    if (call.body !== "") init.body = call.body;
    const answer = await twin.fetch(call.target, init);
    call.wrote ||= twin.commits().length > before;
    return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() };
  };

  /** The vendor, where the account is at home or where it once was. */
  const vendor = (isHome) => async (request, response) => {
    const body = await text(request);
    if (request.url.includes("/oauth")) return tokens.answer(request, body, response);
    const call = { method: request.method, target: request.url, body, at: performance.now(), wrote: false };
    calls.push(call);
    if (calls.length > most) return request.socket.destroy();
    const step = next(call);
    const said = Date.now();
    try {
      if (step)
        await spoil({
          now: said,
          step,
          vendor: name,
          call,
          response,
          serve: () => serve(call, request.headers, isHome),
          elsewhere: other.origin,
        });
      else send(response, await serve(call, request.headers, isHome));
    } finally {
      call.answered = performance.now();
      const told = typeof step?.told === "function" ? step.told(said) : step?.told;
      if (told) call.again = call.answered + told;
    }
  };
  const main = await listen(vendor(!grant?.moves));
  const home = grant?.moves && (await listen(vendor(true)));
  const other = await listen(async (request, response) => {
    strayed.push({ method: request.method, headers: { ...request.headers }, body: await text(request) });
    send(response, { status: 200, headers: { "content-type": "application/json" }, body: "{}" });
  }, "localhost");

  return {
    name,
    origin: main.origin,
    calls,
    strayed,
    tokens,
    commits: () =>
      twin.commits().map(({ kind, from, to }) => `${kind} ${kind.endsWith(".create") ? "" : `${from} `}${to}`),
    /** From here on nothing is spoilt. */
    heal: () => steps.forEach((step) => (step.left = 0)),
    async close() {
      await Promise.all([main.close(), other.close(), home?.close()]);
    },
  };
}

/** A request as `METHOD /path`. */
export function keyOf({ method, target }) {
  return `${method} ${target.split("?")[0]}`;
}

/** Writes an answer whole. */
export function send(response, { status, headers, body }) {
  const bodiless = status === 204 || status === 304;
  response.writeHead(status, { ...headers, ...(bodiless ? {} : { "content-length": Buffer.byteLength(body) }) });
  response.end(bodiless ? undefined : body);
}

/** An origin where nobody listens: no system hands this port out. */
export const NOBODY = "http://127.0.0.1:2";

/**
 * The vendor's token endpoint, rotating: each refresh token is good once, and using one again ends the grant.
 * `grant.dead` refuses each with `invalid_grant`; `grant.useless` gives tokens that the vendor then refuses; with `grant.moves`
 * they are good at another origin alone, which the answer names.
 */
function tokenEndpoint(first, grant, home) {
  const good = new Set(grant ? [] : [first]);
  const used = new Set();
  let refresh = "refresh-0";
  const tokens = {
    calls: 0,
    /** The token that the simulators know for one that is shown. */
    judge: (authorization) => (good.has(authorization.replace(/^Bearer /, "")) ? "twin-token" : "expired"),
    /** What a client hands in to begin with. */
    refresh,
    async answer(_request, body, response) {
      tokens.calls += 1;
      const shown = new URLSearchParams(body).get("refresh_token");
      // As far away as a token endpoint is: callers that came at once are all waiting.
      await new Promise((resolve) => setTimeout(resolve, 30));
      if (grant?.dead || shown !== refresh || used.has(shown)) {
        good.clear();
        return json(response, 400, { error: "invalid_grant", error_description: "expired access/refresh token" });
      }
      used.add(shown);
      refresh = `refresh-${tokens.calls}`;
      const access = `${first}-${tokens.calls}`;
      if (!grant?.useless) good.add(access);
      json(response, 200, {
        access_token: access,
        refresh_token: refresh,
        expires_in: 1800,
        token_type: "bearer",
        ...(home() && { instance_url: home() }),
      });
    },
  };
  return tokens;
}

function json(response, status, body) {
  send(response, { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}

async function listen(answer, host = "127.0.0.1") {
  const server = createServer((request, response) => {
    response.on("error", () => {});
    Promise.resolve(answer(request, response)).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 1000;
  server.listen(0, host);
  await once(server, "listening");
  return {
    origin: `http://${host}:${server.address().port}`,
    close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      return closed;
    },
  };
}

async function text(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** The headers that mean something to a vendor. */
function known({ "content-type": type, accept, version }) {
  return { ...(type && { "content-type": type }), ...(accept && { accept }), ...(version && { version }) };
}
