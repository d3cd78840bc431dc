// What a foreign client's promise comes to, the same for all of them.
//
// A promise that resolves says `done`, unless a field that the client declares for it says that it was not. An error is
// read as somebody would who knows HTTP and wants to be fair to the client: where it shows a status below 500, the vendor
// refused; a status from 500 on, or no status at all, leaves open whether the vendor did it.

/** @param {() => Promise<unknown>} act @param {(value: unknown) => object} [read] what a resolved value says */
export async function outcomeOf(act, { read = () => ({ outcome: "done" }), statusOf = () => undefined } = {}) {
  let value;
  try {
    value = await act();
  } catch (error) {
    return { ...told(error, statusOf(error)), detail: `${error?.name}: ${String(error?.message).slice(0, 200)}` };
  }
  return { value, ...read(value) };
}

function told(error, status) {
  if (status === 401) return { outcome: "reauthenticate" };
  if (status >= 400 && status < 500 && status !== 408) return { outcome: "not_done" };
  const code = error?.code ?? error?.cause?.code;
  if (status === undefined && UNCONNECTED.includes(code)) return { outcome: "not_done" };
  return { outcome: "unknown" };
}

const UNCONNECTED = ["ECONNREFUSED", "ENOTFOUND", "EHOSTUNREACH", "ENETUNREACH"];
