import { type Dialogue, InvalidAnswer } from "./dialogue.ts";

/**
 * Asks a MySQL or MariaDB server for TLS. What follows needs the server's greeting, which the outcome holds: its payload,
 * which came unprotected. The next packet of the client has number 2.
 *
 * @see MySQL internals, "Protocol::HandshakeV10" and "Protocol::SSLRequest"
 */
export function* mysqlDialogue(): Dialogue {
  const [low = 0, middle = 0, high = 0, number] = yield { type: "take", count: 4 };
  const length = low | (middle << 8) | (high << 16);
  if (number !== 0 || length < 3 || length > maxGreetingBytes)
    throw new InvalidAnswer("it does not greet as MySQL does");
  const greeting = yield { type: "take", count: length };
  const [version] = greeting;
  if (version === errorPacket) {
    return { type: "refused", answer: `error ${String((greeting[1] ?? 0) | ((greeting[2] ?? 0) << 8))}` };
  }
  const versionEnd = greeting.indexOf(0, 1);
  if (version !== 10 || versionEnd === -1) throw new InvalidAnswer("the protocol is not version 10");
  // Thread number, eight bytes of challenge and a filler come before.
  const at = versionEnd + 1 + 4 + 8 + 1;
  const capabilities = (greeting[at] ?? 0) | ((greeting[at + 1] ?? 0) << 8);
  if ((capabilities & clientSsl) === 0) return { type: "refused", answer: "its greeting does not offer TLS" };
  yield { type: "send", bytes: sslRequest };
  return { type: "secure", greeting };
}

const maxGreetingBytes = 4_096;
const errorPacket = 0xff;
const clientSsl = 0x0800;

/** Capabilities PROTOCOL_41, SSL, SECURE_CONNECTION and PLUGIN_AUTH; packets of 16 MiB; utf8mb4; 23 bytes of nothing. */
const sslRequest = Uint8Array.of(
  ...[32, 0, 0, 1],
  ...[0x00, 0x8a, 0x08, 0x00],
  ...[0, 0, 0, 1],
  45,
  ...new Array<number>(23).fill(0),
);
