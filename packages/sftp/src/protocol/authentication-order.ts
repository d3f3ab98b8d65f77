/** The ways of RFC 4252 and 4256 to prove who one is. */
export type AuthenticationMethod = "publickey" | "keyboard-interactive" | "password";

/** What is left to try, in the order in which OpenSSH tries it. */
export interface AuthenticationChoices {
  /** What the server takes next; names that are unknown here are passed over. */
  readonly offered: readonly string[];
  readonly keysLeft: number;
  /** Answers that were wrong, of both ways that ask. */
  readonly wrongAnswers: number;
  /** What was answered by in vain. */
  readonly refused: ReadonlySet<AuthenticationMethod>;
}

/** Wrong answers after which nobody is asked any more, as with OpenSSH. */
const WRONG_ANSWERS_LIMIT = 3;

/**
 * Chooses how to go on: keys first, which cost the user nothing, then the server's own questions, then a password. RFC
 * 4252 section 5.1: what the server names after a failure is what can go on.
 */
export function nextMethod(choices: AuthenticationChoices): AuthenticationMethod | undefined {
  const { offered, keysLeft, wrongAnswers, refused } = choices;
  if (offered.includes("publickey") && keysLeft > 0) return "publickey";
  if (wrongAnswers >= WRONG_ANSWERS_LIMIT) return undefined;
  return (["keyboard-interactive", "password"] as const).find((way) => offered.includes(way) && !refused.has(way));
}
