/** The half that sends: operations on a vendor, directly with any fetch or through a crmlink Worker. */
import { direct } from "./direct.js";
import { throughEdge } from "./edge.js";
import { expectText, invalidInput } from "./error.js";
import { either, type SendOptions } from "./send.js";
import type { TypeVerb, Undo, Vendor, Verb } from "./generated.js";
import type { Given, Json, LinkVerb, Operations, Receipt, Streamed } from "./operations.js";
import type { Account, Contact, Lead, Opportunity, Upserted, UpsertedMany } from "./records.js";
import type { HttpRequest, HttpResponse, Options } from "./types.js";
import type { RenewOptions } from "./token.js";
import type { Progress, Way } from "./way.js";

/** How to reach a vendor. */
export interface ConnectOptions extends Options, SendOptions, RenewOptions {
  /** Told after each answer. What it throws ends nothing: it is printed. */
  onProgress?: (progress: Progress) => void;
  /** Those of {@link EdgeOptions} come together or not at all. */
  edge?: never;
  account?: never;
}

/** How to reach a vendor through a crmlink Worker, which holds the vendor's token. */
export interface EdgeOptions extends SendOptions, Pick<ConnectOptions, "onProgress" | "ignoreRemoteData"> {
  /** The Worker's origin, as in `https://crmlink.example.workers.dev`. */
  edge: string;
  /** The integrated account. */
  account: string;
  /** A key of the Worker's, which is for servers, or a browser token that one of them has made for this page. */
  token: string;
}

/** What one call may have of its own. */
export interface CallOptions extends Pick<SendOptions, "signal"> {
  /**
   * With an edge: a word of yours for this one write, 1 to 255 of `a-z`, `A-Z`, `0-9`, `-` and `_`. Called again under the
   * same word within a day, it answers what it did, and writes nothing: so a call whose answer was lost is simply repeated.
   */
  idempotencyKey?: string;
  /** Told after each answer, instead of the connection's. What it throws ends nothing: it is printed. */
  onProgress?: (progress: Progress) => void;
}

/** A vendor, ready to be asked. */
export interface Connection<V extends Vendor = Vendor> {
  /** Links between records. Each says of every link what is now true, and throws a CrmlinkError when nothing is as asked. */
  associations: {
    /** Links a record with others. */
    create(input: Given<V, "associations.create">, call?: CallOptions): Answer<V, "associations.create">;
    /** Takes links back. */
    remove(input: Given<V, "associations.remove">, call?: CallOptions): Answer<V, "associations.remove">;
    /** Makes the links of a record those that are given: what is missing is made, what is too much is taken back. */
    set(input: Given<V, "associations.set">, call?: CallOptions): Answer<V, "associations.set">;
    /** The links of a record, as `set` takes them. */
    list(input: Given<V, "associations.list">, call?: CallOptions): Answer<V, "associations.list">;
    /**
     * The same as `create`, `remove` or `set`, batch by batch: an item for each that is finished, and in the end the
     * receipt. Nothing more is sent when you stop reading.
     */
    stream<Does extends LinkVerb>(
      verb: Does,
      input: Given<V, `associations.${Does}`>,
      call?: Pick<CallOptions, "signal" | "idempotencyKey">,
    ): AsyncGenerator<Streamed, void, void>;
  };
  /** The definitions of links, where the vendor has them. */
  associationTypes: {
    /** Makes one; one that is there with the same key is answered. */
    create(input: Given<V, "association_types.create">, call?: CallOptions): Answer<V, "association_types.create">;
    /** Those between two kinds of records, or those that the vendor lists otherwise. */
    list(input: Given<V, "association_types.list">, call?: CallOptions): Answer<V, "association_types.list">;
    get(input: Given<V, "association_types.get">, call?: CallOptions): Answer<V, "association_types.get">;
    /** Changes its labels. */
    update(input: Given<V, "association_types.update">, call?: CallOptions): Answer<V, "association_types.update">;
    /** Deletes it, and with it all links of its kind. */
    delete(input: Given<V, "association_types.delete">, call?: CallOptions): Answer<V, "association_types.delete">;
  };
  accounts: Upserter<V, "accounts", Account>;
  contacts: Upserter<V, "contacts", Contact>;
  leads: Upserter<V, "leads", Lead>;
  opportunities: Upserter<V, "opportunities", Opportunity>;
  /**
   * Takes back what an operation did, the last step first, and answers the receipts of the steps. Where one throws, call it
   * again: what is taken back already stays so.
   */
  undo(receipt: Pick<Receipt, "undo">, call?: CallOptions): Promise<Receipt[]>;
  /** Sends a built request as it is, with the connection's token where it has none. Nothing is repeated. */
  send(request: HttpRequest): Promise<HttpResponse>;
}

type Answer<V extends Vendor, Name extends keyof Operations<V>> = Promise<Operations<V>[Name]["answer"]>;

