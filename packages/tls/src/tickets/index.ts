export * from "./protocol/ticket-binding.ts";
