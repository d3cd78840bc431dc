// The golden cases through the npm package: what a caller gives and gets is what the cases say, byte by byte.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isDeepStrictEqual } from "node:util";

import { buildRequest, connect, plan, readResponse } from "../../pkg/dist/index.js";
import { assertError, assertReceipt, assertRequest, forms, operate, plain, readCases } from "./cases.mjs";
import { virtualTime } from "./virtual-time.mjs";

const cases = readCases();

describe("golden cases of endpoints", () => {
  for (const { name, golden } of cases.filter(({ golden }) => golden.endpoint)) {
    test(name, () => {
      const { endpoint, params, paramsText, options, request, refused, response } = golden;
      for (const [form, given] of Object.entries(forms(params, paramsText))) {
        const build = () => buildRequest(endpoint, given, options);
        if (refused) assertThrown(build, refused);
        else assertRequest(build(), request, form);
      }
      if (!response) return;
      const read = () => readResponse(endpoint, response);
      if (golden.error) assertThrown(read, golden.error);
      else assert.deepEqual(read(), golden.answer);
    });
  }
});

describe("golden cases of operations, planned", () => {
  for (const { name, golden } of cases.filter(({ golden }) => golden.operation)) {
    test(name, () => {
      const { vendor, operation, input, inputText, options, refused, exchange } = golden;
      for (const given of Object.values(forms(input, inputText))) {
        const make = () => plan(vendor, operation, given, options);
        if (refused) {
          assertThrown(make, refused);
          continue;
        }
        const made = make();
        if (golden.plan) assert.deepEqual(made, golden.plan);
        for (const [place, request] of (made.steps[0]?.requests ?? []).entries()) {
          assertRequest(request, withoutToken(exchange[place].request), `the plan's request ${place}`);
        }
      }
    });
  }
});

describe("golden cases of operations, carried out", () => {
  for (const { name, golden } of cases.filter(({ golden }) => golden.operation)) {
    test(name, async (t) => {
      for (const given of Object.values(forms(golden.input, golden.inputText))) {
        await carriedOut(t, golden, given);
        t.mock.restoreAll();
      }
    });
  }
});

test("there are cases of both kinds, and of every end", () => {
  for (const key of ["endpoint", "operation", "refused", "answer", "error", "receipt", "plan"]) {
    assert.ok(cases.filter(({ golden }) => key in golden).length >= 3, key);
  }
});

async function carriedOut(t, { vendor, operation, options, exchange = [], refused, error, receipt }, given) {
  virtualTime(t);
  const cancel = new AbortController();
  const script = scripted(exchange, cancel);
  const silent = exchange.some(({ lost }) => lost === "timeout");
  let outcome;
  try {
    const connection = connect(vendor, {
      ...options,
      fetch: script.fetch,
      signal: cancel.signal,
      ...(silent && { timeout: 1 }),
    });
    outcome = { receipt: await operate(connection, operation, given) };
  } catch (thrown) {
    outcome = { error: thrown };
  }
  // What the script found wrong comes first: the rest follows from it.
  assert.deepEqual(script.wrong, []);
  const expected = refused ?? error;
  if (expected) {
    assert.ok(outcome.error, `no error, but ${JSON.stringify(outcome.receipt)}`);
    assertError(outcome.error, expected);
  } else {
    assert.ifError(outcome.error);
    assertReceipt(outcome.receipt, receipt);
  }
  assert.deepEqual(script.left(), [], "all of the exchange is sent");
}

/**
 * A `fetch` that gives the answers of an exchange, and notes what is not as the case says. Several requests are on their way
 * at once here, so what depends on an answer may come after what does not: of the same requests the first is answered.
 */
function scripted(exchange, cancel) {
  const wrong = [];
  const left = [...exchange];
  const take = (url, { method, headers, body, redirect }) => {
    const found = { method, url, headers, body };
    const place = left.findIndex(({ request }) => isDeepStrictEqual(plain(found), request));
    try {
      if (place < 0) assertRequest(found, left[0]?.request, `exchange[${exchange.length - left.length}]`);
      assert.equal(redirect, "manual");
    } catch (error) {
      wrong.push(error.message);
    }
    return left.splice(Math.max(place, 0), 1)[0] ?? {};
  };
  const fetch = async (url, init) => {
    const { response, lost } = take(url, init);
    if (response) return new Response(response.body || null, response);
    if (lost === "timeout") throw await over(init.signal);
    if (lost === "aborted") cancel.abort();
    init.signal.throwIfAborted();
    throw new TypeError("fetch failed", { cause: { code: lost === "not_sent" ? "ECONNREFUSED" : "ECONNRESET" } });
  };
  return { fetch, wrong, left: () => left.map(({ request }) => request) };
}

/** Waits for a deadline, and keeps the process alive meanwhile: Node's own timer does not. */
function over(signal) {
  const alive = setInterval(() => {}, 1000);
  return new Promise((resolve) => {
    const end = () => {
      clearInterval(alive);
      resolve(signal.reason);
    };
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}

function assertThrown(act, expected) {
  let result;
  try {
    result = act();
  } catch (error) {
    return assertError(error, expected);
  }
  assert.fail(`nothing thrown, but ${JSON.stringify(result)}`);
}

function withoutToken({ headers: { authorization, ...headers }, ...request }) {
  return { ...request, headers };
}
