import type { BaseBlock } from "asn1js";
import { asn1 } from "./asn1-library.ts";
import { type DerNode, MalformedDer } from "./protocol/der-node.ts";

/** What is read of one certificate, list or response: nobody's real one comes near. */
export const derLimits = { sizeBytes: 1 << 20, depth: 32, nodes: 100_000 } as const;

/**
 * Reads exactly one element of DER, by asn1js. That library reads BER; whatever is not the one DER form of its lengths
 * is refused here, so that two readers cannot see two things in the same bytes.
 *
 * @throws MalformedDer
 * @see ITU-T X.690 section 10.1
 */
export function readDer(bytes: Uint8Array): DerNode {
  if (bytes.length > derLimits.sizeBytes) throw new MalformedDer("it is too large");
  const { result, offset } = parse(bytes);
  if (offset !== bytes.length) throw new MalformedDer("it is no single DER element");
  return convert(result);
}

function parse(bytes: Uint8Array): { readonly result: BaseBlock; readonly offset: number } {
  try {
    return asn1().fromBER(bytes, {
      maxDepth: derLimits.depth,
      maxNodes: derLimits.nodes,
      maxContentLength: derLimits.sizeBytes,
    });
  } catch (error) {
    // The library throws what its own bounds and decoders happen to throw.
    throw new MalformedDer("it is no DER", { cause: error });
  }
}

function convert(block: BaseBlock): DerNode {
  const raw = block.valueBeforeDecodeView;
  const content = raw.subarray(raw.length - block.lenBlock.length);
  const tag = raw[0] ?? 0;
  if (block.error !== "" || block.lenBlock.isIndefiniteForm || !hasShortestHeader(raw, content.length)) {
    throw new MalformedDer("it is not in DER form");
  }
  const elements = block instanceof asn1().Constructed ? block.valueBlock.value : undefined;
  const children = elements?.map(convert) ?? [];
  // A constructed element is its children and nothing else.
  if (children.reduce((sum, child) => sum + child.raw.length, 0) !== (elements === undefined ? 0 : content.length)) {
    throw new MalformedDer("it is not in DER form");
  }
  return { tag, raw, content, children, text: textOf(block) };
}

/** One octet of tag, and the one DER form of the length. */
function hasShortestHeader(raw: Uint8Array, length: number): boolean {
  if (((raw[0] ?? 0) & 0x1f) === 0x1f) return false;
  const octets = length < 0x80 ? 0 : length < 0x100 ? 1 : length < 0x10000 ? 2 : length < 0x1000000 ? 3 : 4;
  if (raw.length !== 2 + octets + length) return false;
  if (octets === 0) return raw[1] === length;
  return raw[1] === (0x80 | octets) && raw[2] !== 0;
}

function textOf(block: BaseBlock): string | undefined {
  const { ObjectIdentifier, BaseStringBlock } = asn1();
  if (block instanceof ObjectIdentifier) return block.valueBlock.toString();
  return block instanceof BaseStringBlock ? block.getValue() : undefined;
}
