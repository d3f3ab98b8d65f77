import type { BodySource } from "../exchange/index.ts";

/** What of some content is there without waiting. */
export interface EarlyContent {
  readonly pieces: readonly Uint8Array[];
  /** The next piece, which is waited for, or yet to be asked for; `undefined` at the end of all. */
  readonly next: (() => Promise<Uint8Array | undefined>) | undefined;
}

/** Octets that are gathered at most, before their head is sent. */
const EARLY_BYTES = 65_536;
/** What comes in more pieces than that is sent by and by. */
const EARLY_PIECES = 256;
const WAITING = Symbol("waiting");

/**
 * Reads what is there already. The body of `new Response("text")` is a stream like any other, and so are those of most
 * frameworks; gathered, it is sent with its length and in one piece. What waits for anything outside has its head sent now.
 *
 * Rejects with what the content fails with.
 */
export async function readEarly(content: BodySource): Promise<EarlyContent> {
  const pieces: Uint8Array[] = [];
  const end = microtasksDone();
  for (let bytes = 0; bytes < EARLY_BYTES && pieces.length < EARLY_PIECES; ) {
    const next = content.read();
    const piece = await Promise.race([next, end]);
    if (piece === undefined) return { pieces, next: undefined };
    if (piece === WAITING) {
      // Whoever goes on hears of it.
      next.catch(() => undefined);
      return { pieces, next: () => next };
    }
    pieces.push(piece);
    bytes += piece.length;
  }
  return { pieces, next: () => content.read() };
}

/** Resolves when nothing is left that goes on by itself: a tick that is asked for by a microtask comes after all of them. */
async function microtasksDone(): Promise<typeof WAITING> {
  await Promise.resolve();
  return new Promise((resolve) => {
    process.nextTick(resolve, WAITING);
  });
}
