/** One notification's place among the others. */
export interface NotificationPlace {
  /** The value of Observe, of 24 bits. */
  readonly sequence: number;
  /** Milliseconds of a clock that never goes back. */
  readonly receivedAt: number;
}

/**
 * Tells whether a notification is newer than the newest so far, though datagrams overtake each other: by its number, which
 * begins again at 0 after 2^24 - 1, or because it came more than 128 seconds later.
 *
 * @see RFC 7641 section 3.4
 */
export function isFresher(next: NotificationPlace, newest: NotificationPlace): boolean {
  const ahead = (next.sequence - newest.sequence + wrap) % wrap;
  return (ahead > 0 && ahead < wrap / 2) || next.receivedAt > newest.receivedAt + 128_000;
}

const wrap = 2 ** 24;
