/** The gateway's protocol as pure rules: octets in, frames out. docs/guide/gateway-protocol.md has it in words. */
export * from "./credit.ts";
export * from "./frame-fault.ts";
export * from "./frame-reader.ts";
export * from "./frame-writer.ts";
export * from "./frames.ts";
export * from "./pairs.ts";
export * from "./payloads.ts";
