// What the pages say of the rest of the repository: their links lead somewhere, their lists are whole.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import test from "node:test";

import { root } from "../../xtask/steps.mjs";

const PAGES = ["", "docs", "pkg", "tests/fixtures"].flatMap((folder) => {
  const entries = readdirSync(join(root, folder), {
    recursive: folder === "docs",
    withFileTypes: true,
  });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".md"))
    .map((entry) => join(entry.parentPath, entry.name));
});

test("every link into the repository leads to a file", () => {
  let links = 0;
  for (const page of PAGES) {
    for (const [, target] of readFileSync(page, "utf8").matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
      assert.ok(existsSync(join(dirname(page), target)), `${page}: ${target} is missing`);
      links += 1;
    }
  }
  assert.ok(links > 50, "no links were found");
});

test("the README lists every error code", () => {
  const [, type] = /export type Code =([^;]+);/.exec(text("pkg/src/generated.ts"));
  const codes = [...type.matchAll(/"(\w+)"/g)].map(([, code]) => code);
  const [, section] = /^## Errors\n([^]*?)^## /m.exec(text("README.md"));
  const listed = [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, code]) => code);
  assert.deepEqual(listed.toSorted(), codes.toSorted());
});

function text(file) {
  return readFileSync(join(root, file), "utf8");
}
