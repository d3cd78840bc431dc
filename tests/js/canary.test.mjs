// A token that is a marker, through the whole matrix of faults, with a vendor that repeats what it is sent: it stands in no
// receipt, plan, error or line of the console, in no field of them and in no depth.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";

import { buildRequest, connect, plan } from "../../pkg/dist/index.js";
import { VENDORS } from "./samples.mjs";
import { virtualTime } from "./virtual-time.mjs";

const TOKEN = "canary-token-7f3a9c51-0b6d-4e0e";
const KEY = "canary-key-of-the-edge-7f3a9c51";

/** What a vendor that repeats everything says. */
const said = ({ headers, body }) => {
  const all = `${JSON.stringify(headers)} ${headers.authorization} ${body}`;
  const words = {
    message: all,
    error: all,
    error_description: all,
    errorCode: all,
    category: all,
    traceId: all,
    id: all,
  };
  return JSON.stringify({ status: "error", ...words, errors: [{ message: all, in: all }], context: { id: [all] } });
};
const repeated =
  (status, headers = {}) =>
  (request) =>
    new Response(status === 204 ? null : said(request), {
      status,
      headers: { "content-type": "application/json", "x-request-id": request.headers.authorization, ...headers },
    });
const FAULTS = {
  ...Object.fromEntries(
    [400, 401, 403, 404, 409, 422, 423, 429, 500, 502, 503, 504, 200, 201, 207, 204].map((status) => [
      status,
      repeated(status),
    ]),
  ),
  "429 for the day": repeated(429, { "retry-after": "86400" }),
  477: repeated(477, { "retry-after": "86400" }),
  302: repeated(302, { location: "/elsewhere" }),
  "a page": (request) => new Response(`<p>${said(request)}`, { headers: { "content-type": "text/html" } }),
  "half of it": (request) => new Response(said(request).slice(0, -20)),
  "5 MB": (request) => new Response(said(request) + " ".repeat(5 << 20)),
  "a list": (request) => new Response(`[${said(request)}]`),
  refused: () => Promise.reject(Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNREFUSED" } })),
  broken: () => Promise.reject(new TypeError("terminated")),
};

const ACTS = {
  create: (connection, link) => connection.associations.create(link),
  set: (connection, link) => connection.associations.set(link),
  remove: (connection, link) => connection.associations.remove(link),
  list: (connection, { entity, entity_id, associations }) =>
    connection.associations.list({ entity, entity_id, to: Object.keys(associations)[0] }),
  types: (connection) => connection.associationTypes.list({ from: "contacts", to: "opportunities" }),
  upsert: (connection) => connection.contacts.upsert({ last_name: "A", email_addresses: [{ email: "a@example.com" }] }),
  stream: async (connection, link) => {
    const lines = [];
    for await (const line of connection.associations.stream("create", link)) lines.push(line);
    return lines;
  },
};

test("no marker stands anywhere but in its header", async (t) => {
  virtualTime(t);
  const printed = [];
  for (const name of ["log", "info", "warn", "error", "debug"])
    t.mock.method(console, name, (...said) => printed.push(...said));
  let answers = 0;
  const seen = [];
  for (const [fault, answer] of Object.entries(FAULTS)) {
    for (const [vendor, { options, link }] of Object.entries(VENDORS)) {
      const fetch = async (url, init) => {
        answers += 1;
        assert.match(init.headers.authorization, /^Bearer canary-/);
        const { authorization: _, ...others } = init.headers;
        clean([url, init.body, others], "a request but for its header");
        return answer(init);
      };
      const onProgress = (progress) => seen.push([fault, structuredClone(progress)]);
      for (const connection of [
        connect(vendor, { ...options, token: TOKEN, fetch, onProgress }),
        connect(vendor, { edge: "https://edge.example", account: "a", token: KEY, fetch, onProgress }),
      ]) {
        clean(connection, "a connection");
        for (const [name, act] of Object.entries(ACTS)) {
          seen.push([fault, vendor, name, await act(connection, link).catch((error) => error)]);
        }
      }
    }
  }
  assert.ok(answers > 1_000, `${answers}`);
  for (const [fault, ...told] of seen) clean(told, fault);
  clean(printed, "the console");
});

test("no marker stands in a plan, or in the refusal of an option", () => {
  for (const [vendor, { options, link }] of Object.entries(VENDORS)) {
    clean(plan(vendor, "associations.create", link, { ...options, token: TOKEN }), "a plan");
  }
  const request = buildRequest("hubspot.associationLimits.listAll", {}, { token: TOKEN });
  assert.equal(request.headers.authorization, `Bearer ${TOKEN}`);
  clean([request.url, request.body], "a built request");
  for (const options of [
    { token: `${TOKEN}\n` },
    { token: `${TOKEN} x` },
    { token: [TOKEN] },
    { token: { TOKEN } },
    { token: TOKEN, origin: "http://elsewhere.example" },
    { token: TOKEN, [TOKEN.slice(0, 3)]: 1 },
    { token: TOKEN, timeout: -1 },
    { token: TOKEN, answerLimit: 0 },
  ]) {
    for (const act of [
      () => connect("hubspot", options),
      () => buildRequest("hubspot.associationLimits.listAll", {}, options),
      () => plan("hubspot", "associations.create", VENDORS.hubspot.link, options),
    ]) {
      try {
        act();
      } catch (error) {
        clean(error, JSON.stringify(Object.keys(options)));
      }
    }
  }
});

/** Looks at all that can be printed of a value, and at what only its own fields show. */
function clean(value, where) {
  const texts = [
    inspect(value, { depth: Infinity, showHidden: true, maxStringLength: Infinity }),
    JSON.stringify(value),
  ];
  for (const error of [value].flat(Infinity).filter((item) => item instanceof Error)) {
    texts.push(error.message, error.stack, String(error), inspect(error.cause, { depth: Infinity }));
    texts.push(JSON.stringify(error, Object.getOwnPropertyNames(error)));
  }
  for (const text of texts) {
    for (const secret of [TOKEN, KEY]) {
      const place = text?.indexOf(secret) ?? -1;
      assert.ok(place < 0, `${where}: ${text?.slice(Math.max(0, place - 300), place + 100)}`);
    }
  }
}
