import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { systemClock, type Clock } from "./clock.ts";
import { decideHello, type HelloDecision } from "./protocol/hello-decision.ts";

/** Answers ClientHellos without keeping anything of them, by cookies that only it can make. */
export interface CookieGate {
  /** Decides about a datagram from an address, whose text is what the cookie is bound to. */
  decide(datagram: Uint8Array, address: string): HelloDecision;
}

/**
 * Makes a gate with a secret of its own, which is replaced after a minute at the next ClientHello; a cookie holds for one
 * minute at least and for less than three.
 *
 * @see RFC 6347 section 4.2.1
 */
export function cookieGate(clock: Clock = systemClock): CookieGate {
  let secrets: readonly Buffer[] = [randomBytes(secretBytes)];
  let replacedAt = clock.now();
  const make = (secret: Buffer, input: Uint8Array): Buffer =>
    createHmac("sha256", secret).update(input).digest().subarray(0, cookieBytes);
  return {
    decide(datagram, address) {
      const age = clock.now() - replacedAt;
      if (age >= lifetimeMilliseconds) {
        secrets = [randomBytes(secretBytes), ...(age < 2 * lifetimeMilliseconds ? secrets.slice(0, 1) : [])];
        replacedAt = clock.now();
      }
      return decideHello(datagram, Buffer.from(address), {
        make: (input) => make(secrets[0] ?? randomBytes(secretBytes), input),
        accepts: (input, cookie) =>
          cookie.length === cookieBytes && secrets.some((secret) => timingSafeEqual(make(secret, input), cookie)),
      });
    },
  };
}

const secretBytes = 32;
/** Half of an HMAC-SHA-256 (RFC 2104 section 5). */
const cookieBytes = 16;
const lifetimeMilliseconds = 60_000;
