import type { QuestionsMessages } from "./messages.ts";

/** What the view says, in Arabic. */
export const questions: QuestionsMessages = {
  title: "الأسئلة",
};
