import { isCodedError } from "@fairlead/core";
import { type Clock, systemClock } from "@fairlead/tls/datagram";
import { datagramsByDefault } from "../blocks/blocks-options.ts";
import { gatherBody, withBlocks, type WithBlocksOptions } from "../blocks/with-blocks.ts";
import type { CoapCall, CoapRequest, CoapRequester } from "../exchange.ts";
import { fittingBlock, payloadRoom } from "../protocol/blocks/index.ts";
import { coapOptions } from "../protocol/index.ts";
import { defaultQBlockParameters, type QBlockParameters } from "../protocol/q-block/index.ts";
import { freshRequestTag } from "../blocks/request-tag.ts";
import { Download } from "./download.ts";
import type { TransferMeans, TransferOutcome } from "./transfer.ts";
import { Upload } from "./upload.ts";

/** How bodies are asked for and sent where blocks may get lost. */
export interface WithQBlocksOptions extends WithBlocksOptions {
  readonly parameters?: Partial<QBlockParameters> | undefined;
  readonly clock?: Clock | undefined;
  /** From 0 to 1. */
  readonly random?: (() => number) | undefined;
}

/**
 * Lets bodies have any size, by blocks that are not waited for one by one (Q-Block): for datagrams over long or lossy ways.
 * Once a server has said that it does not know them, and for observations, it does what `withBlocks` does.
 *
 * @throws TimeoutError when nothing comes any more; and what `withBlocks` throws.
 *
 * @see RFC 9177
 */
export function withQBlocks(options: WithQBlocksOptions = {}): (requester: CoapRequester) => CoapRequester {
  return (requester) => {
    const byBlocks = withBlocks(options)(requester);
    let isSupported = true;
    return async (request, call = {}) => {
      const isOwn = request.options.some(({ number }) => blockOptions.has(number));
      if (!isSupported || isOwn || call.observer !== undefined) return byBlocks(request, call);
      const outcome = await transfer(requester, request, options, call);
      if (outcome === undefined) return byBlocks(request, call);
      if (outcome.type === "unsupported") {
        isSupported = false;
        return byBlocks(request, call);
      }
      const { response } = outcome;
      return gatherBody(
        requester,
        { response, followUp: { ...request, payload: new Uint8Array(0) } },
        request,
        options,
        call,
      );
    };
  };
}

/** `undefined` where there is nothing that Q-Block would help. */
async function transfer(
  requester: CoapRequester,
  request: CoapRequest,
  options: WithQBlocksOptions,
  call: CoapCall,
): Promise<TransferOutcome | undefined> {
  const { channel = datagramsByDefault, blockBytes, maxBodyBytes = 2 ** 24, clock = systemClock } = options;
  const room = payloadRoom(request.options, channel.maxMessageBytes);
  const means: TransferMeans = {
    ...{ requester, request, call, channel, clock, random: options.random ?? Math.random },
    parameters: { ...defaultQBlockParameters, ...options.parameters },
    sizeBytes: fittingBlock(room, blockBytes).sizeBytes,
  };
  if (request.payload.length > Math.min(room, blockBytes ?? room)) return new Upload(means, freshRequestTag()).run();
  if (request.code !== "0.01" && request.code !== "0.05") return undefined;
  for (let restartsLeft = maxRestarts; ; restartsLeft -= 1) {
    try {
      return await new Download(means, maxBodyBytes).run();
    } catch (error) {
      if (restartsLeft === 0 || !isCodedError(error) || error.code !== "COAP_REPRESENTATION_CHANGED") throw error;
    }
  }
}

const { block1, block2, qBlock1, qBlock2, observe } = coapOptions;
const blockOptions: ReadonlySet<number> = new Set(
  [block1, block2, qBlock1, qBlock2, observe].map(({ number }) => number),
);
const maxRestarts = 2;
