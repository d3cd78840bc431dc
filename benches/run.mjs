// npm run bench [-- --quick] [-- --only <part of a work's name>]
//
// Builds each founding request and some batches, beside the vendors' clients and hand-written JavaScript. First all
// contenders must build the same; then they are timed, each in fresh processes of its own, their rounds interleaved.
// Several processes one after another, because the compiler does not treat every one alike; many short rounds, because
// the machine has slow spells. The whole takes about two minutes, with --quick about 20 seconds; a quick or partial run
// prints, and keeps no results.

import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";

import { startContender } from "./contender.mjs";
import { allowedDifferences } from "./equal.mjs";
import { markdown, surroundings } from "./report.mjs";
import { medianOfBest } from "./statistics.mjs";
import { targets } from "./targets.mjs";
import { works } from "./works/index.mjs";

const FULL = { processes: 3, rounds: 8, roundMilliseconds: 50, warmMilliseconds: 250 };
const QUICK = { processes: 1, rounds: 5, roundMilliseconds: 30, warmMilliseconds: 100 };

const { values: options } = parseArgs({ options: { quick: { type: "boolean" }, only: { type: "string" } } });
const settings = options.quick ? QUICK : FULL;
const chosen = works.filter(({ name }) => name.includes(options.only ?? ""));

if (!existsSync(new URL("../pkg/dist/index.js", import.meta.url))) {
  console.error("pkg/dist/index.js is missing: build the npm package first.");
  process.exit(1);
}
if (chosen.length === 0) {
  console.error(
    `No work's name contains "${options.only}". There are:\n${works.map(({ name }) => `  ${name}`).join("\n")}`,
  );
  process.exit(1);
}

const before = surroundings();
const results = [];
for (const work of chosen) {
  process.stderr.write(`${work.name} ...\n`);
  results.push(await run(work));
}
const report = { surroundings: before, settings, results, targets: targets(results) };
const text = markdown(report);
console.log(text);
if (!options.quick && !options.only) await keep(report, text);

async function run(work) {
  const rounds = Object.fromEntries(Object.keys(work.contenders).map((name) => [name, []]));
  let differences, runtime;
  for (let i = 0; i < settings.processes; i++) {
    const contenders = await Promise.all(Object.keys(rounds).map((name) => startContender(work, name)));
    try {
      differences ??= await compare(contenders);
      ({ runtime } = contenders[0]);
      await time(contenders, rounds);
    } finally {
      for (const contender of contenders) contender.stop();
    }
  }
  return { ...summary(work, rounds), differences, runtime };
}

/** Stops everything if the contenders build different requests. */
async function compare(contenders) {
  const built = await Promise.all(contenders.map(async ({ title, show }) => ({ title, requests: await show() })));
  return allowedDifferences(built);
}

/** Adds each contender's rounds, in microseconds a call. */
async function time(contenders, rounds) {
  for (const { warm } of contenders) await warm(settings.warmMilliseconds);
  for (let i = 0; i < settings.rounds; i++) {
    for (const { name, round } of contenders) {
      const { nanoseconds } = await round(settings.roundMilliseconds);
      rounds[name].push(nanoseconds / 1000);
    }
  }
}

function summary({ name, about, kind, contenders }, rounds) {
  const entries = Object.keys(rounds).map((name) => ({
    name,
    title: contenders[name].title,
    microseconds: medianOfBest(rounds[name]),
    rounds: rounds[name],
  }));
  const times = Object.fromEntries(entries.map(({ name, microseconds }) => [name, microseconds]));
  return { name, about, kind, contenders: entries, times };
}

async function keep(report, text) {
  const folder = new URL("results/", import.meta.url);
  await mkdir(folder, { recursive: true });
  await writeFile(new URL(`${report.surroundings.date}.json`, folder), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(new URL("latest.md", folder), text);
}
