// Reads the totals out of what cargo and Node print of their tests.

/** The totals of `cargo test`, over all of its programs. A run that broke down without a failed test is one failure. */
export function cargoTotals(output, broken) {
  const lines = [...output.matchAll(/^test result: .*? (\d+) passed; (\d+) failed;/gm)];
  return blame({ passed: sum(lines, 1), failed: sum(lines, 2) }, broken);
}

/** The totals of `node --test` with the spec reporter. */
export function nodeTotals(output, broken) {
  const count = (word) => sum([...output.matchAll(new RegExp(`^ℹ ${word} (\\d+)$`, "gm"))], 1);
  return blame({ passed: count("pass"), failed: count("fail") + count("cancelled") }, broken);
}

/** The tests that were skipped, with their reasons. */
export function skipped(output) {
  return [...output.matchAll(/^\s*﹣ (.+?)(?: \([\d.]+ms\))?(?: # (.+))?$/gm)].map(([, name, reason]) =>
    reason && reason !== "SKIP" ? `${name}: ${reason}` : name,
  );
}

function blame(totals, broken) {
  return broken && totals.failed === 0 ? { ...totals, failed: 1 } : totals;
}

function sum(matches, group) {
  return matches.reduce((total, match) => total + Number(match[group]), 0);
}
