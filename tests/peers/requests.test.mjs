// The vendors' own clients and our builders make the same calls to one server that writes down what arrives.
// They shall be equal, but for the differences in the table below: no more and no fewer.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { foundingCalls, TOKEN } from "./calls.mjs";
import { startCapture } from "./capture.mjs";
import { versionOf } from "./clients.mjs";
import { differences } from "./compare.mjs";

/**
 * Every difference there is, and why it is right. `in` matches the beginning of a call's name.
 * `undefined` on a side: that side sends no such header.
 */
const DIFFERENCES = [
  {
    in: "hubspot",
    what: "header accept",
    client: "application/json, */*;q=0.8",
    ours: "application/json",
    why: "HubSpot answers nothing else, and we read nothing else.",
  },
  {
    in: "hubspot: default association, ids with marks",
    what: "path",
    client: "/crm/v4/objects/contacts/o'neil!(1)*/associations/default/companies/202",
    ours: "/crm/v4/objects/contacts/o%27neil%21%281%29%2A/associations/default/companies/202",
    why: "One segment in two spellings: RFC 3986 reserves these marks, so we encode them; encodeURIComponent does not.",
  },
  {
    in: "hubspot: partner client",
    what: "header content-type",
    client: "application/json",
    ours: undefined,
    why: "The request has no body, so there is no type of one; the client's apiRequest sets it always.",
  },
  {
    in: "highlevel",
    what: "header accept",
    client: "application/json, text/plain, */*",
    ours: "application/json",
    why: "What axios always sends; HighLevel's specification answers application/json only.",
  },
  {
    in: "highlevel",
    what: "header version",
    client: "2023-02-21",
    ours: "2021-07-28",
    why: "The founding pages and the vendor's specification name 2021-07-28 for both; the client sends its own default.",
  },
  {
    in: "highlevel",
    what: "header x-sdk-version",
    client: versionOf("@gohighlevel/api-client"),
    ours: undefined,
    why: "The client tells its own version; we are not that client.",
  },
  {
    in: "highlevel: upsert opportunity, one follower as a string",
    what: "body",
    client: (body) => ({ ...body, followers: body.followers[0] }),
    ours: (body) => body,
    why: "The founding page's example gives a string, its schema a list; the client passes on what it gets, we send a list.",
  },
  {
    in: "salesforce",
    what: "header accept",
    client: "*/*",
    ours: "application/json",
    why: "Salesforce can answer XML too; we ask for what we read.",
  },
  {
    in: "salesforce",
    what: "header authorization",
    client: `Bearer ${TOKEN}`,
    ours: undefined,
    why: "Ours come from a plan, and a plan never holds a token; a connection adds it when it sends.",
  },
  {
    in: "salesforce: the query of the read",
    what: "query",
    client: ({ q }) => ({ q: q.replaceAll("','", "', '") }),
    ours: (query) => query,
    why: "One list in two spellings: SOQL ignores the space that jsforce writes after a comma.",
  },
];

let capture;
before(async () => {
  capture = await startCapture({
    // What jsforce must get back to end its calls in peace.
    "/services/data/v66.0/composite/sobjects": { body: [] },
    "/services/data/v66.0/query": { body: { totalSize: 0, done: true, records: [] } },
  });
});
after(() => capture.stop());

test("the vendors' clients and our builders send the same", async (t) => {
  const calls = foundingCalls(capture.origin);

  for (const { name, client, ours } of calls) {
    await t.test(name, async () => {
      const theirs = only(await capture.during(client));
      const mine = only(await capture.during(() => send(ours())));

      // A side may be told as a function of what we send: of our body, or of our query.
      const query = Object.fromEntries(new URL(mine.path, capture.origin).searchParams);
      const sent = mine.body ? JSON.parse(mine.body) : query;
      const side = (value) => (typeof value === "function" ? value(sent) : value);
      const listed = DIFFERENCES.filter((difference) => name.startsWith(difference.in)).map(
        ({ what, client, ours }) => ({ what, client: side(client), ours: side(ours) }),
      );
      assert.deepEqual(sorted(differences(theirs, mine)), sorted(listed));
    });
  }

  await t.test("every listed difference is about a call and says why", () => {
    for (const { in: prefix, why } of DIFFERENCES) {
      assert.ok(
        calls.some(({ name }) => name.startsWith(prefix)),
        `no call begins with ${prefix}`,
      );
      assert.ok(why.length > 20, `${prefix}: give the reason`);
    }
  });
});

/** Sends a request of ours with plain fetch: what a user without `connect` would do. */
function send({ method, url, headers, body }) {
  return fetch(url, { method, headers, body }).then((response) => response.arrayBuffer());
}

function only(recordings) {
  assert.equal(recordings.length, 1, "one call is one request");
  return recordings[0];
}

function sorted(list) {
  return [...list].sort((a, b) => (a.what < b.what ? -1 : 1));
}
