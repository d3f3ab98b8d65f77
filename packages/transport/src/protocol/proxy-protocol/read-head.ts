import type { ProxyHeadReading } from "./head.ts";
import { readVersion1 } from "./version-1.ts";
import { readVersion2, signature } from "./version-2.ts";

/** Longer heads are refused: version 2 could hold 64 KiB, and all there is to say takes a few hundred bytes. */
export const maxProxyHeadBytes = 16_384;

/**
 * Reads the head at the beginning of `bytes`, which are all that have come so far. It gives the same whether they came at
 * once or one by one.
 *
 * @see https://www.haproxy.org/download/3.2/doc/proxy-protocol.txt section 2
 */
export function readProxyHead(bytes: Uint8Array): ProxyHeadReading {
  if (bytes.length === 0) return { type: "need-data" };
  if (startsAlike(bytes, signature)) return readVersion2(bytes, maxProxyHeadBytes);
  if (startsAlike(bytes, version1)) return readVersion1(bytes);
  return { type: "none" };
}

const version1 = Uint8Array.from("PROXY ", (character) => character.charCodeAt(0));

/** Whether one of them begins with the other. */
function startsAlike(bytes: Uint8Array, start: Uint8Array): boolean {
  const length = Math.min(bytes.length, start.length);
  for (let index = 0; index < length; index += 1) if (bytes[index] !== start[index]) return false;
  return true;
}
