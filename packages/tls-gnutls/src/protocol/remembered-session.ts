/** What is remembered of a session beside what GnuTLS writes: it keeps neither name nor protocol. */
export interface RememberedSession {
  /** As GnuTLS wrote it. The bytes are a secret. */
  readonly data: Uint8Array;
  /** Bytes that may be sent early; 0 for none. */
  readonly earlyCapacity: number;
  /** One character per byte; empty for none. */
  readonly alpnProtocol: string;
  /** In ASCII; empty for none. */
  readonly serverName: string;
}

/** Writes early capacity, protocol and name, the latter two with their length before them, and then GnuTLS's data. */
export function writeSession({ data, earlyCapacity, alpnProtocol, serverName }: RememberedSession): Uint8Array {
  const texts = [alpnProtocol, serverName].flatMap((text) => [text.length, ...latin1(text)]);
  const head = Uint8Array.of(...capacityBytes(earlyCapacity), ...texts);
  const bytes = new Uint8Array(head.length + data.length);
  bytes.set(head);
  bytes.set(data, head.length);
  return bytes;
}

/** Reads what {@link writeSession} wrote; `undefined` for anything that cannot be. The data are a view of the bytes. */
export function readSession(bytes: Uint8Array): RememberedSession | undefined {
  const texts: string[] = [];
  let at = 4;
  while (texts.length < 2) {
    const length = bytes[at];
    if (length === undefined || at + 1 + length > bytes.length) return undefined;
    texts.push(String.fromCharCode(...bytes.subarray(at + 1, at + 1 + length)));
    at += 1 + length;
  }
  const [alpnProtocol = "", serverName = ""] = texts;
  const earlyCapacity = bytes.subarray(0, 4).reduce((sum, byte) => sum * 256 + byte, 0);
  return { data: bytes.subarray(at), earlyCapacity, alpnProtocol, serverName };
}

function capacityBytes(capacity: number): readonly number[] {
  return [24, 16, 8, 0].map((shift) => (capacity >>> shift) & 0xff);
}

function latin1(text: string): readonly number[] {
  return Array.from(text, (character) => character.charCodeAt(0) & 0xff);
}
