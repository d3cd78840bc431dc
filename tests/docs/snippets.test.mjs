// Every snippet of the README files is run as it stands there. Only the address of the Worker is changed, and `fetch` is
// the simulators'. What a snippet says that it prints (`// → …`), it prints; the JSON below a curl line is its answer.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { pathToFileURL } from "node:url";

import { root, toolNode } from "../../xtask/steps.mjs";
import { startEdge } from "../worker/harness.mjs";
import { findChromium, open } from "./browser.mjs";
import { fences, promised } from "./fences.mjs";
import { fileOf, project } from "./project.mjs";

const BLOCKS = ["README.md", "pkg/README.md", "CONTRIBUTING.md"].flatMap(fences);
/** The address in the snippets: that of `npm start`. */
const PRINTED = "http://localhost:8787";

let folder;
let edge;

before(async () => {
  folder = project(BLOCKS);
  edge = await startEdge();
});

after(async () => {
  await edge?.stop();
  rmSync(folder, { recursive: true });
});

test("each block has a language that is run here", () => {
  for (const { page, line, language } of BLOCKS) {
    const known = ["html", "js", "json", "rust", "sh", "ts"];
    assert.ok(known.includes(language), `${page}:${line}: nobody runs \`${language}\``);
  }
});

for (const block of BLOCKS) {
  const name = `${block.page}:${block.line} ${block.language}`;
  const run = { html: inChromium, js: inNode, json: below, rust: byCargo, sh: inShell, ts: inNode }[block.language];
  if (run) test(name, (context) => run(block, context));
}

test("JavaScript and TypeScript pass the compiler", () => {
  const { status, stdout } = spawnSync(toolNode(), [
    join(root, "node_modules/typescript/bin/tsc"),
    "--project",
    folder,
  ]);
  assert.equal(status, 0, String(stdout));
});

async function inNode(block) {
  const child = spawn(toolNode(), ["--import", pathToFileURL(join(folder, "simulators.mjs")), fileOf(block)], {
    cwd: folder,
    env: { ...process.env, HUBSPOT_TOKEN: "twin-token", SALESFORCE_TOKEN: "twin-token", NO_COLOR: "1" },
  });
  const { code, output, errors } = await ended(child);
  assert.equal(code, 0, errors);
  assert.deepEqual(linesOf(output), promised(block));
}

async function inShell(block, context) {
  if (!block.text.startsWith("curl ")) return assertCommandsExist(block);
  if (spawnSync("curl", ["--version"]).status !== 0) return context.skip("curl is not installed");
  edge.twin.reset();
  const script = `curl() { command curl --noproxy '*' --fail-with-body "$@"; }\n${block.text.replaceAll(PRINTED, edge.origin)}`;
  const { code, output, errors } = await ended(spawn("bash", ["-euc", script]));
  assert.equal(code, 0, output + errors);
  const answer = JSON.parse(output);
  const shown = BLOCKS[BLOCKS.indexOf(block) + 1];
  if (shown?.language === "json") assert.deepEqual(answer, JSON.parse(shown.text));
}

/** JSON is the answer of the curl line above it, which is where it is compared. */
function below(block) {
  const above = BLOCKS[BLOCKS.indexOf(block) - 1];
  assert.ok(above.language === "sh" && above.text.startsWith("curl "), "nobody answers this");
}

/** The commands that build, test and deploy are not run within a test: that their names are right is checked. */
function assertCommandsExist({ text }) {
  const { scripts, devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  for (const line of text.trim().split("\n")) {
    const [, script, tool] = /^(?:npm (?:run )?(\w+)(?: -- .*)?|npx (\w+)( .*)?)$/.exec(line) ?? [];
    assert.ok(scripts[script] ?? devDependencies[tool], `\`${line}\` is not known`);
  }
}

/** Rust is run by `cargo test`, as a test in the documentation of the crate. */
function byCargo({ page }) {
  const library = readFileSync(join(root, "src/lib.rs"), "utf8");
  assert.ok(library.includes(`#[doc = include_str!("../${page}")]`), "src/lib.rs does not run it");
}

async function inChromium(block, context) {
  const chromium = findChromium();
  if (!chromium) return context.skip("no Chromium is installed (Debian: apt-get install chromium)");
  const lines = promised(block);
  const page = await open(chromium, async (pageOrigin) => {
    const own = await startEdge({ pageOrigins: [pageOrigin] });
    context.after(() => own.stop());
    return block.text.replaceAll(PRINTED, own.origin);
  });
  context.after(() => page.close());
  assert.deepEqual(await page.printed(lines.length), lines);
}

async function ended(child) {
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (errors += text));
  const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  return { code, output, errors };
}

function linesOf(output) {
  const text = output.trimEnd();
  return text === "" ? [] : text.split("\n").map((line) => line.trimEnd());
}
