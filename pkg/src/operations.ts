/** The operations: what each takes at a vendor, and what it answers. */
import type { Account, Contact, Lead, Opportunity, Upserted, UpsertedMany } from "./records.js";
import type {
  CustomKeys,
  Entity,
  LinkReceipt,
  NewType,
  NotListed,
  OneType,
  Pairs,
  SeveralTypes,
  Target,
  TypeVerb,
  TypeVerbs,
  Undo,
  UpsertKinds,
  Vendor,
  Verb,
} from "./generated.js";

/**
 * Every operation: its input, and its answer. What a vendor cannot do has no input there. A vendor that is only known at
 * run time (`Vendor`) takes what any of them takes.
 */
export interface Operations<V extends Vendor = Vendor> {
  "associations.create": { input: Association<V, "create">; answer: Receipt };
  "associations.remove": { input: Association<V, "remove">; answer: Receipt };
  "associations.set": { input: Association<V, "set">; answer: Receipt };
  "associations.list": { input: Listing<V>; answer: Listed };
  "association_types.create": { input: NewAssociationType<V>; answer: OneType };
  "association_types.list": { input: AssociationTypeQuery<V, "list">; answer: SeveralTypes };
  "association_types.get": { input: AssociationTypeQuery<V, "get">; answer: OneType };
  "association_types.update": { input: AssociationTypeUpdate<V>; answer: OneType };
  "association_types.delete": { input: AssociationTypeQuery<V, "delete">; answer: OneType };
  "accounts.upsert": Upsert<V, "accounts", Account>;
  "contacts.upsert": Upsert<V, "contacts", Contact>;
  "leads.upsert": Upsert<V, "leads", Lead>;
  "opportunities.upsert": Upsert<V, "opportunities", Opportunity>;
}

/** What may be given as the input of an operation: the value, or its JSON as text or bytes. */
export type Given<V extends Vendor, Name extends keyof Operations<V>> = Json<V, Name, Operations<V>[Name]["input"]>;

/** A value or its JSON; of what a vendor cannot do, the refusal. */
export type Json<V extends Vendor, Name extends string, Input> = [Input] extends [never]
  ? Impossible<`${V} has no ${Name}`>
  : Input | string | Uint8Array;

/** Stands where nothing can be given. Nothing has this type: the compiler's complaint says why. */
export type Impossible<Why extends string> = string & { readonly [impossible]: Why };

declare const impossible: unique symbol;

/** One record, and those that it is to be linked with: the pairs that the vendor's table has for the verb. */
export type Association<V extends Vendor = Vendor, Does extends LinkVerb = "create"> = V extends Vendor
  ? { [From in Kinds<V, Does>]: AssociationOf<V, Does, From> }[Kinds<V, Does>]
  : never;

/** What is done to links. */
export type LinkVerb = Exclude<Verb, "list">;

/** Records of one kind and their links. */
export interface AssociationOf<V extends Vendor, Does extends LinkVerb, From extends keyof Pairs[V]> {
  /** What the record is: a word of the vocabulary, or the vendor's key of a custom object. */
  entity: Word<V, From>;
  /** A string, or a whole number below 2^53. */
  entity_id: string | number;
  /**
   * Records by kind, in your order; or plain ids in one text with commas between them. `set` leaves the kinds alone that
   * are not named, and takes away all links of a kind whose list is empty.
   */
  associations: Targets<V, Does, From>;
  /** Definitions that may be created where a link needs one that is not there yet. */
  association_types?: NewType[];
  /** Reads the state first where that is not needed for the write, so that the receipt can be undone. */
  reversible?: boolean;
  /** Makes all of the links or none, where the vendor can (Salesforce); refused elsewhere. */
  all_or_none?: boolean;
  /** Further fields for the vendor's body, passed on untouched. */
  remote_data?: Record<string, unknown>;
  /** Further parameters for the vendor's query, passed on untouched. */
  remote_query?: Record<string, unknown>;
}

/** The records on the other side, by kind. */
export type Targets<V extends Vendor, Does extends LinkVerb, From extends keyof Pairs[V]> = {
  [To in keyof Pairs[V][From] as Can<Pairs[V][From][To], Does> extends true ? Key<V, To> : never]?:
    readonly TargetOf<Pairs[V][From][To], Does>[] | (Must<Pairs[V][From][To], Does> extends never ? string : never);
} & {
  [To in Exclude<Entity, "custom" | Others<V, Does, From>> as Key<V, To>]?: Impossible<ReasonOf<Pairs[V][From], To>>;
};

/** A record to link with, with the fields that the pair has. */
export type TargetOf<Pair, Does extends LinkVerb> = Pick<Target, "id" | (keyof Target & May<Pair>)> &
  Required<Pick<Target, keyof Target & Must<Pair, Does>>> & {
    [Field in Exclude<keyof Target, "id" | May<Pair> | Must<Pair, Does>>]?: never;
  };

/** Which links to show. */
export type Listing<V extends Vendor = Vendor> = V extends Vendor
  ? { [From in Kinds<V, "list">]: ListingOf<V, From> }[Kinds<V, "list">]
  : never;

/** The links of a record of one kind. */
export interface ListingOf<V extends Vendor, From extends keyof Pairs[V]> {
  /** What the record is: a word of the vocabulary, or the vendor's key of a custom object. */
  entity: Word<V, From>;
  /** A string, or a whole number below 2^53. */
  entity_id: string | number;
  /** The kinds on the other side; all that the vendor can list where it is left out, but for custom objects. */
  to?: Word<V, Others<V, "list", From>> | readonly Word<V, Others<V, "list", From>>[];
  /** Further parameters for the vendor's query, passed on untouched. */
  remote_query?: Record<string, unknown>;
}

