/**
 * Consistent overhead byte stuffing: a message as bytes without a zero, so that a zero can end it, and whoever begins to
 * listen in the middle, or hears a broken message, is back in step with the next zero.
 *
 * @see S. Cheshire, M. Baker: Consistent Overhead Byte Stuffing, IEEE/ACM Transactions on Networking 7(2), 1999
 */
export function stuff(message: Uint8Array): Uint8Array {
  const stuffed = new Uint8Array(message.length + Math.floor(message.length / 254) + 1);
  let codeAt = 0;
  let at = 1;
  for (const [index, byte] of message.entries()) {
    if (byte !== 0) stuffed[at++] = byte;
    const isFull = at - codeAt === longestRun && index + 1 < message.length;
    if (byte !== 0 && !isFull) continue;
    stuffed[codeAt] = at - codeAt;
    codeAt = at++;
  }
  stuffed[codeAt] = at - codeAt;
  return stuffed.subarray(0, at);
}

/** Takes the stuffing out, without the zero at the end; `undefined` for what cannot be a message. */
export function unstuff(stuffed: Uint8Array): Uint8Array | undefined {
  const message = new Uint8Array(stuffed.length);
  let at = 0;
  let length = 0;
  while (at < stuffed.length) {
    const code = stuffed[at] ?? 0;
    const end = at + code;
    if (code === 0 || end > stuffed.length) return undefined;
    const run = stuffed.subarray(at + 1, end);
    if (run.includes(0)) return undefined;
    message.set(run, length);
    length += run.length;
    at = end;
    // A full run has no zero behind it, and neither has the last one.
    if (code < longestRun && at < stuffed.length) length += 1;
  }
  return stuffed.length === 0 ? undefined : message.subarray(0, length);
}

/** The code of 254 bytes without a zero. */
const longestRun = 255;
