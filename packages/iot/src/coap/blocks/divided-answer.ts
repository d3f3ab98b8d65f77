import { createHash } from "node:crypto";
import type { CoapAnswer, CoapContext, CoapResponse } from "../exchange.ts";
import { blockCapacity, fittingBlock, payloadRoom } from "../protocol/blocks/index.ts";
import { blockUint, type CoapBlock, readOption, writeOption } from "../protocol/index.ts";
import { memoryBody } from "./bodies.ts";

/** What blocks have to fit into. */
export interface DivisionLimits {
  readonly context: Pick<CoapContext, "maxMessageBytes" | "takesGatheredBlocks">;
  readonly blockBytes: number;
}

/**
 * Gives the wanted block of an answer; or the whole, where it fits and nobody wants a block. What is divided has an ETag:
 * its own, or a digest of its bytes.
 *
 * @param keep called with the answer, and what it takes in memory, when others of its blocks may be asked for.
 *
 * @see RFC 7959 sections 2.2 and 2.4
 */
export async function dividedAnswer(
  answer: CoapAnswer,
  wanted: CoapBlock | undefined,
  { context, blockBytes }: DivisionLimits,
  keep: (answer: CoapAnswer, bytes: number) => void,
): Promise<CoapResponse> {
  const { code, options, payload, body = memoryBody(payload) } = answer;
  const room = payloadRoom(options, context.maxMessageBytes);
  const isWhole = wanted === undefined || (wanted.number === 0 && body.sizeBytes <= wanted.sizeBytes);
  if (isWhole && body.sizeBytes <= Math.max(room, 0)) {
    return { code, options, payload: answer.body === undefined ? payload : await body.read(0, body.sizeBytes) };
  }
  const offset = wanted === undefined ? 0 : wanted.number * wanted.sizeBytes;
  if (offset > 0 && offset >= body.sizeBytes) return { code: "4.00", options: [], payload: new Uint8Array(0) };

  const mayGather = context.takesGatheredBlocks && (wanted === undefined || wanted.isGathered === true);
  const preferredBytes = Math.min(wanted?.sizeBytes ?? 1024, blockBytes);
  const { sizeBytes, isGathered } = fittingBlock(room, preferredBytes, mayGather);
  const number = offset / sizeBytes;
  const capacity = blockCapacity({ number, more: true, sizeBytes, isGathered }, room);
  const piece = await body.read(offset, Math.min(capacity, body.sizeBytes - offset));
  const more = offset + piece.length < body.sizeBytes;

  const own = [writeOption("block2", blockUint({ number, more, sizeBytes, isGathered }))];
  const tagged = taggedAnswer(answer);
  if (number === 0) own.push(writeOption("size2", body.sizeBytes));
  if (more || number > 0) keep(keepable(tagged), answer.body === undefined ? payload.length : 0);
  return { code, options: sorted([...tagged.options, ...own]), payload: piece };
}

/** Gives an answer an ETag where it has none: a digest of its bytes. What is read by ranges has its own. */
export function taggedAnswer(answer: CoapAnswer): CoapAnswer {
  if (readOption(answer, "eTag") !== undefined || answer.body !== undefined) return answer;
  const eTag = writeOption("eTag", createHash("sha256").update(answer.payload).digest().subarray(0, 8));
  return { ...answer, options: sorted([...answer.options, eTag]) };
}

/** Without what follows it: updates have gone their own way with the first block. */
function keepable({ code, options, payload, body }: CoapAnswer): CoapAnswer {
  return { code, options, payload, ...(body === undefined ? {} : { body }) };
}

function sorted(options: CoapResponse["options"]): CoapResponse["options"] {
  return options.toSorted((one, other) => one.number - other.number);
}
