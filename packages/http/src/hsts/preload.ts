import { hstsHost } from "./host.ts";

/**
 * Last labels of names that are nobody's on the internet: of this machine, this network, an overlay, or of no one.
 *
 * @see RFC 6761, RFC 6762 (local), RFC 7686 (onion), RFC 9476 (alt), RFC 3172 and RFC 8375 (arpa); `internal` is ICANN's
 */
const SPECIAL_USE = new Set(["alt", "arpa", "example", "internal", "invalid", "local", "localhost", "onion", "test"]);

/**
 * Whether a preload list can speak for a URL's host: for names of the public DNS alone. An address, a single label or a
 * special-use name means another machine on each network, whatever a list says of it.
 */
export function mayBePreloaded(hostname: string): boolean {
  const host = hstsHost(hostname);
  if (host === undefined) return false;
  const lastDot = host.lastIndexOf(".");
  return lastDot !== -1 && !SPECIAL_USE.has(host.slice(lastDot + 1));
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const EXEMPTION = '{"preloaded":false}';

/**
 * What is kept in place of an entry when a preloaded host says `max-age=0`: that the list does not count for it any more.
 * Firefox keeps such a note; Chromium goes by its list until a new one comes. No entry, for who does not know of it.
 */
export function encodePreloadExemption(): Uint8Array {
  return encoder.encode(EXEMPTION);
}

/** Whether these are the bytes of {@link encodePreloadExemption}. */
export function isPreloadExemption(bytes: Uint8Array): boolean {
  return bytes.length === EXEMPTION.length && decoder.decode(bytes) === EXEMPTION;
}
