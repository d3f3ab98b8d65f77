import type { Clock } from "@fairlead/tls/datagram";
import type { PeerTable, PeerTableOwner } from "../blocks/peer-table.ts";
import type { CoapAnswer, CoapRequest, CoapResponse } from "../exchange.ts";
import { bodyKey } from "../protocol/blocks/index.ts";
import {
  blockUint,
  type CoapBlock,
  type CoapCode,
  type CoapOption,
  contentFormats,
  readOption,
  writeOption,
} from "../protocol/index.ts";
import { BlockCollection, type QBlockParameters, writeMissingBlocks } from "../protocol/q-block/index.ts";

/** A request whose blocks are received, or were: what comes late is answered like the last. */
export type ReceivedRequest =
  | ReceivedBody
  | { readonly type: "answered"; readonly answer: Promise<CoapAnswer | undefined> };

/** A body that is being received. */
interface ReceivedBody {
  readonly type: "receiving";
  readonly blocks: BlockCollection;
  /** Ends the wait of the block that came last: its answer is the next one's to give. */
  overtake: () => void;
  /** The highest block at which it was said that others before its set are missing. */
  reportedSet: number;
}

/** What one block makes of a request: an answer, or none, to this block; or that to the whole request. */
export type ReceivingStep =
  | { readonly type: "block"; readonly answer: CoapResponse | undefined }
  | { readonly type: "whole"; readonly answer: CoapAnswer | undefined };

/** What is received with, and within. */
export interface ReceivingMeans {
  readonly table: PeerTable<ReceivedRequest>;
  readonly owner: PeerTableOwner;
  readonly parameters: QBlockParameters;
  readonly maxBodyBytes: number;
  /** Of one whole message. */
  readonly room: number;
  readonly clock: Clock;
  /** Fires when nobody waits for the answer to this block any more. */
  readonly signal: AbortSignal;
  /** Answers the whole request; called once for it. */
  readonly handle: (request: CoapRequest) => Promise<CoapAnswer | undefined>;
}

/**
 * Takes one block of a request's body. Most are not answered. A set that is complete is, by 2.31; and what is missing is
 * said by 4.08, at once when a later set has begun, else when nothing has come for a while.
 *
 * @see RFC 9177 section 4.3
 */
export async function receiveRequest(
  request: CoapRequest,
  block: CoapBlock,
  { table, owner, parameters, maxBodyBytes, room, clock, signal, handle }: ReceivingMeans,
): Promise<ReceivingStep> {
  const totalBytes = readOption(request, "size1");
  if (totalBytes === undefined || readOption(request, "requestTag") === undefined) return answered("4.00");
  if (totalBytes > maxBodyBytes) return answered("4.13", [writeOption("size1", maxBodyBytes)]);
  const key = bodyKey(request);
  const begun = table.get(owner, key);
  if (begun?.type === "answered") return { type: "whole", answer: await begun.answer };
  const body: ReceivedBody = begun ?? {
    type: "receiving",
    blocks: new BlockCollection(totalBytes, block.sizeBytes),
    overtake: idle,
    reportedSet: -1,
  };
  const { blocks } = body;
  const isSame = blocks.bytes.length === totalBytes && blocks.sizeBytes === block.sizeBytes;
  const isLast = block.number === blocks.blockCount - 1;
  if (!isSame || block.more === isLast || !blocks.take(block.number, request.payload)) return answered("4.00");
  if (begun === undefined && !table.set(owner, key, body, totalBytes + entryBytes)) {
    return answered("5.03", [writeOption("maxAge", busySeconds)]);
  }
  body.overtake();
  if (blocks.isWhole) {
    const answering = handle({ ...request, payload: blocks.bytes });
    // The answer may get lost, and the last block be sent again: that must not be done twice.
    table.set(owner, key, { type: "answered", answer: answering }, entryBytes);
    const answer = await answering;
    table.set(owner, key, { type: "answered", answer: answering }, entryBytes + (answer?.payload.length ?? 0));
    return { type: "whole", answer };
  }

  const { maxPayloads, nonReceiveTimeoutMilliseconds } = parameters;
  const setStart = block.number - (block.number % maxPayloads);
  const setEnd = setStart + maxPayloads;
  const report = (end: number): ReceivingStep => {
    const missing = writeMissingBlocks(blocks.missing(end), room);
    return answered("4.08", [writeOption("contentFormat", missingBlocks)], missing);
  };
  if (blocks.missing(setStart, 1).length > 0 && body.reportedSet < setStart) {
    body.reportedSet = setStart;
    return report(setStart);
  }
  if (blocks.missing(setEnd, 1).length === 0) {
    const value = blockUint({ number: setEnd - 1, more: true, sizeBytes: block.sizeBytes });
    return answered("2.31", [writeOption("qBlock1", value)]);
  }
  const isOver = await new Promise<boolean>((resolve) => {
    const end = (isLate: boolean): void => {
      cancel();
      signal.removeEventListener("abort", leave);
      resolve(isLate);
    };
    const leave = (): void => end(false);
    const cancel = clock.schedule(nonReceiveTimeoutMilliseconds, () => end(true));
    signal.addEventListener("abort", leave, { once: true });
    body.overtake = leave;
  });
  const highestSetEnd = (Math.floor(blocks.highest / maxPayloads) + 1) * maxPayloads;
  return isOver ? report(highestSetEnd) : { type: "block", answer: undefined };
}

function answered(
  code: CoapCode,
  options: readonly CoapOption[] = [],
  payload: Uint8Array = new Uint8Array(0),
): ReceivingStep {
  return { type: "block", answer: { code, options, payload } };
}

function idle(): void {
  // Nobody waits.
}

const missingBlocks = contentFormats["application/missing-blocks+cbor-seq"];
/** What a body takes beside its bytes. */
const entryBytes = 512;
/** When there may be room again. */
const busySeconds = 30;
