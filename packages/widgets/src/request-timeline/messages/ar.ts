import type { RequestTimelineMessages } from "./messages.ts";

/** What the time line of a request says, in Arabic. */
export const requestTimeline: RequestTimelineMessages = {
  label: "المخطط الزمني للطلب",
};
