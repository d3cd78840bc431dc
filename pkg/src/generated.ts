// Generated from the Rust core by `cargo xtask types`; the tests fail when the two differ.

/**
 * A CRM vendor.
 */
export type Vendor = "hubspot" | "leadconnector" | "salesforce" | "truto";

/**
 * The id of a record, or another name that goes into a path. A string from end to end.
 */
export type Id = string;

/**
 * What went wrong, as a word that stays the same. The set is closed in one version.
 */
export type Code =
  | "invalid_input"
  | "invalid_id"
  | "unsupported"
  | "not_found"
  | "already_exists"
  | "conflict"
  | "ambiguous_match"
  | "rate_limited"
  | "quota_exhausted"
  | "unauthenticated"
  | "forbidden"
  | "vendor_validation"
  | "vendor_unavailable"
  | "unexpected_response"
  | "too_large"
  | "timeout"
  | "aborted"
  | "unknown_outcome"
  | "internal";

/**
 * What a [`Code`] means more precisely: why something is `unsupported`, or that an `invalid_input` is an unknown field.
 */
export type Reason =
  | "association_unsupported"
  | "requires_conversion"
  | "cardinality"
  | "api_version"
  | "feature_off"
  | "object_unavailable"
  | "not_public"
  | "unknown_field"
  | "reauthenticate";

/**
 * Whether a request reached the vendor.
 */
export type Sent = "no" | "maybe" | "yes";

/**
 * How to find out what became of a write whose answer is unclear.
 */
export type Reconcile = "run_again" | "look_first";

/**
 * An error as callers read it: the fields of the npm package's `CrmlinkError`, and of a link's `reason`.
 */
export type Report = {
  /**
   * What went wrong, as a word that stays the same.
   */
  code: Code;
  /**
   * The same more precisely, where there is more to say: why something is `unsupported`, for instance.
   */
  reason?: Reason;
  /**
   * What happened and what to do.
   */
  message: string;
  /**
   * The field at fault.
   */
  path?: string;
  /**
   * The vendor that answered.
   */
  vendor?: Vendor;
  /**
   * The vendor's HTTP status.
   */
  status?: number;
  /**
   * Whether the same call may succeed later.
   */
  retryable: boolean;
  /**
   * When to try again, in milliseconds.
   */
  retryAfter?: number;
  /**
   * Whether a request reached the vendor.
   */
  sent: Sent;
  /**
   * How to find out, where it cannot be told whether a write happened.
   */
  reconcile?: Reconcile;
  /**
   * The id of the record that is there already, where the vendor names it.
   */
  existingId?: string;
  /**
   * The scopes that the token lacks.
   */
  missingScopes?: Array<string>;
  /**
   * The vendor's answer, untouched. A long one that several links are about stands with the first of them.
   */
  raw?: string;
};

/**
 * A kind of record, in the vocabulary of the unified API.
 */
export type Entity = "accounts" | "contacts" | "leads" | "opportunities" | "organizations" | "custom";

/**
 * A record to link with.
 */
export type Target = {
  /**
   * Its id.
   */
  id: string | number;
  /**
   * The part that it plays, as in `Decision Maker`, or several; among accounts `parent` or `child`.
   */
  role?: string | string[];
  /**
   * Whether it is the first of its kind for the other record.
   */
  primary?: boolean;
  /**
   * The vendor's own key of the kind of link, where the pair has several; or several keys.
   */
  association_type?: string | string[];
  /**
   * Whether a link that excludes this one may be replaced. Never unless you say so.
   */
  replace?: boolean;
};

/**
 * How an answer is to look.
 */
export type Format = "unified" | "raw" | "normalized" | "stream";

/**
 * What becomes of a field.
 */
export type Fate = "applied" | "renamed" | "coerced" | "passed_through" | "ignored" | "refused";

/**
 * What becomes of one field, or of the same field in every record of a list.
 */
export type FieldEntry = {
  /**
   * The field, as in `associations.contacts[].id`.
   */
  path: string;
  /**
   * What becomes of it.
   */
  fate: Fate;
  /**
   * How often the field stands in the input.
   */
  count: number;
  /**
   * Where it goes.
   */
  to?: string;
  /**
   * Why it is not sent.
   */
  reason?: string;
};

/**
 * A price in vendor calls, retries not counted.
 */
export type Calls = {
  /**
   * The least.
   */
  min: number;
  /**
   * The most.
   */
  max: number;
};

/**
 * What is now true of a link.
 */
export type Outcome =
  "linked" | "already_linked" | "not_linked" | "removed" | "already_removed" | "not_removed" | "unknown";

/**
 * One end of a link.
 */
export type End = {
  /**
   * What the record is: a word of the vocabulary, or the vendor's key.
   */
  entity: string;
  /**
   * Its id, as the caller gave it.
   */
  id: string;
};

/**
 * What became of one link.
 */
export type LinkReceipt = {
  /**
   * The record.
   */
  from: End;
  /**
   * The target.
   */
  to: End;
  /**
   * What is now true.
   */
  outcome: Outcome;
  /**
   * Why it is not as asked, or why that cannot be told.
   */
  reason?: Report;
  /**
   * Whether what was done can be taken back as `undo` says; absent where nothing was written.
   */
  reversible?: boolean;
};

/**
 * An operation that takes back what another one did.
 */
export type Undo = {
  /**
   * Its name.
   */
  operation: "associations.create" | "associations.remove";
  /**
   * Its input.
   */
  input: UndoInput;
};

/**
 * The input of an operation that takes back what another one did.
 */
export type UndoInput = {
  /**
   * What the record is.
   */
  entity: string;
  /**
   * Its id.
   */
  entity_id: string;
  /**
   * The targets by kind.
   */
  associations: Record<string, Target[]>;
};

/**
 * What is done to a record's links.
 */
export type Verb = "create" | "remove" | "set" | "list";

/**
 * What is done to the definitions of links.
 */
export type TypeVerb = "create" | "list" | "get" | "update" | "delete";

/**
 * A kind that could not be listed.
 */
export type NotListed = {
  /**
   * The kind.
   */
  entity: string;
  /**
   * Why.
   */
  reason: Report;
};

/**
 * A definition of links, to be created where it is missing.
 */
export type NewType = {
  /**
   * The vendor's key, under which targets name it as `association_type`.
   */
  key: Id;
  /**
   * What it is called from the first record's side.
   */
  label: string;
  /**
   * What it is called from the other side.
   */
  inverse_label?: string;
};

/**
 * A definition of links.
 */
export type AssociationType = {
  /**
   * The vendor's id of it; at HubSpot that of the direction from `from` to `to`.
   */
  id: string;
  /**
   * The key that its maker chose, under which `association_type` names it, where the vendor has keys.
   */
  key?: string;
  /**
   * What it is called from the first record's side.
   */
  label?: string;
  /**
   * What it is called from the other side.
   */
  inverse_label?: string;
  /**
   * The kind of record at the first end.
   */
  from: string;
  /**
   * The kind of record at the other end.
   */
  to: string;
  /**
   * Whose it is: `system` for the vendor's own, `user` for the account's, else the vendor's word.
   */
  category: string;
};

/**
 * What became of a definition.
 */
export type TypeOutcome = "created" | "already_there" | "found" | "updated" | "deleted";

/**
 * One definition, and what became of it.
 */
export type OneType = {
  /**
   * What became of it.
   */
  outcome: TypeOutcome;
  /**
   * The vendor's answers, untouched: one as it came, several as a list.
   */
  remote_data?: unknown;
  /**
   * The vendor's id of it; at HubSpot that of the direction from `from` to `to`.
   */
  id: string;
  /**
   * The key that its maker chose, under which `association_type` names it, where the vendor has keys.
   */
  key?: string;
  /**
   * What it is called from the first record's side.
   */
  label?: string;
  /**
   * What it is called from the other side.
   */
  inverse_label?: string;
  /**
   * The kind of record at the first end.
   */
  from: string;
  /**
   * The kind of record at the other end.
   */
  to: string;
  /**
   * Whose it is: `system` for the vendor's own, `user` for the account's, else the vendor's word.
   */
  category: string;
};

/**
 * Several definitions.
 */
export type SeveralTypes = {
  /**
   * The definitions, in the vendor's order.
   */
  result: Array<AssociationType>;
  /**
   * The vendor's answers, untouched: one as it came, several as a list.
   */
  remote_data?: unknown;
};

/**
 * What sending a request twice does.
 */
export type Repeat = "safe" | "look";

/**
 * What one verb takes.
 */
export type Does = {
  /**
   * What is done.
   */
  verb: Verb;
  /**
   * What is read before anything is written; absent where nothing is.
   */
  reads?: string;
  /**
   * How many links one vendor call carries at most; absent where no limit is known.
   */
  batch?: number;
  /**
   * What sending it twice does.
   */
  repeat: Repeat;
  /**
   * What else it changes or takes away; absent where nothing.
   */
  destructive?: string;
  /**
   * The scopes that the vendor's documentation names.
   */
  scopes?: Array<string>;
};

/**
 * A way of upserting.
 */
export type UpsertWay = "native" | "unique_property" | "external_id" | "id" | "search_then_write";

/**
 * What two callers at once may do.
 */
export type UpsertRace = "none" | "duplicates_possible";

/**
 * How a vendor finds the record that an upsert means; the plan shows it.
 */
export type UpsertStrategy = {
  /**
   * The way.
   */
  strategy: UpsertWay;
  /**
   * The vendor's field by which the record is found.
   */
  key: string;
  /**
   * What two callers at once may do.
   */
  race: UpsertRace;
  /**
   * The same as a sentence.
   */
  says: string;
  /**
   * How many records of the input go this way.
   */
  count: number;
};

