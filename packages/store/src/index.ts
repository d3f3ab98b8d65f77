/** Named collections of records that survive a restart. Backends are loaded when a URL asks for them. */
export type * from "./contract.ts";
export { openStore } from "./open-store.ts";
