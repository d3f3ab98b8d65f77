import type { LongListMessages } from "./messages.ts";

const number = new Intl.NumberFormat("en");

/** What a list that is too long to be shown whole says, in English. */
export const longList: LongListMessages = {
  showAll: (count) => `Show all ${number.format(count)}`,
  showFewer: "Show fewer",
  range: (first, last, count) => `${number.format(first)}–${number.format(last)} of ${number.format(count)}`,
  previous: "Previous",
  next: "Next",
};
