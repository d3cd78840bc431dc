// The fault matrix as data: what the vendor does, and what is required of a client then.
//
// A row has cases. A case has a script for the vendor (vendor.mjs), each step of which spoils the answers (faults.mjs) of
// the next `times` requests that fit `on`: "write" (the default) those that would write, "any" all. `required` lists the
// outcomes that are good, "done" alone where nothing is said. The rules that hold for all rows stand in judge.mjs.

/** What is repeated is repeated in the end: the vendor is itself again after the script. */
const DONE = ["done"];
const NOT = ["not_done"];
const OPEN = ["not_done", "unknown"];

/** Operations: P sets a link, and setting it again changes nothing; U writes a record under a key; C makes a record. */
const WRITES = ["P", "U", "C"];

const HUBSPOT = ["hubspot"];
const THROTTLING = ["hubspot", "leadconnector"];

/**
 * Where nobody can tell at once whether a write in doubt was done: HubSpot's search shows a new record only after a while, and
 * whether HighLevel's lists and search do is not documented, nor on what its upsert of opportunities matches. `unknown` is
 * as good as `done` there, in rows that leave a write in doubt.
 */
export const UNTOLD = ["hubspot C", "leadconnector C", "leadconnector U"];

const failed = (status, further = {}) => ({ fault: "status", status, ...further });
const told = (seconds, headers, further) => ({
  fault: "status",
  words: "burst",
  headers,
  told: seconds * 1000,
  ...further,
});

/** Words that name no limit: such a limit is over sooner. */
const PLAIN = { words: "plain" };

/** Dates have no parts of a second: two of them from the last full one are one at least from now. */
const dated = (format, skew = 0) => ({
  fault: "status",
  words: "burst",
  headers(now) {
    const clock = full(now) + skew;
    return { date: new Date(clock).toUTCString(), "retry-after": format(new Date(clock + 2000)) };
  },
  told: (now) => full(now) + 2000 - now,
});
const full = (now) => Math.floor(now / 1000) * 1000;

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const imf = (date) => date.toUTCString();
const rfc850 = (date) => {
  const [, day, month, year, time] = imf(date).split(" ");
  return `${DAYS[date.getUTCDay()]}, ${day}-${month}-${year.slice(2)} ${time} GMT`;
};
const asctime = (date) => {
  const [weekday, day, month, year, time] = imf(date).split(" ");
  return `${weekday.slice(0, 3)} ${month} ${day.replace(/^0/, " ")} ${time} ${year}`;
};

/** Both, for a failure that does not tell whether the write was done. */
const either = (step, further) => [
  { name: "nothing written", script: [{ ...step, commit: false }], ...further },
  { name: "written", script: [{ ...step, commit: true }], ...further },
];

const REFUSED_LINK = {
  hubspot: () =>
    JSON.stringify({
      status: "COMPLETE",
      results: [],
      numErrors: 1,
      errors: [
        { status: "error", category: "OBJECT_NOT_FOUND", message: "No company with ID 201 exists", context: {} },
      ],
      startedAt: "2026-11-22T12:00:00.000Z",
      completedAt: "2026-11-22T12:00:00.001Z",
    }),
  salesforce: () =>
    JSON.stringify({
      success: false,
      errors: [{ statusCode: "FIELD_CUSTOM_VALIDATION_EXCEPTION", message: "no", fields: [] }],
    }),
};

