// The sizes of what is shipped, against their budgets: node xtask/size.mjs
import { readFileSync, readdirSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { VENDORS } from "./pkg.mjs";
import { root } from "./steps.mjs";

/** What each may weigh, in bytes with gzip: a tenth above what it weighed when its last large part landed. It is more than it should be. */
const BUDGETS = { all: 385_000, vendor: 245_000, worker: 670_000 };

const ARTEFACTS = [
  { name: "npm wasm, all vendors (core.wasm)", files: ["pkg/dist/core.wasm"], budget: BUDGETS.all },
  ...VENDORS.map((vendor) => ({
    name: `npm wasm, ${vendor} (${vendor}/core.wasm)`,
    files: [`pkg/dist/${vendor}/core.wasm`],
    budget: BUDGETS.vendor,
  })),
  { name: "npm default entry (index.cjs)", files: ["pkg/dist/index.cjs"] },
  { name: "Worker script (wasm and JavaScript)", files: list("crates/worker/build"), budget: BUDGETS.worker },
];

let over = 0;
console.log(["", "raw", "gzip", "brotli", "gzip budget"].map(cell).join(""));
for (const { name, files, budget } of ARTEFACTS) {
  const parts = files.map((file) => readFileSync(join(root, file)));
  const sum = (size) => parts.reduce((total, part) => total + size(part), 0);
  const gzip = sum((part) => gzipSync(part, { level: 9 }).length);
  const sizes = [sum((part) => part.length), gzip, sum((part) => brotliCompressSync(part).length)];
  const fits = budget === undefined || gzip <= budget;
  if (!fits) over += 1;
  console.log(
    [name, ...sizes.map(kilobytes), budget ? `${kilobytes(budget)}${fits ? "" : " EXCEEDED"}` : ""].map(cell).join(""),
  );
}
process.exitCode = over === 0 ? 0 : 1;

function list(folder) {
  const entries = readdirSync(join(root, folder), { recursive: true });
  return entries.filter((file) => [".js", ".wasm"].includes(extname(file))).map((file) => join(folder, file));
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} KB`;
}

function cell(text, column) {
  return column === 0 ? text.padEnd(44) : text.padStart(11) + (column === 4 ? "" : "  ");
}
