import { isCodedError, PolicyError } from "@fairlead/core";
import type { CoapCall, CoapRequest, CoapRequester, CoapResponse } from "../exchange.ts";
import { decideUpload, payloadRoom } from "../protocol/blocks/index.ts";
import { blockUint, coapOptions, writeOption } from "../protocol/index.ts";
import { type BlocksOptions, datagramsByDefault } from "./blocks-options.ts";
import { joinBytes, memoryBody } from "./bodies.ts";
import { restOf } from "./download-body.ts";
import { gatheredNotifications } from "./gathered-notifications.ts";
import { uploadBody } from "./upload-body.ts";

/** How whole bodies are asked for and sent. */
export interface WithBlocksOptions extends BlocksOptions {
  /** Most bytes of a response's body, 16 MiB by default. What is larger is for `downloadBody`. */
  readonly maxBodyBytes?: number | undefined;
}

/**
 * Lets bodies have any size: a request's is divided where it does not fit into a message, a response's is gathered, and so
 * is each notification's. Where the representation changes under way it is asked for anew, twice at most; where it is
 * no GET or FETCH, that is the caller's to do. Requests that have Block1 or Block2 pass as they are.
 *
 * @throws PolicyError BODY_LIMIT; ProtocolError COAP_REPRESENTATION_CHANGED, COAP_RESPONSE_UNUSABLE.
 *
 * @see RFC 7959, RFC 8323 section 6
 */
export function withBlocks(options: WithBlocksOptions = {}): (requester: CoapRequester) => CoapRequester {
  return (requester) => {
    const gather = (opening: Opening, request: CoapRequest, call: CoapCall): Promise<CoapResponse> =>
      gatherBody(requester, opening, request, options, call);
    return async (request, call = {}) => {
      if (request.options.some(({ number }) => number === block1.number || number === block2.number)) {
        return requester(request, call);
      }
      if (call.observer === undefined) return gather(await open(requester, request, options, call), request, call);
      const observer = gatheredNotifications(call.observer, (response, signal) =>
        gather({ response, followUp: request }, request, { ...call, signal }),
      );
      return gather(await open(requester, request, options, { ...call, observer }), request, call);
    };
  };
}

/** The first response, and the request that what follows is asked for by. */
export interface Opening {
  readonly response: CoapResponse;
  readonly followUp: CoapRequest;
}

async function open(
  requester: CoapRequester,
  request: CoapRequest,
  options: WithBlocksOptions,
  call: CoapCall,
): Promise<Opening> {
  const { channel = datagramsByDefault, blockBytes } = options;
  const room = payloadRoom(request.options, channel.maxMessageBytes);
  // Behind a body that was divided, nobody sends it again: the server goes by the options. RFC 7959 section 3.3.
  const divided = async (size: number | undefined): Promise<Opening> => {
    const body = memoryBody(request.payload);
    const response = await uploadBody(requester, request, body, { channel, blockBytes: size }, call);
    return { response, followUp: { ...request, payload: new Uint8Array(0) } };
  };
  if (request.payload.length > Math.max(0, Math.min(room, blockBytes ?? room))) return divided(blockBytes);
  const response = await requester(blockBytes === undefined ? request : preferring(request, blockBytes), call);
  const decision = decideUpload(undefined, response);
  if (decision.type === "smaller" && request.payload.length > 0) return divided(decision.sizeBytes);
  return { response, followUp: request };
}

/** Gathers what a first response begins, as {@link withBlocks}. */
export async function gatherBody(
  requester: CoapRequester,
  { response, followUp }: Opening,
  request: CoapRequest,
  options: WithBlocksOptions,
  call: CoapCall,
): Promise<CoapResponse> {
  if (response.options.every(({ number }) => !carriers.has(number))) return response;
  const observes = response.options.filter(({ number }) => number === observe.number);
  let opening: Opening = { response, followUp };
  for (let restartsLeft = isSafe(request) ? maxRestarts : 0; ; restartsLeft -= 1) {
    try {
      const whole = await gatherOnce(requester, opening, options, call);
      const isObserve = opening.response !== response && observes.length > 0;
      return isObserve ? { ...whole, options: sorted([...whole.options, ...observes]) } : whole;
    } catch (error) {
      if (restartsLeft === 0 || !isCodedError(error) || error.code !== "COAP_REPRESENTATION_CHANGED") throw error;
      const { signal, delivery } = call;
      const plain = { ...request, options: request.options.filter(({ number }) => number !== observe.number) };
      opening = await open(requester, plain, options, { signal, delivery });
    }
  }
}

async function gatherOnce(
  requester: CoapRequester,
  { response, followUp }: Opening,
  options: WithBlocksOptions,
  call: CoapCall,
): Promise<CoapResponse> {
  const { maxBodyBytes = 2 ** 24, channel = datagramsByDefault } = options;
  const pieces: Uint8Array[] = [];
  let head: CoapResponse | undefined;
  for await (const piece of restOf(requester, followUp, response, options, call)) {
    // A failure on the way, which is no part of what came.
    if (piece.offset === 0 && head !== undefined) return piece.response;
    head ??= piece.response;
    pieces.push(piece.response.payload);
    const bytes = piece.offset + piece.response.payload.length;
    if (bytes > maxBodyBytes || (!piece.isLast && (piece.totalBytes ?? 0) > maxBodyBytes)) {
      throw new PolicyError("BODY_LIMIT", { peer: channel.peer, operation: "download" });
    }
  }
  return { ...(head ?? response), payload: joinBytes(pieces) };
}

function preferring(request: CoapRequest, sizeBytes: number): CoapRequest {
  const preference = writeOption("block2", blockUint({ number: 0, more: false, sizeBytes }));
  return { ...request, options: sorted([...request.options, preference]) };
}

function isSafe({ code }: CoapRequest): boolean {
  return code === "0.01" || code === "0.05";
}

function sorted(options: CoapRequest["options"]): CoapRequest["options"] {
  return options.toSorted((one, other) => one.number - other.number);
}

const { observe, block1, block2, size1, size2 } = coapOptions;
const carriers: ReadonlySet<number> = new Set([block1, block2, size1, size2].map(({ number }) => number));
const maxRestarts = 2;
