/** The schemes of RFC 7252 section 6 and RFC 8323 section 8, by what carries them. */
export type CoapScheme = "coap" | "coaps" | "coap+tcp" | "coaps+tcp" | "coap+ws" | "coaps+ws";

/** What a scheme says of how a request travels. */
export interface CoapSchemeFacts {
  /** Where a URI names no port. */
  readonly defaultPort: number;
  readonly carrier: "datagrams" | "stream" | "websocket";
  readonly isSecure: boolean;
}

/** Facts of each scheme. RFC 7252 sections 6.1 and 6.2, RFC 8323 sections 8.1 to 8.4. */
export const coapSchemes: Readonly<Record<CoapScheme, CoapSchemeFacts>> = {
  coap: { defaultPort: 5683, carrier: "datagrams", isSecure: false },
  coaps: { defaultPort: 5684, carrier: "datagrams", isSecure: true },
  "coap+tcp": { defaultPort: 5683, carrier: "stream", isSecure: false },
  "coaps+tcp": { defaultPort: 5684, carrier: "stream", isSecure: true },
  "coap+ws": { defaultPort: 80, carrier: "websocket", isSecure: false },
  "coaps+ws": { defaultPort: 443, carrier: "websocket", isSecure: true },
};

/** Tells whether a name, in lower case, is one of these schemes. */
export function isCoapScheme(name: string): name is CoapScheme {
  return Object.hasOwn(coapSchemes, name);
}
