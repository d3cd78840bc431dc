// What can become of an answer. A step of a script names one of these and its settings.

import { gzipSync } from "node:zlib";
import { setTimeout as sleep } from "node:timers/promises";

import { send } from "./vendor.mjs";

const JSON_TYPE = { "content-type": "application/json;charset=utf-8" };

/** @param {{ now: number, step: object, vendor: string, call: object, response: object, serve: () => Promise<object>, elsewhere: string }} it */
export async function spoil(it) {
  // With `commit` the vendor does what was asked, whatever becomes of the answer.
  const answer = it.step.commit ? await it.serve() : undefined;
  await FAULTS[it.step.fault]({ ...it, answer });
}

const FAULTS = {
  /** Another status, in the vendor's own words; `headers` may be worked out from the time. */
  status({ now, step, vendor, response }) {
    const { status, headers = {}, words = "" } = step;
    const further = typeof headers === "function" ? headers(now) : headers;
    const said = WORDS[vendor];
    send(response, {
      status: said[words]?.status ?? status,
      headers: { ...JSON_TYPE, ...said[words]?.headers, ...further },
      body: JSON.stringify((said[words]?.body ?? said.failed)(status)),
    });
  },

  /** The vendor's own answer under another status. */
  restated({ step, response, answer }) {
    const swapped = { 200: 201, 201: 200 }[answer.status] ?? answer.status;
    send(response, { ...answer, status: step.status ?? swapped });
  },

  /** The vendor's own answer with something changed in its JSON. */
  edited({ step, vendor, response, answer }) {
    const { status = 200, headers = JSON_TYPE, body = "{}" } = answer ?? {};
    send(response, { status, headers, body: step.edit(body, vendor) });
  },

  reset({ response }) {
    response.socket.resetAndDestroy();
  },

  /** Says nothing more until the client goes away. */
  async hang({ step, response }) {
    if (step.headers) response.writeHead(200, { ...JSON_TYPE, "content-length": 1000 }).flushHeaders();
    await gone(response);
  },

  /** The whole answer, byte by byte. */
  async drip({ step, response, answer }) {
    response.writeHead(answer.status, { ...answer.headers, "content-length": Buffer.byteLength(answer.body) });
    response.flushHeaders();
    const left = gone(response);
    for (const byte of Buffer.from(answer.body)) {
      response.write(Buffer.of(byte));
      if ((await Promise.race([left, sleep(step.pace)])) === GONE) return;
    }
    response.end();
  },

  /** The first half of the JSON, as if it were all. */
  cut({ response, answer }) {
    send(response, { ...answer, status: 200, headers: { ...JSON_TYPE, ...answer.headers }, body: half(answer) });
  },

  /** The first half of what was announced; then the connection ends. */
  async broken({ response, answer }) {
    const body = half(answer);
    response.writeHead(200, { ...JSON_TYPE, "content-length": Buffer.byteLength(body) * 2 });
    response.write(body);
    await sleep(20);
    response.socket.destroy();
  },

  html({ response }) {
    const body = "<!doctype html><html><head><title>Down for maintenance</title></head><body>Back soon.</body></html>";
    send(response, { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body });
  },

  empty({ step, response }) {
    send(response, { status: step.status, headers: JSON_TYPE, body: "" });
  },

  redirect({ step, call, response, elsewhere }) {
    send(response, { status: step.status, headers: { location: elsewhere + call.target }, body: "" });
  },

  /** JSON that goes on for `megabytes`. */
  async long({ step, call, response }) {
    response.writeHead(200, JSON_TYPE);
    await pour(response, Buffer.alloc(1 << 20, " "), 1 << 20, step.megabytes, call);
    response.end("{}");
  },

  /** The same, in a few kilobytes: it weighs `megabytes` once it is unpacked. */
  async bomb({ step, call, response }) {
    response.writeHead(200, { ...JSON_TYPE, "content-encoding": "gzip" });
    // One member after the other: a gzip stream may have many.
    await pour(response, gzipSync(Buffer.alloc(1 << 20, " ")), 1 << 20, step.megabytes, call);
    response.end(gzipSync("{}"));
  },

  /** An answer of nothing but lists in lists. */
  deep({ step, response }) {
    const body = "[".repeat(step.depth) + "]".repeat(step.depth);
    send(response, { status: 200, headers: JSON_TYPE, body });
  },
};

/** Writes piece after piece until the whole is written or the client has had enough. */
async function pour(response, piece, weight, megabytes, call) {
  const left = gone(response);
  call.taken = 0;
  while (call.taken < megabytes << 20) {
    if (!response.write(piece)) {
      const drained = new Promise((resolve) => response.once("drain", resolve));
      if ((await Promise.race([left, drained])) === GONE) return;
    }
    // Time to unpack it, and to hang up.
    if ((await Promise.race([left, sleep(5)])) === GONE) return;
    call.taken += weight;
  }
}

const GONE = Symbol("gone");

function gone(response) {
  return new Promise((resolve) => response.once("close", () => resolve(GONE)));
}

function half({ body }) {
  const text = body === "" ? '{"id": "something that was written", "success": true}' : body;
  return text.slice(0, Math.max(1, text.length >> 1));
}

/** How each vendor says it, as far as its pages tell. */
const WORDS = {
  hubspot: {
    failed: (status) => ({ status: "error", message: `internal error (${status})`, correlationId: "0" }),
    window: {
      status: 429,
      headers: { "x-hubspot-ratelimit-remaining": "0", "x-hubspot-ratelimit-interval-milliseconds": "1000" },
      body: () => limited("TEN_SECONDLY_ROLLING", "ten_secondly_rolling"),
    },
    burst: { status: 429, body: () => limited("TEN_SECONDLY_ROLLING", "ten_secondly_rolling") },
    plain: { status: 429, body: () => ({ status: "error", message: "Too many requests", correlationId: "0" }) },
    daily: {
      status: 429,
      headers: { "x-hubspot-ratelimit-daily-remaining": "0" },
      body: () => limited("DAILY", "daily"),
    },
  },
  leadconnector: {
    failed: (status) => ({ statusCode: status, message: "Something went wrong" }),
    window: {
      status: 429,
      headers: {
        "x-ratelimit-max": "100",
        "x-ratelimit-remaining": "0",
        "x-ratelimit-interval-milliseconds": "1000",
        "x-ratelimit-daily-remaining": "1000",
      },
      body: () => ({ statusCode: 429, message: "Too Many Requests" }),
    },
    burst: { status: 429, body: () => ({ statusCode: 429, message: "Too Many Requests" }) },
    plain: { status: 429, body: () => ({ statusCode: 429, message: "Too Many Requests" }) },
    daily: {
      status: 429,
      headers: { "x-ratelimit-limit-daily": "200000", "x-ratelimit-daily-remaining": "0" },
      body: () => ({ statusCode: 429, message: "Too Many Requests" }),
    },
  },
  salesforce: {
    failed: (status) => [
      { errorCode: status >= 503 ? "SERVER_UNAVAILABLE" : "UNKNOWN_EXCEPTION", message: "try again" },
    ],
    daily: {
      status: 403,
      headers: { "sforce-limit-info": "api-usage=15000/15000" },
      body: () => [{ errorCode: "REQUEST_LIMIT_EXCEEDED", message: "TotalRequests Limit exceeded." }],
    },
  },
};

function limited(policyName, limit) {
  const message = `You have reached your ${limit} limit.`;
  return { status: "error", message, errorType: "RATE_LIMIT", correlationId: "0", policyName };
}
