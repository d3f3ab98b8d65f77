/**
 * Which sequence numbers of a peer were seen: all below the window, and within it those that are marked.
 *
 * @see RFC 8613 sections 3.2.2 and 7.4
 */
export interface ReplayWindow {
  /** The largest number that was seen; -1 before the first. */
  readonly highest: number;
  /** One bit for each of the last 32 numbers, the lowest bit for `highest`. */
  readonly seen: number;
}

/** Numbers that may come late: the default of RFC 8613. */
export const replayWindowSize = 32;

/** A window in which nothing was seen. */
export const emptyReplayWindow: ReplayWindow = { highest: -1, seen: 0 };

/** Makes a window whose lower limit is a number that was just seen: it, and whatever is below it, is refused. */
export function replayWindowFrom(sequenceNumber: number): ReplayWindow {
  return { highest: sequenceNumber, seen: 0xffff_ffff };
}

/**
 * Marks a number as seen; `undefined` where it was seen before, or is too old to tell. To be called when the message has
 * been verified, without anything in between.
 */
export function markSequenceNumber({ highest, seen }: ReplayWindow, sequenceNumber: number): ReplayWindow | undefined {
  if (sequenceNumber > highest) {
    const step = sequenceNumber - highest;
    return { highest: sequenceNumber, seen: (step >= replayWindowSize ? 1 : (seen << step) | 1) >>> 0 };
  }
  const age = highest - sequenceNumber;
  const bit = age < replayWindowSize ? 1 << age : 0;
  if (bit === 0 || (seen & bit) !== 0) return undefined;
  return { highest, seen: (seen | bit) >>> 0 };
}
