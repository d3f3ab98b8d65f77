import { readClientHello, type ClientHello } from "./client-hello.ts";
import { writeHelloVerifyRequest } from "./hello-verify-request.ts";

/** What to do with a datagram from somebody whose address is not known to be their own. */
export type HelloDecision =
  /** Say nothing, keep nothing. */
  | { readonly type: "drop" }
  /** Send this back, keep nothing. */
  | { readonly type: "verify"; readonly answer: Uint8Array }
  /** The client receives what is sent to its address: a handshake may begin with this datagram. */
  | { readonly type: "accept"; readonly hello: ClientHello };

/** Makes and checks cookies: at most 32 bytes that nobody else can make. */
export interface CookieMaker {
  make(input: Uint8Array): Uint8Array;
  accepts(input: Uint8Array, cookie: Uint8Array): boolean;
}

/**
 * Decides what a server does with a datagram, from nothing but that datagram, the address that it comes from, and a
 * secret. The cookie is bound to the address and to what the client may not change.
 *
 * @see RFC 6347 section 4.2.1
 */
export function decideHello(datagram: Uint8Array, address: Uint8Array, cookies: CookieMaker): HelloDecision {
  const hello = readClientHello(datagram);
  if (hello === undefined) return { type: "drop" };
  const input = Uint8Array.of(address.length >> 8, address.length & 0xff, ...address, ...hello.parameters);
  if (hello.cookie.length > 0 && cookies.accepts(input, hello.cookie)) return { type: "accept", hello };
  return { type: "verify", answer: writeHelloVerifyRequest(hello, cookies.make(input)) };
}
