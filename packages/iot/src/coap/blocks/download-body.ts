import { ProtocolError } from "@fairlead/core";
import type { CoapCall, CoapRequest, CoapRequester, CoapResponse } from "../exchange.ts";
import { decideDownload, fittingBlock, payloadRoom } from "../protocol/blocks/index.ts";
import { blockUint, type CoapBlock, coapOptions, readOption, writeOption } from "../protocol/index.ts";
import { type BlocksOptions, datagramsByDefault } from "./blocks-options.ts";

/** How a body is received. */
export interface DownloadOptions extends BlocksOptions {
  /**
   * Goes on with a transfer that was cut: the number of bytes that came, a multiple of the block's size, and the ETag that
   * came with them. Without an ETag nothing can be resumed: nobody knows whether it is still the same.
   */
  readonly resume?: { readonly offset: number; readonly eTag: Uint8Array } | undefined;
}

/** One block of a body, or several that came in one message. */
export interface CoapPiece {
  /** Code and options of the message, without those that only carry blocks. Its payload is this piece. */
  readonly response: CoapResponse;
  /** Where in the body it begins. */
  readonly offset: number;
  /** What the server announced (Size2), which may be wrong. */
  readonly totalBytes: number | undefined;
  readonly isLast: boolean;
}

/**
 * Asks for a body, and gives it piece by piece, in order and without gaps: the next block is asked for when the last was
 * taken. A failure is a piece, too, the last one: look at its code. Behind others, its offset is 0.
 *
 * @throws ProtocolError COAP_REPRESENTATION_CHANGED when the server has another version by now: what came is worthless;
 * COAP_RESPONSE_UNUSABLE; whatever `requester` throws.
 *
 * @see RFC 7959 section 2.4
 */
export async function* downloadBody(
  requester: CoapRequester,
  request: CoapRequest,
  options: DownloadOptions = {},
  call: CoapCall = {},
): AsyncGenerator<CoapPiece, void, undefined> {
  const { channel = datagramsByDefault, blockBytes, resume } = options;
  let first: CoapBlock | undefined;
  if (resume !== undefined)
    first = blockAt(
      resume.offset,
      fittingBlock(payloadRoom(request.options, channel.maxMessageBytes), blockBytes).sizeBytes,
    );
  else if (blockBytes !== undefined) first = blockAt(0, blockBytes);
  const response = await requester(first === undefined ? request : asking(request, first), call);
  yield* restOf(requester, request, response, options, call);
}

/**
 * Gives the body that a response begins, as {@link downloadBody}.
 *
 * @param response the first one, as it came.
 */
export async function* restOf(
  requester: CoapRequester,
  request: CoapRequest,
  response: CoapResponse,
  { channel = datagramsByDefault, resume }: DownloadOptions,
  { signal, delivery, onProgress }: CoapCall,
): AsyncGenerator<CoapPiece, void, undefined> {
  let place = { offset: resume?.offset ?? 0, eTag: resume?.eTag, hasBegun: resume !== undefined };
  let totalBytes: number | undefined;
  for (let current = response; ; ) {
    const decision = decideDownload(place, current, channel.takesGatheredBlocks);
    const facts = { peer: channel.peer, operation: "download" };
    switch (decision.type) {
      case "changed":
        throw new ProtocolError("COAP_REPRESENTATION_CHANGED", facts);
      case "unusable":
        throw new ProtocolError("COAP_RESPONSE_UNUSABLE", { ...facts, detail: decision.flaw });
      case "whole":
        yield { response: withoutBlocks(current), offset: 0, totalBytes: current.payload.length, isLast: true };
        return;
      case "part": {
        totalBytes ??= readOption(current, "size2");
        const transferredBytes = place.offset + current.payload.length;
        onProgress?.({ direction: "down", transferredBytes, totalBytes });
        const isLast = decision.next === undefined;
        yield { response: withoutBlocks(current), offset: place.offset, totalBytes, isLast };
        if (decision.next === undefined) return;
        place = { offset: transferredBytes, eTag: readOption(current, "eTag"), hasBegun: true };
        current = await requester(asking(request, decision.next), { signal, delivery });
      }
    }
  }
}

function blockAt(offset: number, sizeBytes: number): CoapBlock {
  return { number: offset / sizeBytes, more: false, sizeBytes };
}

/** Blocks behind the first are asked for without observing, and without what the server was sent before. */
function asking({ code, options, payload }: CoapRequest, block: CoapBlock): CoapRequest {
  const kept = block.number === 0 ? options : options.filter(({ number }) => !firstOnly.has(number));
  const asked = [...kept, writeOption("block2", blockUint(block))].sort((one, other) => one.number - other.number);
  return { code, options: asked, payload: block.number === 0 || code === "0.05" ? payload : nothing };
}

function withoutBlocks({ code, options, payload }: CoapResponse): CoapResponse {
  return { code, options: options.filter(({ number }) => !carriers.has(number)), payload };
}

const { observe, block1, block2, size1, size2, requestTag } = coapOptions;
const firstOnly: ReadonlySet<number> = new Set([observe.number, block1.number, size1.number]);
const carriers: ReadonlySet<number> = new Set([block1, block2, size1, size2, requestTag].map(({ number }) => number));
const nothing = new Uint8Array(0);
