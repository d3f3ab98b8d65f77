import type { ByteRange } from "@fairlead/http/range";

/** What is asked for before anything is known; also the least that is worth a request of its own. */
export const PROBE_BYTES = 1024 * 1024;
/** What is asked for at once at the most: when one connection is slow, the others take over what it has not begun. */
const PIECE_LIMIT_BYTES = 16 * 1024 * 1024;
/** Pieces for each connection, so that all of them end at about the same time. */
const PIECES_EACH = 4;

/** Whether what is missing is worth more than one connection. */
export function isWorthParts(missing: readonly ByteRange[]): boolean {
  return missing.reduce((sum, { first, last }) => sum + last - first + 1, 0) > PROBE_BYTES;
}

/**
 * Fetches ranges by pieces, several at the same time. A piece that fails does not end the others: what they bring is there
 * for the next attempt. One that nobody can go on after ends all.
 *
 * @param fetch is given a signal that fires when another piece has ended all.
 * @throws what a piece failed with.
 */
export async function fetchPieces(
  ranges: readonly ByteRange[],
  parallel: number,
  signal: AbortSignal,
  fetch: (piece: ByteRange, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const queue = cut(ranges, parallel);
  const all = new AbortController();
  const onAbort = (): void => {
    all.abort(signal.reason);
  };
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  let failure: { readonly error: unknown } | undefined;
  const work = async (): Promise<void> => {
    try {
      for (let piece = queue.shift(); piece !== undefined; piece = queue.shift()) await fetch(piece, all.signal);
    } catch (error) {
      failure ??= { error };
      // Another request would be to the same server, which has a reason to fail, or for what is no more.
      queue.length = 0;
      if (!(error instanceof Error && "code" in error)) all.abort(error);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(parallel, queue.length) }, work));
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
  if (failure !== undefined) throw failure.error;
}

function cut(ranges: readonly ByteRange[], parallel: number): ByteRange[] {
  const total = ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  const size = Math.min(PIECE_LIMIT_BYTES, Math.max(PROBE_BYTES, Math.ceil(total / (parallel * PIECES_EACH))));
  const pieces: ByteRange[] = [];
  for (const { first, last } of ranges) {
    for (let at = first; at <= last; at += size) pieces.push({ first: at, last: Math.min(last, at + size - 1) });
  }
  return pieces;
}
