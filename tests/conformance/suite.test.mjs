// The conformance suite: crmlink passes it, and it tells a careless client from a careful one.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as crmlink from "../../conformance/adapters/crmlink.mjs";
import * as edge from "../../conformance/adapters/crmlink-edge.mjs";
import * as gohighlevel from "../../conformance/adapters/gohighlevel.mjs";
import * as hubspot from "../../conformance/adapters/hubspot.mjs";
import * as jsforce from "../../conformance/adapters/jsforce.mjs";
import { ELSEWHERE, ROWS } from "../../conformance/rows.mjs";
import { judgeClient } from "../../conformance/suite.mjs";
import * as careless from "./careless.mjs";

test("each row of the matrix is judged here, or said to be judged elsewhere", () => {
  const told = [...ROWS.map(({ id }) => id), ...Object.keys(ELSEWHERE)];
  const numbers = told.map((id) => Number(id.slice(1))).sort((a, b) => a - b);
  assert.deepEqual(
    numbers,
    Array.from({ length: 45 }, (_, i) => i + 1),
  );
});

test("crmlink passes every row", async () => {
  const cases = await judgeClient(crmlink);
  const failed = cases.filter(({ verdict }) => verdict === "fail");
  assert.deepEqual(failed, []);
  const passed = new Set(cases.filter(({ verdict }) => verdict === "pass").map(({ row }) => row));
  assert.deepEqual(
    ROWS.map(({ id }) => id).filter((id) => !passed.has(id)),
    [],
  );
});

test("so does the Worker", async () => {
  // Those that do not wait for the half minute that it gives a vendor; `npm run conformance -- --client crmlink-edge` has all.
  const rows = ["F1", "F4", "F7", "F12", "F13", "F14", "F16", "F31", "F33", "F37"];
  const cases = await judgeClient(edge, { rows: (id) => rows.includes(id) });
  assert.deepEqual(
    cases.filter(({ verdict }) => verdict === "fail"),
    [],
  );
  const passed = new Set(cases.filter(({ verdict }) => verdict === "pass").map(({ row }) => row));
  assert.deepEqual([...passed], rows);
});

test("a careless client fails, and for the right reasons", async () => {
  const cases = await judgeClient(careless, { deadline: 2000 });
  const wordsOf = (id) => [...new Set(cases.filter(({ row }) => row === id).map(({ word }) => word))];
  for (const [row, ...words] of [
    ["F1", "early"],
    ["F5", "early"],
    ["F7", "duplicate"],
    ["F9", "hang"],
    ["F10", "hang"],
    ["F12", "duplicate"],
    ["F13", "duplicate"],
    ["F14", "false success"],
    ["F15", "false success"],
    ["F16", "false success"],
    ["F19", "loop"],
    ["F21", "loop"],
    ["F38", "loop"],
    ["F25", "hang"],
    ["F26", "swallowed"],
    ["F28", "false success"],
    ["F30", "escaped"],
    ["F31", "escaped"],
    ["F32", "polluted"],
    ["F34", "garbled"],
    ["F37", "leak"],
    ["F43", "storm"],
    ["F45", "swallowed"],
  ]) {
    const found = wordsOf(row);
    for (const word of words) assert.ok(found.includes(word), `${row}: ${word} is not among ${found}`);
  }
});

for (const [adapter, expected] of [
  [hubspot, { F17: "fail", F31: "fail", F33: "fail", F35: "pass" }],
  [gohighlevel, { F1: "pass", F31: "fail", F15: "fail" }],
  [jsforce, { F14: "pass", F31: "fail", F20: "fail" }],
]) {
  test(`${adapter.name} is judged`, async (t) => {
    // It prints for its developers.
    t.mock.method(console, "error", () => {});
    const cases = await judgeClient(adapter, { rows: (id) => id in expected });
    for (const [row, verdict] of Object.entries(expected)) {
      const found = cases.filter((one) => one.row === row).map((one) => one.verdict);
      assert.ok(found.includes(verdict), `${row}: ${found}`);
    }
  });
}
