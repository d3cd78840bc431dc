// Keys and tokens stand in no answer and in no line of the log, whatever goes wrong.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { ACCOUNTS, variables } from "../../xtask/development.mjs";
import { call } from "./calls.mjs";
import { startUpstream, startWorker } from "./harness.mjs";

const KEY = "crmlink-key-of-this-test";
const ACCOUNT_TOKEN = "account-token-of-this-test";
const OWN_TOKEN = "own-token-of-this-test";

let upstream, worker, status;
before(async () => {
  upstream = await startUpstream(() => ({ status, headers: { "content-type": "text/html" }, body: "<p>?</p>" }));
  const vars = variables({ twinOrigin: upstream.origin });
  const accounts = vars.CRMLINK_ACCOUNTS.replaceAll("twin-token", ACCOUNT_TOKEN);
  worker = await startWorker({ ...vars, CRMLINK_KEY: KEY, CRMLINK_ACCOUNTS: accounts });
});
after(async () => {
  await worker?.stop();
  await upstream?.stop();
});

test("no answer and no line of the log holds a secret", async () => {
  const seen = [];
  const link = { entity: "opportunities", entity_id: "301", associations: { contacts: [{ id: "101" }] } };
  const callers = (vendor) => [
    {},
    { authorization: `Bearer ${OWN_TOKEN}` },
    { authorization: `Bearer ${OWN_TOKEN} x` },
    { authorization: OWN_TOKEN },
    { authorization: `Bearer ${KEY}` },
    { authorization: `Bearer ${KEY}`, "x-integrated-account-id": ACCOUNTS[vendor] },
    { authorization: `Bearer ${OWN_TOKEN}`, "x-integrated-account-id": ACCOUNTS[vendor] },
  ];
  const asks = (vendor) => [
    ["GET", "/capabilities"],
    ["GET", "/nowhere"],
    ["PUT", "/crm/v4/objects/contacts/%252e%252e/associations/default/companies/201"],
    ["PUT", "/crm/v4/objects/contacts/101/associations/default/companies/201"],
    ["POST", "/opportunities/upsert", { pipelineId: "p", locationId: "l" }],
    ["POST", "/opportunities/upsert", "{"],
    ["POST", "/unified/crm/associations", link],
    ["POST", `/unified/crm/associations?integrated_account_id=${ACCOUNTS[vendor]}`, { ...link, entity: "x" }],
    ["POST", "/unified/crm/associations?truto_response_format=stream", link],
    ["PUT", "/unified/crm/associations", link],
    ["DELETE", "/unified/crm/associations", link],
    ["GET", "/unified/crm/associations?entity=opportunities&entity_id=301&to=contacts"],
    ["GET", "/unified/crm/association-types?from=contacts&to=accounts"],
    ["POST", "/unified/crm/contacts/upsert", { first_name: "Ada", email_addresses: [{ email: "a@example.com" }] }],
    ["POST", "/unified/crm/plan", { operation: "associations.create", input: link }],
  ];
  for (status of [200, 401, 302, 500, 0]) {
    for (const vendor of ["hubspot", "leadconnector"]) {
      for (const headers of callers(vendor)) {
        for (const [method, path, body] of asks(vendor)) {
          // A server's failure is waited out, which is shown elsewhere.
          if (status === 500 && path.startsWith("/unified")) continue;
          if (status === 0 && path.startsWith("/unified")) continue;
          const answer = await call(worker.origin, method, path, {
            headers: { version: "2021-07-28", ...headers },
            body,
          });
          seen.push(`${method} ${path} ${answer.status} ${JSON.stringify([...answer.headers])} ${answer.text}`);
        }
      }
    }
  }
  assert.ok(upstream.requests.some(({ headers }) => headers.authorization === `Bearer ${ACCOUNT_TOKEN}`));
  assert.ok(upstream.requests.some(({ headers }) => headers.authorization === `Bearer ${OWN_TOKEN}`));
  for (const secret of [KEY, ACCOUNT_TOKEN, OWN_TOKEN]) {
    for (const answer of [...seen, worker.logs()]) {
      assert.ok(!answer.includes(secret), answer);
    }
  }
  assert.ok(worker.logs().includes('"event":"request"'), "there was a log to look through");
  assert.ok(!JSON.stringify(upstream.requests).includes(KEY), "the key goes to no vendor");
});
