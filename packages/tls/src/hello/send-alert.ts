import type { Duplex } from "node:stream";

/**
 * Tells a client why the handshake ends before any library has begun it. Nothing is protected yet, so the alert is five
 * bytes of record and two of its own.
 *
 * @see RFC 8446 sections 5.1 and 6.2
 */
export function sendAlert(below: Duplex, description: number): void {
  if (below.writable) below.write(Uint8Array.of(alertRecord, 3, 3, 0, 2, fatal, description));
}

const alertRecord = 21;
const fatal = 2;
