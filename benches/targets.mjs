// What we aim for, and whether it was reached. A miss is told, never hidden, and fails nothing: machines differ.

/** @param {{ name: string, kind: string, times: Record<string, number> }[]} results times in microseconds, by contender */
export function targets(results) {
  return results.flatMap(({ name, kind, times }) => (kind === "single" ? single(name, times) : batch(name, times)));
}

function single(name, { crmlink, hand, handChecked, client }) {
  const list = [
    atMost(`${name}: within 3 times of hand-written`, crmlink / hand, 3),
    atMost(`${name}: within 3 times of hand-written with the same checks`, crmlink / handChecked, 3),
  ];
  if (client && name.startsWith("hubspot.associations.")) {
    list.push(atLeast(`${name}: at least 4 times faster than the HubSpot client`, client / crmlink, 4));
  }
  return list;
}

function batch(name, { crmlink, crmlinkText, hand, handText }) {
  return [
    atMost(`${name}: faster than hand-written mapping and JSON.stringify`, crmlink / hand, 1),
    atMost(`${name}: the same where both are given JSON text`, crmlinkText / handText, 1),
  ];
}

function atMost(target, ratio, limit) {
  return { target, ratio, reached: ratio <= limit };
}

function atLeast(target, ratio, limit) {
  return { target, ratio, reached: ratio >= limit };
}
