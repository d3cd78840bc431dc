/**
 * The entry without the module, for those who host `crmlink/core.wasm` themselves: call `init` (with its URL, a
 * Response or its bytes) or `initSync` before anything else.
 */
export * from "./api.js";
export { default as init, initSync } from "./glue.js";
