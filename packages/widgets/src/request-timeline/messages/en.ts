import type { RequestTimelineMessages } from "./messages.ts";

/** What the time line of a request says, in English. */
export const requestTimeline: RequestTimelineMessages = {
  label: "Request timeline",
};