export const ROWS = [
  {
    id: "F1",
    fault: "429 with Retry-After in seconds",
    vendors: THROTTLING,
    cases: [{ script: [told(1, { "retry-after": "1" }, { soon: true })], deadline: 13_000 }],
  },
  {
    id: "F2",
    fault: "429 with Retry-After as a date",
    vendors: THROTTLING,
    classes: ["P"],
    cases: [
      { name: "IMF-fixdate", script: [dated(imf)], deadline: 13_000 },
      { name: "RFC 850", script: [dated(rfc850)], deadline: 13_000 },
      { name: "asctime", script: [dated(asctime)], deadline: 13_000 },
      { name: "in the past", script: [told(0, { "retry-after": "Thu, 01 Jan 1970 00:00:00 GMT" })], deadline: 13_000 },
      { name: "the vendor's clock is slow", script: [dated(imf, -600_000)], deadline: 13_000 },
      { name: "the vendor's clock is fast", script: [dated(imf, 600_000)], deadline: 13_000 },
    ],
  },
  {
    id: "F3",
    fault: "429 without Retry-After",
    vendors: THROTTLING,
    classes: ["P", "C"],
    cases: [
      { name: "with a window", script: [{ fault: "status", words: "window", told: 1000 }], deadline: 13_000 },
      { name: "with nothing", script: [{ fault: "status", words: "burst" }], deadline: 13_000 },
      {
        name: "again and again",
        script: [{ fault: "status", words: "plain", times: Infinity }],
        required: NOT,
        deadline: 13_000,
        tries: 4,
      },
    ],
  },
  {
    id: "F4",
    fault: "the day's allowance is used up",
    classes: ["P"],
    cases: [{ script: [{ fault: "status", words: "daily", times: Infinity, on: "any" }], required: NOT, run: "twice" }],
  },
  {
    id: "F5",
    fault: "Retry-After longer than anybody waits",
    vendors: THROTTLING,
    classes: ["P", "C"],
    cases: [
      { name: "429, an hour", script: [told(3600, { "retry-after": "3600" }, PLAIN)], required: NOT },
      {
        name: "477, an hour",
        vendors: HUBSPOT,
        script: [failed(477, { headers: { "retry-after": "3600" }, told: 3_600_000 })],
        required: NOT,
      },
    ],
  },
  {
    id: "F6",
    fault: "423: the record is locked",
    vendors: HUBSPOT,
    cases: [{ script: [failed(423, { told: 2000 })] }],
  },
  { id: "F7", fault: "500", doubtful: true, cases: either(failed(500)) },
  {
    id: "F8",
    fault: "502, 503, 504",
    doubtful: true,
    cases: [
      ...[502, 503, 504].flatMap((status) =>
        either(failed(status)).map((found) => ({ ...found, name: `${status}, ${found.name}` })),
      ),
      {
        name: "503 with Retry-After",
        script: [failed(503, { headers: { "retry-after": "1" }, told: 1000 })],
        doubtful: false,
      },
    ],
  },
  {
    id: "F9",
    fault: "no answer in time, nothing written",
    doubtful: true,
    short: true,
    cases: [{ script: [{ fault: "hang" }] }],
  },
  {
    id: "F10",
    fault: "no answer in time, written",
    doubtful: true,
    short: true,
    cases: [{ script: [{ fault: "hang", commit: true }] }],
  },
  { id: "F11", fault: "nobody listens", cases: [{ run: "nobody", required: NOT }] },
  { id: "F12", fault: "the connection is reset after the request", doubtful: true, cases: either({ fault: "reset" }) },
  {
    id: "F13",
    fault: "JSON that breaks off, with a good status",
    doubtful: true,
    // A success of P and U at Salesforce has no body that could break off.
    except: ["salesforce P"],
    cases: [
      { name: "as if it were all", script: [{ fault: "cut", commit: true }] },
      { name: "and the connection with it", script: [{ fault: "broken", commit: true }] },
    ],
  },
  { id: "F14", fault: "an HTML page with 200", cases: either({ fault: "html" }, { required: ["done", "unknown"] }) },
  {
    id: "F15",
    fault: "a good status and no body, nothing written",
    // There, that is what a success looks like.
    except: ["salesforce P", "salesforce U"],
    cases: [200, 204].map((status) => ({
      name: `${status}`,
      script: [{ fault: "empty", status }],
      required: ["done", "unknown"],
    })),
  },
  {
    id: "F16",
    fault: "a refusal inside of a 200",
    cases: [
      {
        name: "one write",
        classes: ["P"],
        vendors: HUBSPOT,
        script: [{ fault: "edited", edit: (_body, vendor) => REFUSED_LINK[vendor](), times: Infinity }],
        required: NOT,
      },
      {
        name: "one write",
        classes: ["C"],
        vendors: ["salesforce"],
        script: [{ fault: "edited", edit: (_body, vendor) => REFUSED_LINK[vendor](), times: Infinity }],
        required: NOT,
      },
      { name: "one of three", classes: ["B"], vendors: ["hubspot", "salesforce"], run: "batch", required: ["partial"] },
    ],
  },
  {
    id: "F17",
    fault: "201 where 200 is expected, and back",
    except: ["salesforce P"],
    cases: [{ script: [{ fault: "restated", commit: true }] }],
  },
  {
    id: "F18",
    fault: "the access token has expired",
    needs: "renewal",
    classes: ["U", "C"],
    cases: [
      { name: "without a warning", grant: {}, renewals: 1 },
      { name: "which is known", grant: { known: true }, renewals: 1 },
    ],
  },
  {
    id: "F19",
    fault: "401, and again after the renewal",
    needs: "renewal",
    classes: ["U"],
    cases: [{ grant: { useless: true }, required: ["reauthenticate"], renewals: 1, tries: 2 }],
  },
  {
    id: "F20",
    fault: "the grant is gone: invalid_grant",
    needs: "renewal",
    classes: ["U"],
    cases: [{ grant: { dead: true }, required: ["reauthenticate"], renewals: 1, run: "twice" }],
  },
  {
    id: "F21",
    fault: "the access token expires under forty callers of one client",
    needs: "renewal",
    classes: ["U"],
    cases: [
      { name: "without a warning", grant: {}, renewals: 1, run: "crowd", crowd: 40, deadline: 15_000 },
      { name: "which is known", grant: { known: true }, renewals: 1, run: "crowd", crowd: 40, deadline: 15_000 },
    ],
  },
  {
    id: "F25",
    fault: "a body that comes with one byte a second",
    doubtful: true,
    short: true,
    cases: [
      { name: "once", script: [{ fault: "drip", pace: 1000, commit: true }], except: ["salesforce P"] },
      {
        name: "always",
        classes: ["C"],
        script: [{ fault: "drip", pace: 1000, commit: true, times: Infinity, on: "any" }],
        required: ["done", ...OPEN],
      },
    ],
  },
  {
    id: "F26",
    fault: "an answer of 64 MB",
    alone: true,
    deadline: 15_000,
    classes: ["P"],
    cases: [{ script: [{ fault: "long", megabytes: 64, commit: true }], required: ["done", "unknown"], alive: true }],
  },
  {
    id: "F28",
    fault: "an answer nested 100,000 deep, nothing written",
    cases: [{ script: [{ fault: "deep", depth: 100_000 }], required: ["done", "unknown"], alive: true }],
  },
  {
    id: "F29",
    fault: "values that are no JSON",
    classes: ["V"],
    run: "value",
    cases: [
      { name: "a cycle", value: () => cycle(), required: ["rejected"], alive: true },
      { name: "a getter that throws", value: () => thrower(), required: ["rejected"], alive: true },
      { name: "a function", value: () => () => 1, required: ["rejected"], alive: true },
      { name: "a symbol", value: () => Symbol("1"), required: ["rejected"], alive: true },
    ],
  },
  {
    id: "F30",
    fault: "ids with characters that no id has",
    classes: ["I"],
    run: "value",
    cases: [
      { name: "NUL", value: () => "1\u0000" },
      { name: "line ends", value: () => "1\r\nx-injected: 1" },
      { name: "a lone surrogate", value: () => "1\ud800" },
      { name: "overlong", value: () => "1".repeat(5000) },
    ].map((found) => ({ ...found, required: ["rejected"] })),
  },
  {
    id: "F31",
    fault: "ids that lead elsewhere",
    classes: ["I"],
    run: "value",
    cases: ["..", ".", "%2e%2e", ".%2E", "a/../b", "a\\..\\b", ""].map((id) => ({
      name: id === "" ? "nothing" : `\`${id}\``,
      value: () => id,
      required: ["rejected"],
    })),
  },
  {
    id: "F32",
    fault: "`__proto__` in an answer",
    classes: ["P", "U"],
    except: ["salesforce P"],
    cases: [{ script: [{ fault: "edited", commit: true, edit: polluted }], alive: true, pure: true }],
  },
  {
    id: "F33",
    fault: "an id above 2^53 as a JSON number",
    vendors: HUBSPOT,
    classes: ["L"],
    cases: [{ run: "list", script: [{ fault: "edited", edit: () => longId(), on: "any" }], ids: ["9007199254740993"] }],
  },
  {
    id: "F34",
    fault: "numbers that JSON does not have",
    classes: ["V"],
    run: "value",
    cases: [NaN, Infinity, -Infinity].map((value) => ({
      name: `${value}`,
      value: () => value,
      required: ["rejected"],
    })),
  },
  {
    id: "F35",
    fault: "a BigInt",
    classes: ["V"],
    run: "value",
    cases: [{ value: () => 250n, required: ["done", "rejected"], alive: true }],
  },
  {
    id: "F37",
    fault: "a redirect to another host",
    cases: [301, 302, 307, 308].map((status) => ({
      name: `${status}`,
      script: [{ fault: "redirect", status, times: Infinity, on: "any" }],
      required: OPEN,
    })),
  },
  {
    id: "F38",
    fault: "the account has moved: the renewal names another instance_url",
    needs: "renewal",
    vendors: ["salesforce"],
    classes: ["U", "C"],
    cases: [{ grant: { moves: true }, renewals: 1, tries: 2 }],
  },
  {
    id: "F43",
    fault: "the vendor is down under 400 callers",
    alone: true,
    classes: ["U"],
    cases: [
      {
        script: [failed(503, { times: Infinity, on: "any" })],
        run: "crowd",
        crowd: 400,
        deadline: 15_000,
        required: ["not_done", "unknown"],
        amplification: 1.1,
        most: 5000,
      },
    ],
  },
  {
    id: "F44",
    fault: "a Retry-After that makes no sense",
    vendors: THROTTLING,
    classes: ["P"],
    cases: [
      { name: "999999999", script: [told(1e9, { "retry-after": "999999999" }, PLAIN)], required: NOT },
      { name: "-1", script: [told(0, { "retry-after": "-1" })], deadline: 13_000 },
      { name: "soon", script: [told(0, { "retry-after": "soon" })], deadline: 13_000 },
    ],
  },
  {
    id: "F45",
    fault: "64 MB in 64 KB of gzip",
    alone: true,
    deadline: 15_000,
    classes: ["P"],
    cases: [{ script: [{ fault: "bomb", megabytes: 64, commit: true }], required: ["done", "unknown"], alive: true }],
  },
].map(complete);

