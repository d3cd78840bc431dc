/** The way to the vendor itself: drives an operation of the core with any fetch. */
import { call, gone, life } from "./core.js";
import { CrmlinkError } from "./error.js";
import * as core from "./glue.js";
import { readMessage } from "./message.js";
import { Lost, sender, sent, type Sender } from "./send.js";
import { inputText, jsonText } from "./text.js";
import { Token } from "./token.js";
import type { ConnectOptions } from "./connect.js";
import type { Receipt } from "./operations.js";
import { summary, type Progress, type Run, type Way } from "./way.js";
import type { HttpRequest } from "./types.js";

/** @throws {CrmlinkError} For options that no call could use. */
export function direct(vendor: string, options: ConnectOptions): Way {
  const {
    fetch: _fetch,
    timeout: _timeout,
    deadline: _deadline,
    answerLimit: _limit,
    signal,
    onProgress: _onProgress,
    renew,
    ...choices
  } = options;
  const check = (text: string) => call(() => core.check(vendor, text, "", ""));
  const chosen = jsonText(choices, "options");
  check(chosen);
  const sends = sender(options);
  const token = new Token(options.token, renew, (renewed) => check(jsonText({ ...choices, ...renewed }, "options")));
  const pace = paces();
  const start = (operation: string, input: unknown) => {
    const text = inputText(input);
    const own = token.isFirst ? chosen : jsonText({ ...choices, ...token.current }, "options");
    return call(() => core.start(vendor, operation, text, own, entropy(), pace()));
  };
  return {
    run: (operation, input, run) => drive(sends, token, () => start(operation, input), run),
    async *stream(operation, input, signal) {
      const progress = drive(sends, token, () => start(operation, input), { signal, watched: true });
      for (;;) {
        const { done, value } = await progress.next();
        if (done) return summary(value as Receipt);
        if (value.links.length > 0) yield value.links;
      }
    },
    send: (request) => sent(sends.whole(withToken(request, token.current.token), signal)),
  };
}

/** What the vendor lets the operations of a connection do, by its number; an instance that trapped has forgotten it. */
function paces(): () => number {
  let born: number;
  let number: number;
  return () => {
    if (born !== life()) [born, number] = [life(), core.pace()];
    return number;
  };
}

/** Sends what the core says, waits as long as it says, hands every answer back, and says so. */
async function* drive(
  { whole, timeout, deadline }: Sender,
  token: Token,
  start: () => number,
  { signal, watched }: Run,
): AsyncGenerator<Progress, unknown, void> {
  const number = start();
  const used = token.current.token;
  const own = life();
  /** The numbers of an instance that trapped mean nothing to the next one. */
  const ask = <T>(act: () => T): T => {
    if (life() !== own) throw gone();
    return call(act);
  };
  // A listener's error would be nobody's to catch: what there is to say, the loop says.
  const abort = () => {
    if (life() === own) call(() => core.abort(number));
  };
  const outstanding = new Set<Promise<void>>();
  const news: Progress[] = [];
  let answered = 0;
  const settled = (): Progress["links"] => (watched ? JSON.parse(ask(() => core.settled(number))) : []);

  const dispatch = async (id: number, patience: number, request: HttpRequest) => {
    try {
      const { status, headers, body } = await whole(request, signal, patience);
      ask(() => core.answered(number, id, status, headers, body, now()));
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
      ask(() => core.lost(number, id, error.loss, now()));
    }
    answered += 1;
    if (watched) news.push({ answered, links: settled() });
  };

  let unrenewed: unknown;
  const renew = async () => {
    const fresh = await token.instead(used).catch((error: unknown) => {
      unrenewed = error ?? new Error("`renew` threw nothing");
      return { token: "", origin: "" };
    });
    // What was thrown is the caller's own, and may hold a secret: it becomes the cause, and no part of the message.
    ask(() => core.renewed(number, fresh.token, fresh.origin ?? "", "`renew` threw"));
  };

  const begin = (work: Promise<void>) => {
    const settled = work.finally(() => outstanding.delete(settled));
    outstanding.add(settled);
  };

  signal?.addEventListener("abort", abort);
  try {
    ask(() => core.bind(number, timeout, now() + deadline, token.renewable));
    if (signal?.aborted) abort();
    for (;;) {
      const todo = ask(() => core.poll(number, now()));
      if (todo.startsWith("send ")) {
        const lineEnd = todo.indexOf("\n");
        const [id = 0, patience = 0] = todo.slice(5, lineEnd).split(" ").map(Number);
        begin(dispatch(id, patience, readMessage(todo.slice(lineEnd + 1))));
      } else if (todo === "renew") {
        begin(renew());
      } else if (todo === "done") {
        const links = settled();
        if (links.length > 0) yield { answered, links };
        return JSON.parse(because(unrenewed, () => ask(() => core.receipt(number))));
      } else {
        const pause = todo.startsWith("wait ") ? delay(Number(todo.slice(5)), signal) : undefined;
        await Promise.race([...outstanding, ...(pause ? [pause.over] : [])]);
        pause?.stop();
        yield* news.splice(0);
      }
    }
  } finally {
    signal?.removeEventListener("abort", abort);
    // Those on their way after a fault of the driver itself must not surface as unhandled.
    for (const promise of outstanding) promise.catch(() => {});
    if (life() === own) core.forget(number);
  }
}

/** Gives the error of `act` its cause, where there is one. */
function because<T>(cause: unknown, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (cause !== undefined && error instanceof CrmlinkError) Object.defineProperty(error, "cause", { value: cause });
    throw error;
  }
}

function withToken(request: HttpRequest, token: string | undefined): HttpRequest {
  if (token === undefined || "authorization" in request.headers) return request;
  return { ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } };
}

function delay(milliseconds: number, signal: AbortSignal | undefined) {
  let stop = () => {};
  const over = new Promise<void>((resolve) => {
    const end = () => resolve();
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener("abort", end);
    stop = () => {
      clearTimeout(timer);
      // A signal may outlive many waits.
      signal?.removeEventListener("abort", end);
    };
  });
  return { over, stop };
}

const now = () => Date.now();
const entropy = () => Math.floor(Math.random() * 0x1_0000_0000);
