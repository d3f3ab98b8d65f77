import type { BaseBlock, OctetString } from "asn1js";
import { asn1 } from "./asn1-library.ts";
import { type DerNode, MalformedDer } from "./protocol/der-node.ts";
import { derLimits, readDer } from "./read-der.ts";

/**
 * Reads one element of BER, which is what older software writes around certificates: lengths that are found out at the
 * end, strings in pieces. It is put into DER first, so that there is one reader only. Never for what is signed itself.
 *
 * @throws MalformedDer
 * @see ITU-T X.690 section 8.1.3.6
 */
export function readBer(bytes: Uint8Array): DerNode {
  if (bytes.length > derLimits.sizeBytes) throw new MalformedDer("it is too large");
  return readDer(toDer(parse(bytes)));
}

/** Writes one element of DER. */
export function writeDer(tag: number, parts: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  const octets: number[] = [];
  for (let rest = content.length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  const length = content.length < 0x80 ? [content.length] : [0x80 | octets.length, ...octets];
  return Buffer.concat([Uint8Array.of(tag, ...length), content]);
}

function parse(bytes: Uint8Array): BaseBlock {
  try {
    const { result, offset } = asn1().fromBER(bytes, {
      maxDepth: derLimits.depth,
      maxNodes: derLimits.nodes,
      maxContentLength: derLimits.sizeBytes,
    });
    if (offset === bytes.length && result.error === "") return result;
  } catch (error) {
    throw new MalformedDer("it is no BER", { cause: error });
  }
  throw new MalformedDer("it is no single BER element");
}

function toDer(block: BaseBlock): Uint8Array {
  const raw = block.valueBeforeDecodeView;
  const [tag = 0x1f] = raw;
  if ((tag & 0x1f) === 0x1f || block.error !== "") throw new MalformedDer("it is not in BER form");
  if ((tag & constructed) === 0) return writeDer(tag, [raw.subarray(raw.length - block.lenBlock.length)]);
  if (block instanceof asn1().OctetString) return writeDer(tag & ~constructed, pieces(block));
  if (!(block instanceof asn1().Constructed)) throw new MalformedDer("it is not in BER form");
  return writeDer(tag, block.valueBlock.value.map(toDer));
}

/** Contents of the pieces that a string was written in. */
function pieces(block: OctetString): readonly Uint8Array[] {
  return block.valueBlock.value.flatMap((piece: BaseBlock) => {
    const raw = piece.valueBeforeDecodeView;
    if (!(piece instanceof asn1().OctetString)) throw new MalformedDer("it is not in BER form");
    if (((raw[0] ?? 0) & constructed) !== 0) return pieces(piece);
    return [raw.subarray(raw.length - piece.lenBlock.length)];
  });
}

const constructed = 0x20;