/** The rows of the matrix that cannot be told from outside of a client, and where crmlink's own tests have them. */
export const ELSEWHERE = {
  F22: "a renewal whose answer is lost: needs to see the store of grants",
  F23: "a crash between the token's answer and the store: needs to kill the process at each step",
  F24: "the same delivery twice: idempotency keys are a service's, not a client's",
  F27: "a request of 100 MB: a service's",
  F36: "duplicate keys in a JSON text: a client that takes text, which few do",
  F39: "the caller goes away: a service's",
  F40: "the limits of the runtime are near: a service's",
  F41: "storage fails: a service's",
  F42: "a clock that is ten minutes off: what counts is when a grant is renewed",
};

/** A row's own settings hold for its cases; a case may have others. */
function complete({ id, fault, cases, classes = WRITES, vendors, except = [], ...common }) {
  return {
    id,
    fault,
    needs: common.needs,
    alone: common.alone ?? false,
    cases: cases.map((found) => ({
      name: "",
      script: [],
      run: "once",
      required: DONE,
      classes,
      vendors,
      ...common,
      ...found,
      except: [...except, ...(found.except ?? [])],
    })),
  };
}

function cycle() {
  const self = {};
  self.self = self;
  return self;
}

function thrower() {
  return Object.defineProperty({}, "amount", {
    enumerable: true,
    get() {
      throw new Error("not to be read");
    },
  });
}

function polluted(body) {
  const at = body.indexOf("{") + 1;
  const more = body.slice(at).trim().startsWith("}") ? "" : ",";
  return `${body.slice(0, at)}"__proto__":{"polluted":1},"constructor":{"polluted":1}${more}${body.slice(at)}`;
}

function longId() {
  const type = '{"category":"HUBSPOT_DEFINED","typeId":279,"label":null}';
  return `{"results":[{"toObjectId":9007199254740993,"associationTypes":[${type}]}]}`;
}
