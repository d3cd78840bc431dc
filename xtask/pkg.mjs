// The JavaScript half of the npm package: pkg/src to pkg/dist. The WebAssembly half (`cargo xtask wasm`, and
// `cargo xtask vendors` for the entries with one vendor) comes first.
import { copyFileSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { main, root, run, toolNode } from "./steps.mjs";

/** The vendors, each of which has an entry of its own. */
export const VENDORS = ["hubspot", "leadconnector", "salesforce", "truto"];

/** Compiles the entries, declares their types, and bundles the CommonJS ones. */
export async function buildPackage() {
  await run(toolNode(), [join(root, "node_modules/typescript/bin/tsc"), "--project", "pkg"]);
  await bundleCommonJs(dist);
  declareCommonJs(join(dist, "index"));
  removeStale();
}

/** Makes the entries with one vendor, from those with all: the same files, beside another module. */
export async function buildVendors() {
  for (const vendor of VENDORS) {
    const folder = join(dist, vendor);
    for (const name of sources().filter((name) => !/^(error|generated|twin.*)$/.test(name))) {
      for (const ending of [".js", ".d.ts"]) copyFileSync(join(dist, name + ending), join(folder, name + ending));
    }
    for (const [name, text] of Object.entries(ofOneVendor(vendor))) writeFileSync(join(folder, name), text);
    await bundleCommonJs(folder);
    declareCommonJs(join(folder, "index"));
  }
}

/** What differs: errors are of one class whatever the entry, and the types know one vendor. */
function ofOneVendor(vendor) {
  const shared = 'export * from "../error.js";\n';
  return {
    "error.js": shared,
    "error.d.ts": shared,
    "generated.js": "export {};\n",
    "generated.d.ts": `import type { Endpoints as All } from "../generated.js";
export type * from "../generated.js";
/** The vendor of this entry. */
export type Vendor = "${vendor}";
/** Its endpoints: what each takes, and what a success says. */
export type Endpoints = Pick<All, Extract<keyof All, \`\${Vendor}.\${string}\`>>;
`,
  };
}

// For tools that can't require() an ES module (jest, Node's older cousins).
async function bundleCommonJs(folder) {
  const { build } = await import("esbuild");
  await build({
    entryPoints: [join(folder, "index.js")],
    outfile: join(folder, "index.cjs"),
    bundle: true,
    format: "cjs",
    platform: "neutral",
    target: "es2022",
    logLevel: "warning",
  });
}

/** Copies a module's declarations, and those it imports, to .d.cts: node16 refuses an ES module's types to require(). */
function declareCommonJs(module, done = new Set()) {
  if (done.has(module)) return;
  done.add(module);
  const source = readFileSync(`${module}.d.ts`, "utf8");
  const target = source.replace(/(["'])(\.\.?\/[\w.-]+)\.js\1/g, (_, quote, imported) => {
    declareCommonJs(join(dirname(module), imported), done);
    return `${quote}${imported}.cjs${quote}`;
  });
  writeFileSync(`${module}.d.cts`, target);
}

/** Removes what an earlier source left behind: all of dist is packed. */
function removeStale() {
  const names = new Set([...sources(), ...WASM_HALF]);
  for (const folder of [dist, ...VENDORS.map((vendor) => join(dist, vendor)).filter(existsSync)]) {
    for (const file of readdirSync(folder)) {
      const name = file.replace(/(\.d)?\.(js|ts|cjs|cts|wasm|wasm\.ts)$/, "");
      if (!names.has(name) && !VENDORS.includes(name)) rmSync(join(folder, file), { recursive: true });
    }
  }
}

/** The names of what is written by hand (and generated from the core). */
function sources() {
  return readdirSync(join(root, "pkg/src")).map((name) => name.replace(/\.ts$/, ""));
}

const WASM_HALF = ["core", "core.d", "glue", "wasm-base64", "twin-glue", "twin-base64"];
const dist = join(root, "pkg/dist");

if (process.argv[1] === import.meta.filename) {
  await main(async () => {
    await buildPackage();
    await buildVendors();
  });
}
