import { type CoapBlock, readBlock } from "../block.ts";
import type { CoapCode, CoapOption } from "../message.ts";
import { readOption } from "../option-values.ts";

/** What to do behind the answer to one block of a request's body. */
export type UploadDecision =
  /** Send what follows, in blocks of this size. */
  | { readonly type: "go-on"; readonly sizeBytes: number; readonly isGathered: boolean }
  /** Begin again at 0 in smaller blocks: the server takes none of this size. */
  | { readonly type: "smaller"; readonly sizeBytes: number }
  /** Begin again at 0: the server has not, or no longer, what came before. */
  | { readonly type: "again" }
  /** The answer is the one to the whole request. */
  | { readonly type: "answered" }
  /** It cannot be an answer to this block. */
  | { readonly type: "unusable"; readonly flaw: string };

/**
 * Decides what follows the answer to one block of a request's body.
 *
 * @param sent the block that was answered; `undefined` for a request that was not divided, which the server may want to be.
 *
 * @see RFC 7959 sections 2.3, 2.5, 2.9 and 3.3
 */
export function decideUpload(
  sent: CoapBlock | undefined,
  { code, options }: { readonly code: CoapCode; readonly options: readonly CoapOption[] },
): UploadDecision {
  const value = readOption({ options }, "block1");
  const block = value === undefined ? undefined : readBlock(value, sent?.isGathered);
  if (code === "4.13") {
    if (block === undefined || block.isGathered === true) return { type: "answered" };
    const isSmaller = sent === undefined || sent.isGathered === true || block.sizeBytes < sent.sizeBytes;
    return isSmaller ? { type: "smaller", sizeBytes: block.sizeBytes } : { type: "answered" };
  }
  if (sent === undefined) return { type: "answered" };
  if (code === "4.08") return { type: "again" };
  if (!code.startsWith("2.") || (!sent.more && code !== "2.31")) return { type: "answered" };
  if (!sent.more) return { type: "unusable", flaw: "it asks for more than there is" };
  if (block === undefined) return { type: "unusable", flaw: "it does not say which block it answers" };
  if (block.number !== sent.number) return { type: "unusable", flaw: "it answers another block" };
  if (block.sizeBytes > sent.sizeBytes) return { type: "unusable", flaw: "it asks for larger blocks than were sent" };
  return {
    type: "go-on",
    sizeBytes: block.sizeBytes,
    isGathered: (sent.isGathered ?? false) && (block.isGathered ?? false),
  };
}
