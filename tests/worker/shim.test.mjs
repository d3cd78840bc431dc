// The Worker's entry outlives traps. The glue is a stand-in at first, for no route of ours panics; the traps are workerd's own.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { Miniflare } from "miniflare";

import { serveTwin } from "../../pkg/dist/twin.js";
import { ACCOUNTS, KEY, variables } from "../../xtask/development.mjs";
import { root } from "../../xtask/steps.mjs";
import { call } from "./calls.mjs";
import { startProxy, startWorker } from "./harness.mjs";

const GLUE = `
  const state = { criticalError: false };
  let compiled, instance, age = 0;
  export function initSync({ module }) { compiled = module; instance = new WebAssembly.Instance(compiled); }
  export function __wbg_reset_state() { age += 1; instance = new WebAssembly.Instance(compiled); }
  export function __worker_init_state() { return state; }
  export class Directory {}
  export class Account {
    #state; #born = age; #calls = 0;
    constructor(state) { this.#state = state; }
    async fetch(request) {
      if (this.#born !== age) throw new Error("a stale object");
      if (request.url.endsWith("?trap")) return unfinished(() => instance.exports.trap());
      const stored = 1 + ((await this.#state.storage.get("calls")) ?? 0);
      await this.#state.storage.put("calls", stored);
      return Response.json({ stored, inMemory: (this.#calls += 1) });
    }
  }
  const unfinished = (work) => new Promise(() => queueMicrotask(work));
  export async function fetch(request, env) {
    switch (new URL(request.url).pathname) {
      case "/object": return env.ACCOUNTS.getByName("one").fetch(request);
      case "/in-the-call": return instance.exports.trap();
      case "/in-a-future": return unfinished(() => instance.exports.trap());
      case "/by-a-panic": return unfinished(() => { state.criticalError = true; instance.exports.trap(); });
      case "/out-of-stack": return unfinished(function deeper() { deeper(); });
      case "/slow": return new Promise((resume) => setTimeout(resume, 5000));
      default: return new Response(String(age));
    }
  }
`;

// (module (func (export "trap") unreachable))
const MODULE = Buffer.from("0061736d010000000104016000000302010007080104747261700000" + "0a05010300000b", "hex");

let runtime;
let origin;
before(async () => {
  const shim = readFileSync(join(root, "crates/worker/shim.js"), "utf8");
  const modules = {
    "index.js": { type: "esm", contents: shim },
    "glue.js": { type: "esm", contents: GLUE },
    "worker.wasm": { type: "wasm", contents: MODULE },
  };
  const manifest = { mainModule: "index.js", modules };
  const env = { ACCOUNTS: { type: "durable-object", worker: "shim", exportName: "Account" } };
  const exports = { Account: { type: "durable-object", storage: "sqlite" } };
  const config = { name: "shim", compatibilityDate: "2026-10-01", manifest, env, exports };
  const quiet = { cf: false, telemetry: { enabled: false }, handleStructuredLogs: () => {} };
  runtime = new Miniflare({ host: "127.0.0.1", port: 0, ...quiet, workers: [{ config }] });
  ({ origin } = await runtime.ready);
});
after(() => runtime?.dispose());

for (const place of ["in-the-call", "in-a-future", "by-a-panic", "out-of-stack"]) {
  test(`a trap ${place.replaceAll("-", " ")} is answered with a problem, and a fresh instance takes the next call`, async () => {
    const age = Number(await ask("/"));
    await assertInternal(`/${place}`);
    assert.equal(Number(await ask("/")), age + 1);
  });
}

test("calls that were in flight in the trapped instance are answered too", async () => {
  const waiting = assertInternal("/slow");
  await new Promise((resume) => setTimeout(resume, 100));
  await assertInternal("/in-a-future");
  await waiting;
});

test("an object is made anew after a trap, its own or another's: what it has stored is there", async () => {
  const call = async () => JSON.parse(await ask("/object"));
  assert.deepEqual(await call(), { stored: 1, inMemory: 1 });
  assert.deepEqual(await call(), { stored: 2, inMemory: 2 });
  await assertInternal("/object?trap");
  assert.deepEqual(await call(), { stored: 3, inMemory: 1 });
  await assertInternal("/in-a-future");
  assert.deepEqual(await call(), { stored: 4, inMemory: 1 });
});

describe("a trap of the real module", () => {
  // Frees what is not there, beyond the end of the memory.
  const ENTRY = `
    import edge, { Account, Directory } from "./index.js";
    import * as wasm from "./glue.js";
    export { Account, Directory };
    export default {
      fetch(request, env, context) {
        if (!request.headers.has("x-trap")) return edge.fetch(request, env, context);
        queueMicrotask(() => wasm.initSync().__wbg_account_free(0xfffffff0, 1));
        return new Response("trapped");
      },
    };
  `;
  const LINK = { entity: "opportunities", entity_id: "301", associations: { contacts: [{ id: "101" }] } };
  const HUBSPOT = "/crm/v4/objects/contacts/101/associations/default/companies/201";

  test("in mid-operation: what was under way is answered, what was sent stays in doubt, and the next call works", async () => {
    const twin = await serveTwin({ port: 0 });
    let hold;
    const held = [];
    const proxy = await startProxy(twin.origin, () =>
      hold ? new Promise((resume) => held.push(() => resume())) : undefined,
    );
    const worker = await startWorker(variables({ twinOrigin: proxy.origin }), { entry: ENTRY });
    try {
      const account = { authorization: `Bearer ${KEY}`, "x-integrated-account-id": ACCOUNTS.hubspot };
      const link = () => call(worker.origin, "POST", "/unified/crm/associations", { headers: account, body: LINK });
      assert.equal((await link()).status, 201);
      for (let round = 0; round < 3; round++) {
        hold = true;
        const underway = [
          link(),
          call(worker.origin, "PUT", HUBSPOT, { headers: account }),
          call(worker.origin, "PUT", HUBSPOT, { headers: { authorization: "Bearer twin-token" } }),
        ];
        while (held.length < 3) await new Promise((resume) => setTimeout(resume, 10));
        assert.equal((await call(worker.origin, "GET", "/", { headers: { "x-trap": "1" } })).text, "trapped");
        for (const answer of await Promise.all(underway)) {
          assert.deepEqual(
            [answer.status, answer.json.code, answer.json.sent],
            [500, "internal", "maybe"],
            answer.text,
          );
          assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
        }
        hold = false;
        // The vendor's answers come to nobody.
        for (const resume of held.splice(0)) resume();
        const next = await link();
        assert.ok(next.status < 300, next.text);
        assert.equal((await call(worker.origin, "GET", "/healthz")).status, 200);
      }
      assert.match(worker.logs(), /"event":"trap"/);
      assert.doesNotMatch(worker.logs(), /twin-token/);
    } finally {
      await worker.stop();
      await proxy.stop();
      await twin.close();
    }
  });
});

async function ask(path) {
  const response = await fetch(origin + path);
  assert.equal(response.status, 200);
  return response.text();
}

async function assertInternal(path) {
  const response = await fetch(origin + path);
  assert.equal(response.status, 500);
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  const { statusCode, code, sent } = await response.json();
  assert.deepEqual({ statusCode, code, sent }, { statusCode: 500, code: "internal", sent: "maybe" });
}
