/** The records that can be upserted, under the field names of the unified vocabulary. `null` clears a field. */
import type { FieldEntry, LinkReceipt, Report, UpsertOutcome } from "./generated.js";

/** A company. */
export interface Account extends Control, Common, Places {
  industry?: string | null;
  number_of_employees?: number | string | null;
}

/** A person. */
export interface Contact extends Control, Common, Places, Person {}

/** A person or company not yet qualified. */
export interface Lead extends Control, Common, Places, Person {
  /** Where the lead comes from. */
  lead_source?: string | null;
  /** The vendor's own sort of lead. */
  lead_type?: string | null;
  status?: string | null;
  /** The contacts behind the lead. */
  contacts?: readonly { id: string | number }[] | null;
  /** The same as `contacts`, as the founding page's product spells it. */
  contact?: readonly { id: string | number }[] | null;
  /** By id or by name; a name costs a read. */
  pipeline?: Named | null;
  /** By id or by name; a name costs a read. */
  stage?: Named | null;
  /** The ISO 4217 code of `amount`. */
  currency?: string | null;
  /** A number, or its digits as text: none of them is lost. */
  amount?: number | string | null;
}

/** A deal. */
export interface Opportunity extends Control, Common {
  /** A number, or its digits as text: none of them is lost. */
  amount?: number | string | null;
  /** The ISO 4217 code of `amount`. */
  currency?: string | null;
  status?: string | null;
  /** When it is expected to close: a day (`2026-12-31`) or a time (RFC 3339). */
  close_date?: string | null;
  /** The company. */
  account?: Named | null;
  /** The people, as they are to be linked. */
  contacts?: readonly OpportunityContact[] | null;
  /** The same as `contacts`, as the founding page's product spells it. */
  contact?: readonly OpportunityContact[] | null;
  /** By id or by name; a name costs a read. */
  pipeline?: Named | null;
  /** By id or by name; a name costs a read. */
  stage?: Named | null;
  /** Why it was lost, by id or by name. */
  lost_reason?: Named | null;
  /** The users who follow it. */
  followers?: {
    /** One id, or several. */
    ids?: string | readonly string[];
    /** What is done with them; `replace` takes all others away. */
    action?: "add" | "remove" | "replace";
  } | null;
}

/** A person of an opportunity. */
export interface OpportunityContact {
  id: string | number;
  /** The part that they play, as in `Decision Maker`. */
  role?: string;
  /** Whether they are the first of all. */
  primary?: boolean;
}

/** Which record is meant. */
export interface Control {
  /** The vendor's id: an update, and never a create. */
  id?: string | number;
  /** The field that tells whether the record is there, as in `email_addresses`; each vendor has one of its own without it. */
  match_by?: string;
  /** What to do where several records match: refuse (`error`), or take the first or the newest; `list` writes nothing and names them. */
  on_ambiguous?: "error" | "first" | "newest" | "list";
  /** Further fields for the vendor's body, passed on untouched. */
  remote_data?: Record<string, unknown>;
  /** Further parameters for the vendor's query, passed on untouched. */
  remote_query?: Record<string, unknown>;
}

/** What all kinds of records have. */
export interface Common {
  /** The whole name. */
  name?: string | null;
  description?: string | null;
  /** The user who owns it; anything but the id costs a read. */
  owner?: { id?: string | number; name?: string; email?: string } | null;
  tags?: readonly Named[] | null;
  /** The vendor's own fields, under the vendor's names. */
  custom_fields?: Record<string, string | number | boolean | null | readonly (string | number | boolean)[]> | null;
  /** The vendor's to say: it is not written. */
  last_activity_at?: string | null;
  /** The vendor's to say: it is not written. */
  created_at?: string | null;
  /** The vendor's to say: it is not written. */
  updated_at?: string | null;
  /** The vendor's to say: it is not written. */
  etag?: string | null;
}

/** Where a person or company is found. */
export interface Places {
  addresses?: readonly Address[] | null;
  phone_numbers?: readonly PhoneNumber[] | null;
  urls?: readonly { url?: string; type?: string }[] | null;
  website?: string | null;
}

/** What a person has. */
export interface Person {
  first_name?: string | null;
  last_name?: string | null;
  /** What they do: the title of their job. */
  title?: string | null;
  /** The company that they work for. */
  account?: Named | null;
  email_addresses?: readonly EmailAddress[] | null;
}

/** An address. */
export interface Address {
  id?: string | number;
  street_1?: string;
  street_2?: string;
  city?: string;
  state?: string;
  postal_code?: string;
  country?: string;
  /** Such as `billing` or `home`. */
  type?: string;
}

/** A telephone number. */
export interface PhoneNumber {
  id?: string | number;
  number?: string;
  extension?: string;
  /** Such as `mobile` or `work`. */
  type?: string;
}

/** An e-mail address. */
export interface EmailAddress {
  id?: string | number;
  email?: string;
  /** Such as `work`. */
  type?: string;
}

/** Something by its id or by its name. */
export interface Named {
  id?: string | number;
  name?: string;
}

/** What is now true of a record. */
export interface Upserted<Unified = Account | Contact | Lead | Opportunity> {
  /** The vendor's id, where it is known. */
  id?: string;
  /** What is now true of it. */
  outcome: UpsertOutcome;
  /** The record as the vendor answered it, in the unified vocabulary. */
  record?: Omit<Unified, "match_by" | "on_ambiguous" | "remote_query">;
  /** What became of its links, where some were asked with it. */
  links?: LinkReceipt[];
  /** Why it failed, or why that cannot be told. */
  reason?: Report;
  /** The ids of the records that match, where several do or where one is in the way. */
  candidates?: string[];
  /** What became of each field of the input. A batch says it once, for all records. */
  fields?: FieldEntry[];
  /** The vendor's answer for this record, untouched. */
  remote_data?: unknown;
}

/** What is now true of several records. */
export interface UpsertedMany<Unified = Account | Contact | Lead | Opportunity> {
  /** One entry for each record, in your order. */
  result: Upserted<Unified>[];
  /** How many were made. */
  created: number;
  /** How many were updated. */
  updated: number;
  /** How many were not written. */
  failed: number;
  /** Of how many it cannot be told. */
  unknown: number;
  /** What became of each field of the input, counted over all records. */
  fields: FieldEntry[];
}
