// Everything that is shipped: the npm package in pkg/dist, the Worker in crates/worker/build.
import { buildPackage } from "./pkg.mjs";
import { setUp } from "./setup.mjs";
import { main, run, step } from "./steps.mjs";

/** Builds what has changed. */
export async function build() {
  await step("build tools (xtask, wasm-bindgen)", () => run("cargo", ["build", "--package", "xtask"]));
  await step("core and simulators to WebAssembly", () => run("cargo", ["xtask", "wasm"]));
  await step("npm package", buildPackage);
  await step("Worker", () => run("cargo", ["xtask", "worker"]));
}

if (process.argv[1] === import.meta.filename) {
  await main(async () => {
    await setUp();
    await build();
  });
}
