// The verdicts as tables.

import { readFileSync, writeFileSync } from "node:fs";

import { LACKING, WRONG } from "./judge.mjs";
import { ELSEWHERE, ROWS } from "./rows.mjs";

/** For the terminal. */
export function table(clients) {
  return clients
    .map((client) => {
      const lines = rowsOf(client).map(({ row, cell }) => {
        const mark = cell.failed ? (cell.wrong ? "✗" : "–") : cell.passed ? "✓" : " ";
        return `${mark} ${row.id.padEnd(4)} ${row.fault.padEnd(62)} ${cell.text}`;
      });
      const failures = client.cases
        .filter(({ verdict }) => verdict === "fail")
        .map(
          (found) =>
            `  ${found.row} ${found.case} (${found.vendor} ${found.class}): ${found.word}. ${shorten(found.detail)}`,
        );
      const { passed, wrong, lacking, inapplicable } = totals(client);
      return [
        `${client.name} ${client.version}${client.settings ? `, ${client.settings}` : ""} (${client.seconds} s)`,
        ...lines,
        ...(failures.length > 0 ? ["", ...failures] : []),
        "",
        `${passed} cases passed, ${wrong + lacking} failed (${wrong} wrong, ${lacking} lacking), ${inapplicable} not applicable`,
      ].join("\n");
    })
    .join("\n\n");
}

/** Writes docs/conformance.md, and the short table of the README. */
export function writePages(clients) {
  const date = new Date().toISOString().slice(0, 10);
  const names = clients.map(({ name, version }) => `${name} ${version}`);
  const rows = ROWS.map((row) => [
    row.id,
    row.fault,
    ...clients.map((client) => cellOf(client, row).text.replaceAll("|", "\\|")),
  ]);
  const seen = new Set(clients.flatMap(({ cases }) => cases.map(({ word }) => word)));
  const words = (list) =>
    Object.entries(list)
      .filter(([word]) => seen.has(word))
      .map(([word, meaning]) => `- **${word}**: ${meaning}`)
      .join("\n");
  const page = `# Conformance

<!-- Written by \`npm run conformance -- --all --markdown\`. -->

What each client does under each fault of the matrix, as measured on ${date} with Node ${process.versions.node} against the simulators
behind a server that misbehaves on order. [conformance/](../conformance/README.md) has the suite, how a verdict comes about, and how
to run it against another client. A cell tells how many cases passed, and of those that failed why.

${markdown(["row", "fault", ...names], rows)}

${clients
  .filter(({ settings }) => settings)
  .map(({ name, settings }) => `- ${name}: ${settings}.`)
  .join("\n")}

Wrong: a caller comes to harm.

${words(WRONG)}

Lacking: nothing untrue was said, but the work is left to the caller.

${words(LACKING)}

These rows are not for a client, or cannot be seen from outside of one:

${Object.entries(ELSEWHERE)
  .map(([id, why]) => `- ${id}: ${why}.`)
  .join("\n")}
`;
  writeFileSync(new URL("../docs/conformance.md", import.meta.url), page);

  const short = markdown(
    ["", ...names],
    [
      ["cases passed", ...clients.map((client) => String(totals(client).passed))],
      ["failed: wrong", ...clients.map((client) => harms(client))],
      ["failed: lacking", ...clients.map((client) => String(totals(client).lacking))],
      ["not applicable", ...clients.map((client) => String(totals(client).inapplicable))],
    ],
  );
  const readme = new URL("../README.md", import.meta.url);
  const text = readFileSync(readme, "utf8");
  const begin = "<!-- conformance: written by `npm run conformance -- --all --markdown` -->";
  const end = "<!-- end of conformance -->";
  const [before, rest] = text.split(begin);
  if (rest === undefined) throw new Error("the README has no place for the table");
  const after = rest.slice(rest.indexOf(end));
  writeFileSync(readme, `${before}${begin}\n\nMeasured on ${date}.\n\n${short}\n\n${after}`);
}

function rowsOf(client) {
  return ROWS.map((row) => ({ row, cell: cellOf(client, row) })).filter(({ cell }) => cell.text !== "");
}

function cellOf({ cases }, { id }) {
  const of = cases.filter(({ row }) => row === id);
  const failed = of.filter(({ verdict }) => verdict === "fail");
  const passed = of.filter(({ verdict }) => verdict === "pass").length;
  const judged = failed.length + passed;
  const wrong = failed.some((found) => found.wrong);
  if (judged === 0) return { text: reasons(of), failed: 0, passed, wrong };
  const words = [...new Set(failed.sort((a, b) => b.wrong - a.wrong).map(({ word }) => word))];
  const text = failed.length === 0 ? `pass ${passed}` : `${passed} of ${judged}: ${words.join(", ")}`;
  return { text, failed: failed.length, passed, wrong };
}

function reasons(cases) {
  if (cases.length === 0) return "–";
  return [...new Set(cases.map(({ detail }) => detail))].join(", ");
}

function totals({ cases }) {
  const count = (test) => cases.filter(test).length;
  return {
    passed: count(({ verdict }) => verdict === "pass"),
    wrong: count(({ wrong }) => wrong),
    lacking: count(({ verdict, wrong }) => verdict === "fail" && !wrong),
    inapplicable: count(({ verdict }) => verdict === "n/a"),
  };
}

function harms(client) {
  const words = client.cases.filter(({ wrong }) => wrong).map(({ word }) => word);
  const counts = Object.keys(WRONG)
    .map((word) => [word, words.filter((other) => other === word).length])
    .filter(([, count]) => count > 0)
    .map(([word, count]) => `${count} ${word}`);
  return words.length === 0 ? "0" : `${words.length}: ${counts.join(", ")}`;
}

function markdown(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function shorten(text = "") {
  return text.replace(/\s+/g, " ").slice(0, 160);
}
