// The Worker's entry: loads the module, calls its exports, and survives its traps.
//
// A trap poisons the whole instance and leaves its futures unfinished: each call in flight is answered here, and a
// fresh instance takes the next one. Durable Objects are made anew in it: what they had in memory is lost, what they
// have stored is not. `cargo xtask worker` copies this file beside the glue as build/index.js.
import { DurableObject } from "cloudflare:workers";
import module from "./worker.wasm";
import * as wasm from "./glue.js";

wasm.initSync({ module });

const inFlight = new Set();
let trapped = false;
let age = 0;

watchForTraps();

export default {
  fetch: (request, env, ctx) => guard(() => wasm.fetch(request, env, ctx)).catch(internalError),
};

export const Account = durable("Account");
export const Directory = durable("Directory");

/** The class of a Durable Object, carried out by the module's class of that name. */
function durable(name) {
  return class extends DurableObject {
    #given;
    #made;
    #age;

    constructor(...given) {
      super(...given);
      this.#given = given;
    }

    fetch(request) {
      return guard(() => this.#object().fetch(request)).catch(internalError);
    }

    /** A failure is told to the runtime, which calls again. */
    alarm() {
      return guard(() => this.#object().alarm());
    }

    #object() {
      if (this.#age !== age) {
        this.#made = new wasm[name](...this.#given);
        this.#age = age;
      }
      return this.#made;
    }
  };
}

/** Calls into the module; rejects when the instance traps before the call has settled. */
async function guard(call) {
  reset();
  const { promise, reject } = Promise.withResolvers();
  inFlight.add(reject);
  try {
    return await Promise.race([call(), promise]);
  } catch (error) {
    if (isTrap(error)) onTrap();
    throw error;
  } finally {
    inFlight.delete(reject);
  }
}

/** A trap inside a future surfaces in a microtask, not in the call: the panic hook and the error event tell of it. */
function watchForTraps() {
  Object.defineProperty(wasm.__worker_init_state(), "criticalError", {
    get: () => trapped,
    set: (value) => value && onTrap(),
  });
  addEventListener("error", ({ error }) => {
    if (isTrap(error)) onTrap();
  });
}

// The second is the engine's own stack running out.
function isTrap(error) {
  return error instanceof WebAssembly.RuntimeError || (error instanceof RangeError && /call stack/.test(error.message));
}

function onTrap() {
  trapped = true;
  // Nothing of the cause: it may hold what the caller sent.
  console.error('{"event":"trap"}');
  for (const reject of inFlight) reject(new Error("the instance has trapped"));
  inFlight.clear();
  // The trap may still be on the stack; but no future of the poisoned instance may run on.
  queueMicrotask(reset);
}

function reset() {
  if (!trapped) return;
  wasm.__wbg_reset_state();
  trapped = false;
  age += 1;
}

// As crates/worker/src/problem.rs writes it. Nothing of the cause: a panic's message may hold what the caller sent.
function internalError() {
  const title = "Internal Server Error";
  const message =
    "crmlink failed while it worked on this request. What it had sent to the vendor before may have taken effect.";
  const body = {
    type: "#internal",
    title,
    status: 500,
    detail: message,
    statusCode: 500,
    error: title,
    message,
    code: "internal",
    sent: "maybe",
    retryable: false,
    truto_is_remote_error: false,
    truto_error_insight: {},
  };
  const headers = {
    "content-type": "application/problem+json",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "strict-transport-security": "max-age=31536000",
    "x-crmlink-code": "internal",
    "x-crmlink-sent": "maybe",
  };
  return new Response(JSON.stringify(body), { status: 500, headers });
}
