import type { RequestsMessages } from "./messages.ts";

/** What the list of requests says, in English. */
export const requests: RequestsMessages = {
  title: "Requests",
  nothingYet: "No request yet",
  nothingYetHint: "Enter an address above, or use the program: each request that it makes is listed here.",
};
