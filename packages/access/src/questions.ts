/** Questions to the application that requests share; for handlers of schemes that have questions of their own. */
export { SharedQuestions, type Put, type Round } from "./agreement/shared-questions.ts";
