export * from "./protocol/session-facts.ts";
export * from "./protocol/ticket-binding.ts";
export * from "./protocol/ticket-expiry.ts";
