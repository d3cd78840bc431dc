/**
 * A caller's values as JSON text: the only form in which they cross into the core.
 *
 * What JSON would bend in silence (NaN becomes null, a function vanishes) is refused here, with its path.
 */
import { invalidInput } from "./error.js";

/** The JSON text of `value`; a text or bytes are taken to be JSON already. */
export function jsonText(value: unknown, name = ""): string {
  if (typeof value === "string") {
    if (!isWellFormed(value)) throw invalidInput(name, "expected well-formed Unicode, got half of a surrogate pair");
    return value;
  }
  if (value instanceof Uint8Array) return decode(value, name);
  if (typeof value !== "object" || value === null) {
    throw invalidInput(name, `expected an object, got ${kind(value)}`);
  }
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    check(value, name, []);
    throw error;
  }
  // `null` is what JSON makes of NaN, of holes in lists and of bad dates: only then is a second look worth its time.
  if (text === undefined || text.includes("null") || losesValues(value, 0)) check(value, name, []);
  return text ?? "null";
}

/**
 * A unified input as JSON text. Long lists of plain ids cross as one text each: JSON.stringify of thousands of objects
 * takes longer than all the rest.
 */
export function inputText(input: unknown): string {
  return jsonText(isObject(input) && isObject(input["associations"]) ? pack(input, input["associations"]) : input);
}

function pack(input: Values, associations: Values): Values {
  let packed: Values | undefined;
  for (const key in associations) {
    const records = associations[key];
    const ids = Array.isArray(records) && records.length > WORTH_PACKING ? plainIds(records) : undefined;
    if (ids !== undefined) (packed ??= { ...associations })[key] = ids;
  }
  return packed ? { ...input, associations: packed } : input;
}

/** The ids with commas between them, if that is all there is to say of the records. */
function plainIds(records: readonly unknown[]): string | undefined {
  const ids = new Array<string>(records.length);
  for (let place = 0; place < records.length; place++) {
    const record = records[place];
    if (typeof record !== "object" || record === null) return undefined;
    for (const key in record) if (key !== "id") return undefined;
    const { id } = record as { id?: unknown };
    if (typeof id !== "string" || id.includes(",")) return undefined;
    ids[place] = id;
  }
  const packed = ids.join(",");
  // Where an id is damaged, the list stays a list, so that the refusal can name its place.
  return isWellFormed(packed) ? packed : undefined;
}

function decode(bytes: Uint8Array, name: string): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw invalidInput(name, "expected UTF-8 bytes");
  }
}

/** Whether JSON leaves something out in silence: functions, symbols, and what is in a Map or a Set. */
function losesValues(value: object, depth: number): boolean {
  if (value instanceof Map || value instanceof Set || depth > DEEPEST) return true;
  for (const inner of Array.isArray(value) ? value : Object.values(value)) {
    if (typeof inner === "function" || typeof inner === "symbol") return true;
    if (typeof inner === "object" && inner !== null && losesValues(inner as object, depth + 1)) return true;
  }
  return false;
}

/** Older engines cannot tell, and send a replacement character instead. */
function isWellFormed(text: string): boolean {
  const { isWellFormed } = text as { isWellFormed?: () => boolean };
  return isWellFormed === undefined || isWellFormed.call(text);
}

/** Throws for the first value that JSON cannot hold. */
function check(value: unknown, path: string, holders: object[]): void {
  switch (typeof value) {
    case "number":
      if (!Number.isFinite(value)) throw invalidInput(path, `expected a finite number, got ${value}`);
      return;
    case "bigint":
      throw invalidInput(path, "expected ids and large numbers as strings, got a BigInt");
    case "function":
    case "symbol":
      throw invalidInput(path, `expected a value, got a ${typeof value}`);
    case "object":
      break;
    default:
      return;
  }
  if (value === null) return;
  if (value instanceof Date && Number.isNaN(value.getTime()))
    throw invalidInput(path, "expected a date, got an invalid one");
  if ("toJSON" in value) return;
  if (value instanceof Map || value instanceof Set) {
    throw invalidInput(path, `expected a plain object or a list, got a ${value.constructor.name}`);
  }
  if (holders.includes(value)) throw invalidInput(path, "expected a tree, got a value that contains itself");
  if (holders.length > DEEPEST) throw invalidInput(path, `expected at most ${DEEPEST} levels`);
  holders.push(value);
  if (Array.isArray(value)) {
    for (let place = 0; place < value.length; place++) {
      if (value[place] === undefined) throw invalidInput(`${path}[${place}]`, "expected a value, got undefined");
      check(value[place], `${path}[${place}]`, holders);
    }
  } else {
    for (const key of Object.keys(value)) {
      check((value as Values)[key], path ? `${path}.${key}` : key, holders);
    }
  }
  holders.pop();
}

function isObject(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

function kind(value: unknown): string {
  return value === null ? "null" : typeof value;
}

type Values = Record<string, unknown>;

const WORTH_PACKING = 16;
const DEEPEST = 100;
const decoder = new TextDecoder("utf-8", { fatal: true });
