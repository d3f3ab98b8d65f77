/** Requests that depend on what is there: entity tags, and the preconditions that servers evaluate. RFC 9110 section 13. */
export * from "./entity-tag.ts";
export * from "./preconditions.ts";