/**
 * What is now true of a record.
 */
export type UpsertOutcome = "created" | "updated" | "failed" | "unknown";

/**
 * A field by which a record can be found.
 */
export type UpsertKey = {
  /**
   * What `match_by` calls it; `custom_fields.*` stands for a field that the caller names.
   */
  match_by: string;
  /**
   * The vendor's field; empty for one that the caller names.
   */
  field: string;
  /**
   * How the record is found.
   */
  strategy: UpsertWay;
  /**
   * What two callers at once may do.
   */
  race: UpsertRace;
  /**
   * The same as a sentence.
   */
  says: string;
  /**
   * Whether the vendor sees no difference between `A` and `a` in it.
   */
  any_case: boolean;
  /**
   * Whether it is sent as a field too, besides being the key.
   */
  sent: boolean;
  /**
   * Whether it is taken only when `match_by` names it, since records that are not the same share it: a name, for
   * instance.
   */
  asked: boolean;
};

/**
 * How records of one kind are upserted.
 */
export type Upserts = {
  /**
   * The kind.
   */
  entity: Entity;
  /**
   * By what a record can be found besides its id. Of those that a record has the first is taken, unless `match_by` names
   * one; but for those that are to be asked for.
   */
  keys: Array<UpsertKey>;
  /**
   * How many records one vendor call writes at most, where they are found by a key of the vendor's.
   */
  batch?: number;
  /**
   * Why it is refused; absent where it works.
   */
  refused?: Refused;
  /**
   * What a caller should know, and what no source says.
   */
  note?: string;
};

/**
 * How many targets one record may have.
 */
export type Cardinality = "one" | "many";

/**
 * Why something is refused.
 */
export type Refused = {
  /**
   * The reason as a word.
   */
  reason: Reason;
  /**
   * The reason as a sentence.
   */
  message: string;
};

/**
 * One pair of kinds of records, and what linking them takes at a vendor.
 */
export type Pair = {
  /**
   * The record's kind.
   */
  from: Entity;
  /**
   * The target's kind.
   */
  to: Entity;
  /**
   * The vendor's name of the link.
   */
  link: string;
  /**
   * How many targets one record may have in this way.
   */
  cardinality: Cardinality;
  /**
   * The fields that a target may have besides its id.
   */
  fields: Array<string>;
  /**
   * The fields that a target must have besides its id, for a link to be made.
   */
  required?: Array<string>;
  /**
   * What can be done, and what it takes.
   */
  verbs: Array<Does>;
  /**
   * Why the pair is refused; absent where it can be linked. A pair that has `verbs` all the same is refused only to those
   * who leave out what it requires.
   */
  refused?: Refused;
  /**
   * What a caller should know, and what no source says.
   */
  note?: string;
};

/**
 * What works at one vendor.
 */
export type Capability = {
  /**
   * The vendor's name.
   */
  vendor: Vendor;
  /**
   * The version of the vendor's API that the mappers choose.
   */
  apiVersion: string;
  /**
   * What can be linked, and what is refused and why. A pair that is not listed cannot be linked.
   */
  pairs: Array<Pair>;
  /**
   * What can be done to the definitions of links; a verb that is not listed cannot be done.
   */
  associationTypes: Array<TypeVerb>;
  /**
   * What can be upserted, and what is refused and why.
   */
  upserts: Array<Upserts>;
  /**
   * Where these facts come from.
   */
  source: string;
};

/**
 * A record's id, a string whatever HubSpot sent.
 */
export type RecordId = {
  /**
   * The id.
   */
  id: string;
};

/**
 * The kind of an association.
 */
export type AssociationSpec = {
  /**
   * `HUBSPOT_DEFINED`, `USER_DEFINED`, `INTEGRATOR_DEFINED` or `WORK`; other words are kept.
   */
  associationCategory: string;
  /**
   * The number of the kind; it depends on the direction.
   */
  associationTypeId: number;
};

/**
 * One direction of an association.
 */
export type DefaultAssociation = {
  /**
   * The record that it starts at.
   */
  from: RecordId;
  /**
   * The record that it ends at.
   */
  to: RecordId;
  /**
   * The kind of association, as HubSpot numbers it.
   */
  associationSpec: AssociationSpec;
};

/**
 * What HubSpot says of one input that failed.
 */
export type ItemError = {
  /**
   * The kind of error, as in `OBJECT_NOT_FOUND`.
   */
  category: string;
  /**
   * HubSpot's words.
   */
  message: string;
  /**
   * What it is about: names to lists of values.
   */
  context: Record<string, unknown>;
};

/**
 * Two associated records, and the labels between them.
 */
export type LabelledPair = {
  /**
   * The type of the first record, as in `0-1`.
   */
  fromObjectTypeId: string;
  /**
   * The id of the first record.
   */
  fromObjectId: string;
  /**
   * The type of the second record.
   */
  toObjectTypeId: string;
  /**
   * The id of the second record.
   */
  toObjectId: string;
  /**
   * The texts of the labels; a kind of association without a label has none.
   */
  labels: string[];
};

/**
 * A kind of association, with its label.
 */
export type LabelledType = {
  /**
   * `HUBSPOT_DEFINED`, `USER_DEFINED`, `INTEGRATOR_DEFINED` or `WORK`; other words are kept.
   */
  category: string;
  /**
   * The number of the kind; it depends on the direction.
   */
  typeId: number;
  /**
   * The label's text, which people may change; absent or `null` for the plain association.
   */
  label?: string | null;
};

/**
 * A record that another one is associated with.
 */
export type Associated = {
  /**
   * Its id.
   */
  toObjectId: string;
  /**
   * Every kind of association between the two.
   */
  associationTypes: Array<LabelledType>;
};

/**
 * A record, by its id.
 */
export type HubspotRecord = {
  /**
   * The id.
   */
  id: string | number;
};

/**
 * Two records to associate.
 */
export type HubspotPair = {
  /**
   * The first record.
   */
  from: HubspotRecord;
  /**
   * The second record.
   */
  to: HubspotRecord;
};

/**
 * A kind of association, as a caller names it. It depends on the direction.
 */
export type HubspotAssociationType = {
  /**
   * Who defined it: the numbers of one category say nothing about another's.
   */
  associationCategory: "HUBSPOT_DEFINED" | "USER_DEFINED" | "INTEGRATOR_DEFINED" | "WORK";
  /**
   * Its number.
   */
  associationTypeId: number;
};

/**
 * Two records, and kinds of association between them.
 */
export type HubspotTypedPair = {
  /**
   * The first record.
   */
  from: HubspotRecord;
  /**
   * The second record.
   */
  to: HubspotRecord;
  /**
   * The kinds of association, at least one.
   */
  types: Array<HubspotAssociationType>;
};

/**
 * A record, and where its page starts.
 */
export type HubspotStart = {
  /**
   * The record's id.
   */
  id: string | number;
  /**
   * `paging.next.after` of the same record's page before.
   */
  after?: Id;
};

/**
 * One record's page.
 */
export type HubspotAssociations = {
  /**
   * The record.
   */
  from: RecordId;
  /**
   * Those that it is associated with.
   */
  to: Array<Associated>;
  /**
   * Where its next page starts; absent on the last one.
   */
  paging?: { next?: { after: string; link?: string } };
};

/**
 * One record, and several others.
 */
export type HubspotFan = {
  /**
   * The first record.
   */
  from: HubspotRecord;
  /**
   * The second records, at least one.
   */
  to: Array<HubspotRecord>;
};

/**
 * A limit to set.
 */
export type HubspotLimit = {
  /**
   * Who defined the kind of association.
   */
  category: "HUBSPOT_DEFINED" | "USER_DEFINED" | "INTEGRATOR_DEFINED" | "WORK";
  /**
   * The number of the kind, in this direction.
   */
  typeId: number;
  /**
   * With how many records one may be associated in this way.
   */
  maxToObjectIds: number;
};

/**
 * A kind of association with its limit.
 */
export type LimitedType = {
  /**
   * `HUBSPOT_DEFINED`, `USER_DEFINED`, `INTEGRATOR_DEFINED` or `WORK`; other words are kept.
   */
  category: string;
  /**
   * The number of the kind; it depends on the direction.
   */
  typeId: number;
  /**
   * The label's text.
   */
  label?: string | null;
  /**
   * With how many records one may be associated in this way.
   */
  userEnforcedMaxToObjectIds?: number | null;
};

/**
 * A kind of association that has a limit.
 */
export type HubspotLimited = {
  /**
   * Who defined it.
   */
  category: "HUBSPOT_DEFINED" | "USER_DEFINED" | "INTEGRATOR_DEFINED" | "WORK";
  /**
   * Its number, in this direction.
   */
  typeId: number;
};

/**
 * An association definition.
 *
 * The published schema types labels, keys and the type as objects; examples, webhooks and live answers have strings.
 */
export type LeadConnectorAssociation = {
  /**
   * The id of the definition.
   */
  id: string;
  /**
   * Its key, unique in the location.
   */
  key?: string;
  /**
   * The location (sub-account).
   */
  locationId?: string;
  /**
   * The kind of the first record, as in `custom_objects.children`.
   */
  firstObjectKey?: string;
  /**
   * What the first record is called.
   */
  firstObjectLabel?: string;
  /**
   * The kind of the second record.
   */
  secondObjectKey?: string;
  /**
   * What the second record is called.
   */
  secondObjectLabel?: string;
  /**
   * `USER_DEFINED` or `SYSTEM_DEFINED`; other words are kept.
   */
  associationType?: string;
};

