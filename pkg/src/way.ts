/** The two ways in which operations are carried out: directly, and through a crmlink Worker. */
import type { LinkReceipt } from "./generated.js";
import type { Receipt, Summary } from "./operations.js";
import type { HttpRequest, HttpResponse } from "./types.js";

/** How far an operation has come. */
export interface Progress {
  /** How many requests were answered or lost. */
  answered: number;
  /** What became of the links that were settled since this was last told. */
  links: LinkReceipt[];
}

/** What one operation is to heed. */
export interface Run {
  /** Cancels it. */
  signal: AbortSignal | undefined;
  /** Whether somebody hears of its progress. */
  watched: boolean;
  /** Under which it is carried out once. The way to a vendor itself has none. */
  idempotencyKey?: string | undefined;
}

/** A way. The connection makes a face of it. */
export interface Way {
  /** Carries an operation out, and says how far it has come; what it returns is the answer. */
  run(operation: string, input: unknown, run: Run): AsyncGenerator<Progress, unknown, void>;
  /** The same, batch by batch. What it returns is the rest of the receipt. */
  stream(
    operation: string,
    input: unknown,
    signal: AbortSignal | undefined,
    idempotencyKey: string | undefined,
  ): AsyncGenerator<LinkReceipt[], Summary, void>;
  /** Sends one request. */
  send(request: HttpRequest): Promise<HttpResponse>;
}

/** A receipt whose links were told already. */
export function summary({ links, associations: _associations, ...rest }: Receipt): Summary {
  const counts: Summary["counts"] = {};
  for (const { outcome } of links) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return { ...rest, counts };
}
