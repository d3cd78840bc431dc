/** The entry for Node, browsers, Deno and Bun: the module is inlined as text, so no bundler needs to know of it. */
import { initSync } from "./glue.js";
import base64 from "./wasm-base64.js";

initSync({ module: Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)) });

export * from "./api.js";
