import type { SignInMessages } from "./messages.ts";

/** What the question for credentials says, in English. */
export const signIn: SignInMessages = {
  label: "Sign in",
};