/**
 * A relation. The published answer is that of a definition; webhooks and live answers have this shape.
 */
export type LeadConnectorRelation = {
  /**
   * The id of the relation.
   */
  id: string;
  /**
   * The id of its definition.
   */
  associationId?: string;
  /**
   * The first record.
   */
  firstRecordId?: string;
  /**
   * The second record.
   */
  secondRecordId?: string;
};

/**
 * What happens with the followers.
 */
export type FollowersAction = "add" | "remove";

/**
 * An opportunity's status.
 */
export type Status = "open" | "won" | "lost" | "abandoned";

/**
 * The records of a call. Each names its kind under `attributes.type`.
 */
export type Records = {
  /**
   * Whether one failure rolls all back; false by default.
   */
  allOrNone?: boolean;
  /**
   * The records, 1 to 200, as in `{"attributes": {"type": "Contact"}, "LastName": "…"}`.
   */
  records: Array<Record<string, unknown>>;
};

/**
 * Why a record was not written. The code stands under `statusCode` in collections and under `errorCode` elsewhere.
 */
export type SaveError = {
  /**
   * The code, as in `DUPLICATE_VALUE`.
   */
  statusCode: string;
  /**
   * Salesforce's words.
   */
  message: string;
  /**
   * The fields at fault.
   */
  fields: Array<string>;
};

/**
 * What a create answers, and each item of a collection.
 */
export type SaveResult = {
  /**
   * The id of the record.
   */
  id?: string;
  /**
   * Whether it was written.
   */
  success: boolean;
  /**
   * Why not.
   */
  errors: Array<SaveError>;
};

/**
 * One part of a composite call.
 */
export type Part = {
  /**
   * The verb.
   */
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /**
   * The path with its query, from `/services/data/` on.
   */
  url: string;
  /**
   * The part's name: letters, digits and `_`.
   */
  referenceId: string;
  /**
   * The body, where the part has one.
   */
  body?: unknown;
};

/**
 * What one part answers.
 */
export type PartAnswer = {
  /**
   * The part's body.
   */
  body: unknown;
  /**
   * The part's status.
   */
  httpStatusCode: number;
  /**
   * The part's name.
   */
  referenceId: string;
};

/**
 * The kinds of records that Truto links from. The founding page has the first two.
 */
export type TrutoEntity = "accounts" | "opportunities" | "contacts" | "leads";

/**
 * A record to link with.
 */
export type TrutoTarget = {
  /**
   * Its id.
   */
  id: Id;
};

/**
 * Targets by kind.
 */
export type TrutoTargets = {
  /**
   * Companies.
   */
  accounts?: Array<TrutoTarget>;
  /**
   * Companies, in the spelling of Truto's page: sent as `accounts`.
   */
  acocunts?: Array<TrutoTarget>;
  /**
   * People.
   */
  contacts?: Array<TrutoTarget>;
  /**
   * People or companies not yet qualified.
   */
  leads?: Array<TrutoTarget>;
  /**
   * Deals.
   */
  opportunities?: Array<TrutoTarget>;
  /**
   * Companies, at vendors that tell them from accounts.
   */
  organizations?: Array<TrutoTarget>;
};

