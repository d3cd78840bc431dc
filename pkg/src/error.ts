import type { Code, Reason, Reconcile, Report, Sent, Vendor } from "./generated.js";

/** What every failure of crmlink is thrown as. A field that is not known is not there. */
export class CrmlinkError extends Error {
  override readonly name = "CrmlinkError";
  /** What went wrong, as a word that stays the same. */
  readonly code: Code;
  /** The same more precisely, where there is more to say: why something is `unsupported`, for instance. */
  declare readonly reason?: Reason;
  /** The field at fault, as in `associations.contacts[3].id`. */
  declare readonly path?: string;
  /** The vendor that answered. */
  declare readonly vendor?: Vendor;
  /** The vendor's HTTP status. */
  declare readonly status?: number;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** When to try again, in milliseconds, where the vendor said so. */
  declare readonly retryAfter?: number;
  /** Whether a request reached the vendor. */
  readonly sent: Sent;
  /** How to find out, where it cannot be told whether a write happened. */
  declare readonly reconcile?: Reconcile;
  /** The id of the record that is there already, where the vendor names it. */
  declare readonly existingId?: string;
  /** The scopes that the token lacks, where the vendor names them. */
  declare readonly missingScopes?: string[];
  /** The vendor's answer, untouched. */
  declare readonly raw?: string;

  constructor(report: Report, options?: ErrorOptions) {
    super(report.message, options);
    this.code = report.code;
    this.retryable = report.retryable;
    this.sent = report.sent;
    // Those fields alone: a report may come from afar.
    for (const field of FURTHER) if (report[field] !== undefined) Object.assign(this, { [field]: report[field] });
  }
}

/** Refuses what is not a text: the core's glue would write past its memory. */
export function expectText(value: unknown, path: string): asserts value is string {
  if (typeof value !== "string")
    throw invalidInput(path, `expected a text, got ${value === null ? "null" : typeof value}`);
}

/** An error of the input, found before the core saw it. */
export function invalidInput(path: string, message: string): CrmlinkError {
  return new CrmlinkError({
    code: "invalid_input",
    message: path ? `${path}: ${message}` : message,
    ...(path && { path }),
    retryable: false,
    sent: "no",
  });
}

const FURTHER = [
  "reason",
  "path",
  "vendor",
  "status",
  "retryAfter",
  "reconcile",
  "existingId",
  "missingScopes",
  "raw",
] as const;
