import { type Clock, systemClock } from "@fairlead/tls/datagram";
import { memoryBody } from "../blocks/bodies.ts";
import { taggedAnswer } from "../blocks/divided-answer.ts";
import { peerKey } from "../blocks/peer-key.ts";
import { PeerTable, type PeerTableLimits } from "../blocks/peer-table.ts";
import type { CoapAnswer, CoapContext, CoapHandler, CoapRequest, CoapResponse } from "../exchange.ts";
import { bodyKey, fittingBlock, payloadRoom } from "../protocol/blocks/index.ts";
import {
  blockUint,
  type CoapBlock,
  type CoapCode,
  coapOptions,
  readBlock,
  readOptions,
  writeOption,
} from "../protocol/index.ts";
import { defaultQBlockParameters, type QBlockParameters, wantedBlocks } from "../protocol/q-block/index.ts";
import { type ReceivedRequest, receiveRequest } from "./receive-request.ts";

/** What is kept of bodies whose blocks may get lost, in all and for one peer. */
export interface ServeQBlocksOptions {
  /** Most bytes of a request's body, 1 MiB by default. */
  readonly maxBodyBytes?: number | undefined;
  /** Of requests that are being received: by default 16 MiB in all, 2 MiB of one peer's, 1,024 and 8, for 247 seconds. */
  readonly requests?: Partial<PeerTableLimits> | undefined;
  /** Of answers whose rest may be asked for: by default 16 MiB in all, 4 MiB of one peer's, 1,024 and 8, for 247 seconds. */
  readonly answers?: Partial<PeerTableLimits> | undefined;
  readonly parameters?: Partial<QBlockParameters> | undefined;
  readonly clock?: Clock | undefined;
}

/**
 * Lets clients send and get bodies by blocks that are not waited for one by one (Q-Block), where they want to. Stands behind
 * `serveBlocks`, which does the others.
 *
 * An answer goes out in sets: the next one when the client has shown that it has the last. So nobody is sent more than
 * MAX_PAYLOADS blocks for one request.
 *
 * @see RFC 9177
 */
export function serveQBlocks(options: ServeQBlocksOptions = {}): (handler: CoapHandler) => CoapHandler {
  const { maxBodyBytes = 2 ** 20, clock = systemClock } = options;
  const parameters = { ...defaultQBlockParameters, ...options.parameters };
  const limits = { maxEntries: 1_024, maxEntriesPerPeer: 8, maxBytes: 2 ** 24, idleMilliseconds: 247_000 };
  const now = (): number => clock.now();
  const requests = new PeerTable<ReceivedRequest>({ ...limits, maxBytesPerPeer: 2 ** 21, ...options.requests }, now);
  const answers = new PeerTable<CoapAnswer>({ ...limits, maxBytesPerPeer: 2 ** 22, ...options.answers }, now);

  return (handler) => async (request, context) => {
    const block1 = readBlocks(request, "qBlock1");
    const block2 = readBlocks(request, "qBlock2");
    if (block1 === "malformed" || block2 === "malformed") return failure("4.00");
    const [sent] = block1;
    if (sent === undefined && block2.length === 0) return handler(request, context);
    const { isReachable, maxMessageBytes, signal } = context;
    const owner = { peerKey: peerKey(context), isReachable };
    const room = Math.max(16, payloadRoom([], maxMessageBytes));
    const handle = async (whole: CoapRequest): Promise<CoapAnswer | undefined> =>
      handler(withoutBlocks(whole), context);
    let answer: CoapAnswer | undefined;
    if (sent !== undefined) {
      const means = { table: requests, owner, parameters, maxBodyBytes, room, clock, signal, handle };
      const received = await receiveRequest(request, sent, means);
      if (received.type === "block" || block2.length === 0) return received.answer;
      ({ answer } = received);
    }

    const key = `${bodyKey(request)} ${sent === undefined ? Buffer.from(request.payload).toString("base64") : ""}`;
    const isFirst = block2.some(({ number, more }) => number === 0 && more);
    if (sent === undefined) {
      answer = isFirst ? undefined : answers.get(owner, key);
      if (answer === undefined && !isFirst && !isSafe(request)) return failure("4.08");
      answer ??= await handle(request);
    }
    if (answer?.code.startsWith("2.") !== true || answer.updates !== undefined) return answer;
    const tagged = taggedAnswer(answer);
    answers.set(owner, key, tagged, tagged.payload.length);
    return setOf(tagged, block2, context, parameters.maxPayloads);
  };
}

/** The wanted blocks, the first as the answer and the others behind it. */
async function setOf(
  answer: CoapAnswer,
  wanted: readonly CoapBlock[],
  { maxMessageBytes }: CoapContext,
  maxPayloads: number,
): Promise<CoapAnswer> {
  const { code, options, payload, body = memoryBody(payload) } = answer;
  const asked = wanted[0]?.sizeBytes ?? 1024;
  const { sizeBytes } = fittingBlock(payloadRoom(options, maxMessageBytes), asked);
  const blockCount = Math.max(1, Math.ceil(body.sizeBytes / sizeBytes));
  const scale = asked / sizeBytes;
  const fitting = wanted.map((block) => ({ ...block, number: block.number * scale, sizeBytes }));
  const [first, ...others] = wantedBlocks(fitting, blockCount, maxPayloads) ?? [];
  if (first === undefined) return failure("4.00");
  const size2 = writeOption("size2", body.sizeBytes);
  const blockAt = async (number: number): Promise<CoapResponse> => {
    const value = blockUint({ number, more: number < blockCount - 1, sizeBytes });
    const own = [...options, writeOption("qBlock2", value), size2].sort((one, other) => one.number - other.number);
    return { code, options: own, payload: await body.read(number * sizeBytes, sizeBytes) };
  };
  const rest = async function* (): AsyncGenerator<CoapResponse> {
    for (const number of others) yield await blockAt(number);
  };
  const start = await blockAt(first);
  return others.length === 0 ? start : { ...start, rest: rest() };
}

function readBlocks(request: CoapRequest, key: "qBlock1" | "qBlock2"): readonly CoapBlock[] | "malformed" {
  const count = request.options.filter(({ number }) => number === coapOptions[key].number).length;
  const blocks = readOptions(request, key).map((value) => readBlock(value));
  const known = blocks.filter((block) => block !== undefined);
  return known.length === count ? known : "malformed";
}

function withoutBlocks({ code, options, payload }: CoapRequest): CoapRequest {
  return { code, options: options.filter(({ number }) => !carriers.has(number)), payload };
}

function isSafe({ code }: CoapRequest): boolean {
  return code === "0.01" || code === "0.05";
}

function failure(code: CoapCode): CoapAnswer {
  return { code, options: [], payload: new Uint8Array(0) };
}

const { qBlock1, qBlock2, size1, size2, requestTag } = coapOptions;
const carriers: ReadonlySet<number> = new Set([qBlock1, qBlock2, size1, size2, requestTag].map(({ number }) => number));
