/** HTTP Strict Transport Security, RFC 6797, as pure rules. */
export * from "./curl-file.ts";
export * from "./entry.ts";
export * from "./header.ts";
export * from "./host.ts";
export * from "./known-hosts.ts";
export * from "./preload.ts";
export * from "./upgrade.ts";
