import type { Code, Reason, Report, Sent, Vendor } from "./generated.js";

/** What every failure of crmlink is thrown as. */
export class CrmlinkError extends Error {
  override readonly name = "CrmlinkError";
  /** What went wrong, as a word that stays the same. */
  readonly code: Code;
  /** Why, where the code is `unsupported`. */
  readonly reason?: Reason;
  /** The field at fault, as in `associations.contacts[3].id`. */
  readonly path?: string;
  /** The vendor that answered. */
  readonly vendor?: Vendor;
  /** The vendor's HTTP status. */
  readonly status?: number;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** When to try again, in milliseconds, where the vendor said so. */
  readonly retryAfter?: number;
  /** Whether a request reached the vendor. */
  readonly sent: Sent;
  /** The scopes that the token lacks, where the vendor names them. */
  readonly missingScopes?: string[];
  /** The vendor's answer, untouched. */
  readonly raw?: string;

  constructor(report: Report, options?: ErrorOptions) {
    const { message, ...fields } = report;
    super(message, options);
    this.code = fields.code;
    this.retryable = fields.retryable;
    this.sent = fields.sent;
    Object.assign(this, fields);
  }
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
