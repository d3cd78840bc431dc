// `npm test`: every check and every test, after the same set-up as `npm start`.
// `npm test -- lint js` runs the steps whose names begin with one of the words.
import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "./build.mjs";
import { VENDORS } from "./pkg.mjs";
import { setUp } from "./setup.mjs";
import { main, root, run, step, toolNode } from "./steps.mjs";
import { cargoTotals, nodeTotals, skipped } from "./totals.mjs";

const FACES = ["crmlink-wasm", "crmlink-worker", "crmlink-twin"].flatMap((face) => ["--package", face]);

// The others need no entry with one vendor.
const OF_THE_PACKAGE = /^(lint: types|docs|packaging|size)/;

const STEPS = [
  { name: "lint: rustfmt", work: () => check("cargo", ["fmt", "--all", "--check"]) },
  { name: "lint: clippy", work: () => clippy(["--workspace", "--all-targets"]) },
  { name: "lint: clippy for wasm32", work: () => clippy(["--target", "wasm32-unknown-unknown", ...FACES]) },
  { name: "lint: clippy with some of the vendors", work: someVendors },
  { name: "lint: prettier", work: () => check(toolNode(), [bin("prettier/bin/prettier.cjs"), "--check", "."]) },
  { name: "lint: generated types", work: () => check("cargo", ["xtask", "types", "--check"]) },
  { name: "lint: generated pages", work: () => check("cargo", ["xtask", "docs", "--check"]) },
  ...typeChecks(),
  { name: "rust", work: () => cargoTest(["test", "--workspace", "--no-fail-fast"]) },
  { name: "simulation of faults", work: simulate },
  { name: "rust in WebAssembly", work: () => cargoTest(["xtask", "wasm-test"]) },
  ...nodeTests(),
  { name: "size budgets", work: sizes },
];

await main(async () => {
  const words = process.argv.slice(2);
  const chosen = STEPS.filter(({ name }) => words.length === 0 || words.some((word) => name.startsWith(word)));
  await setUp();
  await build({ vendors: chosen.some(({ name }) => OF_THE_PACKAGE.test(name)) });

  const totals = { passed: 0, failed: 0 };
  const failures = [];
  for (const { name, work } of chosen) {
    const result = await attempt(name, work);
    totals.passed += result.passed;
    totals.failed += result.failed;
    if (result.failed > 0) failures.push(name);
  }

  for (const name of failures) console.log(`failed: ${name}`);
  console.log(`${totals.passed} passed, ${totals.failed} failed`);
  process.exit(totals.failed === 0 ? 0 : 1);
});

/** Does one step; a step that breaks down counts as one failure. */
async function attempt(name, work) {
  let result;
  await step(name, async () => {
    result = await work();
    if (result.failed > 0) throw new Error("a failure");
  }).catch((error) => {
    result ??= { passed: 0, failed: 1, output: error.message };
    console.log(withoutPassed(result.output));
  });
  if (result.show) console.log(result.show);
  for (const line of result.skipped ?? []) console.log(`  skipped: ${line}`);
  if (result.tests) console.log(`  ${result.passed} passed, ${result.failed} failed`);
  return result;
}

/** What failed is found more easily without the rest. */
function withoutPassed(output) {
  return output
    .split("\n")
    .filter((line) => !/^test .* \.\.\. ok$|^\s*✔ /.test(line))
    .join("\n");
}

/** A check that passes or fails as a whole. */
async function check(command, args) {
  await run(command, args);
  return { passed: 1, failed: 0 };
}

async function sizes() {
  return { passed: 1, failed: 0, show: await run(toolNode(), ["xtask/size.mjs"]) };
}

/** The core against the simulators, under seeded faults: it prints each seed that fails. */
async function simulate() {
  const args = ["run", "--quiet", "--profile", "simulate", "--package", "crmlink-simulate", "--", "--seeds", "100000"];
  const output = await run("cargo", args);
  return { passed: 1, failed: 0, show: output.trim() };
}

function clippy(args) {
  return check("cargo", ["clippy", "--quiet", ...args, "--", "--deny", "warnings"]);
}

/** Each vendor is a Cargo feature: the core compiles with any one of them, and with none. */
async function someVendors() {
  for (const features of [...VENDORS, "twin"]) {
    await clippy(["--package", "crmlink", "--no-default-features", "--features", features]);
  }
  return { passed: 1, failed: 0 };
}

async function cargoTest(args) {
  const { output, broken } = await attemptRun("cargo", args);
  return { ...cargoTotals(output, broken), tests: true, output };
}

async function nodeTest(files) {
  const args = ["--test", "--test-reporter=spec", "--test-timeout=300000", ...files];
  const { output, broken } = await attemptRun(toolNode(), args);
  return { ...nodeTotals(output, broken), tests: true, skipped: skipped(output), output };
}

async function attemptRun(command, args) {
  try {
    return { output: await run(command, args), broken: false };
  } catch (error) {
    if (error.output === undefined) throw error;
    return { output: error.output, broken: true };
  }
}

/** One step per folder of tests/ that holds tests for Node. */
function nodeTests() {
  return readdirSync(join(root, "tests")).flatMap((folder) => {
    const files = filesOf(join("tests", folder), ".test.mjs");
    return files.length === 0 ? [] : [{ name: folder, work: () => nodeTest(files) }];
  });
}

/** One step per way of resolving modules that tests/types names. */
function typeChecks() {
  return filesOf("tests/types", ".json")
    .filter((file) => file.includes("tsconfig"))
    .map((file) => ({
      name: `lint: types, ${basename(file)}`,
      work: () => check(toolNode(), [bin("typescript/bin/tsc"), "--noEmit", "--project", file]),
    }));
}

function filesOf(folder, ending) {
  if (!existsSync(join(root, folder))) return [];
  const files = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name));
  return files.filter((file) => !file.includes("node_modules")).sort();
}

function bin(path) {
  return join(root, "node_modules", path);
}
