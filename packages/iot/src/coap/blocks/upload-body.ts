import { ProtocolError } from "@fairlead/core";
import type { CoapBody, CoapCall, CoapRequest, CoapRequester, CoapResponse } from "../exchange.ts";
import { blockCapacity, decideUpload, fittingBlock, payloadRoom } from "../protocol/blocks/index.ts";
import { blockUint, type CoapBlock, coapOptions, maxBlockNumber, writeOption } from "../protocol/index.ts";
import { type BlocksOptions, datagramsByDefault } from "./blocks-options.ts";
import { BodyToken } from "./body-token.ts";
import { freshRequestTag } from "./request-tag.ts";

/** How a body is sent. */
export interface UploadOptions extends BlocksOptions {
  /**
   * Goes on with a transfer that was cut: the number of bytes that the server has, a multiple of the block's size, and the
   * tag that it was begun with. A server that has forgotten them has it begun again.
   */
  readonly resume?: { readonly offset: number; readonly requestTag: Uint8Array } | undefined;
  /** Told before the first block: what `resume` takes. Another one where the transfer begins again. */
  readonly onBegin?: ((requestTag: Uint8Array) => void) | undefined;
}

/**
 * Sends a request whose body travels in blocks, one behind the other, and gives the answer to the last; or the first that
 * is a failure. When the server has lost what came before, it begins again once with a fresh Request-Tag.
 *
 * @param body read by ranges, and once more from its beginning where the server wants it.
 *
 * @throws RangeError for a body that has more blocks than can be counted; ProtocolError COAP_RESPONSE_UNUSABLE; whatever
 * `body` and `requester` throw.
 *
 * @see RFC 7959 section 2.3, RFC 9175 section 3.5
 */
export async function uploadBody(
  requester: CoapRequester,
  request: CoapRequest,
  body: CoapBody,
  options: UploadOptions = {},
  call: CoapCall = {},
): Promise<CoapResponse> {
  const { channel = datagramsByDefault } = options;
  if (channel.scheme !== "coap" || call.observer !== undefined) {
    return sendBlocks(requester, request, body, options, call, undefined);
  }
  const token = new BodyToken(call);
  try {
    return await sendBlocks(requester, request, body, options, call, token);
  } finally {
    token.leave();
  }
}

/** @param token for all blocks; without it, each has one of its own. */
async function sendBlocks(
  requester: CoapRequester,
  request: CoapRequest,
  body: CoapBody,
  options: UploadOptions,
  call: CoapCall,
  token: BodyToken | undefined,
): Promise<CoapResponse> {
  const { channel = datagramsByDefault, blockBytes, resume, onBegin } = options;
  const room = payloadRoom(request.options, channel.maxMessageBytes);
  const mayGather = channel.takesGatheredBlocks && blockBytes === undefined;
  let { sizeBytes, isGathered } = fittingBlock(room, blockBytes, mayGather);
  let requestTag = resume?.requestTag ?? freshRequestTag();
  let offset = resume?.offset ?? 0;
  let mayBeginAgain = true;
  onBegin?.(requestTag);
  // From its beginning, and not to be taken for what was sent before.
  const beginAgain = (): void => {
    token?.leave();
    offset = 0;
    requestTag = freshRequestTag();
    onBegin?.(requestTag);
  };
  for (;;) {
    const number = offset / sizeBytes;
    const capacity = blockCapacity({ number, more: true, sizeBytes, isGathered }, room);
    const payload = await body.read(offset, Math.min(capacity, body.sizeBytes - offset));
    const more = offset + payload.length < body.sizeBytes;
    const sent: CoapBlock = { number, more, sizeBytes, isGathered };
    if (number > maxBlockNumber) throw new RangeError(`a body has ${maxBlockNumber + 1} blocks at most`);
    const asked = part(request, sent, payload, requestTag, body.sizeBytes);
    const response = await requester(asked, token?.callOf(more) ?? callOf(call, more));
    const decision = decideUpload(sent, response);
    switch (decision.type) {
      case "go-on":
        offset += payload.length;
        ({ sizeBytes, isGathered } = decision);
        break;
      case "smaller":
        ({ sizeBytes } = decision);
        isGathered = false;
        beginAgain();
        break;
      case "again":
        if (!mayBeginAgain) return withoutBlock(response);
        mayBeginAgain = false;
        beginAgain();
        break;
      case "answered":
        if (!more) tell(call, body.sizeBytes, body.sizeBytes);
        return withoutBlock(response);
      case "unusable":
        throw new ProtocolError("COAP_RESPONSE_UNUSABLE", {
          ...{ peer: channel.peer, operation: "upload", detail: decision.flaw },
        });
    }
    tell(call, offset, body.sizeBytes);
  }
}

function part(
  { code, options }: CoapRequest,
  block: CoapBlock,
  payload: Uint8Array,
  requestTag: Uint8Array,
  totalBytes: number,
): CoapRequest {
  const own = [writeOption("block1", blockUint(block)), writeOption("requestTag", requestTag)];
  if (block.number === 0) own.push(writeOption("size1", totalBytes));
  return { code, options: [...options, ...own].sort((one, other) => one.number - other.number), payload };
}

/** Says no more which block it answers: it answers all of them. */
function withoutBlock(response: CoapResponse): CoapResponse {
  return { ...response, options: response.options.filter(({ number }) => number !== coapOptions.block1.number) };
}

/** What observes hears of the whole request only, which is answered behind the last block. */
function callOf(call: CoapCall, more: boolean): CoapCall {
  const { signal, delivery } = call;
  return more ? { signal, delivery } : call;
}

function tell({ onProgress }: CoapCall, transferredBytes: number, totalBytes: number): void {
  onProgress?.({ direction: "up", transferredBytes, totalBytes });
}
