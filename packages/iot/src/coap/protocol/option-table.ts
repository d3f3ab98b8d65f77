/** How the bytes of an option are understood. RFC 7252 section 3.2. */
export type CoapOptionFormat = "empty" | "opaque" | "uint" | "string";

/** What is registered of an option. */
export interface CoapOptionDefinition {
  readonly number: number;
  /** As it is registered. */
  readonly name: string;
  readonly format: CoapOptionFormat;
  readonly minBytes: number;
  readonly maxBytes: number;
  /** Whether a message may have several. */
  readonly repeatable: boolean;
}

/**
 * The options that this package knows.
 *
 * @see RFC 7252 section 5.10; 7641 (Observe), 7959 (Block, Size2), 7967 (No-Response), 8613 (OSCORE), 8768 (Hop-Limit),
 * 9175 (Echo, Request-Tag), 9177 (Q-Block)
 */
export const coapOptions = {
  ifMatch: define(1, "If-Match", "opaque", 0, 8, true),
  uriHost: define(3, "Uri-Host", "string", 1, 255),
  eTag: define(4, "ETag", "opaque", 1, 8, true),
  ifNoneMatch: define(5, "If-None-Match", "empty", 0, 0),
  observe: define(6, "Observe", "uint", 0, 3),
  uriPort: define(7, "Uri-Port", "uint", 0, 2),
  locationPath: define(8, "Location-Path", "string", 0, 255, true),
  oscore: define(9, "OSCORE", "opaque", 0, 255),
  uriPath: define(11, "Uri-Path", "string", 0, 255, true),
  contentFormat: define(12, "Content-Format", "uint", 0, 2),
  maxAge: define(14, "Max-Age", "uint", 0, 4),
  uriQuery: define(15, "Uri-Query", "string", 0, 255, true),
  hopLimit: define(16, "Hop-Limit", "uint", 1, 1),
  accept: define(17, "Accept", "uint", 0, 2),
  qBlock1: define(19, "Q-Block1", "uint", 0, 3),
  locationQuery: define(20, "Location-Query", "string", 0, 255, true),
  block2: define(23, "Block2", "uint", 0, 3),
  block1: define(27, "Block1", "uint", 0, 3),
  size2: define(28, "Size2", "uint", 0, 4),
  qBlock2: define(31, "Q-Block2", "uint", 0, 3, true),
  proxyUri: define(35, "Proxy-Uri", "string", 1, 1034),
  proxyScheme: define(39, "Proxy-Scheme", "string", 1, 255),
  size1: define(60, "Size1", "uint", 0, 4),
  echo: define(252, "Echo", "opaque", 1, 40),
  noResponse: define(258, "No-Response", "uint", 0, 1),
  requestTag: define(292, "Request-Tag", "opaque", 0, 8, true),
} as const satisfies Readonly<Record<string, CoapOptionDefinition>>;

/** Key of a known option; of those of one format where it is given. */
export type CoapOptionKey<Format extends CoapOptionFormat = CoapOptionFormat> = {
  [Key in keyof typeof coapOptions]: (typeof coapOptions)[Key]["format"] extends Format ? Key : never;
}[keyof typeof coapOptions];

/** What is known of an option number. */
export function findOptionDefinition(number: number): CoapOptionDefinition | undefined {
  return byNumber.get(number);
}

/** Whether a message with this option is refused by who does not understand it. RFC 7252 section 5.4.1. */
export function isCriticalOption(number: number): boolean {
  return (number & 1) === 1;
}

/** Whether a proxy that does not understand this option must not forward it. RFC 7252 section 5.4.2. */
export function isUnsafeOption(number: number): boolean {
  return (number & 2) === 2;
}

/** Whether this option is no part of what a cache goes by; an unsafe one is always a part. RFC 7252 section 5.4.2. */
export function isNoCacheKeyOption(number: number): boolean {
  return (number & 0x1e) === 0x1c;
}

function define<const Format extends CoapOptionFormat>(
  number: number,
  name: string,
  format: Format,
  minBytes: number,
  maxBytes: number,
  repeatable = false,
): CoapOptionDefinition & { readonly format: Format } {
  return { number, name, format, minBytes, maxBytes, repeatable };
}

const byNumber = new Map<number, CoapOptionDefinition>(
  Object.values(coapOptions).map((definition) => [definition.number, definition]),
);
