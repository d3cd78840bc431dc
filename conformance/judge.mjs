// The oracle: what a client said, against what the vendor saw and wrote.

import { UNTOLD } from "./rows.mjs";

/** Words of a failed row. Of these a caller comes to harm: what was said is not true, or what must not happen did. */
export const WRONG = {
  duplicate: "something was written more than once",
  "false success": "done was said, and it was not",
  "false failure": "not done was said, and it was",
  hang: "no outcome by the deadline",
  early: "a call came before the time that the vendor named",
  loop: "more calls, or more renewals, than the row allows",
  leak: "the credential came to another host",
  strayed: "the request came to another host",
  escaped: "an id reached another path of the vendor",
  garbled: "a value was written as another one",
  rounded: "an id came back as another",
  polluted: "an object of the answer has a prototype that the vendor chose",
  swallowed: "an answer without measure was taken whole",
  crash: "an error that no caller can catch: it ends the process",
  dead: "the next call failed too",
  storm: "more calls than callers, by more than a tenth",
};

/** With these nothing untrue was said, but the work is left to the caller. */
export const LACKING = {
  "gave up": "not done was said where trying again was safe",
  unsettled: "unknown was said where the vendor could have been asked",
  late: "it tried again much later than the vendor asked",
  knocked: "it called again although the vendor had said for how long not to",
  sent: "an input that can mean nothing was sent to the vendor",
  mute: "the outcome was not what the row requires",
};

/**
 * @param {object} it
 * @param {object} it.required the case
 * @param {string} it.vendor
 * @param {string} it.kind the class of the operation
 * @param {object} it.seen what happened: see suite.mjs
 * @returns {{ verdict: "pass" | "fail", word?: string, wrong?: boolean, detail?: string }}
 */
export function judge(it) {
  for (const rule of RULES) {
    const found = rule(it);
    if (found) {
      const [word, detail] = [].concat(found);
      return { verdict: "fail", word, wrong: word in WRONG, ...(detail && { detail }) };
    }
  }
  return { verdict: "pass" };
}

const RULES = [
  function elsewhere({ seen }) {
    if (seen.strayed.some((request) => JSON.stringify(request).includes(seen.token))) return "leak";
    if (seen.strayed.length > 0) return "strayed";
  },

  function crash({ seen: { crash } }) {
    if (crash) return ["crash", String(crash)];
  },

  function garbled({ required: { required }, kind, seen: { outcomes } }) {
    if (kind === "V" && !required.includes("done") && outcomes.some(({ outcome }) => outcome === "done"))
      return "garbled";
  },

  function written({ seen: { commits, wanted } }) {
    const count = (list, commit) => list.filter((other) => other === commit).length;
    const extra = commits.find((commit) => count(commits, commit) > count(wanted, commit));
    if (extra !== undefined) return ["duplicate", `${commits.length} × ${extra}`];
  },

  function told({ seen: { outcomes, commits, asks, each } }) {
    const said = (words) => outcomes.filter(({ outcome }) => words.has(outcome)).length;
    if (Math.min(said(DONE), asks) * each > commits.length) return "false success";
    if ((asks - Math.min(said(DENIALS), asks)) * each < commits.length) return ["false failure", outcomes[0].detail];
  },

  function items({ required: { run }, seen: { outcomes, truth } }) {
    if (run !== "batch") return;
    const [{ items = [] }] = outcomes;
    if (items.length !== truth.length) return ["false success", `${items.length} items for ${truth.length}`];
    for (const [i, is] of truth.entries()) {
      if (items[i] === "done" && !is) return ["false success", `item ${i}`];
      if (items[i] === "not_done" && is) return ["false failure", `item ${i}`];
    }
  },

  function early({ seen: { calls } }) {
    for (const [i, { again }] of calls.entries()) {
      const next = calls[i + 1];
      // What was on its way already was not sent against the vendor's word; a timer may ring a moment early.
      if (again && next && next.at < again - 20) return ["early", `by ${Math.round(again - next.at)} ms`];
    }
  },

  function loop({ required: { tries = Infinity, renewals = Infinity }, seen: { most, tokenCalls, runaway } }) {
    if (runaway) return "loop";
    if (most > tries) return ["loop", `${most} times the same call`];
    if (tokenCalls > renewals) return ["loop", `${tokenCalls} renewals`];
  },

  function storm({ required: { amplification }, seen: { calls, distinct } }) {
    if (amplification && calls.length > distinct * amplification) {
      return ["storm", `${calls.length} calls for ${distinct}`];
    }
  },

  function hung({ seen: { outcomes, deadline } }) {
    const hanging = outcomes.find(({ outcome }) => outcome === "hang");
    if (hanging) return ["hang", `still waiting after ${Math.round(deadline / 100) / 10} s`];
  },

  function escaped({ seen: { escapes } }) {
    if (escapes.length > 0) return ["escaped", escapes[0]];
  },

  function swallowed({ required: { script }, seen: { calls } }) {
    const { megabytes } = script[0] ?? {};
    if (megabytes && calls.some(({ taken }) => taken >= megabytes << 20)) return "swallowed";
  },

  function rounded({ required: { ids }, seen: { outcomes } }) {
    const found = outcomes[0]?.ids;
    if (ids && outcomes[0]?.outcome === "done" && JSON.stringify(found) !== JSON.stringify(ids)) {
      return ["rounded", `${ids} came back as ${found}`];
    }
  },

  function pure({ required: { pure }, seen: { outcomes } }) {
    if (pure && outcomes.some(({ value }) => isPolluted(value))) return "polluted";
  },

  function dead({ seen: { alive } }) {
    if (alive === false) return "dead";
  },

  function knocked({ required: { run, grant }, seen: { further, furtherRenewals } }) {
    if (run !== "twice") return;
    if (furtherRenewals > 0) return ["knocked", `${furtherRenewals} further renewals`];
    if (!grant && further > 0) return ["knocked", `${further} further calls`];
  },

  function late({ seen: { calls, soon } }) {
    const [first, second] = calls.slice(calls.findIndex(({ again }) => again));
    if (soon && first?.again && second) {
      const asked = first.again - first.answered;
      const waited = second.at - first.answered;
      if (waited > asked * 1.1 + 1000) return ["late", `${Math.round(waited)} ms for ${Math.round(asked)}`];
    }
  },

  function outcome({ required: { required, doubtful }, vendor, kind, seen: { outcomes, calls } }) {
    const untold = doubtful && UNTOLD.includes(`${vendor} ${kind}`);
    for (const { outcome, detail } of outcomes) {
      if (required.includes(outcome) || (untold && outcome === "unknown")) continue;
      if (required.includes("rejected")) {
        // Whatever it is called: nothing was sent.
        if (calls.length === 0 && outcome !== "done") continue;
        return ["sent", detail];
      }
      if (required.includes("done")) return [outcome === "unknown" ? "unsettled" : "gave up", detail];
      return ["mute", `${outcome}: ${detail}`];
    }
  },
];

const DONE = new Set(["done"]);
const DENIALS = new Set(["not_done", "rejected", "reauthenticate"]);

function isPolluted(value, depth = 0) {
  if (typeof value !== "object" || value === null || depth > 20) return false;
  if (value.polluted === 1 && !Object.hasOwn(value, "polluted")) return true;
  return Object.entries(value).some(([key, item]) => key !== "__proto__" && isPolluted(item, depth + 1));
}
