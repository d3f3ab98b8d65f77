import type { CoapRequest, CoapResponse } from "../exchange.ts";
import { bodyKey, decideGathering } from "../protocol/blocks/index.ts";
import {
  blockUint,
  type CoapBlock,
  type CoapCode,
  type CoapOption,
  readOption,
  writeOption,
} from "../protocol/index.ts";
import type { PeerTable, PeerTableOwner } from "./peer-table.ts";

/** What has come of a request's body. */
export interface GatheredRequest {
  /** What came, and room for more. */
  readonly buffer: Uint8Array;
  readonly bytes: number;
}

/** What one block makes of a request: an answer to this block, or the whole request. */
export type GatheringStep =
  | { readonly type: "answer"; readonly answer: CoapResponse }
  | { readonly type: "whole"; readonly request: CoapRequest };

/**
 * Takes one block of a request's body. What it belongs to is found by peer, options and Request-Tag, so that bodies of
 * several peers, identities or operations never mix.
 *
 * @see RFC 7959 sections 2.3, 2.5 and 2.9; RFC 9175 section 3.3
 */
export function gatherRequest(
  table: PeerTable<GatheredRequest>,
  owner: PeerTableOwner,
  request: CoapRequest,
  block: CoapBlock,
  { maxBodyBytes, blockBytes }: { readonly maxBodyBytes: number; readonly blockBytes: number },
): GatheringStep {
  const { code, options, payload } = request;
  const key = bodyKey(request);
  const begun = block.number === 0 ? undefined : table.get(owner, key);
  const decision = decideGathering(begun?.bytes, block, payload.length, maxBodyBytes, readOption(request, "size1"));
  switch (decision.type) {
    case "malformed":
      return answered("4.00");
    case "gap":
      return answered("4.08");
    case "too-large":
      table.delete(owner, key);
      return answered("4.13", writeOption("size1", maxBodyBytes));
    case "repeated":
      return proceed(block, blockBytes);
    case "begin":
    case "append": {
      const gathered = append(begun ?? nothing, payload, maxBodyBytes);
      if (!block.more) {
        table.delete(owner, key);
        return { type: "whole", request: { code, options, payload: gathered.buffer.subarray(0, gathered.bytes) } };
      }
      const hasRoom = table.set(owner, key, gathered, gathered.buffer.length);
      return hasRoom ? proceed(block, blockBytes) : answered("5.03", writeOption("maxAge", busySeconds));
    }
  }
}

/** Copies what came into one buffer that doubles: many small blocks then take no more than twice their bytes. */
function append({ buffer, bytes }: GatheredRequest, payload: Uint8Array, maxBodyBytes: number): GatheredRequest {
  const needed = bytes + payload.length;
  let larger = buffer;
  if (needed > buffer.length) {
    larger = new Uint8Array(Math.max(needed, Math.min(buffer.length * 2, maxBodyBytes)));
    larger.set(buffer.subarray(0, bytes));
  }
  larger.set(payload, bytes);
  return { buffer: larger, bytes: needed };
}

/** The client goes on in blocks of the size that the answer says. RFC 7959 section 2.3. */
function proceed({ number, sizeBytes, isGathered = false }: CoapBlock, blockBytes: number): GatheringStep {
  const isSmaller = blockBytes < sizeBytes;
  const agreed = {
    number,
    more: true,
    sizeBytes: Math.min(sizeBytes, blockBytes),
    isGathered: isGathered && !isSmaller,
  };
  return answered("2.31", writeOption("block1", blockUint(agreed)));
}

function answered(code: CoapCode, ...options: readonly CoapOption[]): GatheringStep {
  return { type: "answer", answer: { code, options, payload: new Uint8Array(0) } };
}

const nothing: GatheredRequest = { buffer: new Uint8Array(0), bytes: 0 };
/** When there may be room again. */
const busySeconds = 30;
