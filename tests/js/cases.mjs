// The golden cases under tests/fixtures, and how what is found is held against them; their README says what each key means.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { CrmlinkError } from "../../pkg/dist/index.js";
import { root } from "../../xtask/steps.mjs";

/** All cases with their names, in order. */
export function readCases() {
  const folder = join(root, "tests/fixtures");
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(".json"));
  return files.sort().map((file) => ({
    name: file.slice(0, -".json".length).replaceAll("\\", "/"),
    golden: JSON.parse(readFileSync(join(folder, file), "utf8")),
  }));
}

/**
 * The forms in which a caller may give an input: the value, its JSON as text, and as bytes. `asText` stands for what no
 * JavaScript value says.
 */
export function forms(value, asText) {
  const text = asText ?? JSON.stringify(value ?? {});
  const forms = { text, bytes: new TextEncoder().encode(text) };
  return asText === undefined ? { value: value ?? {}, ...forms } : forms;
}

/** Asserts that a request is the expected one, to the byte. */
export function assertRequest(found, expected, message) {
  assert.deepEqual(plain(found), expected, message);
}

/** Asserts that `error` is a CrmlinkError with the fields that the case writes down. */
export function assertError(error, expected) {
  assert.ok(error instanceof CrmlinkError, error?.stack ?? String(error));
  assertReason(error, expected);
}

/** Asserts a receipt; of each `reason` in it the keys that the case writes down. */
export function assertReceipt(found, expected) {
  const [bareFound, reasonsFound] = withoutReasons(found);
  const [bareExpected, reasonsExpected] = withoutReasons(expected);
  assert.deepEqual(bareFound, bareExpected);
  for (const [place, reason] of reasonsExpected.entries()) assertReason(reasonsFound[place], reason);
}

/** A receipt with a mark instead of each reason that is an object, and those reasons in order. */
function withoutReasons(receipt) {
  const reasons = [];
  const bare = (value, name) => {
    if (typeof value !== "object" || value === null || name === "remote_data" || name === "record") return value;
    if (name === "reason") return reasons.push(value);
    if (Array.isArray(value)) return value.map((item) => bare(item));
    const keys = Object.keys(value).sort();
    return Object.fromEntries(keys.map((key) => [key, bare(value[key], key)]));
  };
  return [bare(receipt), reasons];
}

/** Calls the operation of a case on a connection, as a caller would. */
export function operate(connection, operation, input) {
  const [area, verb] = operation.split(".");
  if (area === "association_types") return connection.associationTypes[verb](input);
  return connection[area][verb === "upsert" && Array.isArray(input) ? "upsertMany" : verb](input);
}

function assertReason(found, expected) {
  for (const [key, value] of Object.entries(expected)) {
    if (key === "message") assert.ok(found.message.includes(value), `${found.message}\ndoes not contain\n${value}`);
    else assert.deepEqual(found[key] ?? null, value, key);
  }
}

/** Without the difference between an absent key and one that is undefined: a body that is not there must not be. */
export function plain(value) {
  return JSON.parse(JSON.stringify(value));
}
