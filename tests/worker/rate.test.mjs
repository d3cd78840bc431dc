// How often a caller may call, where the deployment has a binding for it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { ACCOUNTS, ADMIN_KEY, KEY, variables } from "../../xtask/development.mjs";
import { asOwner, assertProblem, call } from "./calls.mjs";
import { startUpstream, startWorker } from "./harness.mjs";

const LIMIT = 5;
const LINK = { entity: "opportunities", entity_id: "301", associations: { contacts: [{ id: "101" }] } };
const HUBSPOT = "/crm/v4/objects/contacts/101/associations/default/companies/201";

let upstream, worker;
before(async () => {
  upstream = await startUpstream(() => ({ status: 500, headers: { "content-type": "application/json" }, body: "{}" }));
  worker = await startWorker({
    ...variables({ twinOrigin: upstream.origin, pageOrigins: [] }),
    CRMLINK_RATE_LIMIT: { type: "rate-limit", namespace: "1", simple: { limit: LIMIT, period: 60 } },
  });
});
after(async () => {
  await worker?.stop();
  await upstream?.stop();
});

const bearer = (key) => ({ authorization: `Bearer ${key}` });
const several = async (ask) => {
  const answers = [];
  // The minute may end in between: of so many calls some are too many all the same.
  for (let i = 0; i < 2 * LIMIT + 2; i += 1) answers.push(await ask());
  return answers;
};

test("who calls too often is refused before anything is sent, and nobody else is", async () => {
  const headers = { ...bearer(KEY), "x-integrated-account-id": ACCOUNTS.hubspot };
  const plan = { operation: "associations.create", input: LINK };
  const answers = await several(() => call(worker.origin, "POST", "/unified/crm/plan", { headers, body: plan }));
  assert.equal(answers[0].status, 200, answers[0].text);
  const refused = answers.filter(({ status }) => status !== 200);
  assert.ok(refused.length > 0 && refused.length <= answers.length - LIMIT, `${refused.length} were refused`);
  for (const answer of refused) {
    const problem = assertProblem(answer, 429, "rate_limited");
    assert.deepEqual([problem.sent, problem.retryable, problem.retryAfter], ["no", true, 10_000]);
    assert.equal(answer.headers.get("retry-after"), "10");
  }
  const other = await call(worker.origin, "GET", "/accounts", { headers: bearer(ADMIN_KEY) });
  assert.equal(other.status, 200, other.text);
});

test("so is who brings a token of the vendor's, in the vendor's words", async () => {
  const before = upstream.requests.length;
  const answers = await several(() => call(worker.origin, "PUT", HUBSPOT, { headers: asOwner }));
  const refused = answers.filter(({ status }) => status === 429);
  assert.ok(refused.length > 0 && refused.length <= answers.length - LIMIT, `${refused.length} were refused`);
  assert.equal(upstream.requests.length - before, answers.length - refused.length);
  assert.equal(refused[0].headers.get("x-crmlink-code"), "rate_limited");
  assert.equal(refused[0].json.status, "error");
});
