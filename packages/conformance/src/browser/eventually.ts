import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";

/** How long a page may take, in milliseconds: a loaded machine is slow, a wrong page stays wrong. */
const PATIENCE = 20_000;

/** Between two looks, in milliseconds. */
const PAUSE = 25;

/**
 * Waits until a page shows what is expected: what is read is equal to it, or matches it. A browser handles what was
 * done to a page before it answers a question about it, but what follows from that (an answer of a server, a `toggle`
 * or `close` event, a later frame) may come after.
 *
 * @throws AssertionError with the last difference, after 20 s.
 */
export async function eventually(read: () => Promise<unknown>, expected: unknown, message?: string): Promise<void> {
  const end = performance.now() + PATIENCE;
  for (;;) {
    const value = await read();
    try {
      if (expected instanceof RegExp) assert.match(String(value), expected, message);
      else assert.deepEqual(value, expected, message);
      return;
    } catch (error) {
      if (performance.now() > end) throw error;
    }
    await delay(PAUSE);
  }
}
