// Credentials of every kind, each a marker, through the whole matrix of faults, with a vendor that repeats what it is sent: no
// marker stands in an answer, a plan, a line of the log or an address.

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { after, before, test } from "node:test";

import { variables } from "../../xtask/development.mjs";
import { call, manage } from "./calls.mjs";
import { startUpstream, startWorker } from "./harness.mjs";

const marker = (name) => `canary-${name}-7f3a9c51-0b6d-4e0e`;
const SECRETS = {
  key: marker("key"),
  admin: marker("admin"),
  static: marker("static"),
  own: marker("own"),
  kept: marker("kept"),
  clientSecret: marker("client-secret"),
  refresh: marker("refresh"),
  access: marker("access"),
  renewed: marker("renewed"),
  rotated: marker("rotated"),
  encryption: Buffer.from("canary-encryption-7f3a9c51-0b6d4").toString("base64"),
  old: Buffer.from("canary-old-key-00-7f3a9c51-0b6d4").toString("base64"),
};
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const PEM = privateKey.export({ type: "pkcs8", format: "pem" });
// Any line of it would tell.
const KEY_LINES = PEM.split("\n").filter((line) => line.length === 64);

const LINK = {
  hubspot: { entity: "opportunities", entity_id: "301", associations: { contacts: [{ id: "101" }] } },
  leadconnector: { entity: "contacts", entity_id: "c1", associations: { opportunities: [{ id: "o1" }] } },
  salesforce: {
    entity: "opportunities",
    entity_id: "0065e00000DealAAAR",
    associations: { contacts: [{ id: "0035e00000AnnaAAAR" }] },
  },
  truto: { entity: "opportunities", entity_id: "1", associations: { contacts: [{ id: "2" }] } },
};

/** What a vendor that repeats everything says. */
const said = ({ headers, body }) => {
  const all = `${JSON.stringify(headers)} ${headers.authorization} ${body}`;
  const words = { message: all, error: all, error_description: all, errorCode: all, category: all, traceId: all };
  return JSON.stringify({ status: "error", ...words, errors: [{ message: all, in: all }], context: { id: [all] } });
};
const json = { "content-type": "application/json", "x-request-id": "r" };
const repeated =
  (status, headers = {}) =>
  (request) => ({
    status,
    headers: { ...json, "x-trace-id": request.headers.authorization ?? "", ...headers },
    body: said(request),
  });
/** The faults, each a vendor's answer. Those that are waited out say that there is nothing to wait for. */
const FAULTS = {
  400: repeated(400),
  401: repeated(401, { "www-authenticate": "Bearer" }),
  403: repeated(403),
  404: repeated(404),
  409: repeated(409),
  422: repeated(422),
  423: repeated(423, { "retry-after": "0" }),
  429: repeated(429, { "retry-after": "0" }),
  "429 for the day": repeated(429, { "retry-after": "86400" }),
  477: repeated(477, { "retry-after": "86400" }),
  500: repeated(500, { "retry-after": "0" }),
  503: repeated(503, { "retry-after": "0" }),
  "200 that is a failure": repeated(200),
  "200 that is a page": (request) => ({
    status: 200,
    headers: { "content-type": "text/html" },
    body: `<p>${said(request)}`,
  }),
  "200 that breaks off": (request) => ({ status: 200, headers: json, body: said(request).slice(0, -20) }),
  207: repeated(207),
  302: (request) => ({ status: 302, headers: { location: `/elsewhere?${request.headers.authorization}` } }),
  "10 MB": (request) => ({ status: 200, headers: json, body: said(request) + " ".repeat(5 << 20) }),
  "no answer": () => ({ status: 0 }),
};

let fault = "400";
let tokens = "good";
let upstream, worker;
before(async () => {
  upstream = await startUpstream((request) => {
    if (!/oauth|token/.test(request.path)) return FAULTS[fault](request);
    if (tokens === "bad") return repeated(400)(request);
    const body = {
      access_token: SECRETS.renewed,
      refresh_token: SECRETS.rotated,
      expires_in: 1800,
      token_type: "bearer",
    };
    return { status: 200, headers: json, body: JSON.stringify({ ...body, instance_url: upstream.origin, scope: "x" }) };
  });
  const vars = variables({ twinOrigin: upstream.origin });
  worker = await startWorker({
    ...vars,
    CRMLINK_KEY: SECRETS.key,
    CRMLINK_ADMIN_KEY: SECRETS.admin,
    CRMLINK_ENCRYPTION_KEY: `k2:${SECRETS.encryption}`,
    CRMLINK_OLD_ENCRYPTION_KEYS: `k1:${SECRETS.old}`,
    CRMLINK_ACCOUNTS: vars.CRMLINK_ACCOUNTS.replaceAll("twin-token", SECRETS.static),
  });
});
after(async () => {
  await worker?.stop();
  await upstream?.stop();
});

