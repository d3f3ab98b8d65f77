import type { QuestionsMessages } from "./messages.ts";

const waiting = new Intl.PluralRules("en");

/** What the questions of the manager say, in English. */
export const questions: QuestionsMessages = {
  title: "A request waits for your answer",
  redirectTitle: "Follow this redirect?",
  redirectAsks: (status) => `The server answered with ${status} and names another address.`,
  redirectFrom: "From",
  redirectTo: "To",
  lessSafe: "The new address is not encrypted: everybody on the way can read and change what is sent.",
  follow: "Follow it",
  stay: "Do not follow",
  waiting: (count) => `${String(count)} more ${waiting.select(count) === "one" ? "question waits" : "questions wait"}.`,
};
