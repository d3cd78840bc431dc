// A clock that a test drives: waits are over at once, and the time is what they would have taken.
//
// For scripted fetches only: Node's own one has timers too, which must not ring early.

/**
 * Replaces `setTimeout`, `clearTimeout` and `Date.now` for the test `t`. What has been sent is answered before a wait is
 * over.
 *
 * @returns {{ waits: number[], now(): number }} the waits that were waited for, in milliseconds, and the time
 */
export function virtualTime(t) {
  let now = 1_800_000_000_000;
  const waits = [];
  t.mock.method(Date, "now", () => now);
  t.mock.method(globalThis, "setTimeout", (act, span = 0) =>
    setImmediate(() => {
      now += span;
      waits.push(span);
      act();
    }),
  );
  t.mock.method(globalThis, "clearTimeout", clearImmediate);
  return { waits, now: () => now };
}
