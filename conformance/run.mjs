// The suite from a command line.

import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

import { table, writePages } from "./report.mjs";
import { ELSEWHERE, ROWS } from "./rows.mjs";
import { judgeClient } from "./suite.mjs";

const USAGE = `npm run conformance -- --client crmlink

  --client NAME   an adapter (${ours().join(", ")}), or a path to one of yours; may be given several times
  --all           all adapters that are here
  --row F7        one row; may be given several times
  --patience MS   how long one answer may take in the rows where none comes (1500)
  --deadline MS   how long a whole operation may take (8000)
  --json          every case, as JSON
  --markdown      the tables of docs/conformance.md and of the README, written into both

It ends with 1 when a case of a client fails, unless --all, --json or --markdown only want to know.`;

const values = read();
const clients = values.all ? ours() : (values.client ?? []);
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
if (clients.length === 0) misused("say which client");
const known = new Set(ROWS.map(({ id }) => id));
for (const id of values.row ?? [])
  if (!known.has(id)) misused(ELSEWHERE[id] ? `${id} is not judged here: ${ELSEWHERE[id]}` : `there is no row ${id}`);
for (const client of clients) if (!existsSync(new URL(pathOf(client)))) misused(`there is no adapter ${client}`);

const found = clients.length === 1 ? [await judged(clients[0])] : [];
// Each in a process of its own: some leave behind what would disturb the next.
if (clients.length > 1) for (const client of clients) found.push(await apart(client));

if (values.json) console.log(JSON.stringify(clients.length === 1 ? found[0] : found, undefined, 1));
else if (values.markdown) writePages(found);
else console.log(table(found));
const failed = found.some(({ cases }) => cases.some(({ verdict }) => verdict === "fail"));
process.exit(failed && !values.all && !values.json && !values.markdown ? 1 : 0);

function read() {
  const text = { type: "string" };
  const several = { type: "string", multiple: true };
  const flag = { type: "boolean" };
  try {
    return parseArgs({
      options: {
        client: several,
        row: several,
        patience: text,
        deadline: text,
        all: flag,
        json: flag,
        markdown: flag,
        help: flag,
      },
    }).values;
  } catch (error) {
    return misused(error.message);
  }
}

function misused(message) {
  console.error(`${message}\n\n${USAGE}`);
  process.exit(2);
}

async function judged(client) {
  // Some clients print for their developers.
  for (const method of ["error", "warn", "info", "debug"]) console[method] = () => {};
  const adapter = await import(pathOf(client));
  const number = (text) => (text === undefined ? undefined : Number(text));
  const started = performance.now();
  const cases = await judgeClient(adapter, {
    patience: number(values.patience),
    deadline: number(values.deadline),
    ...(values.row && { rows: (id) => values.row.includes(id) }),
  });
  const { name, version, settings } = adapter;
  return { name, version, settings, seconds: Math.round((performance.now() - started) / 1000), cases };
}

async function apart(client) {
  const further = ["patience", "deadline"].flatMap((name) => (values[name] ? [`--${name}`, values[name]] : []));
  const rows = (values.row ?? []).flatMap((id) => ["--row", id]);
  const args = [import.meta.filename, "--client", client, "--json", ...further, ...rows];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (piece) => (text += piece));
  await new Promise((done) => child.once("close", done));
  return JSON.parse(text);
}

function pathOf(client) {
  const own = new URL(`adapters/${client}.mjs`, import.meta.url);
  return ours().includes(client) ? own.href : pathToFileURL(resolve(client)).href;
}

/** The adapters that are here, crmlink's first. */
function ours() {
  const files = readdirSync(new URL("adapters", import.meta.url)).map((file) => file.replace(/\.mjs$/, ""));
  const others = files.filter((file) => !["crmlink", "no-proxy", "outcome"].includes(file));
  return ["crmlink", ...others.sort()];
}
