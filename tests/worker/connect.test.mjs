// Connecting an account by the vendor's own page: a person is sent there, and comes back once, to a page that was listed.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, beforeEach, describe, test } from "node:test";

import { createTwin } from "../../pkg/dist/twin.js";
import { ADMIN_KEY, KEY, SAMPLES, variables } from "../../xtask/development.mjs";
import { assertProblem, call, manage } from "./calls.mjs";
import { startProxy, startWorker } from "./harness.mjs";

const PAGE = "https://app.example.com";
const APP = { client_id: "twin-app", client_secret: "twin-secret", scopes: ["a.b", "c"] };
const VENDORS = ["hubspot", "leadconnector", "salesforce"];

let twin, proxy, worker, forms;
before(async () => {
  twin = createTwin();
  proxy = await startProxy(
    (path, init) => twin.fetch(proxy.origin + path, init),
    ({ path, body }) => void (path.endsWith("/token") && forms.push(new URLSearchParams(body))),
  );
  const vars = variables({ twinOrigin: proxy.origin, pageOrigins: [PAGE] });
  const app = { ...APP, redirect_uri: "https://crmlink.example.com/accounts/connected" };
  const apps = Object.fromEntries(VENDORS.map((vendor) => [vendor, app]));
  worker = await startWorker({ ...vars, CRMLINK_APPS: JSON.stringify(apps) });
});
after(async () => {
  await worker?.stop();
  await proxy?.stop();
});
beforeEach(() => {
  twin.reset();
  forms = [];
});

const admin = (method, path, body) => manage({ origin: worker.origin, adminKey: ADMIN_KEY }, method, path, body);
const begin = async (wish) => {
  const answer = await admin("POST", "/connect", wish);
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
};
/** What the person's browser does: to the vendor's page, and from there where the vendor sends it. */
const atTheVendor = async (authorize_url) => {
  const { pathname, search } = new URL(authorize_url);
  const response = await twin.fetch(proxy.origin + pathname + search, { redirect: "manual" });
  assert.equal(response.status, 302, await response.clone().text());
  const back = new URL(response.headers.get("location"));
  assert.equal(back.origin + back.pathname, "https://crmlink.example.com/accounts/connected");
  return `${back.pathname}${back.search}`;
};
const goBack = (path) => call(worker.origin, "GET", path);

for (const vendor of VENDORS) {
  test(`${vendor}: a person connects an account, and it works`, async () => {
    const { id, authorize_url, expires_at, ...more } = await begin({ vendor, return_to: `${PAGE}/done?x=1` });
    assert.deepEqual(more, {});
    const left = Date.parse(expires_at) - Date.now();
    assert.ok(left > 9 * 60_000 && left <= 10 * 60_000, expires_at);
    const asked = new URL(authorize_url).searchParams;
    assert.deepEqual([asked.get("client_id"), asked.get("scope")], [APP.client_id, "a.b c"]);
    assert.ok(!authorize_url.includes(APP.client_secret));
    assertProblem(await admin("GET", `/${id}`), 404, "not_found");

    const back = await goBack(await atTheVendor(authorize_url));
    assert.equal(back.status, 303, back.text);
    assert.equal(back.headers.get("location"), `${PAGE}/done?x=1&id=${id}`);
    const challenge = asked.get("code_challenge");
    const verifier = forms[0].get("code_verifier");
    if (vendor === "salesforce") {
      assert.equal(asked.get("code_challenge_method"), "S256");
      assert.equal(createHash("sha256").update(verifier).digest("base64url"), challenge);
    } else {
      assert.deepEqual([challenge, verifier], [null, null], "not documented there");
    }
    const { json } = await admin("GET", `/${id}`);
    assert.deepEqual([json.vendor, json.kind, json.state], [vendor, "oauth", "ready"]);
    const { from, to } = LINKS[vendor];
    const body = { entity: "opportunities", entity_id: from, associations: { contacts: [{ id: to }] } };
    const headers = { authorization: `Bearer ${KEY}`, "x-integrated-account-id": id };
    const used = await call(worker.origin, "POST", "/unified/crm/associations", { headers, body });
    assert.ok(used.status < 300, used.text);
  });
}

