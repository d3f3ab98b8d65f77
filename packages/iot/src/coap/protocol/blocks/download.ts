import { type CoapBlock, maxBlockNumber, readBlock } from "../block.ts";
import type { CoapCode, CoapOption } from "../message.ts";
import { coapOptions } from "../option-table.ts";
import { readOption } from "../option-values.ts";

/** How far the body of a response has come. */
export interface DownloadPlace {
  /** Where the block that was asked for begins. */
  readonly offset: number;
  /** Of the blocks before it; `undefined` where there was none. */
  readonly eTag: Uint8Array | undefined;
  /** Whether blocks of this representation came before. */
  readonly hasBegun: boolean;
}

/** What a response is to the body that is being received. */
export type DownloadDecision =
  /** It is all there is: no part of a body, or a failure. */
  | { readonly type: "whole" }
  /** The part that was asked for. `next` is what to ask for then, `undefined` behind the last. */
  | { readonly type: "part"; readonly next: CoapBlock | undefined }
  /** A part of another representation, or the server has forgotten the one before: begin again at 0. */
  | { readonly type: "changed" }
  /** It cannot be a part of what was asked for. */
  | { readonly type: "unusable"; readonly flaw: string };

/**
 * Decides what a response is to the body that is being received.
 *
 * @see RFC 7959 sections 2.2, 2.4 and 3.2
 */
export function decideDownload(
  { offset, eTag, hasBegun }: DownloadPlace,
  {
    code,
    options,
    payload,
  }: { readonly code: CoapCode; readonly options: readonly CoapOption[]; readonly payload: Uint8Array },
  takesGatheredBlocks: boolean,
): DownloadDecision {
  const [option, ...others] = options.filter(({ number }) => number === coapOptions.block2.number);
  if (option === undefined) {
    if (code === "4.08" && hasBegun) return { type: "changed" };
    const isWhole = offset === 0 || !code.startsWith("2.");
    return isWhole ? { type: "whole" } : { type: "unusable", flaw: "it is not the block that was asked for" };
  }
  const block = others.length > 0 ? undefined : readBlock(option.value, takesGatheredBlocks);
  if (block === undefined) return { type: "unusable", flaw: "its Block2 is malformed" };
  const { number, more, sizeBytes, isGathered = false } = block;
  if (number * sizeBytes !== offset) return { type: "unusable", flaw: "it is not the block that was asked for" };
  const isFull = isGathered ? payload.length > 0 && payload.length % sizeBytes === 0 : payload.length === sizeBytes;
  if (more && !isFull) return { type: "unusable", flaw: "its block is not full, and not the last" };
  if (!isGathered && payload.length > sizeBytes) return { type: "unusable", flaw: "its block is larger than it says" };
  if (hasBegun && !isSame(eTag, readOption({ options }, "eTag"))) return { type: "changed" };
  if (!more) return { type: "part", next: undefined };
  const nextNumber = number + payload.length / sizeBytes;
  if (nextNumber > maxBlockNumber) return { type: "unusable", flaw: "it has more blocks than can be counted" };
  return { type: "part", next: { number: nextNumber, more: false, sizeBytes, ...(isGathered ? { isGathered } : {}) } };
}

function isSame(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
