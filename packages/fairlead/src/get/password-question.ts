import type { AuthenticationQuestion, OnAuthenticate } from "@fairlead/access";
import type { Surroundings } from "../command.ts";
import { printable } from "../terminal/printable.ts";
import { askSecret } from "../terminal/question.ts";

/** Wrong passwords after which the response is what the server says to that. */
const TRIES_LIMIT = 3;

/** Asks on the terminal for the user's password for this origin, and says nothing to anybody else. */
export function passwordOnlyTo(origin: string, username: string, surroundings: Surroundings): OnAuthenticate {
  return async (question) => {
    const isOther = question.role !== "origin" || question.origin !== origin;
    if (isOther || question.tried.length >= TRIES_LIMIT) return { type: "none" };
    const password = await askSecret(formatPasswordQuestion(question, username), surroundings);
    return password === undefined ? { type: "none" } : { type: "password", username, password };
  };
}

/** Formats the question: who wants the password, for what, and what to beware of. */
export function formatPasswordQuestion(
  {
    origin,
    realm,
    scheme,
    isPlain,
    tried,
  }: Pick<AuthenticationQuestion, "origin" | "realm" | "scheme" | "isPlain" | "tried">,
  username: string,
): string {
  const space = realm === "" ? "" : ` for ${printable(JSON.stringify(realm))}`;
  const note = isPlain ? ", not encrypted" : "";
  const again = tried.length === 0 ? "" : "That was not right.\n";
  const who = `${printable(origin)} wants to know who you are${space} (${scheme}${note})`;
  return `${again}${who}\nPassword for ${printable(username)}: `;
}
