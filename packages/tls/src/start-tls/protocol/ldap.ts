import { type Dialogue, type DialoguePart, InvalidAnswer } from "./dialogue.ts";
import { bytesOf } from "./lines.ts";

/** Asks a directory for TLS by an extended operation. @see RFC 4511 sections 4.12 and 4.14 */
export function* ldapDialogue(): Dialogue {
  const name = bytesOf("1.3.6.1.4.1.1466.20037");
  const operation = [0x77, name.length + 2, 0x80, name.length, ...name];
  yield { type: "send", bytes: Uint8Array.of(0x30, operation.length + 3, 0x02, 1, messageId, ...operation) };
  const message = yield* readElement(0x30);
  // messageID INTEGER, then [APPLICATION 24] { resultCode ENUMERATED, … }
  const [idTag, idLength, id, responseTag] = message;
  if (idTag !== 0x02 || idLength !== 1) throw new InvalidAnswer("the message has no number");
  // 0 is a notice of disconnection, which no one asked for.
  if (responseTag !== 0x78) throw new InvalidAnswer("the answer is to something else");
  const code = resultCode(message.subarray(3));
  if (id !== messageId) return { type: "refused", answer: `notice, result code ${String(code)}` };
  return code === 0 ? { type: "secure" } : { type: "refused", answer: `result code ${String(code)}` };
}

const messageId = 1;
const maxMessageBytes = 8_192;

/** Reads one element of this tag, and returns its content. */
function* readElement(tag: number): DialoguePart<Uint8Array> {
  const [found, first = 0] = yield { type: "take", count: 2 };
  if (found !== tag) throw new InvalidAnswer("the answer is not LDAP");
  let length = first;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count < 1 || count > 4) throw new InvalidAnswer("a length is too long");
    length = bigEndian(yield { type: "take", count });
  }
  if (length > maxMessageBytes) throw new InvalidAnswer("the answer is too long");
  return length === 0 ? new Uint8Array() : yield { type: "take", count: length };
}

/** The first element of the response, whose own header may have a long length. */
function resultCode(response: Uint8Array): number {
  const [, first = 0] = response;
  const start = 2 + (first >= 0x80 ? first & 0x7f : 0);
  const [tag, length, code] = response.subarray(start);
  if (tag !== 0x0a || length !== 1 || code === undefined) throw new InvalidAnswer("the answer has no result");
  return code;
}

function bigEndian(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}
