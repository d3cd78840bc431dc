// A trapped instance is revived, and the next call works. The module is the real one, and so are the traps.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { call, life } from "../../pkg/dist/core.js";
import { initSync } from "../../pkg/dist/glue.js";
import { buildRequest, capabilities, connect, plan, readResponse } from "../../pkg/dist/index.js";
import { createTwin } from "../../pkg/dist/twin.js";
import { assertError } from "./cases.mjs";
import { VENDORS, outcomes } from "./samples.mjs";
import { virtualTime } from "./virtual-time.mjs";

const { options: OPTIONS, link: LINK } = VENDORS.hubspot;
const PAIR = { fromObjectType: "contacts", fromObjectId: "1", toObjectType: "companies", toObjectId: "2" };

describe("after a trap", () => {
  test("the call that trapped is told so", () => {
    const error = trap();
    assertError(error, { code: "internal", sent: "maybe", retryable: false, message: "failed inside" });
    assert.ok(error.cause instanceof WebAssembly.RuntimeError);
  });

  test("every function works, again and again", async () => {
    const before = everything();
    for (let round = 0; round < 20; round++) {
      trap();
      assert.deepEqual(everything(), before);
      const connection = connect("hubspot", { ...OPTIONS, fetch: createTwin().fetch });
      assert.deepEqual(outcomes(await connection.associations.create(LINK)), ["linked", "linked"]);
    }
  });

  test("another instance takes the next call, with a memory of its own", () => {
    const before = initSync();
    before.__wbindgen_malloc(10_000_000, 1);
    trap();
    everything();
    assert.notEqual(initSync(), before);
    assert.ok(initSync().memory.buffer.byteLength < 10_000_000);
  });

  test("each revival is a life of its own", () => {
    const first = life();
    trap();
    assert.equal(life(), first + 1);
    everything();
    assert.equal(life(), first + 1);
    trap();
    trap();
    assert.equal(life(), first + 3);
  });

  test("an error of the input is none: the instance lives on", () => {
    const first = life();
    assert.throws(() => buildRequest("nothing", {}), { code: "invalid_input" });
    assert.throws(() => plan("hubspot", "associations.create", "{"), { code: "invalid_input" });
    assert.equal(life(), first);
  });

  test("the simulators are another instance, and keep their state", async () => {
    const twin = createTwin();
    const connection = connect("hubspot", { ...OPTIONS, fetch: twin.fetch });
    await connection.associations.create(LINK);
    const before = twin.commits();
    trap();
    assert.deepEqual(twin.commits(), before);
    assert.equal(before.length, 2);
  });
});

describe("an operation of an earlier life", () => {
  const internal = { code: "internal", sent: "maybe", retryable: false };

  test("ends as internal when its answer comes, with what it had sent in doubt", async () => {
    const answers = [];
    const fetch = () => new Promise((resolve) => answers.push(() => resolve(new Response("{}"))));
    const running = connect("hubspot", { ...OPTIONS, fetch }).associations.create(LINK);
    const ended = assert.rejects(running, (error) => (assertError(error, internal), true));
    await until(() => answers.length === 2);
    trap();
    // The first answers of the next life have the same numbers: they must not be taken for theirs.
    const next = connect("hubspot", { ...OPTIONS, fetch: createTwin().fetch }).associations.create(LINK);
    for (const answer of answers) answer();
    await ended;
    assert.deepEqual(outcomes(await next), ["linked", "linked"]);
  });

  test("ends as internal when its wait is over", async (t) => {
    virtualTime(t);
    let sent = 0;
    const fetch = async () => {
      sent += 1;
      // While the operation waits for its second try.
      setImmediate(trap);
      return new Response("{}", { status: 429, headers: { "retry-after": "5" } });
    };
    const running = connect("hubspot", { ...OPTIONS, fetch }).associations.create(PARTED);
    await assert.rejects(running, (error) => (assertError(error, internal), true));
    assert.equal(sent, 1);
  });

  test("can be cancelled without harm", async () => {
    const cancel = new AbortController();
    let reject;
    const fetch = () => new Promise((_, no) => (reject = no));
    const connection = connect("hubspot", { ...OPTIONS, fetch, signal: cancel.signal });
    const ended = assert.rejects(
      connection.associations.create(PARTED),
      (error) => (assertError(error, internal), true),
    );
    await until(() => reject);
    trap();
    cancel.abort();
    reject(cancel.signal.reason);
    await ended;
    assert.ok(everything());
  });

  const PARTED = { ...LINK, associations: { contacts: [{ id: "101" }] } };
});

describe("an exhausted stack", () => {
  test("is an error, and the calls after it work", () => {
    const before = everything();
    assert.throws(
      () => forever(() => plan("hubspot", "associations.create", LINK)),
      /crmlink failed inside|call stack/,
    );
    assert.deepEqual(everything(), before);
  });

  // A module whose stack ran out does not clean up: a few hundred such calls, and a good one hit memory that is not there.
  test("inside the module is a trap", () => {
    const first = life();
    const outOfStack = new RangeError("Maximum call stack size exceeded");
    const error = failure(() => {
      throw outOfStack;
    });
    assertError(error, { code: "internal", sent: "maybe" });
    assert.equal(error.cause, outOfStack);
    assert.equal(life(), first + 1);
    assert.ok(everything());
  });

  /** Calls itself until the stack is full, acting each time. */
  function forever(act) {
    act();
    forever(act);
  }
});

/** Makes the module trap, as `call` sees it: reads an endpoint's name beyond the end of the memory. */
function trap() {
  const wasm = initSync();
  const beyond = wasm.memory.buffer.byteLength - 1;
  return failure(() => wasm.build(beyond, 1000, beyond, 1000, beyond, 1000));
}

function failure(act) {
  try {
    call(act);
  } catch (error) {
    return error;
  }
  return assert.fail("no failure");
}

function everything() {
  return [
    buildRequest("hubspot.associations.createDefault", PAIR),
    plan("hubspot", "associations.create", LINK),
    capabilities("truto"),
    readResponse("hubspot.partnerClients.associate", {
      status: 200,
      body: `{"id":"1","properties":{},"createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:00Z"}`,
    }),
  ];
}

async function until(happened) {
  while (!happened()) await new Promise(setImmediate);
}