/** Every endpoint: what it takes, and what a success says. */
export interface Endpoints {
  /** `PUT /crm/v4/objects/{fromObjectType}/{fromObjectId}/associations/default/{toObjectType}/{toObjectId}` */
  "hubspot.associations.createDefault": {
    params: {
      /**
       * The type of the first record: a name such as `contacts`, or an id such as `0-1` or `2-3465404`.
       */
      fromObjectType: Id;
      /**
       * The id of the first record.
       */
      fromObjectId: string | number;
      /**
       * The type of the second record.
       */
      toObjectType: Id;
      /**
       * The id of the second record.
       */
      toObjectId: string | number;
    };
    answer: {
      /**
       * `COMPLETE`, `PENDING`, `PROCESSING` or `CANCELED`; other words are kept.
       */
      status: string;
      /**
       * The associations that now exist.
       */
      results: Array<DefaultAssociation>;
      /**
       * How many inputs failed. HubSpot leaves it out when none did.
       */
      numErrors: number;
      /**
       * Why, for each of them.
       */
      errors: Array<ItemError>;
    };
  };
  /** `PUT /crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}` */
  "hubspot.associations.label": {
    params: {
      /**
       * The type of the first record: a name such as `contacts`, or an id such as `0-1` or `2-3465404`.
       */
      objectType: Id;
      /**
       * The id of the first record.
       */
      objectId: string | number;
      /**
       * The type of the second record.
       */
      toObjectType: Id;
      /**
       * The id of the second record.
       */
      toObjectId: string | number;
      /**
       * The kinds of association that the pair is to have, at least one: the whole body. Those that it has and that are
       * not among these are removed.
       */
      types: Array<HubspotAssociationType>;
    };
    answer: {
      /**
       * The type of the first record, as in `0-1`.
       */
      fromObjectTypeId: string;
      /**
       * The id of the first record.
       */
      fromObjectId: string;
      /**
       * The type of the second record.
       */
      toObjectTypeId: string;
      /**
       * The id of the second record.
       */
      toObjectId: string;
      /**
       * The texts of the labels; a kind of association without a label has none.
       */
      labels: string[];
    };
  };
  /** `GET /crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}` */
  "hubspot.associations.list": {
    params: {
      /**
       * The record's type: a name such as `contacts`, or an id such as `0-1` or `2-3465404`.
       */
      objectType: Id;
      /**
       * The record's id.
       */
      objectId: string | number;
      /**
       * The type of the records to list.
       */
      toObjectType: Id;
      /**
       * Where the page starts: `paging.next.after` of the page before.
       */
      after?: Id;
      /**
       * How many records a page has at most, 1 to 500; 500 by default.
       */
      limit?: number;
    };
    answer: {
      /**
       * The associated records.
       */
      results: Array<Associated>;
      /**
       * Where the next page starts; absent on the last one.
       */
      paging?: { next?: { after: string; link?: string } };
    };
  };
  /** `DELETE /crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}` */
  "hubspot.associations.remove": {
    params: {
      /**
       * The type of the first record: a name such as `contacts`, or an id such as `0-1` or `2-3465404`.
       */
      objectType: Id;
      /**
       * The id of the first record.
       */
      objectId: string | number;
      /**
       * The type of the second record.
       */
      toObjectType: Id;
      /**
       * The id of the second record.
       */
      toObjectId: string | number;
    };
    answer: Record<string, never>;
  };
  /** `POST /crm/v4/associations/{fromObjectType}/{toObjectType}/batch/associate/default` */
  "hubspot.associations.batchCreateDefault": {
    params: {
      /**
       * The type of all first records.
       */
      fromObjectType: Id;
      /**
       * The type of all second records.
       */
      toObjectType: Id;
      /**
       * The pairs, 1 to 2,000.
       */
      inputs: Array<HubspotPair>;
    };
    answer: {
      /**
       * `COMPLETE`, `PENDING`, `PROCESSING` or `CANCELED`; other words are kept.
       */
      status: string;
      /**
       * The associations that now exist.
       */
      results: Array<DefaultAssociation>;
      /**
       * How many inputs failed. HubSpot leaves it out when none did.
       */
      numErrors: number;
      /**
       * Why, for each of them.
       */
      errors: Array<ItemError>;
    };
  };
  /** `POST /crm/v4/associations/{fromObjectType}/{toObjectType}/batch/create` */
  "hubspot.associations.batchCreate": {
    params: {
      /**
       * The type of all first records.
       */
      fromObjectType: Id;
      /**
       * The type of all second records.
       */
      toObjectType: Id;
      /**
       * The pairs, 1 to 2,000.
       */
      inputs: Array<HubspotTypedPair>;
    };
    answer: {
      /**
       * `COMPLETE`, `PENDING`, `PROCESSING` or `CANCELED`; other words are kept.
       */
      status: string;
      /**
       * The pairs.
       */
      results: Array<LabelledPair>;
      /**
       * How many inputs failed. HubSpot leaves it out when none did.
       */
      numErrors: number;
      /**
       * Why, for each of them.
       */
      errors: Array<ItemError>;
    };
  };
  /** `POST /crm/v4/associations/{fromObjectType}/{toObjectType}/batch/read` */
  "hubspot.associations.batchRead": {
    params: {
      /**
       * The type of all first records.
       */
      fromObjectType: Id;
      /**
       * The type of the records to list.
       */
      toObjectType: Id;
      /**
       * The first records, 1 to 1,000.
       */
      inputs: Array<HubspotStart>;
    };
    answer: {
      /**
       * `COMPLETE`, `PENDING`, `PROCESSING` or `CANCELED`; other words are kept.
       */
      status: string;
      /**
       * The records with their pages.
       */
      results: Array<HubspotAssociations>;
      /**
       * How many records have no page: those without associations are among them.
       */
      numErrors: number;
      /**
       * Why, for each of them.
       */
      errors: Array<ItemError>;
    };
  };
  /** `POST /crm/v4/associations/{fromObjectType}/{toObjectType}/batch/archive` */
  "hubspot.associations.batchArchive": {
    params: {
      /**
       * The type of all first records.
       */
      fromObjectType: Id;
      /**
       * The type of all second records.
       */
      toObjectType: Id;
      /**
       * The first records, 1 to 100, each with its second ones.
       */
      inputs: Array<HubspotFan>;
    };
    answer: {
      /**
       * `COMPLETE`, `PENDING`, `PROCESSING` or `CANCELED`; other words are kept.
       */
      status?: string;
      /**
       * How many inputs failed.
       */
      numErrors: number;
      /**
       * Why, for each of them.
       */
      errors: Array<ItemError>;
    };
  };
  /** `POST /crm/v4/associations/{fromObjectType}/{toObjectType}/batch/labels/archive` */
  "hubspot.associations.batchArchiveLabels": {
    params: {
      /**
       * The type of all first records.
       */
      fromObjectType: Id;
      /**
       * The type of all second records.
       */
      toObjectType: Id;
      /**
       * The pairs, 1 to 2,000.
       */
      inputs: Array<HubspotTypedPair>;
    };
    answer: {
      /**
       * `COMPLETE`, `PENDING`, `PROCESSING` or `CANCELED`; other words are kept.
       */
      status?: string;
      /**
       * How many inputs failed.
       */
      numErrors: number;
      /**
       * Why, for each of them.
       */
      errors: Array<ItemError>;
    };
  };
  /** `GET /crm/v4/associations/{fromObjectType}/{toObjectType}/labels` */
  "hubspot.associationLabels.list": {
    params: {
      /**
       * The type of the first records: a name such as `contacts`, or an id such as `0-1` or `2-3465404`.
       */
      fromObjectType: Id;
      /**
       * The type of the second records.
       */
      toObjectType: Id;
    };
    answer: {
      /**
       * The kinds. The plain one has no label.
       */
      results: Array<LabelledType>;
    };
  };
  /** `POST /crm/v4/associations/{fromObjectType}/{toObjectType}/labels` */
  "hubspot.associationLabels.create": {
    params: {
      /**
       * The type of the first records: a name such as `contacts`, or an id such as `0-1` or `2-3465404`.
       */
      fromObjectType: Id;
      /**
       * The type of the second records.
       */
      toObjectType: Id;
      /**
       * The text that people see.
       */
      label: string;
      /**
       * The name that programs see: without a hyphen, and not starting with a digit.
       */
      name: string;
      /**
       * The text for the other direction, where it has its own.
       */
      inverseLabel?: string;
    };
    answer: {
      /**
       * The kinds. The plain one has no label.
       */
      results: Array<LabelledType>;
    };
  };
  /** `PUT /crm/v4/associations/{fromObjectType}/{toObjectType}/labels` */
  "hubspot.associationLabels.update": {
    params: {
      /**
       * The type of the first records: a name such as `contacts`, or an id such as `0-1` or `2-3465404`.
       */
      fromObjectType: Id;
      /**
       * The type of the second records.
       */
      toObjectType: Id;
      /**
       * The number of the label's kind of association, in this direction.
       */
      associationTypeId: string | number;
      /**
       * The text that people see.
       */
      label: string;
      /**
       * The text for the other direction, where it has its own.
       */
      inverseLabel?: string;
    };
    answer: Record<string, never>;
  };
  /** `DELETE /crm/v4/associations/{fromObjectType}/{toObjectType}/labels/{associationTypeId}` */
  "hubspot.associationLabels.delete": {
    params: {
      /**
       * The type of the first records: a name such as `contacts`, or an id such as `0-1` or `2-3465404`.
       */
      fromObjectType: Id;
      /**
       * The type of the second records.
       */
      toObjectType: Id;
      /**
       * The number of the label's kind of association, in this direction.
       */
      associationTypeId: string | number;
    };
    answer: Record<string, never>;
  };
  /** `GET /crm/v4/associations/definitions/configurations/all` */
  "hubspot.associationLimits.listAll": {
    params: Record<string, never>;
    answer: {
      /**
       * One for each kind of association.
       */
      results: Array<LimitedType>;
    };
  };
  /** `GET /crm/v4/associations/definitions/configurations/{fromObjectType}/{toObjectType}` */
  "hubspot.associationLimits.list": {
    params: {
      /**
       * The type of the first records: a name such as `contacts`, or an id such as `0-1` or `2-3465404`.
       */
      fromObjectType: Id;
      /**
       * The type of the second records.
       */
      toObjectType: Id;
    };
    answer: {
      /**
       * One for each kind of association.
       */
      results: Array<LimitedType>;
    };
  };
  /** `POST /crm/v4/associations/definitions/configurations/{fromObjectType}/{toObjectType}/batch/create` */
  "hubspot.associationLimits.create": {
    params: {
      /**
       * The type of the first records: a name such as `contacts`, or an id such as `0-1` or `2-3465404`.
       */
      fromObjectType: Id;
      /**
       * The type of the second records.
       */
      toObjectType: Id;
      /**
       * The limits, one for each kind of association.
       */
      inputs: Array<HubspotLimit>;
    };
    answer: {
      /**
       * `COMPLETE`, `PENDING`, `PROCESSING` or `CANCELED`; other words are kept.
       */
      status: string;
      /**
       * One for each kind of association.
       */
      results: Array<LimitedType>;
      /**
       * How many inputs failed.
       */
      numErrors: number;
      /**
       * Why, for each of them.
       */
      errors: Array<ItemError>;
    };
  };
  /** `POST /crm/v4/associations/definitions/configurations/{fromObjectType}/{toObjectType}/batch/update` */
  "hubspot.associationLimits.update": {
    params: {
      /**
       * The type of the first records: a name such as `contacts`, or an id such as `0-1` or `2-3465404`.
       */
      fromObjectType: Id;
      /**
       * The type of the second records.
       */
      toObjectType: Id;
      /**
       * The limits, one for each kind of association.
       */
      inputs: Array<HubspotLimit>;
    };
    answer: {
      /**
       * `COMPLETE`, `PENDING`, `PROCESSING` or `CANCELED`; other words are kept.
       */
      status: string;
      /**
       * One for each kind of association.
       */
      results: Array<LimitedType>;
      /**
       * How many inputs failed.
       */
      numErrors: number;
      /**
       * Why, for each of them.
       */
      errors: Array<ItemError>;
    };
  };
  /** `POST /crm/v4/associations/definitions/configurations/{fromObjectType}/{toObjectType}/batch/purge` */
  "hubspot.associationLimits.delete": {
    params: {
      /**
       * The type of the first records: a name such as `contacts`, or an id such as `0-1` or `2-3465404`.
       */
      fromObjectType: Id;
      /**
       * The type of the second records.
       */
      toObjectType: Id;
      /**
       * The kinds.
       */
      inputs: Array<HubspotLimited>;
    };
    answer: {
      /**
       * `COMPLETE`, `PENDING`, `PROCESSING` or `CANCELED`; other words are kept.
       */
      status?: string;
      /**
       * How many inputs failed.
       */
      numErrors: number;
      /**
       * Why, for each of them.
       */
      errors: Array<ItemError>;
    };
  };
  /** `PUT /crm/v3/objects/partner_clients/{partnerClientId}/associations/{toObjectType}/{toObjectId}/{associationType}` */
  "hubspot.partnerClients.associate": {
    params: {
      /**
       * The id of the partner client.
       */
      partnerClientId: string | number;
      /**
       * The type of the other record.
       */
      toObjectType: Id;
      /**
       * The id of the other record.
       */
      toObjectId: string | number;
      /**
       * The kind of association, by name or number. HubSpot publishes no list for partner clients.
       */
      associationType: string | number;
    };
    answer: {
      /**
       * Its id.
       */
      id: string;
      /**
       * Property values by name; `null` where a property has none.
       */
      properties: Record<string, string | null>;
      /**
       * When it was created, ISO 8601.
       */
      createdAt: string;
      /**
       * When it was last updated, ISO 8601.
       */
      updatedAt: string;
      /**
       * Whether it is archived. HubSpot may leave it out: then it is not.
       */
      archived: boolean;
      /**
       * When it was archived, ISO 8601.
       */
      archivedAt?: string;
      /**
       * The ids of associated records by kind.
       */
      associations?: Record<string, unknown>;
      /**
       * Property values with their history.
       */
      propertiesWithHistory?: Record<string, unknown>;
      /**
       * HubSpot's id of this write.
       */
      objectWriteTraceId?: string;
    };
  };
  /** `DELETE /crm/v3/objects/partner_clients/{partnerClientId}/associations/{toObjectType}/{toObjectId}/{associationType}` */
  "hubspot.partnerClients.disassociate": {
    params: {
      /**
       * The id of the partner client.
       */
      partnerClientId: string | number;
      /**
       * The type of the other record.
       */
      toObjectType: Id;
      /**
       * The id of the other record.
       */
      toObjectId: string | number;
      /**
       * The kind of association, by name or number. HubSpot publishes no list for partner clients.
       */
      associationType: string | number;
    };
    answer: Record<string, never>;
  };
  /** `PUT /crm/v3/objects/partner_services/{partnerServiceId}/associations/{toObjectType}/{toObjectId}/{associationType}` */
  "hubspot.partnerServices.associate": {
    params: {
      /**
       * The id of the partner service.
       */
      partnerServiceId: string | number;
      /**
       * The type of the other record.
       */
      toObjectType: Id;
      /**
       * The id of the other record.
       */
      toObjectId: string | number;
      /**
       * The kind of association, by name or number. HubSpot publishes no list for partner services.
       */
      associationType: string | number;
    };
    answer: {
      /**
       * Its id.
       */
      id: string;
      /**
       * Property values by name; `null` where a property has none.
       */
      properties: Record<string, string | null>;
      /**
       * When it was created, ISO 8601.
       */
      createdAt: string;
      /**
       * When it was last updated, ISO 8601.
       */
      updatedAt: string;
      /**
       * Whether it is archived. HubSpot may leave it out: then it is not.
       */
      archived: boolean;
      /**
       * When it was archived, ISO 8601.
       */
      archivedAt?: string;
      /**
       * The ids of associated records by kind.
       */
      associations?: Record<string, unknown>;
      /**
       * Property values with their history.
       */
      propertiesWithHistory?: Record<string, unknown>;
      /**
       * HubSpot's id of this write.
       */
      objectWriteTraceId?: string;
    };
  };
  /** `DELETE /crm/v3/objects/partner_services/{partnerServiceId}/associations/{toObjectType}/{toObjectId}/{associationType}` */
  "hubspot.partnerServices.disassociate": {
    params: {
      /**
       * The id of the partner service.
       */
      partnerServiceId: string | number;
      /**
       * The type of the other record.
       */
      toObjectType: Id;
      /**
       * The id of the other record.
       */
      toObjectId: string | number;
      /**
       * The kind of association, by name or number. HubSpot publishes no list for partner services.
       */
      associationType: string | number;
    };
    answer: Record<string, never>;
  };
  /** `POST /associations/` */
  "leadconnector.associations.create": {
    params: {
      /**
       * The location (sub-account) that it belongs to.
       */
      locationId: Id;
      /**
       * Its key, unique in the location, as in `student_teacher`.
       */
      key: Id;
      /**
       * What the first record is called, as in `student`.
       */
      firstObjectLabel: string;
      /**
       * The kind of the first record, as in `custom_objects.children`.
       */
      firstObjectKey: Id;
      /**
       * What the second record is called, as in `Teacher`.
       */
      secondObjectLabel: string;
      /**
       * The kind of the second record, as in `contact`.
       */
      secondObjectKey: Id;
      /**
       * Fields that the published description lacks (`firstObjectToSecondObjectCardinality` is seen in use).
       */
      extra?: Record<string, unknown>;
    };
    answer: {
      /**
       * The id of the definition.
       */
      id: string;
      /**
       * Its key, unique in the location.
       */
      key?: string;
      /**
       * The location (sub-account).
       */
      locationId?: string;
      /**
       * The kind of the first record, as in `custom_objects.children`.
       */
      firstObjectKey?: string;
      /**
       * What the first record is called.
       */
      firstObjectLabel?: string;
      /**
       * The kind of the second record.
       */
      secondObjectKey?: string;
      /**
       * What the second record is called.
       */
      secondObjectLabel?: string;
      /**
       * `USER_DEFINED` or `SYSTEM_DEFINED`; other words are kept.
       */
      associationType?: string;
    };
  };
  /** `GET /associations/key/{key_name}` */
  "leadconnector.associations.byKey": {
    params: {
      /**
       * The key of the definition.
       */
      key_name: Id;
      /**
       * The location (sub-account) that it belongs to.
       */
      location_id: Id;
    };
    answer: {
      /**
       * The id of the definition.
       */
      id: string;
      /**
       * Its key, unique in the location.
       */
      key?: string;
      /**
       * The location (sub-account).
       */
      locationId?: string;
      /**
       * The kind of the first record, as in `custom_objects.children`.
       */
      firstObjectKey?: string;
      /**
       * What the first record is called.
       */
      firstObjectLabel?: string;
      /**
       * The kind of the second record.
       */
      secondObjectKey?: string;
      /**
       * What the second record is called.
       */
      secondObjectLabel?: string;
      /**
       * `USER_DEFINED` or `SYSTEM_DEFINED`; other words are kept.
       */
      associationType?: string;
    };
  };
  /** `GET /associations/` */
  "leadconnector.associations.list": {
    params: {
      /**
       * The location (sub-account).
       */
      locationId: Id;
      /**
       * How many to skip: none by default.
       */
      skip?: number | string;
      /**
       * How many to list: 100 by default. The largest number is not documented.
       */
      limit?: number | string;
    };
    answer: {
      /**
       * The definitions.
       */
      associations: Array<LeadConnectorAssociation>;
    };
  };
  /** `GET /associations/objectKey/{objectKey}` */
  "leadconnector.associations.byObject": {
    params: {
      /**
       * The key of the kind, as in `contact` or `custom_objects.car`.
       */
      objectKey: Id;
      /**
       * The location (sub-account). The published page does not ask for it.
       */
      locationId?: Id;
    };
    answer: {
      /**
       * The definitions.
       */
      associations: Array<LeadConnectorAssociation>;
    };
  };
  /** `GET /associations/{associationId}` */
  "leadconnector.associations.get": {
    params: {
      /**
       * The id of the definition.
       */
      associationId: Id;
    };
    answer: {
      /**
       * The id of the definition.
       */
      id: string;
      /**
       * Its key, unique in the location.
       */
      key?: string;
      /**
       * The location (sub-account).
       */
      locationId?: string;
      /**
       * The kind of the first record, as in `custom_objects.children`.
       */
      firstObjectKey?: string;
      /**
       * What the first record is called.
       */
      firstObjectLabel?: string;
      /**
       * The kind of the second record.
       */
      secondObjectKey?: string;
      /**
       * What the second record is called.
       */
      secondObjectLabel?: string;
      /**
       * `USER_DEFINED` or `SYSTEM_DEFINED`; other words are kept.
       */
      associationType?: string;
    };
  };
  /** `PUT /associations/{associationId}` */
  "leadconnector.associations.update": {
    params: {
      /**
       * The id of the definition.
       */
      associationId: Id;
      /**
       * What the first record is called.
       */
      firstObjectLabel: string;
      /**
       * What the second record is called.
       */
      secondObjectLabel: string;
    };
    answer: {
      /**
       * The id of the definition.
       */
      id: string;
      /**
       * Its key, unique in the location.
       */
      key?: string;
      /**
       * The location (sub-account).
       */
      locationId?: string;
      /**
       * The kind of the first record, as in `custom_objects.children`.
       */
      firstObjectKey?: string;
      /**
       * What the first record is called.
       */
      firstObjectLabel?: string;
      /**
       * The kind of the second record.
       */
      secondObjectKey?: string;
      /**
       * What the second record is called.
       */
      secondObjectLabel?: string;
      /**
       * `USER_DEFINED` or `SYSTEM_DEFINED`; other words are kept.
       */
      associationType?: string;
    };
  };
  /** `DELETE /associations/{associationId}` */
  "leadconnector.associations.delete": {
    params: {
      /**
       * The id of the definition.
       */
      associationId: Id;
    };
    answer: {
      /**
       * Always true: an answer without it is a failure.
       */
      deleted: boolean;
      /**
       * The id of what was deleted.
       */
      id?: string;
      /**
       * LeadConnector's own words.
       */
      message?: string;
    };
  };
  /** `POST /associations/relations` */
  "leadconnector.relations.create": {
    params: {
      /**
       * The location (sub-account).
       */
      locationId: Id;
      /**
       * The id of the association definition.
       */
      associationId: Id;
      /**
       * A record of the definition's first object.
       */
      firstRecordId: Id;
      /**
       * A record of the definition's second object.
       */
      secondRecordId: Id;
      /**
       * Fields that the published description lacks.
       */
      extra?: Record<string, unknown>;
    };
    answer: {
      /**
       * The id of the relation.
       */
      id: string;
      /**
       * The id of its definition.
       */
      associationId?: string;
      /**
       * The first record.
       */
      firstRecordId?: string;
      /**
       * The second record.
       */
      secondRecordId?: string;
    };
  };
  /** `GET /associations/relations/{recordId}` */
  "leadconnector.relations.list": {
    params: {
      /**
       * The record.
       */
      recordId: Id;
      /**
       * The location (sub-account).
       */
      locationId: Id;
      /**
       * How many to skip: none by default.
       */
      skip?: number | string;
      /**
       * How many to list: 100 by default. The largest number is not documented.
       */
      limit?: number | string;
      /**
       * Only the relations of these definitions: one id or a list.
       */
      associationIds?: string | Array<string>;
    };
    answer: {
      /**
       * The relations.
       */
      relations: Array<LeadConnectorRelation>;
    };
  };
  /** `DELETE /associations/relations/{relationId}` */
  "leadconnector.relations.delete": {
    params: {
      /**
       * The id of the relation.
       */
      relationId: Id;
      /**
       * The location (sub-account).
       */
      locationId: Id;
    };
    answer: {
      /**
       * Always true: an answer without it is a failure.
       */
      deleted: boolean;
      /**
       * The id of what was deleted.
       */
      id?: string;
      /**
       * LeadConnector's own words.
       */
      message?: string;
    };
  };
  /** `POST /opportunities/upsert` */
  "leadconnector.opportunities.upsert": {
    params: {
      /**
       * The id of the opportunity to update.
       */
      id?: Id;
      /**
       * The pipeline.
       */
      pipelineId: Id;
      /**
       * The location (sub-account).
       */
      locationId: Id;
      /**
       * The contact. The published page has lost this field; callers send it all the same.
       */
      contactId?: Id;
      /**
       * Users who follow the opportunity: one id or a list of at most 10.
       */
      followers?: string | Array<string>;
      /**
       * Whether all followers are removed first. Never true unless you say so.
       */
      isRemoveAllFollowers?: boolean;
      /**
       * Whether `followers` are added (the default) or removed.
       */
      followersActionType?: FollowersAction;
      /**
       * The opportunity's name.
       */
      name?: string;
      /**
       * Its status. `all` is a search word and refused.
       */
      status?: Status;
      /**
       * The stage of the pipeline.
       */
      pipelineStageId?: Id;
      /**
       * Its value: a number, or a decimal as text, which keeps every digit.
       */
      monetaryValue?: number | string | { amount: number | string };
      /**
       * The user it is assigned to.
       */
      assignedTo?: Id;
      /**
       * Why it was lost.
       */
      lostReasonId?: Id;
      /**
       * Fields that the published description lacks, `customFields` or `source` for instance.
       */
      extra?: Record<string, unknown>;
    };
    answer: {
      /**
       * The opportunity as it is now.
       */
      opportunity: Record<string, unknown>;
      /**
       * Whether it was created.
       */
      new: boolean;
    };
  };
  /** `POST /services/data/{version}/sobjects/{sobject}` */
  "salesforce.sobjects.create": {
    params: {
      /**
       * The object's API name, as in `OpportunityContactRole`.
       */
      sobject: Id;
      /**
       * Its fields by API name.
       */
      record: Record<string, unknown>;
    };
    answer: {
      /**
       * The id of the record.
       */
      id?: string;
      /**
       * Whether it was written.
       */
      success: boolean;
      /**
       * Why not.
       */
      errors: Array<SaveError>;
    };
  };
  /** `PATCH /services/data/{version}/sobjects/{sobject}/{id}` */
  "salesforce.sobjects.update": {
    params: {
      /**
       * The object's API name, as in `Opportunity`.
       */
      sobject: Id;
      /**
       * The record's id.
       */
      id: Id;
      /**
       * The fields to change, by API name.
       */
      record: Record<string, unknown>;
    };
    answer: Record<string, never>;
  };
  /** `POST /services/data/{version}/composite/sobjects` */
  "salesforce.collections.create": {
    params: Records;
    answer: Array<{
      /**
       * The id of the record.
       */
      id?: string;
      /**
       * Whether it was written.
       */
      success: boolean;
      /**
       * Why not.
       */
      errors: Array<SaveError>;
    }>;
  };
  /** `PATCH /services/data/{version}/composite/sobjects` */
  "salesforce.collections.update": {
    params: Records;
    answer: Array<{
      /**
       * The id of the record.
       */
      id?: string;
      /**
       * Whether it was written.
       */
      success: boolean;
      /**
       * Why not.
       */
      errors: Array<SaveError>;
    }>;
  };
  /** `POST /services/data/{version}/composite` */
  "salesforce.composite.send": {
    params: {
      /**
       * Whether one failure rolls all back; false by default.
       */
      allOrNone?: boolean;
      /**
       * Whether Salesforce may reorder the parts to run them together; true by default, as at Salesforce.
       */
      collateSubrequests?: boolean;
      /**
       * The parts, 1 to 25.
       */
      compositeRequest: Array<Part>;
    };
    answer: {
      /**
       * One answer for each part, in order.
       */
      compositeResponse: Array<PartAnswer>;
    };
  };
  /** `POST /unified/crm/associations` */
  "truto.associations.create": {
    params: {
      /**
       * The integrated account, a UUID.
       */
      integrated_account_id: Id;
      /**
       * How the answer is to look; `unified` where it is left out.
       */
      truto_response_format?: Format;
      /**
       * Leaves `remote_data` out of the answer.
       */
      truto_ignore_remote_data?: boolean;
      /**
       * Fields to leave out of the answer: a list, or names with commas between them.
       */
      truto_exclude_fields?: string | Array<string>;
      /**
       * Parameters for the vendor behind Truto, passed on untouched.
       */
      remote_query?: Record<string, unknown>;
      /**
       * What the record is.
       */
      entity: TrutoEntity;
      /**
       * Its id.
       */
      entity_id: Id;
      /**
       * The records to link it with.
       */
      associations: TrutoTargets;
      /**
       * Fields for the vendor behind Truto, passed on untouched.
       */
      remote_data?: Record<string, unknown>;
    };
    answer: {
      /**
       * The record's id.
       */
      entity_id?: string;
      /**
       * What the record is.
       */
      entity?: string;
      /**
       * The linked records by kind; `acocunts` is the page's own spelling.
       */
      associations?: Record<string, Array<{ id: string }>>;
      /**
       * The answer of the vendor behind Truto.
       */
      remote_data?: unknown;
    };
  };
}

