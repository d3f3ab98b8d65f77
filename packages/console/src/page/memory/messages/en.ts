import type { MemoryMessages } from "./messages.ts";

/** What the view says, in English. */
export const memory: MemoryMessages = {
  title: "Memory",
};
