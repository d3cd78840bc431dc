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

/** The headers of a caller with a vendor token of its own. */
export const asOwner = { authorization: `Bearer ${TWIN_TOKEN}` };

/** Links through the unified route. */
export function link(edge, vendor, body, query = "") {
  return call(edge.origin, "POST", `/unified/crm/associations?integrated_account_id=${edge.accounts[vendor]}${query}`, {
    headers: { authorization: `Bearer ${edge.key}` },
    body,
  });
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
