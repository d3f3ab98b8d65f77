import type { Duplex } from "node:stream";
import { memoryPair } from "@fairlead/transport";

/** A stream on whose way in TLS records can be held back, and then let through in one piece. */
export interface Gate {
  readonly stream: Duplex;
  /** Whole records that it holds. */
  readonly records: number;
  hold(): void;
  /** Resolves when it holds so many. */
  holds(records: number): Promise<void>;
  release(): void;
}

/** Puts a gate before a stream. */
export function gated(below: Duplex): Gate {
  const [stream, far] = memoryPair({ allowHalfOpen: true });
  let held: Buffer | undefined;
  let waiting: (() => void) | undefined;
  far.pipe(below);
  far.on("error", () => undefined);
  below.on("error", () => far.destroy());
  below.on("close", () => far.destroy());
  below.on("data", (chunk: Buffer) => {
    if (held === undefined) far.write(chunk);
    else held = Buffer.concat([held, chunk]);
    waiting?.();
  });
  below.on("end", () => far.end());
  const records = (): number => (held === undefined ? 0 : countRecords(held));
  return {
    stream,
    get records() {
      return records();
    },
    hold() {
      held ??= Buffer.alloc(0);
    },
    holds(wanted) {
      return new Promise((resolve) => {
        const look = (): void => {
          if (records() >= wanted) resolve();
        };
        waiting = look;
        look();
      });
    },
    release() {
      if (held !== undefined) far.write(held);
      held = undefined;
    },
  };
}

/** RFC 8446 section 5.1: type, version, and the length of what follows. */
function countRecords(bytes: Buffer): number {
  let records = 0;
  for (let at = 0; at + 5 <= bytes.length; ) {
    at += 5 + bytes.readUInt16BE(at + 3);
    if (at <= bytes.length) records += 1;
  }
  return records;
}
