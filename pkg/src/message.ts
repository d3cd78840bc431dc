/** HTTP messages as the core writes and reads them: one text instead of an object and its fields. */
import type { Headers, HttpRequest, Method } from "./types.js";

/** `METHOD URL`, a line for each header, and behind an empty line the body. */
export function readMessage(text: string): HttpRequest {
  const bodyAt = text.indexOf("\n\n");
  const head = bodyAt < 0 ? text : text.slice(0, bodyAt);
  const urlAt = head.indexOf(" ") + 1;
  let lineEnd = head.indexOf("\n");
  const request: HttpRequest = {
    method: head.slice(0, urlAt - 1) as Method,
    url: head.slice(urlAt, lineEnd < 0 ? undefined : lineEnd),
    headers: {},
  };
  while (lineEnd >= 0) {
    const start = lineEnd + 1;
    lineEnd = head.indexOf("\n", start);
    const colon = head.indexOf(": ", start);
    request.headers[head.slice(start, colon)] = head.slice(colon + 2, lineEnd < 0 ? undefined : lineEnd);
  }
  if (bodyAt >= 0) request.body = text.slice(bodyAt + 2);
  return request;
}

/** Headers as lines. */
export function headerLines(headers: Headers | globalThis.Headers | undefined): string {
  if (headers === undefined) return "";
  const pairs = headers instanceof globalThis.Headers ? headers : Object.entries(headers);
  let lines = "";
  for (const [name, value] of pairs) lines += `${name}: ${String(value).replace(/[\r\n]+/g, " ")}\n`;
  return lines;
}
