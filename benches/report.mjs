// The result in words: for the terminal, for `results/latest.md`, and as data for `results/<date>.json`.

import { createRequire } from "node:module";
import { cpus, loadavg, totalmem } from "node:os";

const require = createRequire(import.meta.url);
const PEERS = ["@hubspot/api-client", "@gohighlevel/api-client", "jsforce"];

export function surroundings() {
  const processors = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${processors.length} x ${processors[0]?.model.trim() ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GB`,
    platform: `${process.platform} ${process.arch}`,
    load: loadavg()[0], // what else the machine had to do, before
    peers: Object.fromEntries(PEERS.map((name) => [name, require(`${name}/package.json`).version])),
  };
}

export function markdown({ surroundings, settings, results, targets }) {
  const { machine, platform, load, peers } = surroundings;
  const { node } = results[0].runtime;
  const peerList = Object.entries(peers).map(([name, version]) => `${name} ${version}`);
  return [
    `# Building requests, measured ${surroundings.date}`,
    "",
    `Node ${node}, ${platform}, ${machine}, load ${load.toFixed(1)} at the start. Beside ${peerList.join(", ")}.`,
    `${settings.rounds} rounds of ${settings.roundMilliseconds} ms in each of ${settings.processes} fresh processes a contender, contenders in turn;`,
    "the time is the median of the best third of the rounds. Clients are stopped at their HTTP layer, with a canned answer.",
    "Only ratios hold on another machine.",
    "",
    ...results.flatMap(section),
    "## Targets",
    "",
    "| target | ratio | |",
    "|---|--:|---|",
    ...targets.map(
      ({ target, ratio, reached }) => `| ${target} | ${ratio.toFixed(2)} | ${reached ? "reached" : "missed"} |`,
    ),
    "",
  ].join("\n");
}

function section({ name, about, contenders, differences }) {
  const hand = contenders.find((contender) => contender.name === "hand").microseconds;
  return [
    `## ${name}`,
    "",
    `${about[0].toUpperCase()}${about.slice(1)}.`,
    "",
    "| contender | µs | times hand-written |",
    "|---|--:|--:|",
    ...contenders.map(
      ({ title, microseconds }) => `| ${title} | ${figure(microseconds)} | ${figure(microseconds / hand)} |`,
    ),
    "",
    "Method, URL and body are equal.",
    ...differences.map((difference) => `- ${difference}`),
    "",
  ];
}

/** Three significant digits, never in powers of ten. */
function figure(number) {
  return number >= 100 ? String(Math.round(number)) : number.toPrecision(3);
}
