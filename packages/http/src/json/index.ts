/** JSON read strictly, and changed by patches. RFC 8259, 7396, 6902. */
export { findJsonFault, type JsonFault, type JsonRules } from "./fault.ts";
export { readJson, type JsonOptions } from "./read.ts";