test("no marker stands anywhere but where it is sent", { timeout: 280_000 }, async () => {
  const seen = [];
  // What a vendor repeats of a caller's own token passes to that caller as it is.
  const ask = async (method, path, headers, body, own) => {
    const answer = await call(worker.origin, method, path, { headers, body });
    const text = `${fault}: ${method} ${path} ${answer.status} ${JSON.stringify([...answer.headers])} ${answer.text}`;
    seen.push(own ? text.replaceAll(own, "") : text);
    return answer;
  };
  const admin = { authorization: `Bearer ${SECRETS.admin}` };
  const oauth = {
    kind: "oauth",
    client_id: "a-client",
    client_secret: SECRETS.clientSecret,
    refresh_token: SECRETS.refresh,
    access_token: SECRETS.access,
    // Over: it is renewed at once.
    expires_at: 1,
  };
  const accounts = {
    "kept-hubspot": { vendor: "hubspot", credentials: { kind: "token", token: SECRETS.kept } },
    "oauth-hubspot": { vendor: "hubspot", credentials: oauth },
    "oauth-leadconnector": { vendor: "leadconnector", location_id: "l", credentials: { ...oauth, location_id: "l" } },
    "oauth-salesforce": { vendor: "salesforce", credentials: { ...oauth, origin: "https://acme.my.salesforce.com" } },
    "jwt-salesforce": {
      vendor: "salesforce",
      credentials: {
        kind: "jwt_bearer",
        client_id: "a-client",
        username: "user@example.com",
        private_key: PEM,
        audience: "https://login.salesforce.com",
      },
    },
    // Such as nobody takes: told without their values.
    "broken-1": { vendor: "hubspot", credentials: { ...oauth, more: SECRETS.refresh } },
    "broken-2": { vendor: "hubspot", credentials: { kind: "token", token: `${SECRETS.kept}\n` } },
    "broken-3": { vendor: "salesforce", credentials: { kind: "jwt_bearer", private_key: PEM, client_id: 1 } },
  };
  const made = {};
  for (const [id, account] of Object.entries(accounts)) {
    const { status } = await ask("POST", "/accounts", admin, { id, ...account });
    if (status === 201) made[id] = account.vendor;
  }
  assert.ok(Object.keys(made).length >= 4, `${Object.keys(made)} ${seen}`);
  const fixed = Object.values(JSON.parse(variables({ twinOrigin: "http://127.0.0.1:9" }).CRMLINK_ACCOUNTS));
  const ids = Object.keys(JSON.parse(variables({ twinOrigin: "http://127.0.0.1:9" }).CRMLINK_ACCOUNTS));
  const all = { ...Object.fromEntries(ids.map((id, place) => [id, fixed[place].vendor])), ...made };

  for (fault of Object.keys(FAULTS)) {
    for (tokens of ["good", "bad"]) {
      // What the token endpoint says matters to those alone who ask it.
      const asked = tokens === "good" ? Object.entries(all) : Object.entries(made);
      await Promise.all(
        asked.map(async ([id, vendor]) => {
          const as = { authorization: `Bearer ${SECRETS.key}`, "x-integrated-account-id": id };
          const input = LINK[vendor];
          await ask("POST", "/unified/crm/associations", as, input);
          if (tokens === "bad") return;
          await ask("POST", "/unified/crm/plan", as, { operation: "associations.create", input });
          await ask("POST", "/unified/crm/associations?truto_response_format=stream", as, input);
          await ask(
            "GET",
            `/unified/crm/associations?entity=${input.entity}&entity_id=${input.entity_id}&to=accounts`,
            as,
          );
          await ask("POST", "/unified/crm/contacts/upsert", as, { email_addresses: [{ email: "a@example.com" }] });
          if (vendor === "hubspot") await ask("PUT", "/crm/v4/objects/contacts/1/associations/default/companies/2", as);
          const version = { version: "2021-07-28" };
          const upsert = { pipelineId: "p", locationId: "l" };
          if (vendor === "leadconnector") await ask("POST", "/opportunities/upsert", { ...as, ...version }, upsert);
          await ask("GET", `/accounts/${id}`, admin);
        }),
      );
      const own = { authorization: `Bearer ${SECRETS.own}` };
      await ask("PUT", "/crm/v4/objects/contacts/1/associations/default/companies/2", own, undefined, SECRETS.own);
    }
  }
  for (const [operations, origin] of [[["associations.list"], "https://app.example.com"]]) {
    const wish = { operations, entities: ["contacts"], origin, seconds: 60 };
    await call(worker.origin, "POST", `/accounts/${ids[0]}/tokens`, { headers: admin, body: wish });
  }

  const sent = JSON.stringify(upstream.requests);
  for (const name of ["static", "own", "kept", "refresh", "renewed"])
    assert.ok(sent.includes(SECRETS[name]), `${name} was used`);
  assert.ok(!sent.includes(SECRETS.key) && !sent.includes(SECRETS.admin), "our keys go to no vendor");
  for (const { path } of upstream.requests) clean(path, "an address");
  for (const answer of seen) clean(answer, "an answer");
  clean(worker.logs(), "the log");
  assert.ok(worker.logs().includes('"event":"vendor_call"'));
});

function clean(text, where) {
  for (const secret of [...Object.values(SECRETS), ...KEY_LINES]) {
    const place = text.indexOf(secret);
    assert.ok(place < 0, `${where}: ${text.slice(Math.max(0, place - 300), place + 100)}`);
  }
}
