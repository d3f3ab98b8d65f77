import type { MemoryNetworkOptions } from "@fairlead/transport";

/** How bad a network is; each is a probability. */
export interface LossyOptions {
  readonly seed: number;
  readonly loss: number;
  readonly duplication: number;
  /** A datagram is held back, so that those after it overtake it. */
  readonly reordering: number;
  /** How many datagrams it treats so; those after them arrive. Bad luck without end would only be waited out. */
  readonly datagrams: number;
}

/** Counts what became of datagrams. */
export interface LossyCarrier {
  readonly carry: NonNullable<MemoryNetworkOptions["carry"]>;
  readonly counts: { sent: number; lost: number; duplicated: number; heldBack: number };
}

/** Carries datagrams as a bad network does; the same seed makes the same decisions about the same datagrams. */
export function lossyCarrier({ seed, loss, duplication, reordering, datagrams }: LossyOptions): LossyCarrier {
  const random = generator(seed);
  const counts = { sent: 0, lost: 0, duplicated: 0, heldBack: 0 };
  return {
    counts,
    carry(bytes, deliver) {
      if (counts.sent === datagrams) {
        setImmediate(() => deliver(bytes));
        return;
      }
      counts.sent += 1;
      // Each is drawn for every datagram, so that one decision does not shift the next.
      const [isLost, isDoubled, isHeldBack] = [random() < loss, random() < duplication, random() < reordering];
      const turns = 2 + Math.floor(random() * 8);
      if (isLost) {
        counts.lost += 1;
        return;
      }
      if (isHeldBack) counts.heldBack += 1;
      afterTurns(isHeldBack ? turns : 1, () => deliver(bytes));
      if (!isDoubled) return;
      counts.duplicated += 1;
      afterTurns(turns, () => deliver(Buffer.from(bytes)));
    },
  };
}

function afterTurns(turns: number, run: () => void): void {
  setImmediate(() => {
    if (turns <= 1) run();
    else afterTurns(turns - 1, run);
  });
}

/** Numbers from 0 to 1: mulberry32. */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
