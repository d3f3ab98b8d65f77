let second = Number.NaN;
let text = "";

/**
 * The Date of a response that is sent now. RFC 9110 section 6.6.1.
 *
 * Formatting it costs more than anything else of a small answer, and all of a second are the same: the last one is kept,
 * for all servers of this process, as it depends on nothing but the time.
 */
export function dateNow(): string {
  const now = Math.floor(Date.now() / 1_000);
  if (now !== second) {
    second = now;
    text = new Date(now * 1_000).toUTCString();
  }
  return text;
}