/** What can be linked: the kinds at both ends, what can be done, and the fields of a target besides its id. */
export interface Pairs {
  hubspot: {
    accounts: {
      /** association: A role is the text of a label of the account's, or of HubSpot's own; association_type is its number. The first record of a pair's kind may become the primary one by itself; one that is made primary takes the place of the one before. */
      contacts: {
        verbs: "create" | "remove" | "set" | "list";
        may: "role" | "primary" | "association_type";
        must: never;
        refused: never;
      };
      /** association: The role parent or child says what the target is; any other is the text of a label. association_type is a label's number. */
      accounts: {
        verbs: "create" | "remove" | "set" | "list";
        may: "role" | "association_type";
        must: never;
        refused: never;
      };
      /** association: A role is the text of a label of the account's, or of HubSpot's own; association_type is its number. The first record of a pair's kind may become the primary one by itself; one that is made primary takes the place of the one before. */
      opportunities: {
        verbs: "create" | "remove" | "set" | "list";
        may: "role" | "primary" | "association_type";
        must: never;
        refused: never;
      };
      /** association: A role is the text of a label of the account's, or of HubSpot's own; association_type is its number. */
      leads: {
        verbs: "create" | "remove" | "set" | "list";
        may: "role" | "association_type";
        must: never;
        refused: never;
      };
      /** association: Any other type of records by HubSpot's name or id: 2-3465404, p123_name, 0-5 for tickets, partner_clients. Not known: whether every pair of types has a default association. */
      custom: {
        verbs: "create" | "remove" | "set" | "list";
        may: "role" | "association_type";
        must: never;
        refused: never;
      };
    };
    contacts: {
      /** association: A role is the text of a label of the account's, or of HubSpot's own; association_type is its number. */
      contacts: {
        verbs: "create" | "remove" | "set" | "list";
        may: "role" | "association_type";
        must: never;
        refused: never;
      };
      /** association: A role is the text of a label of the account's, or of HubSpot's own; association_type is its number. The first record of a pair's kind may become the primary one by itself; one that is made primary takes the place of the one before. */
      accounts: {
        verbs: "create" | "remove" | "set" | "list";
        may: "role" | "primary" | "association_type";
        must: never;
        refused: never;
      };
      /** association: A role is the text of a label of the account's, or of HubSpot's own; association_type is its number. */
      opportunities: {
        verbs: "create" | "remove" | "set" | "list";
        may: "role" | "association_type";
        must: never;
        refused: never;
      };
      /** association: A role is the text of a label of the account's, or of HubSpot's own; association_type is its number. */
      leads: {
        verbs: "create" | "remove" | "set" | "list";
        may: "role" | "association_type";
        must: never;
        refused: never;
      };
      /** association: Any other type of records by HubSpot's name or id: 2-3465404, p123_name, 0-5 for tickets, partner_clients. Not known: whether every pair of types has a default association. */
      custom: {
        verbs: "create" | "remove" | "set" | "list";
        may: "role" | "association_type";
        must: never;
        refused: never;
      };
    };
    leads: {
      /** association: A role is the text of a label of the account's, or of HubSpot's own; association_type is its number. The first record of a pair's kind may become the primary one by itself; one that is made primary takes the place of the one before. */
      contacts: {
        verbs: "create" | "remove" | "set" | "list";
        may: "role" | "primary" | "association_type";
        must: never;
        refused: never;
      };
      /** association: A role is the text of a label of the account's, or of HubSpot's own; association_type is its number. The first record of a pair's kind may become the primary one by itself; one that is made primary takes the place of the one before. */
      accounts: {
        verbs: "create" | "remove" | "set" | "list";
        may: "role" | "primary" | "association_type";
        must: never;
        refused: never;
      };
      /** association: A role is the text of a label of the account's, or of HubSpot's own; association_type is its number. The first record of a pair's kind may become the primary one by itself; one that is made primary takes the place of the one before. */
      opportunities: {
        verbs: "create" | "remove" | "set" | "list";
        may: "role" | "primary" | "association_type";
        must: never;
        refused: never;
      };
      /** association: Any other type of records by HubSpot's name or id: 2-3465404, p123_name, 0-5 for tickets, partner_clients. Not known: whether every pair of types has a default association. */
      custom: {
        verbs: "create" | "remove" | "set" | "list";
        may: "role" | "association_type";
        must: never;
        refused: never;
      };
    };
    opportunities: {
      /** association: A role is the text of a label of the account's, or of HubSpot's own; association_type is its number. */
      contacts: {
        verbs: "create" | "remove" | "set" | "list";
        may: "role" | "association_type";
        must: never;
        refused: never;
      };
      /** association: A role is the text of a label of the account's, or of HubSpot's own; association_type is its number. The first record of a pair's kind may become the primary one by itself; one that is made primary takes the place of the one before. */
      accounts: {
        verbs: "create" | "remove" | "set" | "list";
        may: "role" | "primary" | "association_type";
        must: never;
        refused: never;
      };
      /** association: A role is the text of a label of the account's, or of HubSpot's own; association_type is its number. */
      opportunities: {
        verbs: "create" | "remove" | "set" | "list";
        may: "role" | "association_type";
        must: never;
        refused: never;
      };
      /** association: A role is the text of a label of the account's, or of HubSpot's own; association_type is its number. The first record of a pair's kind may become the primary one by itself; one that is made primary takes the place of the one before. */
      leads: {
        verbs: "create" | "remove" | "set" | "list";
        may: "role" | "primary" | "association_type";
        must: never;
        refused: never;
      };
      /** association: Any other type of records by HubSpot's name or id: 2-3465404, p123_name, 0-5 for tickets, partner_clients. Not known: whether every pair of types has a default association. */
      custom: {
        verbs: "create" | "remove" | "set" | "list";
        may: "role" | "association_type";
        must: never;
        refused: never;
      };
    };
    custom: {
      /** association: Any other type of records by HubSpot's name or id: 2-3465404, p123_name, 0-5 for tickets, partner_clients. Not known: whether every pair of types has a default association. */
      contacts: {
        verbs: "create" | "remove" | "set" | "list";
        may: "role" | "association_type";
        must: never;
        refused: never;
      };
      /** association: Any other type of records by HubSpot's name or id: 2-3465404, p123_name, 0-5 for tickets, partner_clients. Not known: whether every pair of types has a default association. */
      accounts: {
        verbs: "create" | "remove" | "set" | "list";
        may: "role" | "association_type";
        must: never;
        refused: never;
      };
      /** association: Any other type of records by HubSpot's name or id: 2-3465404, p123_name, 0-5 for tickets, partner_clients. Not known: whether every pair of types has a default association. */
      leads: {
        verbs: "create" | "remove" | "set" | "list";
        may: "role" | "association_type";
        must: never;
        refused: never;
      };
      /** association: Any other type of records by HubSpot's name or id: 2-3465404, p123_name, 0-5 for tickets, partner_clients. Not known: whether every pair of types has a default association. */
      opportunities: {
        verbs: "create" | "remove" | "set" | "list";
        may: "role" | "association_type";
        must: never;
        refused: never;
      };
      /** association: Any other type of records by HubSpot's name or id: 2-3465404, p123_name, 0-5 for tickets, partner_clients. Not known: whether every pair of types has a default association. */
      custom: {
        verbs: "create" | "remove" | "set" | "list";
        may: "role" | "association_type";
        must: never;
        refused: never;
      };
    };
  };
  leadconnector: {
    accounts: {
      /** business of a contact: Without association_type it is the business that the contact is in: one at most, and `replace` moves it. */
      contacts: {
        verbs: "create" | "remove" | "set" | "list";
        may: "association_type" | "replace";
        must: never;
        refused: never;
      };
      /** relation: Give the key of a definition of yours (association_types.create makes one, as `association_types` in the input does). Without it a link that is removed is taken away under every definition. */
      accounts: { verbs: "create" | "remove" | "set" | "list"; may: never; must: "association_type"; refused: never };
      /** relation: Give the key of a definition of yours (association_types.create makes one, as `association_types` in the input does). Without it a link that is removed is taken away under every definition. */
      opportunities: {
        verbs: "create" | "remove" | "set" | "list";
        may: never;
        must: "association_type";
        refused: never;
      };
      /** relation: Give the key of a definition of yours (association_types.create makes one, as `association_types` in the input does). Without it a link that is removed is taken away under every definition. */
      custom: { verbs: "create" | "remove" | "set" | "list"; may: never; must: "association_type"; refused: never };
      /** LeadConnector has no lead records: its leads are contacts or opportunities */
      leads: { verbs: never; may: never; must: never; refused: "association_unsupported" };
    };
    contacts: {
      /** relation: The key of the location's own definition is seen in public code, not in the documentation. */
      opportunities: {
        verbs: "create" | "remove" | "set" | "list";
        may: "association_type";
        must: never;
        refused: never;
      };
      /** business of a contact: Without association_type it is the business that the contact is in: one at most, and `replace` moves it. */
      accounts: {
        verbs: "create" | "remove" | "set" | "list";
        may: "association_type" | "replace";
        must: never;
        refused: never;
      };
      /** relation: Give the key of a definition of yours (association_types.create makes one, as `association_types` in the input does). Without it a link that is removed is taken away under every definition. */
      contacts: { verbs: "create" | "remove" | "set" | "list"; may: never; must: "association_type"; refused: never };
      /** relation: Give the key of a definition of yours (association_types.create makes one, as `association_types` in the input does). Without it a link that is removed is taken away under every definition. */
      custom: { verbs: "create" | "remove" | "set" | "list"; may: never; must: "association_type"; refused: never };
      /** LeadConnector has no lead records: its leads are contacts or opportunities */
      leads: { verbs: never; may: never; must: never; refused: "association_unsupported" };
    };
    leads: {
      /** LeadConnector has no lead records: its leads are contacts or opportunities */
      accounts: { verbs: never; may: never; must: never; refused: "association_unsupported" };
      /** LeadConnector has no lead records: its leads are contacts or opportunities */
      contacts: { verbs: never; may: never; must: never; refused: "association_unsupported" };
      /** LeadConnector has no lead records: its leads are contacts or opportunities */
      leads: { verbs: never; may: never; must: never; refused: "association_unsupported" };
      /** LeadConnector has no lead records: its leads are contacts or opportunities */
      opportunities: { verbs: never; may: never; must: never; refused: "association_unsupported" };
      /** LeadConnector has no lead records: its leads are contacts or opportunities */
      custom: { verbs: never; may: never; must: never; refused: "association_unsupported" };
    };
    opportunities: {
      /** relation: The key of the location's own definition is seen in public code, not in the documentation. */
      contacts: { verbs: "create" | "remove" | "set" | "list"; may: "association_type"; must: never; refused: never };
      /** relation: Give the key of a definition of yours (association_types.create makes one, as `association_types` in the input does). Without it a link that is removed is taken away under every definition. */
      opportunities: {
        verbs: "create" | "remove" | "set" | "list";
        may: never;
        must: "association_type";
        refused: never;
      };
      /** relation: Give the key of a definition of yours (association_types.create makes one, as `association_types` in the input does). Without it a link that is removed is taken away under every definition. */
      accounts: { verbs: "create" | "remove" | "set" | "list"; may: never; must: "association_type"; refused: never };
      /** relation: Give the key of a definition of yours (association_types.create makes one, as `association_types` in the input does). Without it a link that is removed is taken away under every definition. */
      custom: { verbs: "create" | "remove" | "set" | "list"; may: never; must: "association_type"; refused: never };
      /** LeadConnector has no lead records: its leads are contacts or opportunities */
      leads: { verbs: never; may: never; must: never; refused: "association_unsupported" };
    };
    custom: {
      /** relation: Give the key of a definition of yours (association_types.create makes one, as `association_types` in the input does). Without it a link that is removed is taken away under every definition. */
      custom: { verbs: "create" | "remove" | "set" | "list"; may: never; must: "association_type"; refused: never };
      /** relation: Give the key of a definition of yours (association_types.create makes one, as `association_types` in the input does). Without it a link that is removed is taken away under every definition. */
      contacts: { verbs: "create" | "remove" | "set" | "list"; may: never; must: "association_type"; refused: never };
      /** relation: Give the key of a definition of yours (association_types.create makes one, as `association_types` in the input does). Without it a link that is removed is taken away under every definition. */
      opportunities: {
        verbs: "create" | "remove" | "set" | "list";
        may: never;
        must: "association_type";
        refused: never;
      };
      /** relation: Give the key of a definition of yours (association_types.create makes one, as `association_types` in the input does). Without it a link that is removed is taken away under every definition. */
      accounts: { verbs: "create" | "remove" | "set" | "list"; may: never; must: "association_type"; refused: never };
      /** LeadConnector has no lead records: its leads are contacts or opportunities */
      leads: { verbs: never; may: never; must: never; refused: "association_unsupported" };
    };
  };
  salesforce: {
    accounts: {
      /** AccountContactRelation: Needs the org's setting for contacts of several accounts; `primary` writes Contact.AccountId instead. A relation that is no longer active is no link: `replace` makes it active again. Not known: whether a contact without an account of its own may have another one. */
      contacts: {
        verbs: "create" | "remove" | "set" | "list";
        may: "role" | "primary" | "replace";
        must: never;
        refused: never;
      };
      /** Opportunity.AccountId */
      opportunities: { verbs: "create" | "remove" | "set" | "list"; may: "replace"; must: never; refused: never };
      /** Account.ParentId: `parent` or `child`: what the listed account is to the record. */
      accounts: { verbs: "create" | "remove" | "set" | "list"; may: "replace"; must: "role"; refused: never };
      /** lookup: a Salesforce lead has no link to other records before it is converted, and a conversion cannot be undone: convert the lead, then link the contact or account that it becomes; or name a lookup field of your own as `association_type` */
      leads: { verbs: "create" | "remove"; may: "replace"; must: "association_type"; refused: "requires_conversion" };
      /** lookup: `association_type` names the lookup field: `Account__c` of the target, `Invoice__c.Account__c` of that object. */
      custom: { verbs: "create" | "remove"; may: "replace"; must: "association_type"; refused: never };
    };
    contacts: {
      /** AccountContactRelation: Needs the org's setting for contacts of several accounts; `primary` writes Contact.AccountId instead. A relation that is no longer active is no link: `replace` makes it active again. Not known: whether a contact without an account of its own may have another one. */
      accounts: {
        verbs: "create" | "remove" | "set" | "list";
        may: "role" | "primary" | "replace";
        must: never;
        refused: never;
      };
      /** OpportunityContactRole: One row for each role, and Salesforce allows several for a pair: the rows are looked for first. A new primary contact takes the place of the one before. */
      opportunities: {
        verbs: "create" | "remove" | "set" | "list";
        may: "role" | "primary" | "replace";
        must: never;
        refused: never;
      };
      /** lookup: a Salesforce lead has no link to other records before it is converted, and a conversion cannot be undone: convert the lead, then link the contact or account that it becomes; or name a lookup field of your own as `association_type` */
      leads: { verbs: "create" | "remove"; may: "replace"; must: "association_type"; refused: "requires_conversion" };
      /** lookup: Salesforce has no standard link between these two: name a lookup field of your own as `association_type` */
      contacts: {
        verbs: "create" | "remove";
        may: "replace";
        must: "association_type";
        refused: "association_unsupported";
      };
      /** lookup: `association_type` names the lookup field: `Account__c` of the target, `Invoice__c.Account__c` of that object. */
      custom: { verbs: "create" | "remove"; may: "replace"; must: "association_type"; refused: never };
    };
    leads: {
      /** lookup: a Salesforce lead has no link to other records before it is converted, and a conversion cannot be undone: convert the lead, then link the contact or account that it becomes; or name a lookup field of your own as `association_type` */
      accounts: {
        verbs: "create" | "remove";
        may: "replace";
        must: "association_type";
        refused: "requires_conversion";
      };
      /** lookup: a Salesforce lead has no link to other records before it is converted, and a conversion cannot be undone: convert the lead, then link the contact or account that it becomes; or name a lookup field of your own as `association_type` */
      contacts: {
        verbs: "create" | "remove";
        may: "replace";
        must: "association_type";
        refused: "requires_conversion";
      };
      /** lookup: a Salesforce lead has no link to other records before it is converted, and a conversion cannot be undone: convert the lead, then link the contact or account that it becomes; or name a lookup field of your own as `association_type` */
      opportunities: {
        verbs: "create" | "remove";
        may: "replace";
        must: "association_type";
        refused: "requires_conversion";
      };
      /** lookup: Salesforce has no standard link between these two: name a lookup field of your own as `association_type` */
      leads: {
        verbs: "create" | "remove";
        may: "replace";
        must: "association_type";
        refused: "association_unsupported";
      };
      /** lookup: `association_type` names the lookup field: `Account__c` of the target, `Invoice__c.Account__c` of that object. */
      custom: { verbs: "create" | "remove"; may: "replace"; must: "association_type"; refused: never };
    };
    opportunities: {
      /** Opportunity.AccountId */
      accounts: { verbs: "create" | "remove" | "set" | "list"; may: "replace"; must: never; refused: never };
      /** OpportunityContactRole: One row for each role, and Salesforce allows several for a pair: the rows are looked for first. A new primary contact takes the place of the one before. */
      contacts: {
        verbs: "create" | "remove" | "set" | "list";
        may: "role" | "primary" | "replace";
        must: never;
        refused: never;
      };
      /** lookup: a Salesforce lead has no link to other records before it is converted, and a conversion cannot be undone: convert the lead, then link the contact or account that it becomes; or name a lookup field of your own as `association_type` */
      leads: { verbs: "create" | "remove"; may: "replace"; must: "association_type"; refused: "requires_conversion" };
      /** lookup: Salesforce has no standard link between these two: name a lookup field of your own as `association_type` */
      opportunities: {
        verbs: "create" | "remove";
        may: "replace";
        must: "association_type";
        refused: "association_unsupported";
      };
      /** lookup: `association_type` names the lookup field: `Account__c` of the target, `Invoice__c.Account__c` of that object. */
      custom: { verbs: "create" | "remove"; may: "replace"; must: "association_type"; refused: never };
    };
    custom: {
      /** lookup: `association_type` names the lookup field: `Account__c` of the target, `Invoice__c.Account__c` of that object. */
      accounts: { verbs: "create" | "remove"; may: "replace"; must: "association_type"; refused: never };
      /** lookup: `association_type` names the lookup field: `Account__c` of the target, `Invoice__c.Account__c` of that object. */
      contacts: { verbs: "create" | "remove"; may: "replace"; must: "association_type"; refused: never };
      /** lookup: `association_type` names the lookup field: `Account__c` of the target, `Invoice__c.Account__c` of that object. */
      leads: { verbs: "create" | "remove"; may: "replace"; must: "association_type"; refused: never };
      /** lookup: `association_type` names the lookup field: `Account__c` of the target, `Invoice__c.Account__c` of that object. */
      opportunities: { verbs: "create" | "remove"; may: "replace"; must: "association_type"; refused: never };
      /** lookup: `association_type` names the lookup field: `Account__c` of the target, `Invoice__c.Account__c` of that object. */
      custom: { verbs: "create" | "remove"; may: "replace"; must: "association_type"; refused: never };
    };
  };
  truto: {
    accounts: {
      /** association: What Truto writes for it at the vendor behind the account is not published. */
      accounts: { verbs: "create"; may: never; must: never; refused: never };
      /** association: What Truto writes for it at the vendor behind the account is not published. */
      contacts: { verbs: "create"; may: never; must: never; refused: never };
      /** association: What Truto writes for it at the vendor behind the account is not published. */
      leads: { verbs: "create"; may: never; must: never; refused: never };
      /** association: What Truto writes for it at the vendor behind the account is not published. */
      opportunities: { verbs: "create"; may: never; must: never; refused: never };
    };
    contacts: {
      /** association: What Truto writes for it at the vendor behind the account is not published. */
      accounts: { verbs: "create"; may: never; must: never; refused: never };
      /** association: What Truto writes for it at the vendor behind the account is not published. */
      leads: { verbs: "create"; may: never; must: never; refused: never };
      /** association: What Truto writes for it at the vendor behind the account is not published. */
      opportunities: { verbs: "create"; may: never; must: never; refused: never };
      /** association: What Truto writes for it at the vendor behind the account is not published. */
      organizations: { verbs: "create"; may: never; must: never; refused: never };
    };
    leads: {
      /** association: What Truto writes for it at the vendor behind the account is not published. */
      accounts: { verbs: "create"; may: never; must: never; refused: never };
      /** association: What Truto writes for it at the vendor behind the account is not published. */
      contacts: { verbs: "create"; may: never; must: never; refused: never };
      /** association: What Truto writes for it at the vendor behind the account is not published. */
      opportunities: { verbs: "create"; may: never; must: never; refused: never };
    };
    opportunities: {
      /** association: What Truto writes for it at the vendor behind the account is not published. */
      accounts: { verbs: "create"; may: never; must: never; refused: never };
      /** association: What Truto writes for it at the vendor behind the account is not published. */
      contacts: { verbs: "create"; may: never; must: never; refused: never };
      /** association: What Truto writes for it at the vendor behind the account is not published. */
      leads: { verbs: "create"; may: never; must: never; refused: never };
      /** association: What Truto writes for it at the vendor behind the account is not published. */
      opportunities: { verbs: "create"; may: never; must: never; refused: never };
      /** association: What Truto writes for it at the vendor behind the account is not published. */
      organizations: { verbs: "create"; may: never; must: never; refused: never };
    };
  };
}

