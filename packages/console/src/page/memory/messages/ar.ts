import type { MemoryMessages } from "./messages.ts";

/** What the view says, in Arabic. */
export const memory: MemoryMessages = {
  title: "الذاكرة",
};
