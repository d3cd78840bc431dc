// POST /unified/crm/associations: one vocabulary, four vendors, and receipts that are true.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";

import { asAccount, assertProblem, call, link } from "./calls.mjs";
import { startEdge } from "./harness.mjs";

let edge;
before(async () => {
  edge = await startEdge();
});
after(() => edge?.stop());
beforeEach(() => edge.twin.reset());

/** For each vendor a link that can be made, and the commit that it leaves. */
const LINKS = {
  hubspot: {
    body: { entity: "opportunities", entity_id: "301", associations: { contacts: [{ id: "101" }] } },
    commit: { vendor: "hubspot", kind: "association.create", from: "deal 301", to: "contact 101" },
    // HubSpot answers the same to a link that was there: it cannot be told apart.
    again: 201,
  },
  leadconnector: {
    body: {
      entity: "opportunities",
      entity_id: "yWQobCRIhRguQtD2llvk",
      associations: { contacts: [{ id: "ocQHyuzHvysMo5N5VsXc" }] },
    },
    commit: { vendor: "leadconnector" },
    again: 200,
  },
  salesforce: {
    body: {
      entity: "opportunities",
      entity_id: "0065e00000DealAAAR",
      associations: { contacts: [{ id: "0035e00000AnnaAAAR", role: "Decision Maker" }] },
    },
    commit: { vendor: "salesforce", kind: "OpportunityContactRole.create" },
    again: 200,
  },
  truto: {
    body: { entity: "opportunities", entity_id: "o1", associations: { contacts: [{ id: "c1" }] } },
    commit: { vendor: "truto", kind: "association.create", from: "opportunities o1", to: "contacts c1" },
    // What Truto answers to a link that was there is not published.
    again: 201,
  },
};

for (const [vendor, { body, commit, again }] of Object.entries(LINKS)) {
  test(`a link at ${vendor} is made, proved by the vendor, and not made twice`, async () => {
    const answer = await link(edge, vendor, body);
    assert.equal(answer.status, 201, answer.text);
    assert.equal(answer.headers.get("content-type"), "application/json");
    const { entity, entity_id, associations, links } = answer.json;
    const [target] = body.associations.contacts;
    assert.deepEqual([entity, entity_id], [body.entity, body.entity_id]);
    assert.deepEqual(associations, { contacts: [{ id: target.id }] });
    assert.deepEqual(
      links.map(({ from, to, outcome }) => [from.id, to.entity, to.id, outcome]),
      [[body.entity_id, "contacts", target.id, "linked"]],
    );
    const commits = edge.twin.commits();
    assert.equal(commits.length, 1);
    assert.deepEqual({ ...commits[0], ...commit }, commits[0]);

    const second = await link(edge, vendor, body);
    assert.equal(second.status, again, second.text);
    assert.equal(edge.twin.commits().length, 1, "nothing is written twice");
  });
}

