import type { LongListMessages } from "./messages.ts";

const number = new Intl.NumberFormat("ar");

/** What a list that is too long to be shown whole says, in Arabic. */
export const longList: LongListMessages = {
  showAll: (count) => `عرض الكل (${number.format(count)})`,
  showFewer: "عرض أقل",
  range: (first, last, count) => `${number.format(first)} إلى ${number.format(last)} من ${number.format(count)}`,
  previous: "السابق",
  next: "التالي",
};
