// Everything that is shipped: the npm package in pkg/dist, the Worker in crates/worker/build.
import { buildPackage, buildVendors } from "./pkg.mjs";
import { setUp } from "./setup.mjs";
import { main, run, step } from "./steps.mjs";

/** Builds what has changed; the entries with one vendor only where they are asked for. */
export async function build({ vendors = true } = {}) {
  await step("build tools (xtask, wasm-bindgen)", () => run("cargo", ["build", "--package", "xtask"]));
  await step("core and simulators to WebAssembly", () => run("cargo", ["xtask", "wasm"]));
  if (vendors) await step("core with one vendor at a time", () => run("cargo", ["xtask", "vendors"]));
  await step("npm package", async () => {
    await buildPackage();
    if (vendors) await buildVendors();
  });
  await step("Worker", () => run("cargo", ["xtask", "worker"]));
}

if (process.argv[1] === import.meta.filename) {
  await main(async () => {
    await setUp();
    await build();
  });
}