/** How the keys of custom objects look. */
export interface CustomKeys {
  hubspot: `${number}-${number}` | `${string}_${string}`;
  leadconnector: `custom_objects.${string}`;
  salesforce: `${string}__c`;
  truto: never;
}

/** What can be done to the definitions of links. */
export interface TypeVerbs {
  hubspot: "create" | "list" | "get" | "update" | "delete";
  leadconnector: "create" | "list" | "get" | "update" | "delete";
  salesforce: never;
  truto: never;
}

/** What can be upserted. */
export interface UpsertKinds {
  hubspot: "accounts" | "contacts" | "leads" | "opportunities";
  leadconnector: "accounts" | "contacts" | "opportunities";
  salesforce: "accounts" | "contacts" | "leads" | "opportunities";
  truto: never;
}

/** The fields of the records that can be upserted. */
export interface RecordFields {
  accounts:
    | "id"
    | "match_by"
    | "on_ambiguous"
    | "name"
    | "description"
    | "owner"
    | "tags"
    | "custom_fields"
    | "remote_data"
    | "remote_query"
    | "last_activity_at"
    | "created_at"
    | "updated_at"
    | "etag"
    | "addresses"
    | "phone_numbers"
    | "urls"
    | "website"
    | "industry"
    | "number_of_employees";
  contacts:
    | "id"
    | "match_by"
    | "on_ambiguous"
    | "name"
    | "description"
    | "owner"
    | "tags"
    | "custom_fields"
    | "remote_data"
    | "remote_query"
    | "last_activity_at"
    | "created_at"
    | "updated_at"
    | "etag"
    | "addresses"
    | "phone_numbers"
    | "urls"
    | "website"
    | "email_addresses"
    | "first_name"
    | "last_name"
    | "title"
    | "account";
  leads:
    | "id"
    | "match_by"
    | "on_ambiguous"
    | "name"
    | "description"
    | "owner"
    | "tags"
    | "custom_fields"
    | "remote_data"
    | "remote_query"
    | "last_activity_at"
    | "created_at"
    | "updated_at"
    | "etag"
    | "addresses"
    | "phone_numbers"
    | "urls"
    | "website"
    | "email_addresses"
    | "first_name"
    | "last_name"
    | "title"
    | "account"
    | "lead_source"
    | "lead_type"
    | "status"
    | "contacts"
    | "pipeline"
    | "stage"
    | "currency"
    | "amount";
  opportunities:
    | "id"
    | "match_by"
    | "on_ambiguous"
    | "name"
    | "description"
    | "owner"
    | "tags"
    | "custom_fields"
    | "remote_data"
    | "remote_query"
    | "last_activity_at"
    | "created_at"
    | "updated_at"
    | "etag"
    | "amount"
    | "currency"
    | "status"
    | "close_date"
    | "account"
    | "contacts"
    | "pipeline"
    | "stage"
    | "lost_reason"
    | "followers";
}
