import {
  type CoapBlock,
  type CoapCode,
  type CoapMessage,
  type CoapOption,
  blockUint,
  coapCodes,
  readBlock,
  readOption,
  readOptions,
  writeOption,
} from "@fairlead/iot/coap/protocol";
import type { CoapAnswer } from "./resource.ts";

/** Bytes of the largest body that is put together. */
export const maxBodyBytes = 65_536;
/** How many bodies are put together at once; the oldest gives way. */
const transferLimit = 32;
/** What is sent at once where the client wishes nothing else. RFC 7959 section 2.2. */
const usualBlockBytes = 1024;

/** What comes of one part of a body. */
export type PartReading =
  | { readonly type: "whole"; readonly payload: Uint8Array; readonly options: readonly CoapOption[] }
  | { readonly type: "answer"; readonly answer: CoapAnswer };

/** Puts bodies together from the blocks that clients send. RFC 7959 section 2.5. */
export class BlockTransfers {
  readonly #transfers = new Map<string, { readonly pieces: Uint8Array[]; sizeBytes: number }>();

  /** Takes a message of `sender`, a peer with what it asks for. */
  receive(sender: string, message: CoapMessage): PartReading {
    const { payload } = message;
    const uint = readOption(message, "block1");
    if (uint === undefined) return { type: "whole", payload, options: [] };
    const block = readBlock(uint);
    const isCut = block !== undefined && block.more && payload.length !== block.sizeBytes;
    if (block === undefined || isCut) return answer(coapCodes["Bad Request"]);
    const tag = readOptions(message, "requestTag").map((bytes) => Buffer.from(bytes).toString("hex"));
    const key = `${sender} ${tag.join()}`;
    const begun = this.#transfers.get(key);
    const transfer = block.number === 0 ? { pieces: [], sizeBytes: 0 } : begun;
    if (transfer?.sizeBytes !== block.number * block.sizeBytes) {
      this.#transfers.delete(key);
      return answer(coapCodes["Request Entity Incomplete"]);
    }
    transfer.pieces.push(payload);
    transfer.sizeBytes += payload.length;
    this.#transfers.delete(key);
    if (transfer.sizeBytes > maxBodyBytes) {
      return answer(coapCodes["Request Entity Too Large"], [writeOption("size1", maxBodyBytes)]);
    }
    const options = [writeOption("block1", uint)];
    if (!block.more) return { type: "whole", payload: Buffer.concat(transfer.pieces), options };
    const [oldest] = this.#transfers.keys();
    if (this.#transfers.size >= transferLimit && oldest !== undefined) this.#transfers.delete(oldest);
    this.#transfers.set(key, transfer);
    return answer(coapCodes.Continue, options);
  }
}

/** Cuts the block that a request asks for out of an answer, or the first, where the whole is too long for one. */
export function cutBlock(request: CoapMessage, whole: CoapAnswer): CoapAnswer {
  const uint = readOption(request, "block2");
  const asked: CoapBlock | undefined =
    uint === undefined ? { number: 0, more: false, sizeBytes: usualBlockBytes } : readBlock(uint);
  const { code, options = [], payload = new Uint8Array(0) } = whole;
  if (!code.startsWith("2.")) return whole;
  if (asked === undefined) return { code: coapCodes["Bad Request"] };
  const { number, sizeBytes } = asked;
  const start = number * sizeBytes;
  if (number > 0 && start >= payload.length) return { code: coapCodes["Bad Request"] };
  if (number === 0 && payload.length <= sizeBytes) return whole;
  const block = { number, more: start + sizeBytes < payload.length, sizeBytes };
  const size = readOption(request, "size2") === undefined ? [] : [writeOption("size2", payload.length)];
  return {
    code,
    options: [...options, ...size, writeOption("block2", blockUint(block))],
    payload: payload.subarray(start, start + sizeBytes),
  };
}

function answer(code: CoapCode, options: readonly CoapOption[] = []): PartReading {
  return { type: "answer", answer: { code, options } };
}
