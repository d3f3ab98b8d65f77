/** A resource record, ready to be sent. RFC 1035 section 4.1.3. */
export interface WireRecord {
  /** The name that it belongs to, in bytes; a pointer to the question by default. */
  readonly owner?: Uint8Array | undefined;
  readonly type: number;
  /** 1, the internet, by default. */
  readonly class?: number | undefined;
  readonly ttl: number;
  readonly data: Uint8Array;
}

/** A message, ready to be sent. */
export interface WireMessage {
  readonly id: number;
  /** All sixteen bits, the response code among them. */
  readonly flags: number;
  /** The question section, or nothing. */
  readonly question: Uint8Array | undefined;
  readonly answers?: readonly WireRecord[];
  readonly authorities?: readonly WireRecord[];
  readonly additionals?: readonly WireRecord[];
}

/** Bits of the second half of a message's head. RFC 1035 section 4.1.1, RFC 4035 section 3.1.6. */
export const flagBits = {
  response: 0x8000,
  authoritative: 0x0400,
  truncated: 0x0200,
  recursionDesired: 0x0100,
  recursionAvailable: 0x0080,
  authenticData: 0x0020,
  checkingDisabled: 0x0010,
} as const;

/** Points to the name of the question, which is always at the same place. RFC 1035 section 4.1.4. */
const toQuestion = Uint8Array.of(0xc0, 12);

/** Formats a message. */
export function formatMessage(message: WireMessage): Uint8Array {
  const { id, flags, question, answers = [], authorities = [], additionals = [] } = message;
  const counts = [question === undefined ? 0 : 1, answers.length, authorities.length, additionals.length];
  const head = [id, flags, ...counts].flatMap((each) => [each >> 8, each & 0xff]);
  const records = [...answers, ...authorities, ...additionals].flatMap(recordParts);
  return join([Uint8Array.from(head), question ?? new Uint8Array(0), ...records]);
}

/** A name in bytes; each label has as many bytes as characters. RFC 1035 section 3.1. */
export function formatName(name: string): Uint8Array {
  const labels = name === "" || name === "." ? [] : name.replace(/\.$/, "").split(".");
  const bytes = labels.flatMap((label) => [label.length, ...Array.from(label, (each) => each.charCodeAt(0) & 0xff)]);
  return Uint8Array.of(...bytes, 0);
}

/** One after the other. */
export function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function recordParts(record: WireRecord): readonly Uint8Array[] {
  const { owner = toQuestion, type, class: class_ = 1, ttl, data } = record;
  const numbers = [type, class_, Math.floor(ttl / 65_536), ttl % 65_536, data.length];
  return [owner, Uint8Array.from(numbers.flatMap((each) => [(each >> 8) & 0xff, each & 0xff])), data];
}
