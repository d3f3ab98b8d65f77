import { type Dialogue, InvalidAnswer } from "./dialogue.ts";

/**
 * Asks a PostgreSQL server for TLS.
 *
 * @see PostgreSQL documentation, "Message Flow", section "SSL Session Encryption"; CVE-2021-23222
 */
export function* postgresqlDialogue(): Dialogue {
  // Length 8, and the code of SSLRequest: 1234 and 5679.
  yield { type: "send", bytes: Uint8Array.of(0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f) };
  const [answer = 0] = yield { type: "take", count: 1 };
  switch (String.fromCharCode(answer)) {
    case "S":
      return { type: "secure" };
    case "N":
      return { type: "refused", answer: "N" };
    case "E":
      // Its message cannot be trusted, and is not shown to anybody: CVE-2024-10977.
      return { type: "refused", answer: "an error" };
    default:
      throw new InvalidAnswer("the answer is not PostgreSQL's");
  }
}
