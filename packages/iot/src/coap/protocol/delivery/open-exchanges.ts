import type { OutgoingMessage } from "./outbox.ts";

/** One token of ours, and the request that waits by it. */
export interface OpenExchange<Owner> {
  readonly owner: Owner;
  readonly token: Uint8Array;
  /** The request that is queued or waits for a word; `undefined` before the first and behind each answer. */
  outgoing: OutgoingMessage | undefined;
  /** Which block of its body the last request had; `undefined` for one without Block1. */
  blockNumber: number | undefined;
  isReleased: boolean;
}

/**
 * The exchanges that this side has begun. A token is a count, by which it is found and which does not come again, and 40
 * random bits, which somebody who does not see the path cannot guess.
 *
 * @see RFC 7252 section 5.3.1, RFC 9175 section 4.2
 */
export class OpenExchanges<Owner> {
  readonly #random: () => number;
  readonly #exchanges = new Map<number, OpenExchange<Owner>>();
  #next = 0;

  /** @param random gives integers from 0 to 2^32 - 1 that nobody can foretell */
  constructor(random: () => number) {
    this.#random = random;
  }

  get size(): number {
    return this.#exchanges.size;
  }

  [Symbol.iterator](): Iterator<OpenExchange<Owner>> {
    return this.#exchanges.values();
  }

  open(owner: Owner): OpenExchange<Owner> {
    while (this.#exchanges.has(this.#next)) this.#next = (this.#next + 1) & countMask;
    const count = this.#next;
    this.#next = (count + 1) & countMask;
    const token = new Uint8Array(tokenBytes);
    token[0] = count >> 16;
    token[1] = count >> 8;
    token[2] = count;
    token[3] = this.#random();
    const random = this.#random();
    for (let at = 4; at < tokenBytes; at += 1) token[at] = random >> (8 * (at - 4));
    const exchange: OpenExchange<Owner> = {
      owner,
      token,
      outgoing: undefined,
      blockNumber: undefined,
      isReleased: false,
    };
    this.#exchanges.set(count, exchange);
    return exchange;
  }

  find(token: Uint8Array): OpenExchange<Owner> | undefined {
    if (token.length !== tokenBytes) return undefined;
    const exchange = this.#exchanges.get(countOf(token));
    return exchange !== undefined && areEqual(exchange.token, token) ? exchange : undefined;
  }

  release(exchange: OpenExchange<Owner>): void {
    if (exchange.isReleased) return;
    exchange.isReleased = true;
    this.#exchanges.delete(countOf(exchange.token));
  }
}

/** Whether two tokens are the same. */
export function areEqual(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at += 1) {
    if (one[at] !== other[at]) return false;
  }
  return true;
}

function countOf(token: Uint8Array): number {
  return ((token[0] ?? 0) << 16) | ((token[1] ?? 0) << 8) | (token[2] ?? 0);
}

const tokenBytes = 8;
const countMask = 0xff_ffff;
