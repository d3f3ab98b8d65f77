/** Alternative services, RFC 7838, as pure rules: the field, and what is learned from it. */
export * from "./entry.ts";
export * from "./field.ts";
export * from "./lesson.ts";
