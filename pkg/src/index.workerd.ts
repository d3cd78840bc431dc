/** The entry for Cloudflare Workers, which compile a module only when it is imported. */
import module from "./core.wasm";
import { initSync } from "./glue.js";

initSync({ module });

export * from "./api.js";
