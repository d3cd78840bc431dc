// The Worker's entry: loads the module, calls its exports, and survives its traps.
//
// A trap poisons the whole instance and leaves its futures unfinished, so each call in flight is answered here, and
// the next one gets a fresh instance. `cargo xtask worker` copies this file beside the glue as build/index.js.
import module from "./worker.wasm";
import * as wasm from "./glue.js";

wasm.initSync({ module });

const inFlight = new Set();
let trapped = false;

watchForTraps();

export default {
  fetch: (request, env, ctx) => guard(() => wasm.fetch(request, env, ctx)).catch(internalError),
};

/** Calls into the module; rejects when the instance traps before the call has settled. */
async function guard(call) {
  if (trapped) reset();
  const { promise, reject } = Promise.withResolvers();
  inFlight.add(reject);
  try {
    return await Promise.race([call(), promise]);
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) onTrap(error);
    throw error;
  } finally {
    inFlight.delete(reject);
  }
}

/** A trap inside a future surfaces in a microtask, not in the call: the panic hook and the error event tell of it. */
function watchForTraps() {
  Object.defineProperty(wasm.__worker_init_state(), "criticalError", {
    get: () => trapped,
    set: (value) => value && onTrap(new Error("panic")),
  });
  addEventListener("error", ({ error }) => {
    if (error instanceof WebAssembly.RuntimeError) onTrap(error);
  });
}

function onTrap(error) {
  trapped = true;
  for (const reject of inFlight) reject(error);
  inFlight.clear();
}

// Only between calls: the trap itself is still on the stack when it is reported.
function reset() {
  wasm.__wbg_reset_state();
  trapped = false;
}

// Says nothing of the cause: a panic's message may hold what the caller sent.
function internalError() {
  const body = {
    statusCode: 500,
    error: "internal",
    message:
      "crmlink failed while it worked on this request. What it had sent to the vendor before may have taken effect.",
    sent: "maybe",
    truto_is_remote_error: false,
  };
  return new Response(JSON.stringify(body), {
    status: 500,
    headers: { "content-type": "application/problem+json" },
  });
}
