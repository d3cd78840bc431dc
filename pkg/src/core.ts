/** Calls into the core: its errors become CrmlinkErrors, and a trapped instance is revived for the next call. */
import { CrmlinkError } from "./error.js";
import type { Report } from "./generated.js";
import { __wbg_reset_state } from "./glue.js";

/** How often the instance was revived. Operations of an earlier life are gone. */
export let lives = 0;

/** Calls the core. */
export function call<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw translated(error);
  }
}

function translated(error: unknown): unknown {
  if (error instanceof WebAssembly.RuntimeError) {
    lives += 1;
    __wbg_reset_state();
    return gone(error);
  }
  return isReport(error) ? new CrmlinkError(error) : error;
}

/** The error of an operation whose instance trapped. */
export function gone(cause?: unknown): CrmlinkError {
  const message =
    "crmlink failed inside; what it had sent before may have taken effect. Please report this with the input.";
  return new CrmlinkError({ code: "internal", message, retryable: false, sent: "maybe" }, { cause });
}

function isReport(error: unknown): error is Report {
  return typeof error === "object" && error !== null && !(error instanceof Error) && "code" in error;
}
