import type { Dialogue } from "./dialogue.ts";
import { readReply, say } from "./lines.ts";

/** Asks an FTP server to secure the control connection; PBSZ and PROT are the caller's. @see RFC 4217 section 4 */
export function* ftpDialogue(): Dialogue {
  let greeting = yield* readReply("ftp");
  // "Service ready in n minutes" comes before the greeting, if at all.
  if (greeting.code === "120") greeting = yield* readReply("ftp");
  if (greeting.code !== "220") return { type: "refused", answer: greeting.answer };
  yield* say("AUTH TLS");
  const { code, answer } = yield* readReply("ftp");
  return code === "234" ? { type: "secure" } : { type: "refused", answer };
}
