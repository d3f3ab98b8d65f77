import { setTimeout } from "node:timers/promises";

/** Lets time pass. @throws the signal's reason. */
export async function waitFor(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await setTimeout(Math.min(milliseconds, LONGEST_MILLISECONDS), undefined, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

/** Node's timers fire at once for anything longer. */
const LONGEST_MILLISECONDS = 2 ** 31 - 1;
