// A project that uses the package as a stranger's would, with the snippets as its files.
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { root } from "../../xtask/steps.mjs";

/** A folder in which `crmlink` is installed, with each block of JavaScript or TypeScript in a file of its own. */
export function project(blocks) {
  const folder = mkdtempSync(join(tmpdir(), "crmlink-docs-"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(join(root, "pkg"), join(folder, "node_modules/crmlink"), "junction");
  symlinkSync(join(root, "node_modules/@types"), join(folder, "node_modules/@types"), "junction");
  const write = (name, text) => writeFileSync(join(folder, name), text);
  write("simulators.mjs", 'import { createTwin } from "crmlink/twin";\nglobalThis.fetch = createTwin().fetch;\n');
  write("tsconfig.json", JSON.stringify({ compilerOptions: COMPILER, include: ["*.mjs", "*.mts"] }));
  for (const block of blocks) {
    if (block.language === "js" || block.language === "ts") write(fileOf(block), block.text);
  }
  return folder;
}

/** The file of a block. */
export function fileOf({ page, line, language }) {
  return `${page.replace(/\W/g, "-")}-${line}.m${language}`;
}

const COMPILER = {
  allowJs: true,
  checkJs: true,
  lib: ["es2022", "dom", "dom.iterable"],
  module: "nodenext",
  noEmit: true,
  strict: true,
  target: "es2022",
  types: ["node"],
};