describe("the status says how much of it is true", () => {
  const deal = (...ids) => ({
    entity: "opportunities",
    entity_id: "301",
    associations: { contacts: ids.map((id) => ({ id })) },
  });

  test("207 where some links are there, each with its outcome", async () => {
    const answer = await link(edge, "hubspot", deal("101", "999999"));
    assert.equal(answer.status, 207, answer.text);
    const { links, associations } = answer.json;
    assert.deepEqual(
      links.map(({ to, outcome, reason }) => [to.id, outcome, reason?.code]),
      [
        ["101", "linked", undefined],
        ["999999", "not_linked", "not_found"],
      ],
    );
    assert.deepEqual(associations, { contacts: [{ id: "101" }] });
  });

  test("the reason's own status where none is there, as a problem with the links", async () => {
    const json = assertProblem(await link(edge, "hubspot", deal("999999")), 404, "not_found");
    assert.equal(json.truto_is_remote_error, true);
    assert.equal(json.sent, "yes");
    assert.deepEqual(
      json.links.map(({ to, outcome }) => [to.id, outcome]),
      [["999999", "not_linked"]],
    );
    assert.match(json.raw_response, /OBJECT_NOT_FOUND/);
  });

  test("422 where nothing was sent because of the input, with the field", async () => {
    const refusals = [
      [{ ...deal("101"), entity: "deals" }, "invalid_input", "entity"],
      [{ ...deal("101"), colour: "red" }, "invalid_input", "colour"],
      [deal(".."), "invalid_id", "associations.contacts[0].id"],
      [deal("1\r\nx: y"), "invalid_id", "associations.contacts[0].id"],
      [{ entity: "opportunities", entity_id: "301" }, "invalid_input", "associations"],
      [{ ...deal(), associations: { tickets: [{ id: "1" }] } }, "invalid_input", "associations.tickets"],
    ];
    for (const [body, code, path] of refusals) {
      const json = assertProblem(await link(edge, "hubspot", body), 422, code);
      assert.equal(json.path, path);
      assert.equal(json.sent, "no");
    }
    assert.deepEqual(edge.twin.commits(), []);
  });

  test("422 where the vendor has no such link, with the reason", async () => {
    const body = {
      entity: "leads",
      entity_id: "00Q5e00000LeadAEAR",
      associations: { accounts: [{ id: "0015e00000AcmeAAAR" }] },
    };
    const json = assertProblem(await link(edge, "salesforce", body), 422, "unsupported");
    assert.equal(json.reason, "requires_conversion");
  });

  test("the vendor's refusal of the account's token is told as such", async () => {
    await edge.twin.fault({
      vendor: "hubspot",
      status: 401,
      body: { status: "error", category: "INVALID_AUTHENTICATION", message: "no" },
    });
    const json = assertProblem(await link(edge, "hubspot", deal("101")), 401, "unauthenticated");
    assert.equal(json.truto_is_remote_error, true);
  });

  test("429 says when to come back", async () => {
    await edge.twin.fault({
      vendor: "hubspot",
      status: 429,
      times: 9,
      headers: { "retry-after": "31" },
      body: { policyName: "SECONDLY" },
    });
    const answer = await link(edge, "hubspot", deal("101"));
    assertProblem(answer, 429, "rate_limited");
    assert.equal(answer.headers.get("retry-after"), "31");
    // Until then nobody who uses the account asks again.
    assert.equal(assertProblem(await link(edge, "hubspot", deal("101")), 429, "rate_limited").sent, "no");
    edge.twin.reset();
    await edge.calm("hubspot");
  });

  test("502 for a vendor that fails, after it was asked again", async () => {
    await edge.twin.fault({ vendor: "hubspot", status: 503, times: 9 });
    const json = assertProblem(await link(edge, "hubspot", deal("101")), 502, "vendor_unavailable");
    assert.equal(json.links[0].outcome, "unknown");
  });

  test("a vendor that fails once is asked again", async () => {
    await edge.twin.fault({ vendor: "hubspot", status: 503 });
    const answer = await link(edge, "hubspot", deal("101"));
    assert.equal(answer.status, 201, answer.text);
    assert.equal(edge.twin.commits().length, 1);
  });

  test("a broken connection is no proof of anything", async () => {
    await edge.twin.fault({ vendor: "leadconnector", status: 0, times: 9, path_contains: "relations" });
    const json = assertProblem(await link(edge, "leadconnector", LINKS.leadconnector.body), 502, "vendor_unavailable");
    assert.equal(json.sent, "maybe");
    assert.equal(json.links[0].outcome, "unknown");
    assert.deepEqual([json.receipt.entity_id, json.receipt.links[0].outcome], [json.links[0].from.id, "unknown"]);
  });

  test("a page instead of an answer is no proof of anything", async () => {
    await edge.twin.fault({
      vendor: "hubspot",
      status: 200,
      times: 9,
      headers: { "content-type": "text/html" },
      body: "<html></html>",
    });
    const json = assertProblem(await link(edge, "hubspot", deal("101")), 502, "unexpected_response");
    assert.equal(json.links[0].outcome, "unknown");
  });
});

