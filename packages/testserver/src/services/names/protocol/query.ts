/** What a client of DNS says of itself by EDNS. RFC 6891 section 6.1. */
export interface Edns {
  /** Bytes of the largest answer that it takes by UDP. */
  readonly sizeBytes: number;
  readonly version: number;
  /** Whether it wants signatures (RFC 4035 section 3.2.1). */
  readonly wantsSignatures: boolean;
  readonly options: ReadonlyMap<number, Uint8Array>;
}

/** A question, as it came. */
export interface Question {
  /** The whole question section, to be sent back as it is. */
  readonly bytes: Uint8Array;
  /** Its name in lower case, one string for each label, one character for each byte. */
  readonly labels: readonly string[];
  readonly type: number;
  readonly class: number;
}

/** What came from a client. */
export type ReadQuery =
  /** Nothing that could be answered: it is too short, or an answer itself. */
  | { readonly type: "none" }
  /** It has a head, and can be told that it is wrong. */
  | { readonly type: "refused"; readonly id: number; readonly flags: number; readonly rcode: 1 | 4 }
  | {
      readonly type: "query";
      readonly id: number;
      readonly flags: number;
      readonly question: Question;
      readonly edns: Edns | undefined;
    };

const headBytes = 12;
const optType = 41;
const formatError = 1;
const notImplemented = 4;

/**
 * Reads a query: one question, and EDNS where there is some.
 *
 * @see RFC 1035 section 4.1
 */
export function readQuery(bytes: Uint8Array): ReadQuery {
  if (bytes.length < headBytes) return { type: "none" };
  const id = uint16(bytes, 0);
  const flags = uint16(bytes, 2);
  if (flags >> 15 === 1) return { type: "none" };
  const refused = (rcode: 1 | 4): ReadQuery => ({ type: "refused", id, flags, rcode });
  if (((flags >> 11) & 15) !== 0) return refused(notImplemented);
  // RFC 9619: a query has one question.
  const isPlain = uint16(bytes, 4) === 1 && uint16(bytes, 6) === 0 && uint16(bytes, 8) === 0;
  const question = isPlain ? readQuestion(bytes) : undefined;
  if (question === undefined) return refused(formatError);
  const extra = uint16(bytes, 10);
  if (extra === 0) return { type: "query", id, flags, question, edns: undefined };
  const edns = extra === 1 ? readEdns(bytes.subarray(headBytes + question.bytes.length)) : undefined;
  return edns === undefined ? refused(formatError) : { type: "query", id, flags, question, edns };
}

function readQuestion(bytes: Uint8Array): Question | undefined {
  const labels: string[] = [];
  let at = headBytes;
  for (;;) {
    const length = bytes[at];
    // Nothing comes before a question that it could point to. RFC 1035 section 4.1.4.
    if (length === undefined || length > 63 || at - headBytes > 254) return undefined;
    at += 1;
    if (length === 0) break;
    if (at + length > bytes.length) return undefined;
    labels.push(lowerCase(bytes.subarray(at, at + length)));
    at += length;
  }
  if (at - headBytes > 255 || at + 4 > bytes.length) return undefined;
  return { bytes: bytes.slice(headBytes, at + 4), labels, type: uint16(bytes, at), class: uint16(bytes, at + 2) };
}

function readEdns(bytes: Uint8Array): Edns | undefined {
  if (bytes.length < 11 || bytes[0] !== 0 || uint16(bytes, 1) !== optType) return undefined;
  const end = 11 + uint16(bytes, 9);
  const options = new Map<number, Uint8Array>();
  let at = 11;
  while (at < end) {
    if (at + 4 > bytes.length) return undefined;
    const next = at + 4 + uint16(bytes, at + 2);
    if (next > end || next > bytes.length) return undefined;
    options.set(uint16(bytes, at), bytes.slice(at + 4, next));
    at = next;
  }
  // RFC 6891 section 6.2.5: less than 512 means 512.
  const sizeBytes = Math.max(512, uint16(bytes, 3));
  return { sizeBytes, version: bytes[6] ?? 0, wantsSignatures: (uint16(bytes, 7) & 0x8000) !== 0, options };
}

function lowerCase(bytes: Uint8Array): string {
  const characters = Array.from(bytes, (byte) => String.fromCharCode(byte >= 65 && byte <= 90 ? byte + 32 : byte));
  return characters.join("");
}

function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