/** The upserts of one kind of record. */
export interface Upserter<V extends Vendor, Kind extends string, Record> {
  /** Updates the record, or makes it where it is not there. */
  upsert(input: One<V, Kind, Record>, call?: CallOptions): Promise<Upserted<Record>>;
  /** The same for several; one that fails does not sink the rest. */
  upsertMany(input: One<V, Kind, readonly Record[], Record>, call?: CallOptions): Promise<UpsertedMany<Record>>;
}

type One<V extends Vendor, Kind extends string, Input, Record = Input> = Json<
  V,
  `${Kind}.upsert`,
  Record extends Operations<V>[`${Kind}.upsert` & keyof Operations<V>]["input"] ? Input : never
>;

/** Connects to a vendor, directly or (with `edge`) through a crmlink Worker. */
export function connect<V extends Vendor>(vendor: V, options: ConnectOptions | EdgeOptions = {}): Connection<V> {
  expectText(vendor, "vendor");
  const way = isThroughEdge(options) ? throughEdge(vendor, options) : direct(vendor, options);
  return faceOf(way, options) as unknown as Connection<V>;
}

/** By the key and not by its value: where an edge is forgotten, its key must not go to the vendor as a token. */
function isThroughEdge(options: ConnectOptions | EdgeOptions): options is EdgeOptions {
  return "edge" in options;
}

/** The operations under their names. */
function faceOf(way: Way, options: ConnectOptions | EdgeOptions) {
  // Async, so that a bad input rejects like any other failure instead of being thrown at the call.
  const run = async (operation: string, input: unknown, call?: CallOptions): Promise<unknown> => {
    const listener = call?.onProgress ?? options.onProgress;
    const signal = either(options.signal, call?.signal);
    const idempotencyKey = keyOf(call);
    const progress = way.run(operation, input, { signal, watched: listener !== undefined, idempotencyKey });
    for (;;) {
      const { done, value } = await progress.next();
      if (done) return value;
      if (listener) tell(listener, value);
    }
  };
  const keyOf = (call?: CallOptions) => {
    const key = call?.idempotencyKey;
    if (key !== undefined && !isThroughEdge(options)) {
      throw invalidInput("idempotencyKey", "expected no such key: nobody keeps answers without an `edge`");
    }
    return key;
  };
  const area = (name: string, verbs: readonly string[]) =>
    Object.fromEntries(
      verbs.map((verb) => [verb, (input: unknown, call?: CallOptions) => run(`${name}.${verb}`, input, call)]),
    );
  const upserts = (kind: string) => ({
    upsert: async (input: unknown, call?: CallOptions) => run(`${kind}.upsert`, expectList(input, false), call),
    upsertMany: async (input: unknown, call?: CallOptions) => run(`${kind}.upsert`, expectList(input, true), call),
  });
  return {
    associations: {
      ...area("associations", LINK_VERBS),
      async *stream(verb: string, input: unknown, call?: CallOptions): AsyncGenerator<Streamed, void, void> {
        const signal = either(options.signal, call?.signal);
        const batches = way.stream(`associations.${verb}`, input, signal, keyOf(call));
        try {
          for (;;) {
            const { done, value } = await batches.next();
            if (!done) yield { links: value };
            else return yield { receipt: value };
          }
        } finally {
          await batches.return(undefined as never);
        }
      },
    },
    associationTypes: area("association_types", TYPE_VERBS),
    ...Object.fromEntries(KINDS.map((kind) => [kind, upserts(kind)])),
    async undo({ undo = [] }: { undo?: Undo[] }, call?: CallOptions) {
      const receipts = [];
      for (const { operation, input } of [...undo].reverse()) {
        // Each step is a call of its own.
        const key = keyOf(call);
        const step: CallOptions = key === undefined ? {} : { idempotencyKey: `${key}-${receipts.length}` };
        receipts.push(await run(operation, input, { ...call, ...step }));
      }
      return receipts;
    },
    send: async (request: HttpRequest) => way.send(request),
  };
}

/** A listener looks on: whatever it does, the operation goes on. */
function tell(listener: (progress: Progress) => unknown, progress: Progress): void {
  const complain = (error: unknown) => console.error("crmlink: onProgress threw", error);
  try {
    const told = listener(progress);
    if (told instanceof Promise) told.catch(complain);
  } catch (error) {
    complain(error);
  }
}

/** A record is no list, and a list is one; of JSON text the core sees what it is. */
function expectList(input: unknown, list: boolean): unknown {
  if (Array.isArray(input) !== list && typeof input !== "string" && !(input instanceof Uint8Array)) {
    throw invalidInput("", list ? "expected a list of records" : "expected one record; `upsertMany` takes a list");
  }
  return input;
}

const LINK_VERBS = ["create", "remove", "set", "list"] as const satisfies Verb[];
const TYPE_VERBS = ["create", "list", "get", "update", "delete"] as const satisfies TypeVerb[];
const KINDS = ["accounts", "contacts", "leads", "opportunities"] as const;
