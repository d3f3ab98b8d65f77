import type { QuestionsMessages } from "./messages.ts";

/** What the view says, in English. */
export const questions: QuestionsMessages = {
  title: "Questions",
};
