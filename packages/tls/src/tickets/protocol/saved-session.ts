import type { SessionVersion } from "../../protocol/version.ts";

/** A session in a library's own format, and what the next connection has to know before it is offered. */
export interface SavedSession {
  readonly version: SessionVersion;
  /** Seconds since the epoch. */
  readonly createdSeconds: number;
  readonly lifetimeSeconds: number;
  /** The certificate that the server was verified by, DER. */
  readonly peerCertificate: Uint8Array;
  /** The library's bytes. */
  readonly bytes: Uint8Array;
}

/** Writes a session to the bytes that `onSession` gives: a mark, four numbers of 32 bits, the certificate, the rest. */
export function writeSavedSession(session: SavedSession): Uint8Array {
  const { peerCertificate, bytes } = session;
  const written = new Uint8Array(mark.length + 16 + peerCertificate.length + bytes.length);
  written.set(mark);
  const numbers = new DataView(written.buffer, mark.length);
  numbers.setUint32(0, versionNumbers[session.version]);
  numbers.setUint32(4, session.createdSeconds);
  numbers.setUint32(8, session.lifetimeSeconds);
  numbers.setUint32(12, peerCertificate.length);
  written.set(peerCertificate, mark.length + 16);
  written.set(bytes, mark.length + 16 + peerCertificate.length);
  return written;
}

/** Reads what `writeSavedSession` wrote; `undefined` for anything else. The parts share memory with the input. */
export function readSavedSession(written: Uint8Array): SavedSession | undefined {
  if (written.length < mark.length + 16 || !mark.every((byte, index) => written[index] === byte)) return undefined;
  const numbers = new DataView(written.buffer, written.byteOffset + mark.length);
  const version = versions.get(numbers.getUint32(0));
  const start = mark.length + 16;
  const end = start + numbers.getUint32(12);
  if (version === undefined || end > written.length) return undefined;
  return {
    version,
    createdSeconds: numbers.getUint32(4),
    lifetimeSeconds: numbers.getUint32(8),
    peerCertificate: written.subarray(start, end),
    bytes: written.subarray(end),
  };
}

/** As they stand in a ServerHello. */
const versionNumbers: Readonly<Record<SessionVersion, number>> = {
  "TLSv1.2": 0x0303,
  "TLSv1.3": 0x0304,
  "DTLSv1.2": 0xfefd,
};
const versions: ReadonlyMap<number, SessionVersion> = new Map([
  [versionNumbers["TLSv1.2"], "TLSv1.2"],
  [versionNumbers["TLSv1.3"], "TLSv1.3"],
  [versionNumbers["DTLSv1.2"], "DTLSv1.2"],
]);

const mark = new TextEncoder().encode("\0fairlead:session:1\0");
