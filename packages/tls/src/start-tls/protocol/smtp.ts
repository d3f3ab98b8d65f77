import type { Dialogue } from "./dialogue.ts";
import { readReply, say } from "./lines.ts";

/**
 * Asks a mail server for TLS. What it said about itself before counts for nothing afterwards: say EHLO again.
 *
 * @param name what the client calls itself: a domain or an address literal.
 * @see RFC 3207 section 4; RFC 5321 section 4.1.1.1
 */
export function* smtpDialogue(name: string): Dialogue {
  const greeting = yield* readReply("smtp");
  if (greeting.code !== "220") return { type: "refused", answer: greeting.answer };
  yield* say(`EHLO ${name}`);
  const extensions = yield* readReply("smtp");
  if (extensions.code !== "250") return { type: "refused", answer: extensions.answer };
  if (!extensions.lines.slice(1).some((line) => /^STARTTLS\s*$/i.test(line))) {
    return { type: "refused", answer: "STARTTLS is not among its extensions" };
  }
  yield* say("STARTTLS");
  const { code, answer } = yield* readReply("smtp");
  return code === "220" ? { type: "secure" } : { type: "refused", answer };
}
