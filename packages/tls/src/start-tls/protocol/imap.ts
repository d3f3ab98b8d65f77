import { type Dialogue, InvalidAnswer } from "./dialogue.ts";
import { readLine, say } from "./lines.ts";

/**
 * Asks an IMAP server for TLS. A connection that is authenticated from the start cannot be secured any more.
 *
 * @see RFC 9051 sections 6.2.1 and 7.1.4
 */
export function* imapDialogue(): Dialogue {
  const greeting = yield* readLine();
  if (!/^\* (?:OK|PREAUTH|BYE)\b/i.test(greeting)) throw new InvalidAnswer("it does not greet as IMAP does");
  if (!/^\* OK\b/i.test(greeting)) return { type: "refused", answer: greeting };
  yield* say(`${tag} STARTTLS`);
  for (let lines = 0; lines < maxUntagged; lines += 1) {
    const line = yield* readLine();
    if (line.startsWith(`${tag} `)) {
      if (/^\S+ OK\b/i.test(line)) return { type: "secure" };
      if (/^\S+ (?:NO|BAD)\b/i.test(line)) return { type: "refused", answer: line };
    }
    if (/^\* BYE\b/i.test(line)) return { type: "refused", answer: line };
    // A literal would bring bytes that are no line.
    if (!line.startsWith("* ") || line.endsWith("}")) throw new InvalidAnswer("a line is none of IMAP");
  }
  throw new InvalidAnswer("there are too many lines before the answer");
}

const tag = "a1";
const maxUntagged = 32;