describe("who may call", () => {
  const { body } = LINKS.hubspot;
  const path = "/unified/crm/associations";

  test("401 without the key, with another one, and with a vendor's token", async () => {
    for (const authorization of [
      undefined,
      "Bearer wrong",
      "Bearer twin-token",
      `Basic ${edge.key}`,
      `Bearer ${edge.key}x`,
      "Bearer",
    ]) {
      const headers = { "x-integrated-account-id": edge.accounts.hubspot, ...(authorization && { authorization }) };
      const answer = await call(edge.origin, "POST", path, { headers, body });
      assertProblem(answer, 401, "unauthenticated");
      assert.match(answer.headers.get("www-authenticate"), /^Bearer/);
    }
    assert.deepEqual(edge.twin.commits(), []);
  });

  test("the scheme may be written in any case", async () => {
    const headers = { authorization: `bearer ${edge.key}`, "x-integrated-account-id": edge.accounts.hubspot };
    assert.equal((await call(edge.origin, "POST", path, { headers, body })).status, 201);
  });

  test("404 for an account that is not known, 422 for none", async () => {
    const authorization = `Bearer ${edge.key}`;
    const unknown = await call(edge.origin, "POST", `${path}?integrated_account_id=nobody`, {
      headers: { authorization },
      body,
    });
    assertProblem(unknown, 404, "not_found");
    const none = await call(edge.origin, "POST", path, { headers: { authorization }, body });
    assert.equal(assertProblem(none, 422, "invalid_input").path, "integrated_account_id");
  });

  test("the account stands in the header or in the query, and is the same in both", async () => {
    const both = (id) =>
      call(edge.origin, "POST", `${path}?integrated_account_id=${id}`, { headers: asAccount(edge, "hubspot"), body });
    assert.equal((await both(edge.accounts.hubspot)).status, 201);
    assert.equal(assertProblem(await both(edge.accounts.truto), 422, "invalid_input").path, "integrated_account_id");
  });
});

describe("how the answer looks", () => {
  const { body } = LINKS.hubspot;

  test("unified: with the vendor's answer", async () => {
    const { json } = await link(edge, "hubspot", body, "&truto_response_format=unified");
    assert.deepEqual(Object.keys(json), ["entity", "entity_id", "associations", "links", "remote_data"]);
    assert.equal(json.remote_data.status, "COMPLETE");
  });

  test("raw: the vendor's answer alone", async () => {
    const { json } = await link(edge, "hubspot", body, "&truto_response_format=raw");
    assert.equal(json.status, "COMPLETE");
    assert.equal(json.links, undefined);
  });

  test("normalized: without it", async () => {
    const { json } = await link(edge, "hubspot", body, "&truto_response_format=normalized");
    assert.deepEqual(Object.keys(json), ["entity", "entity_id", "associations", "links"]);
  });

  test("any other word is refused", async () => {
    const answer = await link(edge, "hubspot", body, "&truto_response_format=xml");
    assert.equal(assertProblem(answer, 422, "invalid_input").path, "truto_response_format");
    assert.deepEqual(edge.twin.commits(), []);
  });

  test("truto_ignore_remote_data", async () => {
    const { json } = await link(edge, "hubspot", body, "&truto_ignore_remote_data=true");
    assert.equal(json.remote_data, undefined);
    assert.equal(json.entity_id, "301");
    const kept = await link(edge, "hubspot", body, "&truto_ignore_remote_data=false");
    assert.ok(kept.json.remote_data);
  });

  test("truto_exclude_fields in three spellings", async () => {
    for (const spelling of [
      "truto_exclude_fields[]=remote_data&truto_exclude_fields[]=links",
      "truto_exclude_fields[0]=remote_data&truto_exclude_fields[1]=links",
      "truto_exclude_fields=remote_data,links",
      "truto_exclude_fields%5B%5D=remote_data%2Clinks",
    ]) {
      const { json } = await link(edge, "hubspot", body, `&${spelling}`);
      assert.deepEqual(Object.keys(json), ["entity", "entity_id", "associations"], spelling);
    }
  });

  test("acocunts: read, and answered beside accounts", async () => {
    const misspelt = { entity: "contacts", entity_id: "101", associations: { acocunts: [{ id: "201" }] } };
    const { status, json } = await link(edge, "hubspot", misspelt);
    assert.equal(status, 201);
    assert.deepEqual(json.associations, { acocunts: [{ id: "201" }], accounts: [{ id: "201" }] });
  });

  test("a parameter that is not known is refused by its name", async () => {
    for (const query of ["colour=red", "truto_ignore_remote_data=perhaps", "remote_query=x", "remote_query[a=1"]) {
      const json = assertProblem(await link(edge, "hubspot", body, `&${query}`), 422, "invalid_input");
      assert.equal(json.path, query.split("=")[0]);
    }
  });
});
