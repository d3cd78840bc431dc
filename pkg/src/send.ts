/** Sends requests with any fetch, and says of those that were lost what is known. */
import { CrmlinkError, expectText, invalidInput } from "./error.js";
import type { Code, Sent } from "./generated.js";
import { headerLines } from "./message.js";
import type { HttpRequest, HttpResponse } from "./types.js";

/** How to send. */
export interface SendOptions {
  /** Sends instead of the global `fetch`. */
  fetch?: typeof fetch;
  /** How long one answer may take, its body included, in milliseconds; 30,000 by default. */
  timeout?: number;
  /**
   * How long a whole operation may take, in milliseconds; 120,000 by default. What is not done by then ends as `timeout`, and
   * the receipt says what is.
   */
  deadline?: number;
  /** The largest answer that is read, in bytes, decoded; 4 MiB by default. Of a larger one nothing is believed. */
  answerLimit?: number;
  /** Cancels: nothing more is sent. */
  signal?: AbortSignal;
}

/** Sends one request after the other; follows no redirect: a token goes nowhere else. */
export interface Sender {
  /** How long one answer may take, and a whole operation. */
  timeout: number;
  deadline: number;
  /** The answer as a whole, within `patience` where it is shorter than the `timeout`. */
  whole(request: HttpRequest, signal: AbortSignal | undefined, patience?: number): Promise<Answer>;
  /** The answer line by line, as it comes. Each piece may take as long as a whole answer. What is lost is an error. */
  lines(
    request: HttpRequest,
    signal: AbortSignal | undefined,
  ): Promise<{ status: number; body: AsyncIterable<string> }>;
}

/** An answer; the headers are lines of `name: value`. */
export interface Answer {
  status: number;
  headers: string;
  body: string;
}

/** Why no answer came, in the core's words. */
export class Lost extends Error {
  constructor(
    readonly loss: "not_sent" | "broken" | "timeout" | "too_large" | "aborted",
    cause: unknown,
  ) {
    super(loss, { cause });
  }
}

/** The sender of a connection. */
export function sender(options: SendOptions): Sender {
  const { timeout = 30_000, deadline = 120_000, answerLimit = 4 * 2 ** 20 } = options;
  for (const [name, span] of Object.entries({ timeout, deadline })) {
    // Beyond it, timers overflow and ring at once.
    if (!Number.isInteger(span) || span <= 0 || span >= 2 ** 31) {
      throw invalidInput(`options.${name}`, "expected whole milliseconds, above 0 and below 2^31");
    }
  }
  if (typeof answerLimit !== "number" || !(answerLimit > 0)) {
    throw invalidInput("options.answerLimit", "expected a number of bytes, above 0");
  }
  const fetch = options.fetch ?? globalThis.fetch;
  const begin = ({ method, url, headers, body }: HttpRequest, signal: AbortSignal) =>
    fetch(url, { method, headers, redirect: "manual", signal, ...(body !== undefined && { body }) });

  const read = async (request: HttpRequest, signal: AbortSignal): Promise<Answer> => {
    const response = await begin(request, signal);
    const body = await readText(response, answerLimit);
    return { status: response.status, headers: headerLines(response.headers), body };
  };

  return {
    timeout,
    deadline,
    async whole(request, signal, patience = timeout) {
      const late = AbortSignal.timeout(patience);
      const over = either(signal, late);
      try {
        return await Promise.race([read(request, over), aborted(over)]);
      } catch (error) {
        throw lost(error, signal, late);
      }
    },
    async lines(request, signal) {
      const patience = new Patience(timeout, deadline);
      const tell = (error: unknown) => failure(lost(error, signal, patience.signal));
      try {
        const { status, body } = await begin(request, either(signal, patience.signal));
        return { status, body: readLines(body, patience, answerLimit, tell) };
      } catch (error) {
        throw tell(error);
      }
    },
  };
}

/** Rejects when the signal is aborted: a stand-in for fetch may not heed it. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/** What is aborted by both, where there are two. */
export function either<Second extends AbortSignal | undefined>(
  first: AbortSignal | undefined,
  second: Second,
): AbortSignal | Second {
  return first && second ? AbortSignal.any([first, second]) : (first ?? second);
}

