// The calls that the tests make, and what they look at.

import assert from "node:assert/strict";
import { connect } from "node:net";

import { TWIN_TOKEN } from "./harness.mjs";

/** Sends a request; `body` that is no text goes as JSON. Answers status, headers, and the body as text and as JSON. */
export async function call(origin, method, path, { headers = {}, body } = {}) {
  const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  const type = text === undefined ? {} : { "content-type": "application/json" };
  const response = await fetch(origin + path, {
    method,
    headers: { ...type, ...headers },
    body: text,
    redirect: "manual",
  });
  return answer(response.status, response.headers, await response.text());
}

/** The headers of a caller with the crmlink key who names an account. */
export function asAccount(edge, vendor) {
  return { authorization: `Bearer ${edge.key}`, "x-integrated-account-id": edge.accounts[vendor] };
}

/** Asks for something about the accounts themselves. */
export function manage(edge, method, path, body) {
  return call(edge.origin, method, `/accounts${path}`, { headers: { authorization: `Bearer ${edge.adminKey}` }, body });
}

/** The headers of a caller with a vendor token of its own. */
export const asOwner = { authorization: `Bearer ${TWIN_TOKEN}` };

/** Where an operation is asked for; with `fields`, its input stands in the query under these names. */
export const ROUTES = {
  "associations.create": { method: "POST", path: "associations" },
  "associations.remove": { method: "DELETE", path: "associations" },
  "associations.set": { method: "PUT", path: "associations" },
  "associations.list": { method: "GET", path: "associations", fields: ["entity", "entity_id", "to", "remote_query"] },
  "association_types.create": { method: "POST", path: "association-types" },
  "association_types.update": { method: "PATCH", path: "association-types" },
  ...Object.fromEntries(
    Object.entries({ list: "GET", get: "GET", delete: "DELETE" }).map(([verb, method]) => [
      `association_types.${verb}`,
      { method, path: "association-types", fields: ["from", "to", "id", "key", "remote_query"] },
    ]),
  ),
  ...Object.fromEntries(
    ["accounts", "contacts", "leads", "opportunities"].map((kind) => [
      `${kind}.upsert`,
      { method: "POST", path: `${kind}/upsert` },
    ]),
  ),
};

/** The request that asks for an operation; an input that is text stands there as it is. */
export function requestOf(operation, input) {
  const { method, path, fields } = ROUTES[operation];
  const asked = { method, path: `/unified/crm/${path}` };
  if (!fields) return { ...asked, body: typeof input === "string" ? input : JSON.stringify(input) };
  const query = Object.entries(input).flatMap(([name, value]) => spell(name, value));
  return { ...asked, path: `${asked.path}?${query.join("&")}` };
}

/** Asks for an operation in the name of an account. */
export function ask(edge, vendor, operation, input, query = "") {
  const { method, path, body } = requestOf(operation, input);
  const more = query && (path.includes("?") ? "&" : "?") + query;
  return call(edge.origin, method, path + more, { headers: asAccount(edge, vendor), body });
}

/** Links through the unified route. */
export function link(edge, vendor, body, query = "") {
  return call(edge.origin, "POST", `/unified/crm/associations?integrated_account_id=${edge.accounts[vendor]}${query}`, {
    headers: { authorization: `Bearer ${edge.key}` },
    body,
  });
}

/** A value in bracket spelling. */
export function spell(name, value) {
  if (Array.isArray(value)) return value.flatMap((item) => spell(`${name}[]`, item));
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, inner]) => spell(`${name}[${key}]`, inner));
  }
  return [`${encodeURIComponent(name)}=${encodeURIComponent(value ?? "")}`];
}

/** Writes bytes as they stand: `fetch` would mend a path before it is sent. Answers the status and the body. */
export function raw(origin, text) {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    let received = "";
    const socket = connect({ host: hostname, port: Number(port) }, () => socket.write(text));
    socket.setTimeout(10_000, () => socket.destroy(new Error("no answer")));
    socket.setEncoding("utf8").on("data", (chunk) => (received += chunk));
    socket.once("error", reject);
    socket.once("close", () => {
      const [head, ...body] = received.split("\r\n\r\n");
      resolve({ status: Number(head.split(" ")[1]), head, body: body.join("\r\n\r\n") });
    });
  });
}

/** Asserts the problem details of the unified routes. */
export function assertProblem(answer, status, code) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.headers.get("content-type"), "application/problem+json");
  const { json } = answer;
  assert.deepEqual([json.status, json.statusCode, json.code], [status, status, code]);
  assert.equal(json.title, json.error);
  assert.ok(json.detail.length > 10 && json.detail === json.message);
  return json;
}

function answer(status, headers, text) {
  return {
    status,
    headers,
    text,
    get json() {
      return JSON.parse(text);
    },
  };
}
