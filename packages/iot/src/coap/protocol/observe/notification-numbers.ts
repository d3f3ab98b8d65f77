/**
 * Numbers the notifications to one client: each number is above the ones before it, whatever registration they belong to,
 * and also above those of an earlier channel to the same client, which is why they go by the time. They begin again at 0
 * after 2^24 - 1.
 *
 * @param now milliseconds of a clock that never goes back
 *
 * @see RFC 7641 section 4.4
 */
export function notificationNumbers(now: () => number): () => number {
  let last = 0;
  return () => {
    last = Math.max(last + 1, Math.floor(now()));
    return last % 2 ** 24;
  };
}