/** One request outside an operation. */
export async function sent(answer: Promise<Answer>): Promise<HttpResponse> {
  try {
    const { status, headers, body } = await answer;
    return { status, headers: Object.fromEntries(pairs(headers)), body };
  } catch (error) {
    throw error instanceof Lost ? failure(error) : error;
  }
}

/** What was lost outside an operation, as an error. */
function failure({ loss, cause }: Lost): CrmlinkError {
  const [code, message, sent] = LOSSES[loss];
  return new CrmlinkError(
    { code, message, retryable: code === "vendor_unavailable" || code === "timeout", sent },
    { cause },
  );
}

/** A timeout that can be put off, until the deadline. */
class Patience {
  readonly #timeout: number;
  readonly #end = new AbortController();
  #deadline: AbortSignal | undefined;
  readonly #ring = () => this.#end.abort(this.#deadline?.reason);

  constructor(timeout: number, deadline: number) {
    this.#timeout = timeout;
    const late = AbortSignal.timeout(deadline);
    late.addEventListener("abort", () => this.#end.abort(late.reason));
    this.renew();
  }

  get signal(): AbortSignal {
    return this.#end.signal;
  }

  renew(): void {
    this.stop();
    this.#deadline = AbortSignal.timeout(this.#timeout);
    this.#deadline.addEventListener("abort", this.#ring);
  }

  stop(): void {
    this.#deadline?.removeEventListener("abort", this.#ring);
  }
}

async function* readLines(
  body: ReadableStream<Uint8Array> | null,
  patience: Patience,
  limit: number,
  tell: (error: unknown) => CrmlinkError,
): AsyncGenerator<string, void> {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      patience.renew();
      const piece = await reader?.read();
      patience.stop();
      rest += decoder.decode(piece?.value, { stream: piece?.done === false });
      const lines = rest.split("\n");
      rest = lines.pop() ?? "";
      // An answer may go on for long, but not one line of it.
      if (rest.length > limit) throw tooLarge();
      yield* lines;
      if (piece?.done !== false) break;
    }
    if (rest !== "") yield rest;
  } catch (error) {
    throw tell(error);
  } finally {
    patience.stop();
    // Whoever stops reading wants no more of it.
    reader?.cancel().catch(() => {});
  }
}

/** The text of a body. It is counted as it comes, decoded: what it says of its length is no promise. */
async function readText(response: Response, limit: number): Promise<string> {
  const reader = response.body?.getReader?.();
  if (!reader) {
    const body = await response.text();
    // A stand-in for fetch may answer anything.
    expectText(body, "body");
    return body;
  }
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > limit) {
      reader.cancel().catch(() => {});
      throw tooLarge();
    }
    text += decoder.decode(value, { stream: true });
  }
}

const tooLarge = () => new Lost("too_large", undefined);

function lost(error: unknown, signal: AbortSignal | undefined, deadline: AbortSignal): Lost {
  if (error instanceof Lost) return error;
  return new Lost(lossOf(error, signal, deadline), error);
}

function lossOf(error: unknown, signal: AbortSignal | undefined, deadline: AbortSignal): Lost["loss"] {
  if (signal?.aborted) return "aborted";
  if (deadline.aborted) return "timeout";
  // Browsers tell nothing of it; Node puts it into the cause, Bun into the error itself.
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: { code?: unknown } | null };
  return UNCONNECTED.has(code) || UNCONNECTED.has(cause?.code) ? "not_sent" : "broken";
}

function* pairs(lines: string): Generator<[string, string]> {
  for (const line of lines.split("\n")) {
    const colon = line.indexOf(": ");
    if (colon > 0) yield [line.slice(0, colon), line.slice(colon + 2)];
  }
}

/** What a runtime says when there was no connection: the request certainly never left. */
const UNCONNECTED = new Set<unknown>([
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
  "ConnectionRefused",
]);

const LOSSES = {
  not_sent: ["vendor_unavailable", "the request could not be sent", "no"],
  broken: ["vendor_unavailable", "the connection broke before an answer came", "maybe"],
  timeout: ["timeout", "no answer came in time", "maybe"],
  too_large: ["too_large", "the answer is larger than `answerLimit`: it proves nothing", "yes"],
  aborted: ["aborted", "the call was cancelled", "maybe"],
} as const satisfies Record<Lost["loss"], readonly [Code, string, Sent]>;
