// The JavaScript half of the npm package: pkg/src to pkg/dist. The WebAssembly half (`cargo xtask wasm`) comes first.
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { main, root, run, toolNode } from "./steps.mjs";

/** Compiles the entries, declares their types, and bundles the CommonJS one. */
export async function buildPackage() {
  await run(toolNode(), [join(root, "node_modules/typescript/bin/tsc"), "--project", "pkg"]);
  await bundleCommonJs();
  declareCommonJs("index");
  removeStale();
}

// For tools that can't require() an ES module (jest, Node's older cousins).
async function bundleCommonJs() {
  const { build } = await import("esbuild");
  await build({
    entryPoints: [join(dist, "index.js")],
    outfile: join(dist, "index.cjs"),
    bundle: true,
    format: "cjs",
    platform: "neutral",
    target: "es2022",
    logLevel: "warning",
  });
}

/** Copies a module's declarations, and those it imports, to .d.cts: node16 refuses an ES module's types to require(). */
function declareCommonJs(name, done = new Set()) {
  if (done.has(name)) return;
  done.add(name);
  const source = readFileSync(join(dist, `${name}.d.ts`), "utf8");
  const target = source.replace(/(["'])\.\/([\w.-]+)\.js\1/g, (_, quote, imported) => {
    declareCommonJs(imported, done);
    return `${quote}./${imported}.cjs${quote}`;
  });
  writeFileSync(join(dist, `${name}.d.cts`), target);
}

/** Removes what an earlier source left behind: all of dist is packed. */
function removeStale() {
  const sources = readdirSync(join(root, "pkg/src")).map((name) => name.replace(/\.ts$/, ""));
  const names = new Set([...sources, ...WASM_HALF]);
  for (const file of readdirSync(dist)) {
    const name = file.replace(/(\.d)?\.(js|ts|cjs|cts|wasm|wasm\.ts)$/, "");
    if (!names.has(name)) rmSync(join(dist, file), { recursive: true });
  }
}

const WASM_HALF = ["core", "core.d", "glue", "wasm-base64", "twin-glue", "twin-base64"];
const dist = join(root, "pkg/dist");

if (process.argv[1] === import.meta.filename) await main(buildPackage);
