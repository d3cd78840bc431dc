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
 * @returns {Difference[]} in a fixed order: method, path, query, headers by name, body
 */
export function differences(client, ours) {
  const found = [];
  const note = (what, theirs, mine) => {
    if (!isDeepStrictEqual(theirs, mine)) found.push({ what, client: theirs, ours: mine });
  };

  note("method", client.method, ours.method);
  const [[theirPath, theirQuery], [myPath, myQuery]] = [parts(client.path), parts(ours.path)];
  note("path", theirPath, myPath);
  noteText("query", theirQuery, myQuery, (query) => Object.fromEntries(new URLSearchParams(query)));
  for (const name of headerNames(client, ours)) {
    note(`header ${name}`, client.headers[name], ours.headers[name]);
  }
  noteText("body", client.body, ours.body, parsed);
  return found;

  /** Texts that mean the same are told apart from those that don't. */
  function noteText(what, theirs, mine, meaning) {
    if (theirs === mine) return;
    if (!isDeepStrictEqual(meaning(theirs), meaning(mine))) note(what, meaning(theirs), meaning(mine));
    else if (keys(theirs) !== keys(mine)) note(`${what}, order of keys`, keys(theirs), keys(mine));
    else note(`${what}, spelling`, theirs, mine);
  }
}

function parts(path) {
  const [before, ...query] = path.split("?");
  return [before, query.join("?")];
}

/** The names in a JSON text in the order in which each comes first. */
function keys(text) {
  return [...new Set([...text.matchAll(/"(\w+)":/g)].map(([, name]) => name))].join(" ");
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
