// A loopback HTTP server that writes down what it is sent and answers with canned bodies.
//
// It is the judge between a vendor's own client and our builders: both send to it for real, so what is compared is
// what stood on the wire (after the client's own HTTP layer had its say), not what either believes it sends.

import { createServer } from "node:http";

const MAX_BODY_BYTES = 4 * 1024 * 1024;

/**
 * @typedef {{ method: string, path: string, headers: Record<string, string>, body: string }} Recording
 * @typedef {{ status?: number, headers?: Record<string, string>, body?: unknown }} Answer
 *
 * @param {Record<string, Answer>} answers by path without query; a path that is not named is answered 200 `{}`
 */
export async function startCapture(answers = {}) {
  /** @type {Recording[]} */
  const recordings = [];

  const server = createServer((request, response) => {
    const chunks = [];
    let size = 0;
    request.on("data", (chunk) => {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) request.destroy();
      else chunks.push(chunk);
    });
    request.on("end", () => {
      recordings.push({
        method: request.method,
        path: request.url, // as sent: with the query, nothing decoded
        headers: { ...request.headers },
        body: Buffer.concat(chunks).toString("utf8"),
      });
      const { status = 200, headers = {}, body = {} } = answers[request.url.split("?")[0]] ?? {};
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    });
  });
  server.requestTimeout = 10_000;
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });

  return {
    origin: `http://127.0.0.1:${server.address().port}`,

    /** Runs `act` and answers what was sent meanwhile, in order. */
    async during(act) {
      recordings.length = 0;
      await act();
      return recordings.splice(0);
    },

    stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      return closed;
    },
  };
}
