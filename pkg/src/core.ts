/** Calls into the core: its errors become CrmlinkErrors, and a trapped instance is revived for the next call. */
import { CrmlinkError } from "./error.js";
import type { Report } from "./generated.js";
import { __wbg_reset_state } from "./glue.js";

/** Calls the core. */
export function call<T>(act: () => T): T {
  if (trapped) revive();
  try {
    return act();
  } catch (error) {
    // A trap, or a stack that ran out inside: whatever it was, the instance is not to be trusted any more. It is noted
    // first and mended later, for on an exhausted stack nothing else succeeds.
    trapped = true;
    if (!isReport(error)) throw gone(error);
    trapped = false;
    throw new CrmlinkError(error);
  }
}

/** Which life the instance lives. Operations of an earlier one are gone. */
export function life(): number {
  return revivals + Number(trapped);
}

/** The error of an operation whose instance trapped. */
export function gone(cause?: unknown): CrmlinkError {
  const message =
    "crmlink failed inside; what it had sent before may have taken effect. Please report this with the input.";
  return new CrmlinkError({ code: "internal", message, retryable: false, sent: "maybe" }, { cause });
}

function revive(): void {
  __wbg_reset_state();
  revivals += 1;
  trapped = false;
}

function isReport(error: unknown): error is Report {
  return typeof error === "object" && error !== null && !(error instanceof Error) && "code" in error;
}

let trapped = false;
let revivals = 0;
