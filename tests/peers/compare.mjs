// What differs between a client's request and ours, as they arrived.

import { isDeepStrictEqual } from "node:util";

/**
 * Headers that say nothing about the request's meaning. They belong to whoever moves the bytes: node-fetch and axios
 * in the clients, fetch in our case, and another runtime's fetch tomorrow. `user-agent` names a program, which these
 * are not the same of. (`content-length` follows from the body, which is compared itself.)
 */
const TRANSPORT_HEADERS = new Set([
  "accept-encoding",
  "accept-language",
  "connection",
  "content-length",
  "host",
  "sec-fetch-mode",
  "user-agent",
]);

/**
 * @typedef {{ what: string, client: unknown, ours: unknown }} Difference
 * @param {import("./capture.mjs").Recording} client
 * @param {import("./capture.mjs").Recording} ours
 * @returns {Difference[]} in a fixed order: method, path, headers by name, body
 */
export function differences(client, ours) {
  const found = [];
  const note = (what, theirs, mine) => {
    if (!isDeepStrictEqual(theirs, mine)) found.push({ what, client: theirs, ours: mine });
  };

  note("method", client.method, ours.method);
  note("path", client.path, ours.path);
  for (const name of headerNames(client, ours)) {
    note(`header ${name}`, client.headers[name], ours.headers[name]);
  }
  if (client.body !== ours.body) {
    const [theirs, mine] = [parsed(client.body), parsed(ours.body)];
    note("body", theirs, mine);
    // Equal as JSON and yet other bytes: other spacing, or another order of keys.
    if (isDeepStrictEqual(theirs, mine)) note("body bytes", client.body, ours.body);
  }
  return found;
}

function headerNames(...recordings) {
  const names = new Set(recordings.flatMap(({ headers }) => Object.keys(headers)));
  return [...names].filter((name) => !TRANSPORT_HEADERS.has(name)).sort();
}

function parsed(body) {
  try {
    return JSON.parse(body);
  } catch {
    return body; // no body at all, or none that is JSON: then the text itself is what counts
  }
}
