import { addressText } from "./addresses.ts";
import type { ProxyEnds, ProxyHeadReading } from "./head.ts";
import { factsOf, readTypeLengthValues } from "./type-length-values.ts";

/** What every head of version 2 begins with. Section 2.2. */
export const signature: Uint8Array = Uint8Array.of(13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10);

/** Signature, version and command, family, length. */
const fixedBytes = 16;

/** Reads a head in binary. Section 2.2. */
export function readVersion2(bytes: Uint8Array, maxBytes: number): ProxyHeadReading {
  if (bytes.length < fixedBytes) return { type: "need-data" };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const command = view.getUint8(12);
  const length = fixedBytes + view.getUint16(14);
  if (command !== local && command !== proxied) return { type: "invalid", detail: "another version or command" };
  if (length > maxBytes) return { type: "invalid", detail: `more than ${String(maxBytes)} bytes` };
  if (bytes.length < length) return { type: "need-data" };
  const nothing = { tls: undefined, alpnProtocol: undefined, authority: undefined, uniqueId: undefined };
  // Whatever else it holds is to be discarded.
  if (command === local) return { type: "head", head: { version: 2, ends: { type: "own" }, ...nothing }, length };
  const block = readEnds(bytes.subarray(fixedBytes, length), view.getUint8(13));
  if (block === undefined) return { type: "invalid", detail: "addresses of no family, or cut short" };
  const values = readTypeLengthValues(bytes.subarray(0, length), fixedBytes + block.bytes);
  if (values.type === "invalid") return values;
  return { type: "head", head: { version: 2, ends: block.ends, ...factsOf(values.values) }, length };
}

const local = 0x20;
const proxied = 0x21;

/** The lower half of a family's byte tells streams (1) from datagrams (2), which is all the same here. */
function readEnds(block: Uint8Array, family: number): { readonly ends: ProxyEnds; readonly bytes: number } | undefined {
  switch (family) {
    case 0x00:
      return { ends: { type: "own" }, bytes: 0 };
    case 0x11:
    case 0x12:
      return readAddresses(block, 4);
    case 0x21:
    case 0x22:
      return readAddresses(block, 16);
    case 0x31:
    case 0x32:
      return block.length < unixBytes ? undefined : { ends: { type: "unix" }, bytes: unixBytes };
    default:
      return undefined;
  }
}

/** Two paths of 108 bytes. */
const unixBytes = 216;

function readAddresses(
  block: Uint8Array,
  size: 4 | 16,
): { readonly ends: ProxyEnds; readonly bytes: number } | undefined {
  const bytes = 2 * size + 4;
  if (block.length < bytes) return undefined;
  const view = new DataView(block.buffer, block.byteOffset, bytes);
  const source = { address: addressText(block.subarray(0, size)), port: view.getUint16(2 * size) };
  const destination = { address: addressText(block.subarray(size, 2 * size)), port: view.getUint16(2 * size + 2) };
  return { ends: { type: "addresses", source, destination }, bytes };
}
