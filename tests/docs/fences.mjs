// The fenced blocks of a page in Markdown, and what the code in them says that it prints.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "../../xtask/steps.mjs";

/** The blocks of a page: `{ page, line, language, text }`, in their order. */
export function fences(page) {
  const markdown = readFileSync(join(root, page), "utf8");
  return [...markdown.matchAll(/^```(.*)\n([^]*?)^```$/gm)].map(({ index, 1: language, 2: text }) => {
    return { page, line: markdown.slice(0, index).split("\n").length, language, text };
  });
}

/** The lines that a block says it prints: those behind `// → `. */
export function promised({ text }) {
  return [...text.matchAll(/^\s*\/\/ → (.*)$/gm)].map(([, line]) => line.trimEnd());
}
