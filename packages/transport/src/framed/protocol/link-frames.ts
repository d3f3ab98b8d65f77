/** What is sent by a link that carries a byte stream. The smallest link takes 20 bytes, and no frame but data is longer. */
export type LinkFrame =
  /** Bytes, counted by frames modulo 64 since the last hello or welcome. */
  | { readonly type: "data"; readonly counter: number; readonly bytes: Uint8Array }
  /** Begins, or takes up again what a lost link or message has broken off. It is answered by a welcome. */
  | ({ readonly type: "hello"; readonly resumes: boolean; readonly session: bigint } & Standing)
  | ({ readonly type: "welcome"; readonly session: bigint } & Standing)
  | ({ readonly type: "credit" } & Standing)
  /** Nothing follows; it takes the place of one byte. */
  | { readonly type: "end"; readonly counter: number }
  | { readonly type: "reset"; readonly reason: LinkResetReason };

/** Where an end stands: both are counts of bytes since the beginning, modulo 2^32. */
export interface Standing {
  /** How much it has received. */
  readonly received: number;
  /** Up to where it takes bytes. */
  readonly limit: number;
}

/** Why a stream is over at once. */
export type LinkResetReason = "destroyed" | "session-unknown" | "protocol" | "other-version";

/** Bytes before the content of a data frame. */
export const dataHeadBytes = 1;

/** What every link must take. */
export const smallestMessageBytes = 20;

/** Writes one frame. */
export function writeLinkFrame(frame: LinkFrame): Uint8Array {
  switch (frame.type) {
    case "data": {
      const bytes = new Uint8Array(dataHeadBytes + frame.bytes.length);
      bytes[0] = frame.counter & counterMask;
      bytes.set(frame.bytes, dataHeadBytes);
      return bytes;
    }
    case "hello":
      return greeting(Head.hello, frame, frame.resumes);
    case "welcome":
      return greeting(Head.welcome, frame, false);
    case "credit": {
      const bytes = new Uint8Array(9);
      bytes[0] = Head.credit;
      writeStanding(bytes, 1, frame);
      return bytes;
    }
    case "end":
      return Uint8Array.of(Head.end, frame.counter & counterMask);
    case "reset":
      return Uint8Array.of(Head.reset, resetReasons.indexOf(frame.reason));
  }
}

/** Reads one; `undefined` for what is none. The content of a data frame is a view of `bytes`. */
export function readLinkFrame(bytes: Uint8Array): LinkFrame | undefined {
  const [head = 0xff, second = 0xff] = bytes;
  if (head <= counterMask) return { type: "data", counter: head, bytes: bytes.subarray(dataHeadBytes) };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  switch (head) {
    case Head.hello:
    case Head.welcome: {
      if (bytes.length !== 18) return undefined;
      if ((second & 0x7f) !== version) return { type: "reset", reason: "other-version" };
      const standing = readStanding(view, 10);
      const session = view.getBigUint64(2);
      if (head === Head.welcome) return { type: "welcome", session, ...standing };
      return { type: "hello", resumes: (second & 0x80) !== 0, session, ...standing };
    }
    case Head.credit:
      return bytes.length === 9 ? { type: "credit", ...readStanding(view, 1) } : undefined;
    case Head.end:
      return bytes.length === 2 && second <= counterMask ? { type: "end", counter: second } : undefined;
    case Head.reset: {
      const reason = bytes.length === 2 ? resetReasons[second] : undefined;
      return reason && { type: "reset", reason };
    }
    default:
      return undefined;
  }
}

function greeting(head: number, frame: Standing & { readonly session: bigint }, resumes: boolean): Uint8Array {
  const bytes = new Uint8Array(18);
  bytes[0] = head;
  bytes[1] = version | (resumes ? 0x80 : 0);
  new DataView(bytes.buffer).setBigUint64(2, frame.session);
  writeStanding(bytes, 10, frame);
  return bytes;
}

function writeStanding({ buffer }: Uint8Array<ArrayBuffer>, at: number, { received, limit }: Standing): void {
  const view = new DataView(buffer);
  view.setUint32(at, received);
  view.setUint32(at + 4, limit);
}

function readStanding(view: DataView, at: number): Standing {
  return { received: view.getUint32(at), limit: view.getUint32(at + 4) };
}

const version = 1;
const counterMask = 0x3f;
const Head = { hello: 0x40, welcome: 0x41, credit: 0x42, end: 0x43, reset: 0x44 } as const;
const resetReasons: readonly LinkResetReason[] = ["destroyed", "session-unknown", "protocol", "other-version"];
