// Runs the tests of one module that wasm-bindgen has prepared for Node: node xtask/wasm-test.mjs <folder>
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const wasm = await import(pathToFileURL(join(process.argv[2], "tests.js")));
const tests = Object.keys(wasm.__wasm).filter((name) => name.startsWith("__wbgt_"));

// What the tests' context expects of its host.
globalThis.__wbgtest_og_console_log = console.log;
globalThis.__wbgtest_og_console_error = console.error;
globalThis.__wbg_test_invoke = (test) => test();

if (tests.length === 0) {
  console.log("no wasm-bindgen tests in this module");
} else {
  captureConsole();
  const context = new wasm.WasmBindgenTestContext(false);
  context.include_ignored(false);
  context.filtered_count(0);
  const passed = await context.run(tests.map((name) => wasm.__wasm[name]));
  process.exit(passed ? 0 : 1);
}

/** What a test prints is shown with its failure. */
function captureConsole() {
  for (const method of ["debug", "log", "info", "warn", "error"]) {
    console[method] = (...args) => wasm[`__wbgtest_console_${method}`](args);
  }
}
