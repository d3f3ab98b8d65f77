import type { SignInMessages } from "./messages.ts";

/** What the question for credentials says, in Arabic. */
export const signIn: SignInMessages = {
  label: "تسجيل الدخول",
};
