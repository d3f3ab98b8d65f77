import { type Dialogue, type DialoguePart, InvalidAnswer } from "./dialogue.ts";
import { readLine, say } from "./lines.ts";

/** Asks a POP3 server for TLS. @see RFC 2595 section 4 */
export function* pop3Dialogue(): Dialogue {
  const greeting = yield* readStatus();
  if (!greeting.good) return { type: "refused", answer: greeting.line };
  yield* say("STLS");
  const { good, line } = yield* readStatus();
  return good ? { type: "secure" } : { type: "refused", answer: line };
}

function* readStatus(): DialoguePart<{ readonly good: boolean; readonly line: string }> {
  const line = yield* readLine();
  if (!/^(?:\+OK|-ERR)(?: |$)/i.test(line)) throw new InvalidAnswer("a line is no status of POP3");
  return { good: line.startsWith("+"), line };
}
