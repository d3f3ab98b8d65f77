import { blockSizes, type CoapBlock } from "../block.ts";
import type { CoapOption } from "../message.ts";

/**
 * Tells how many bytes of payload fit into one message beside its options, with room for the longest token and for what
 * blocks add. Below 0 where the options alone are too much.
 *
 * @param maxMessageBytes of the whole message, as the channel says it.
 */
export function payloadRoom(options: readonly CoapOption[], maxMessageBytes: number): number {
  const optionBytes = options.reduce((sum, { value }) => sum + value.length + optionHeadBytes, 0);
  return maxMessageBytes - frameBytes - blockOptionBytes - optionBytes;
}

/**
 * Chooses the size of blocks: the largest of the seven that fits, and 16 where none does.
 *
 * @param preferredBytes none larger is chosen.
 * @param takesGatheredBlocks whether blocks may be gathered, as they are where one of 1024 bytes fits. RFC 8323 section 6.
 */
export function fittingBlock(
  roomBytes: number,
  preferredBytes = 1024,
  takesGatheredBlocks = false,
): Required<Pick<CoapBlock, "sizeBytes" | "isGathered">> {
  const sizeBytes = blockSizes.findLast((size) => size <= roomBytes && size <= preferredBytes) ?? 16;
  return { sizeBytes, isGathered: takesGatheredBlocks && sizeBytes === 1024 };
}

/** Bytes that one message with this block carries at most: one block, or as many as fit where they are gathered. */
export function blockCapacity({ sizeBytes, isGathered = false }: CoapBlock, roomBytes: number): number {
  return isGathered ? Math.max(1, Math.floor(roomBytes / sizeBytes)) * sizeBytes : sizeBytes;
}

/** Header, the longest token that is given here, and payload marker; a stream's header is no longer. RFC 8323 section 3.2. */
const frameBytes = 6 + 8 + 1;
/** Of an option's delta and length at most. */
const optionHeadBytes = 5;
/** Block1, Block2, Size, ETag and Request-Tag. */
const blockOptionBytes = 40;
