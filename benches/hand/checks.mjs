// The checks that crmlink makes, as a careful JavaScript author would write them by hand.

const LONGEST_ID = 512;
const PLAIN_ID = /^[A-Za-z0-9_-]{1,512}$/;
const CONTROL = /\p{Cc}/u;

/** An id that can do no harm in a path: see DESIGN, "Ids are rejected, not repaired". */
export function checkId(path, id) {
  if (typeof id !== "string") throw new TypeError(`${path}: expected an id as a string`);
  if (!PLAIN_ID.test(id)) checkUnusualId(path, id);
}

function checkUnusualId(path, id) {
  if (id === "" || id.length > LONGEST_ID) throw new RangeError(`${path}: expected 1 to ${LONGEST_ID} characters`);
  if (id.trim() !== id) throw new RangeError(`${path}: expected no white space at the ends`);
  if (!id.isWellFormed()) throw new RangeError(`${path}: expected well-formed Unicode`);
  for (let decoded = id; ;) {
    if (CONTROL.test(decoded)) throw new RangeError(`${path}: expected no control characters`);
    if (decoded.split(/[/\\]/).some((part) => part === "." || part === "..")) {
      throw new RangeError(`${path}: expected no relative path`);
    }
    let deeper;
    try {
      deeper = decodeURIComponent(decoded);
    } catch {
      return;
    }
    if (deeper === decoded) return;
    decoded = deeper;
  }
}

export function checkText(path, text) {
  if (typeof text !== "string") throw new TypeError(`${path}: expected a string`);
}

export function checkOneOf(path, word, words) {
  if (!words.includes(word)) throw new RangeError(`${path}: expected one of ${words.join(", ")}`);
}

export function checkList(path, list, checkItem) {
  if (!Array.isArray(list)) throw new TypeError(`${path}: expected a list`);
  for (let i = 0; i < list.length; i++) checkItem(list[i], i);
}

/** Refuses fields that the endpoint does not know. */
export function checkNames(path, object, names) {
  if (object === null || typeof object !== "object") throw new TypeError(`${path}: expected an object`);
  for (const name in object) {
    if (!names.has(name)) throw new TypeError(`${path}.${name}: no such field`);
  }
}
