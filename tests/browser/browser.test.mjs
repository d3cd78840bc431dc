// Real pages in real Chromium: the package as a plain module, and a link through the real Worker on another origin.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { chromium } from "playwright-core";

import { buildRequest, plan } from "../../pkg/dist/index.js";
import { root } from "../../xtask/steps.mjs";
import { findChromium } from "../docs/browser.mjs";
import { startEdge } from "../worker/harness.mjs";

const PAIR = { fromObjectType: "contacts", fromObjectId: "1", toObjectType: "companies", toObjectId: "2" };
const LINK = { entity: "opportunities", entity_id: "301", associations: { contacts: [{ id: "101" }] } };
// As strict as a page can be that uses WebAssembly at all: no eval, no inline script, nothing from elsewhere.
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; img-src data:; connect-src http://127.0.0.1:*";
const SWITCHES = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--no-proxy-server",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const executablePath = findChromium();
const skip = executablePath ? false : "no Chromium is installed: `apt-get install chromium` brings one";

describe("a page in Chromium", { skip }, () => {
  let listed;
  let stranger;
  let edge;
  let profile;
  let browser;
  const complaints = [];
  before(async () => {
    [listed, stranger] = await Promise.all([servePages(), servePages()]);
    edge = await startEdge({ pageOrigins: [listed.origin] });
    profile = mkdtempSync(join(tmpdir(), "crmlink-chromium-"));
    browser = await chromium.launchPersistentContext(profile, { executablePath, args: SWITCHES, timeout: 60_000 });
    browser.setDefaultTimeout(30_000);
  });
  after(async () => {
    await browser?.close();
    await edge?.stop();
    await Promise.all([listed?.stop(), stranger?.stop()]);
    if (profile) rmSync(profile, { recursive: true, force: true });
  });

  test("imports the package as a plain module, under a strict policy, and builds a request", async () => {
    const page = await open(listed);
    const request = await page.evaluate((pair) => {
      return globalThis.crmlink.buildRequest("hubspot.associations.createDefault", pair);
    }, PAIR);
    assert.deepEqual(request, buildRequest("hubspot.associations.createDefault", PAIR));
    assert.deepEqual(complaints, []);
    await page.close();
  });

  test("plans, and is told what is wrong", async () => {
    const page = await open(listed);
    const planned = await page.evaluate(
      (link) => globalThis.crmlink.plan("hubspot", "associations.create", link),
      LINK,
    );
    assert.deepEqual(planned, plan("hubspot", "associations.create", LINK));
    const told = await page.evaluate((link) => {
      const { CrmlinkError, plan } = globalThis.crmlink;
      try {
        return plan("hubspot", "associations.create", { ...link, entity_id: ".." });
      } catch (error) {
        return [error instanceof CrmlinkError, error.code, error.path];
      }
    }, LINK);
    assert.deepEqual(told, [true, "invalid_id", "entity_id"]);
    await page.close();
  });

  test("links through the Worker on another origin", async () => {
    assert.notEqual(listed.origin, edge.origin);
    const page = await open(listed);
    const answers = [];
    page.on("response", (response) => answers.push(response));
    edge.twin.reset();
    const receipt = await link(page);
    assert.deepEqual(
      receipt.links.map(({ to, outcome }) => [to.id, outcome]),
      [["101", "linked"]],
    );
    assert.deepEqual(
      edge.twin.commits().map(({ from, to }) => [from, to]),
      [["deal 301", "contact 101"]],
    );
    const answer = answers.find((response) => response.request().method() === "POST");
    assert.equal(await answer.headerValue("access-control-allow-origin"), listed.origin);
    assert.deepEqual(complaints, []);
    await page.close();
  });

  test("may what its token says, and no more", async () => {
    const page = await open(listed);
    edge.twin.reset();
    const { token, jti } = await lend({ operations: ["associations.create"], entities: ["opportunities", "contacts"] });
    const code = (operation, input) =>
      page.evaluate(
        async ([options, name, input]) => {
          const [area, verb] = name.split(".");
          const { code, path } = await globalThis.crmlink
            .connect("hubspot", options)
            [area][verb](input)
            .catch((error) => error);
          return [code, path];
        },
        [{ edge: edge.origin, account: edge.accounts.hubspot, token }, operation, input],
      );
    assert.deepEqual(await code("associations.remove", LINK), ["forbidden", "operation"]);
    const leads = { ...LINK, associations: { leads: [{ id: "501" }] } };
    assert.deepEqual(await code("associations.create", leads), ["forbidden", "associations"]);
    assert.deepEqual(edge.twin.commits(), []);
    const receipt = await link(page, { token });
    assert.deepEqual([receipt.links[0].outcome, receipt.remote_data], ["linked", undefined]);
    await fetch(`${edge.origin}/accounts/${edge.accounts.hubspot}/tokens/${jti}`, {
      method: "DELETE",
      headers: { authorization: `Bearer ${edge.key}` },
    });
    assert.equal((await link(page, { token })).code, "unauthenticated");
    // A page of another origin does nothing with it.
    const elsewhere = await lend({ origin: stranger.origin });
    assert.equal(elsewhere.code, "invalid_input");
    complaints.length = 0;
    await page.close();
  });

  test("reads the Worker's errors, and its hints in headers", async () => {
    const page = await open(listed);
    const unknown = await link(page, { token: "crmlink_bt.a-wrong.token" });
    assert.deepEqual([unknown.name, unknown.code, unknown.sent], ["CrmlinkError", "unauthenticated", "no"]);
    await edge.twin.fault({ vendor: "hubspot", status: 429, headers: { "retry-after": "60" }, body: {} });
    const limited = await link(page);
    assert.deepEqual([limited.code, limited.retryAfter], ["rate_limited", 60_000]);
    // The browser itself notes each status above 399.
    assert.ok(complaints.splice(0).every((line) => /status of (401|429)/.test(line)));
    await page.close();
  });

  test("of an origin that is not listed is refused by CORS, and nothing is written", async () => {
    const page = await open(stranger);
    edge.twin.reset();
    const error = await link(page);
    assert.deepEqual([error.name, error.code, error.sent], ["CrmlinkError", "vendor_unavailable", "maybe"]);
    assert.deepEqual(edge.twin.commits(), []);
    assert.ok(complaints.splice(0).some((line) => /blocked by CORS policy/.test(line)));
    // It is the origin that is refused, and nothing else about the page.
    assert.equal(
      (
        await page.evaluate((pair) => {
          return globalThis.crmlink.buildRequest("hubspot.associations.createDefault", pair);
        }, PAIR)
      ).method,
      "PUT",
    );
    await page.close();
  });

  test("follows no redirect, and takes none for success", async () => {
    const page = await open(listed);
    const receipt = await page.evaluate(
      ([link, origin]) => globalThis.crmlink.connect("hubspot", { token: "t", origin }).associations.create(link),
      [LINK, `${listed.origin}/redirects`],
    );
    assert.deepEqual(
      receipt.links.map(({ outcome, reason }) => [outcome, reason.code]),
      [["unknown", "unexpected_response"]],
    );
    assert.ok(listed.asked().some((url) => url.startsWith("/redirects/")));
    assert.ok(!listed.asked().includes("/elsewhere"));
    await page.close();
  });

  test("is not held up by an edge that is silent, and can cancel", async () => {
    const page = await open(listed);
    const codes = await page.evaluate(
      async ([link, origin]) => {
        const { connect } = globalThis.crmlink;
        const options = { edge: origin, account: "a", token: "t" };
        const code = (error) => error.code;
        const late = await connect("hubspot", { ...options, timeout: 50 })
          .associations.create(link)
          .catch(code);
        const cancel = new AbortController();
        const cancelled = connect("hubspot", { ...options, signal: cancel.signal })
          .associations.create(link)
          .catch(code);
        cancel.abort();
        return [late, await cancelled];
      },
      [LINK, `${listed.origin}/silent`],
    );
    assert.deepEqual(codes, ["timeout", "aborted"]);
    complaints.length = 0;
    await page.close();
  });

  test("revives the module after a trap", async () => {
    const page = await open(listed);
    const works = await page.evaluate(async (pair) => {
      const [{ call }, { initSync }] = await Promise.all([import("/crmlink/core.js"), import("/crmlink/glue.js")]);
      const wasm = initSync();
      const beyond = wasm.memory.buffer.byteLength - 1;
      let code;
      try {
        call(() => wasm.capabilities(beyond, 1000));
      } catch (error) {
        code = error.code;
      }
      return [code, globalThis.crmlink.buildRequest("hubspot.associations.createDefault", pair).method];
    }, PAIR);
    assert.deepEqual(works, ["internal", "PUT"]);
    await page.close();
  });

  /** A page of the server, once the package is there. */
  async function open(server) {
    complaints.length = 0;
    const page = await browser.newPage();
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    await page.goto(server.origin);
    await page.waitForFunction(() => "crmlink" in globalThis);
    return page;
  }

  /** A token for the listed page, as its server asks for one. */
  async function lend(wish = {}) {
    const all = { operations: ["associations.create"], entities: ["opportunities", "contacts"], seconds: 600 };
    const response = await fetch(`${edge.origin}/accounts/${edge.accounts.hubspot}/tokens`, {
      method: "POST",
      headers: { authorization: `Bearer ${edge.key}`, "content-type": "application/json" },
      body: JSON.stringify({ ...all, origin: listed.origin, ...wish }),
    });
    return response.json();
  }

  /** Links through the Worker; answers the receipt or the error's fields. */
  async function link(page, own = {}) {
    const { token } = await lend();
    const options = { edge: edge.origin, account: edge.accounts.hubspot, token, ...own };
    return page.evaluate(
      ([link, options]) =>
        globalThis.crmlink
          .connect("hubspot", options)
          .associations.create(link)
          .catch(({ name, code, sent, retryAfter }) => ({ name, code, sent, retryAfter })),
      [LINK, options],
    );
  }
});

/** A static server on loopback: a page, its script, and the package as it was built. */
async function servePages() {
  const asked = [];
  const html = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>`;
  const server = createServer((request, response) => {
    const { url } = request;
    asked.push(url);
    if (url.startsWith("/silent/")) return;
    if (url.startsWith("/redirects/")) return response.writeHead(307, { location: "/elsewhere" }).end();
    const [, file] = /^\/crmlink\/([\w.-]+\.js)$/.exec(url) ?? [];
    const script = url === "/page.js" ? join(root, "tests/browser/page.js") : file && join(root, "pkg/dist", file);
    if (url !== "/" && !script) return response.writeHead(404).end();
    const type = script ? "text/javascript" : "text/html";
    response.writeHead(200, { "content-type": type, "content-security-policy": POLICY });
    response.end(script ? readFileSync(script) : html);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    asked: () => asked,
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
