// crmlink through its Worker, in the real runtime: each case has an account of its own.

import { connect as tcp, createServer } from "node:net";
import { once } from "node:events";

import { connect } from "../../pkg/dist/index.js";
import { startWorker } from "../../tests/worker/harness.mjs";
import { version, vendorsWith } from "./crmlink.mjs";

export const name = "crmlink, Worker";
export { version };
export const settings = "the Worker's own limits: 25 s for an answer, 100 s for an operation";

/** What the accounts hold. */
export const token = "canary-of-an-account";
export const deadline = 105_000;
const KNOWN = "its renewals have tests of their own";
export const inapplicable = {
  F11: "behind a relay somebody always listens",
  ...Object.fromEntries(["F18", "F19", "F20", "F21", "F38"].map((row) => [row, KNOWN])),
};

const KEY = "conformance-key";
/** As many accounts as there may be cases: what one has learned of its vendor must not help the next. */
const ACCOUNTS = 700;

const relays = [];
let worker;
let used = 0;

export async function start() {
  used = 0;
  for (let i = 0; i < ACCOUNTS; i += 1) relays.push(await relay());
  const accounts = relays.flatMap(({ origin }, i) =>
    ["hubspot", "leadconnector", "salesforce"].map((vendor) => [
      `${vendor}-${i}`,
      { vendor, token, origin, ...(vendor === "leadconnector" && { locationId: "CLu7BaljjqrEjBGKTNNe" }) },
    ]),
  );
  worker = await startWorker({ CRMLINK_KEY: KEY, CRMLINK_ACCOUNTS: JSON.stringify(Object.fromEntries(accounts)) });
}

export async function stop() {
  await worker.stop();
  for (const { close } of relays.splice(0)) close();
}

export const vendors = vendorsWith((vendor, _further, { origin }) => {
  const place = used++;
  relays[place].to(origin);
  return connect(vendor, { edge: worker.origin, account: `${vendor}-${place}`, token: KEY, timeout: deadline });
});

/** A port that is known beforehand, behind which each case puts its vendor. What breaks on one side breaks on the other. */
async function relay() {
  let target;
  const open = new Set();
  const server = createServer((near) => {
    const { hostname, port } = new URL(target);
    const far = tcp({ host: hostname, port: Number(port) });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ]) {
      open.add(one);
      one.pipe(other);
      one.on("error", () => other.destroyed || other.resetAndDestroy());
      one.on("close", () => {
        open.delete(one);
        other.destroy();
      });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  server.unref();
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    to: (origin) => (target = origin),
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
