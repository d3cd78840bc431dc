// One fresh process measures one contender at one work, round by round, as the parent asks: so no contender runs in a
// process whose compiler and heap another one has shaped, and slow spells of the machine fall on all alike.

import { median } from "./statistics.mjs";
import { findWork } from "./works/index.mjs";

const SAMPLE_NANOSECONDS = 200_000; // long enough that reading the clock costs nothing, short enough for many samples

const [workName, contenderName] = process.argv.slice(2);
const work = findWork(workName);
const contender = work.contenders[contenderName];
const build = await contender.load();
const inputs = contender.takes === "text" ? work.inputs.map((input) => JSON.stringify(input)) : work.inputs;

let next = 0; // inputs take turns: none may become a constant to the compiler
let callsPerSample = 1;
let seen = 0;

const answers = {
  async show() {
    const requests = [];
    for (const input of inputs) requests.push({ ...(await build(input)) });
    return requests;
  },
  async warm(milliseconds) {
    const samples = await run(milliseconds);
    callsPerSample = Math.max(1, Math.round(SAMPLE_NANOSECONDS / median(samples)));
  },
  async round(milliseconds) {
    const samples = await run(milliseconds);
    return { nanoseconds: median(samples), samples: samples.length, callsPerSample, seen };
  },
};

process.on("message", async ({ ask, milliseconds }) => {
  try {
    process.send({ answer: await answers[ask](milliseconds) });
  } catch (error) {
    process.send({ error: `${workName}, ${contenderName}: ${error.stack ?? error}` });
  }
});
process.on("disconnect", () => process.exit()); // never outlive the parent
process.send({ answer: { node: process.version, v8: process.versions.v8 } });

/** Nanoseconds a call, one figure per sample, for about so long. */
async function run(milliseconds) {
  const samples = [];
  const end = performance.now() + milliseconds;
  do {
    const start = process.hrtime.bigint();
    // A client answers with a promise, a builder at once: nobody pays for an `await` that is not its own.
    if (contender.asynchronous) for (let i = 0; i < callsPerSample; i++) use(await build(nextInput()));
    else for (let i = 0; i < callsPerSample; i++) use(build(nextInput()));
    samples.push(Number(process.hrtime.bigint() - start) / callsPerSample);
  } while (performance.now() < end);
  return samples;
}

function nextInput() {
  next = next + 1 === inputs.length ? 0 : next + 1;
  return inputs[next];
}

/**
 * Touches what was built, so that nothing is optimised away. Reading a character makes V8 lay out text that was only
 * concatenated so far, which whoever sends it would have to pay for.
 */
function use({ method, url, body }) {
  seen = (seen + method.length + url.charCodeAt(url.length - 1) + (body ? body.charCodeAt(body.length - 1) : 0)) | 0;
}