describe("a state", () => {
  test("is good once", async () => {
    const { authorize_url } = await begin({ vendor: "hubspot", return_to: PAGE });
    const path = await atTheVendor(authorize_url);
    // A scanner of links that looks at it first uses nothing up.
    assert.equal((await call(worker.origin, "HEAD", path)).status, 204);
    assert.equal((await goBack(path)).status, 303);
    assertProblem(await goBack(path), 400, "invalid_input");
    assert.equal(forms.length, 1);
  });

  test("is nobody else's to make, and stands for what it was made for", async () => {
    const { authorize_url } = await begin({ vendor: "hubspot" });
    const url = new URL(authorize_url);
    const state = url.searchParams.get("state");
    const flipped = state.slice(0, 40) + (state[40] === "A" ? "B" : "A") + state.slice(41);
    for (const other of ["", "x", "..", state.slice(0, -4), `${state}AAAA`, flipped, state.replace(/^..../, "AAAA")]) {
      const answer = await goBack(`/accounts/connected?code=twin-code&state=${encodeURIComponent(other)}`);
      assertProblem(answer, 400, "invalid_input");
    }
    assert.equal(forms.length, 0);
    assert.ok(!Buffer.from(state, "base64url").includes("hubspot"), "nobody reads it either");
  });

  test("whose person said no brings them back with the vendor's word, and makes nothing", async () => {
    const { id, authorize_url } = await begin({ vendor: "hubspot", return_to: PAGE });
    const state = encodeURIComponent(new URL(authorize_url).searchParams.get("state"));
    const back = await goBack(`/accounts/connected?error=access_denied&error_description=%3Cscript%3E&state=${state}`);
    assert.equal(back.headers.get("location"), `${PAGE}/?id=${id}&error=access_denied`);
    assertProblem(await admin("GET", `/${id}`), 404, "not_found");
    const again = await begin({ vendor: "hubspot" });
    const other = encodeURIComponent(new URL(again.authorize_url).searchParams.get("state"));
    assertProblem(await goBack(`/accounts/connected?error=%3Cb%3E&state=${other}`), 403, "forbidden");
  });

  test("with a code that is worth nothing makes nothing", async () => {
    const { id, authorize_url } = await begin({ vendor: "hubspot" });
    const state = encodeURIComponent(new URL(authorize_url).searchParams.get("state"));
    const answer = await goBack(`/accounts/connected?code=worth-nothing&state=${state}`);
    assert.ok([401, 502].includes(answer.status), answer.text);
    assertProblem(await admin("GET", `/${id}`), 404, "not_found");
  });
});

test("an account is connected again under its id, and not to another vendor", async () => {
  const first = await begin({ id: "again", vendor: "hubspot" });
  const shown = await goBack(await atTheVendor(first.authorize_url));
  assert.deepEqual([shown.status, shown.json.id, shown.json.state], [200, "again", "ready"], shown.text);
  await admin("PATCH", "/again", { api_version: "v4" });
  assertProblem(await admin("POST", "/connect", { id: "again", vendor: "salesforce" }), 422, "invalid_input");
  const second = await begin({ id: "again", vendor: "hubspot" });
  const again = await goBack(await atTheVendor(second.authorize_url));
  assert.deepEqual([again.status, again.json.api_version], [200, "v4"], again.text);
  assert.equal(again.json.created_at, shown.json.created_at);
});

test("what cannot be connected is refused before anybody is sent anywhere", async () => {
  for (const [wish, path] of [
    [{}, "vendor"],
    [{ vendor: "pipedrive" }, "vendor"],
    [{ vendor: "hubspot", nonsense: 1 }, "nonsense"],
    ...[
      "https://evil.example",
      "https://app.example.com.evil.example",
      "https://app.example.com@evil.example",
      "http://app.example.com",
      "https://app.example.com:444",
      "//app.example.com",
      "javascript:alert(1)",
      "data:text/html,x",
      "",
    ].map((return_to) => [{ vendor: "hubspot", return_to }, "return_to"]),
  ]) {
    const answer = await admin("POST", "/connect", wish);
    assertProblem(answer, 422, "invalid_input");
    assert.equal(answer.json.path, path, answer.text);
  }
  const truto = assertProblem(await admin("POST", "/connect", { vendor: "truto" }), 503, "internal");
  assert.match(truto.detail, /CRMLINK_APPS/);
  const key = await call(worker.origin, "POST", "/accounts/connect", {
    headers: { authorization: `Bearer ${KEY}` },
    body: { vendor: "hubspot" },
  });
  assertProblem(key, 403, "forbidden");
});

const LINKS = {
  hubspot: { from: SAMPLES.hubspot.deal, to: SAMPLES.hubspot.contact },
  leadconnector: { from: SAMPLES.leadconnector.opportunity, to: SAMPLES.leadconnector.contact },
  salesforce: { from: SAMPLES.salesforce.opportunity, to: SAMPLES.salesforce.contact },
};