/** A definition of links that is to be made. Which fields are needed depends on the vendor. */
export type NewAssociationType<V extends Vendor = Vendor> = V extends Vendor
  ? "create" extends TypeVerbs[V]
    ? TypeEnds<V> & TypeNames & { from: AnyKind<V>; to: AnyKind<V> } & Remote
    : never
  : never;

/** Which definitions of links are meant. Which fields are needed depends on the vendor. */
export type AssociationTypeQuery<V extends Vendor = Vendor, Does extends TypeVerb = TypeVerb> = V extends Vendor
  ? Does extends TypeVerbs[V]
    ? TypeEnds<V> & TypeId & Pick<Remote, "remote_query">
    : never
  : never;

/** What a definition of links is to be called. Which fields are needed depends on the vendor. */
export type AssociationTypeUpdate<V extends Vendor = Vendor> = V extends Vendor
  ? "update" extends TypeVerbs[V]
    ? TypeEnds<V> & TypeId & TypeNames & Remote
    : never
  : never;

interface TypeEnds<V extends Vendor> {
  /** The kind of record at the first end. */
  from?: AnyKind<V>;
  /** The kind of record at the other end. */
  to?: AnyKind<V>;
}

interface TypeId {
  /** The definition's id. */
  id?: string | number;
  /** The key that its maker chose, where the vendor has keys. */
  key?: string;
}

interface TypeNames {
  /** The key that its maker chooses, where the vendor has keys. */
  key?: string;
  /** What it is called from the first record's side. */
  label?: string;
  /** What it is called from the other side. */
  inverse_label?: string;
}

interface Remote {
  /** Further fields for the vendor's body, passed on untouched. */
  remote_data?: Record<string, unknown>;
  /** Further parameters for the vendor's query, passed on untouched. */
  remote_query?: Record<string, unknown>;
}

/** What is now true of links. */
export interface Receipt {
  /** What the record is: a word of the vocabulary, or the vendor's key of a custom object. */
  entity: string;
  entity_id: string;
  /** What is now linked, of what was asked. Accounts stand under `acocunts` too, as clients of the founding page expect. */
  associations: ByKind<{ id: string }[]>;
  /** One entry for each asked link, in your order, and one for each that a `set` took away. */
  links: LinkReceipt[];
  /** What takes back what was done: see `Connection.undo`. Absent where nothing of it can be taken back. */
  undo?: Undo[];
  /** The vendor's answers, untouched: one as it came, several as a list. */
  remote_data?: unknown;
}

/** The links of a record. */
export interface Listed {
  /** What the record is: a word of the vocabulary, or the vendor's key of a custom object. */
  entity: string;
  entity_id: string;
  /** The records that it is linked with, by kind, each as `associations.set` takes it. */
  associations: ByKind<Target[]>;
  /** The kinds that could not be listed, each with the reason. */
  failed?: NotListed[];
  /** The vendor's answers, untouched: one as it came, several as a list. */
  remote_data?: unknown;
}

/** What a stream tells: the links of one finished batch after the other, and in the end what more there is to say. */
export type Streamed = { links: LinkReceipt[]; receipt?: undefined } | { links?: undefined; receipt: Summary };

/** A receipt whose links were told already. */
export interface Summary extends Omit<Receipt, "links" | "associations"> {
  /** How many links there are of each outcome. */
  counts: { [Outcome in LinkReceipt["outcome"]]?: number };
}

/** A value for each kind of record, under the words of the vocabulary or the vendor's keys. */
export type ByKind<T> = { [Kind in Exclude<Entity, "custom"> | "acocunts"]?: T } & { [key: string]: T | undefined };

interface Upsert<V extends Vendor, Kind extends Entity, Record> {
  input: V extends Vendor ? (Kind extends UpsertKinds[V] ? Record | readonly Record[] : never) : never;
  answer: Upserted<Record> | UpsertedMany<Record>;
}

// The helpers of the types above: each reads one thing off the table.
type Can<Pair, Does> = Pair extends { verbs: infer Verbs } ? (Does extends Verbs ? true : false) : false;
type May<Pair> = Pair extends { may: infer Fields } ? Fields : never;
type Must<Pair, Does> = Does extends "remove" ? never : Pair extends { must: infer Fields } ? Fields : never;
type ReasonOf<Row, To> = Row extends { [Kind in To & string]: { refused: infer Reason extends string } }
  ? [Reason] extends [never]
    ? "association_unsupported"
    : Reason
  : "association_unsupported";
type Others<V extends Vendor, Does extends Verb, From extends keyof Pairs[V]> = {
  [To in keyof Pairs[V][From]]: Can<Pairs[V][From][To], Does> extends true ? To : never;
}[keyof Pairs[V][From]];
type Kinds<V extends Vendor, Does extends Verb> = {
  [From in keyof Pairs[V]]: [Others<V, Does, From>] extends [never] ? never : From;
}[keyof Pairs[V]];
type Word<V extends Vendor, Kind> = Kind extends "custom" ? CustomKeys[V] : Kind;
type Key<V extends Vendor, Kind> = Kind extends "accounts" ? "accounts" | "acocunts" : Word<V, Kind> & string;
type AnyKind<V extends Vendor> = Exclude<Entity, "custom" | "organizations"> | CustomKeys[V];
