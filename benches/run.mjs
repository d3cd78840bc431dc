// npm run bench [-- --quick] [-- --only <part of a work's name>]
//
// Builds each founding request and some batches, beside the vendors' clients and hand-written JavaScript. First all
// contenders must build the same; then they are timed, each in a fresh process, their rounds interleaved. The whole
// takes about two minutes, with --quick about 20 seconds; a quick or partial run prints, and keeps no results.

import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";

import { startContender } from "./contender.mjs";
import { allowedDifferences } from "./equal.mjs";
import { markdown, surroundings } from "./report.mjs";
import { medianOfBest } from "./statistics.mjs";
import { targets } from "./targets.mjs";
import { works } from "./works/index.mjs";

const FULL = { rounds: 9, roundMilliseconds: 150, warmMilliseconds: 400 };
const QUICK = { rounds: 3, roundMilliseconds: 50, warmMilliseconds: 100 };

const { values: options } = parseArgs({ options: { quick: { type: "boolean" }, only: { type: "string" } } });
const settings = options.quick ? QUICK : FULL;
const chosen = works.filter(({ name }) => name.includes(options.only ?? ""));

if (!existsSync(new URL("../pkg/dist/index.js", import.meta.url))) {
  console.error("pkg/dist/index.js is missing: build the npm package first.");
  process.exit(1);
}
if (chosen.length === 0) {
  console.error(`No work's name contains "${options.only}". There are:\n${works.map(({ name }) => `  ${name}`).join("\n")}`);
  process.exit(1);
}

const results = [];
for (const work of chosen) {
  process.stderr.write(`${work.name} ...\n`);
  results.push(await run(work));
}
const report = { surroundings: surroundings(), settings, results, targets: targets(results) };
const text = markdown(report);
console.log(text);
if (!options.quick && !options.only) await keep(report, text);

async function run(work) {
  const contenders = await Promise.all(Object.keys(work.contenders).map((name) => startContender(work, name)));
  try {
    const built = await Promise.all(contenders.map(async ({ title, show }) => ({ title, requests: await show() })));
    const differences = allowedDifferences(built);

    for (const contender of contenders) await contender.warm(settings.warmMilliseconds);
    const rounds = new Map(contenders.map(({ name }) => [name, []]));
    for (let i = 0; i < settings.rounds; i++) {
      for (const { name, round } of contenders) rounds.get(name).push(await round(settings.roundMilliseconds));
    }
    return summary(work, contenders, rounds, differences);
  } finally {
    for (const contender of contenders) contender.stop();
  }
}

function summary({ name, about, kind }, contenders, rounds, differences) {
  const entries = contenders.map(({ name, title }) => {
    const each = rounds.get(name).map(({ nanoseconds }) => nanoseconds / 1000);
    return { name, title, microseconds: medianOfBest(each), rounds: each };
  });
  const times = Object.fromEntries(entries.map(({ name, microseconds }) => [name, microseconds]));
  return { name, about, kind, contenders: entries, times, differences };
}

async function keep(report, text) {
  const folder = new URL("results/", import.meta.url);
  await mkdir(folder, { recursive: true });
  await writeFile(new URL(`${report.surroundings.date}.json`, folder), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(new URL("latest.md", folder), text);
}
