import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** Values of Echo that hold what they need to be checked: when they were given, and that it was to this peer. */
export interface EchoTickets {
  /** A value for this peer, of 11 bytes. */
  give(peerKey: string): Uint8Array;
  /** Whether a value was given to this peer, so many seconds ago at most. */
  isFresh(value: Uint8Array, peerKey: string, maxAgeSeconds: number): boolean;
}

/**
 * Makes values of Echo that need no memory: a time, and a MAC over it and the peer.
 *
 * @param now milliseconds of a clock that never goes back.
 * @param key of the MAC, 32 bytes: the same on all machines that serve one name, whose clocks have to agree then. By
 * default one of this process alone.
 *
 * @see RFC 9175 appendix A, method 2
 */
export function echoTickets(now: () => number, key: Uint8Array = randomBytes(32)): EchoTickets {
  const ticketOf = (seconds: number, peerKey: string): Uint8Array => {
    const time = Uint8Array.of((seconds >> 16) & 255, (seconds >> 8) & 255, seconds & 255);
    const mac = createHmac("sha256", key).update(time).update(peerKey).digest().subarray(0, macBytes);
    return Uint8Array.from([...time, ...mac]);
  };
  const secondsNow = (): number => Math.floor(now() / 1000) % wrap;
  return {
    give: (peerKey) => ticketOf(secondsNow(), peerKey),
    isFresh(value, peerKey, maxAgeSeconds) {
      const [high = 0, middle = 0, low = 0] = value;
      const given = (high << 16) | (middle << 8) | low;
      const age = (secondsNow() - given + wrap) % wrap;
      if (value.length !== timeBytes + macBytes || age > maxAgeSeconds) return false;
      return timingSafeEqual(value, ticketOf(given, peerKey));
    },
  };
}

const timeBytes = 3;
/** What RFC 9175 section 5 asks for at least where a guess can be tried at once. */
const macBytes = 8;
/** Half a year. */
const wrap = 2 ** 24;
