import { type Clock, systemClock } from "@fairlead/tls/datagram";
import type { CoapAnswer, CoapContext, CoapHandler, CoapRequest, CoapResponse } from "../exchange.ts";
import { mappedIterable } from "../mapped-iterable.ts";
import { bodyKey } from "../protocol/blocks/index.ts";
import {
  blockUint,
  type CoapBlock,
  type CoapCode,
  coapOptions,
  readBlock,
  readOption,
  writeOption,
} from "../protocol/index.ts";
import { dividedAnswer } from "./divided-answer.ts";
import { peerKey } from "./peer-key.ts";
import { PeerTable, type PeerTableLimits } from "./peer-table.ts";
import { type GatheredRequest, gatherRequest } from "./gather-request.ts";

/** What is kept of bodies that are under way, in all and for one peer. */
export interface ServeBlocksOptions {
  /** Most bytes of a request's body, 1 MiB by default. */
  readonly maxBodyBytes?: number | undefined;
  /** Most bytes of one block, 1024 by default. A client gets no larger ones than it asks for. */
  readonly blockBytes?: number | undefined;
  /** Of requests that are being received: by default 16 MiB in all, 2 MiB of one peer's, 1,024 and 8, for 60 seconds. */
  readonly requests?: Partial<PeerTableLimits> | undefined;
  /** Of answers whose rest may be asked for: by default 16 MiB in all, 4 MiB of one peer's, 1,024 and 8, for 60 seconds. */
  readonly answers?: Partial<PeerTableLimits> | undefined;
  readonly clock?: Clock | undefined;
}

/**
 * Lets a handler's bodies have any size: it gets requests whole, and its answers and notifications are divided.
 *
 * What was answered is kept while its blocks are asked for, within limits. Where it is forgotten, GET and FETCH are handled
 * anew, and their ETag tells whether the representation is still the same; anything else is told 4.08, and not done twice.
 *
 * @see RFC 7959, RFC 8323 section 6, RFC 9175 section 3
 */
export function serveBlocks(options: ServeBlocksOptions = {}): (handler: CoapHandler) => CoapHandler {
  const { maxBodyBytes = 2 ** 20, blockBytes = 1024, clock = systemClock } = options;
  const limits = { maxEntries: 1_024, maxEntriesPerPeer: 8, maxBytes: 2 ** 24, idleMilliseconds: 60_000 };
  const now = (): number => clock.now();
  const requests = new PeerTable<GatheredRequest>({ ...limits, maxBytesPerPeer: 2 ** 21, ...options.requests }, now);
  const answers = new PeerTable<CoapAnswer>({ ...limits, maxBytesPerPeer: 2 ** 22, ...options.answers }, now);

  return (handler) => async (request, context) => {
    const blocks = readBlocks(request, context);
    if (blocks === undefined) return failure("4.00");
    const { block1, block2 } = blocks;
    const owner = { peerKey: peerKey(context), isReachable: context.isReachable };

    let whole = request;
    if (block1 !== undefined) {
      const gathered = gatherRequest(requests, owner, request, block1, { maxBodyBytes, blockBytes });
      if (gathered.type === "answer") return gathered.answer;
      whole = gathered.request;
    }

    const key = answerKey(request, block1);
    const divide = (answer: CoapAnswer, wanted: CoapBlock | undefined): Promise<CoapResponse> =>
      dividedAnswer(answer, wanted, { context, blockBytes }, (kept, bytes) => answers.set(owner, key, kept, bytes));
    let answer: CoapAnswer | undefined;
    if (block2 !== undefined && block2.number > 0) {
      answer = answers.get(owner, key);
      if (answer === undefined && !isSafe(request)) return failure("4.08");
    }
    answer ??= await handler(withoutBlocks(whole), context);
    if (answer === undefined) return undefined;
    const first = await divide(answer, block2);
    const { updates, rest } = answer;
    return {
      ...(block1 === undefined ? first : answering(first, block1)),
      ...(rest === undefined ? {} : { rest }),
      ...(updates === undefined ? {} : { updates: mappedIterable(updates, (update) => divide(update, block2)) }),
    };
  };
}

interface WantedBlocks {
  readonly block1: CoapBlock | undefined;
  readonly block2: CoapBlock | undefined;
}

/** `undefined` when one is malformed. */
function readBlocks(request: CoapRequest, { takesGatheredBlocks }: CoapContext): WantedBlocks | undefined {
  const read = (key: "block1" | "block2"): CoapBlock | "malformed" | undefined => {
    if (request.options.every(({ number }) => number !== coapOptions[key].number)) return undefined;
    const value = readOption(request, key);
    return (value === undefined ? undefined : readBlock(value, takesGatheredBlocks)) ?? "malformed";
  };
  const block1 = read("block1");
  const block2 = read("block2");
  return block1 === "malformed" || block2 === "malformed" ? undefined : { block1, block2 };
}

/**
 * What the rest of an answer is found by: not by Request-Tag, which no request for it need have, and by the body of a FETCH
 * where that is sent again. If answers to one client are mistaken for each other, their ETags tell it.
 */
function answerKey(request: CoapRequest, block1: CoapBlock | undefined): string {
  const { code, payload } = request;
  const query = code === "0.05" && block1 === undefined ? Buffer.from(payload).toString("base64") : "";
  const options = request.options.filter(({ number }) => number !== coapOptions.requestTag.number);
  return `${bodyKey({ code, options })} ${query}`;
}

function withoutBlocks(request: CoapRequest): CoapRequest {
  const { code, options, payload } = request;
  // Its size and tag belong to the blocks of RFC 9177, which are another layer's.
  if (options.some(({ number }) => number === coapOptions.qBlock1.number)) return request;
  return { code, options: options.filter(({ number }) => !carriers.has(number)), payload };
}

function answering(response: CoapResponse, { number, sizeBytes, isGathered }: CoapBlock): CoapResponse {
  const block = writeOption("block1", blockUint({ number, more: false, sizeBytes, isGathered }));
  return { ...response, options: [...response.options, block].sort((one, other) => one.number - other.number) };
}

function isSafe({ code }: CoapRequest): boolean {
  return code === "0.01" || code === "0.05";
}

function failure(code: CoapCode): CoapResponse {
  return { code, options: [], payload: new Uint8Array(0) };
}

const { block1, block2, size1, size2, requestTag } = coapOptions;
const carriers: ReadonlySet<number> = new Set([block1, block2, size1, size2, requestTag].map(({ number }) => number));
