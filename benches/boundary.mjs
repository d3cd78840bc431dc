// node benches/boundary.mjs
//
// What each way across the wasm boundary costs on JavaScript's side alone, before any wasm has run: the floor under
// crmlink's figures in run.mjs. A way whose floor lies above the target needs no further look.

import { batch } from "./works/hubspot-batch.mjs";
import { defaultAssociation } from "./works/hubspot-default-association.mjs";

const SECONDS_EACH = 0.4;

const memory = new Uint8Array(1 << 20); // stands for the module's memory
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const write = (text) => encoder.encodeInto(text, memory).written;
const read = (length) => decoder.decode(memory.subarray(0, length));

measure("one request, four ids in, a URL out", defaultAssociation.inputs, {
  "in: JSON.stringify": (params) => write(JSON.stringify(params)),
  "in: JSON.stringify of endpoint, params and options": (params) =>
    write(JSON.stringify([defaultAssociation.name, params, { token: "a-token" }])),
  "in: ids packed into one text": ({ fromObjectType, fromObjectId, toObjectType, toObjectId }) =>
    write(`${fromObjectType}\n${fromObjectId}\n${toObjectType}\n${toObjectId}`),
  ...out(
    "https://api.hubapi.com/crm/v4/objects/contacts/10000000000/associations/default/companies/20000000000",
    (url) => ({ method: "PUT", url, headers: { accept: "application/json", authorization: "Bearer a-token" } }),
  ),
});

measure("a batch of 2,000 pairs in, a body out", batch.inputs, {
  "in: JSON.stringify": (params) => write(JSON.stringify(params)),
  "in: ids packed into one text": ({ inputs }) => {
    let packed = "";
    for (const { from, to } of inputs) packed += `${from.id}\n${to.id}\n`;
    return write(packed);
  },
  "in: JSON text that the caller had already": textWriter(batch.inputs),
  ...out(JSON.stringify({ inputs: batch.inputs[0].inputs }), (body) => ({
    method: "POST",
    url: "",
    headers: {},
    body,
  })),
});

/** The two ways out: the long text by itself, or the whole request as JSON text. */
function out(text, request) {
  const json = JSON.stringify(request(text));
  return {
    "out: the text by itself": once(text, (length) => read(length).length),
    "out: inside JSON text, parsed": once(json, (length) => JSON.parse(read(length)).method.length),
  };

  /** Puts `content` into memory at the first call, as wasm would have. */
  function once(content, take) {
    let length;
    return () => take((length ??= write(content)));
  }
}

function textWriter(inputs) {
  const texts = new Map(inputs.map((input) => [input, JSON.stringify(input)]));
  return (input) => write(texts.get(input));
}

function measure(title, inputs, ways) {
  console.log(`\n${title}`);
  for (const [name, way] of Object.entries(ways)) {
    let best = Infinity;
    const end = performance.now() + 1000 * SECONDS_EACH;
    do {
      const start = process.hrtime.bigint();
      for (let i = 0; i < 200; i++) way(inputs[i % inputs.length]);
      best = Math.min(best, Number(process.hrtime.bigint() - start) / 200_000);
    } while (performance.now() < end);
    console.log(`${best.toFixed(3).padStart(10)} µs  ${name}`);
  }
}
