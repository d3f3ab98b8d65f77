import { isCodedError, PolicyError, ProtocolError } from "@fairlead/core";
import type { CoapRequest, CoapResponse } from "../exchange.ts";
import { blockUint, type CoapBlock, coapOptions, readBlock, readOption, writeOption } from "../protocol/index.ts";
import { BlockCollection } from "../protocol/q-block/index.ts";
import { Transfer, type TransferMeans } from "./transfer.ts";

/**
 * Asks for a body whose blocks are not waited for one by one: by sets, and then for those of a set that did not come.
 *
 * @see RFC 9177 section 4.4
 */
export class Download extends Transfer {
  readonly #maxBodyBytes: number;
  #blocks: BlockCollection | undefined;
  #first: CoapResponse | undefined;
  /** The end of the set that is waited for. */
  #setEnd: number;

  constructor(means: TransferMeans, maxBodyBytes: number) {
    super(means);
    this.#maxBodyBytes = maxBodyBytes;
    this.#setEnd = means.parameters.maxPayloads;
  }

  protected start(): void {
    this.ask(this.#asking([{ number: 0, more: true, sizeBytes: this.means.sizeBytes }]), "confirmable");
  }

  protected hear(response: CoapResponse): void {
    const value = readOption(response, "qBlock2");
    if (value === undefined) {
      this.#hearOther(response);
      return;
    }
    const block = readBlock(value);
    const totalBytes = readOption(response, "size2");
    const facts = { peer: this.means.channel.peer, operation: "download" };
    if (block === undefined || totalBytes === undefined) {
      this.fail(
        new ProtocolError("COAP_RESPONSE_UNUSABLE", { ...facts, detail: "its Q-Block2 or Size2 is malformed" }),
      );
      return;
    }
    if (totalBytes > this.#maxBodyBytes) {
      this.fail(new PolicyError("BODY_LIMIT", facts));
      return;
    }
    this.#first ??= response;
    if (!isSame(readOption(this.#first, "eTag"), readOption(response, "eTag"))) {
      this.fail(new ProtocolError("COAP_REPRESENTATION_CHANGED", facts));
      return;
    }
    this.#blocks ??= new BlockCollection(totalBytes, block.sizeBytes);
    this.#take(this.#blocks, block, totalBytes, response.payload);
  }

  protected late(): void {
    const blocks = this.#blocks;
    if (blocks === undefined || !this.countVain()) return;
    const { maxPayloads } = this.means.parameters;
    const { sizeBytes } = blocks;
    const missing = blocks.missing(this.#setEnd, maxPayloads);
    const setStart = this.#setEnd - maxPayloads;
    // A set of which nothing came was perhaps never asked for: the request was lost.
    const isUnheard = missing[0] === setStart && missing.length === Math.min(maxPayloads, blocks.blockCount - setStart);
    this.#askFor(
      isUnheard
        ? [{ number: setStart, more: true, sizeBytes }]
        : missing.map((number) => ({ number, more: false, sizeBytes })),
    );
  }

  protected override fail(error: unknown): void {
    const isReset = isCodedError(error) && error.code === "COAP_RESET" && this.#first === undefined;
    if (isReset && !this.isOver) this.finish({ type: "unsupported" });
    else super.fail(error);
  }

  #hearOther(response: CoapResponse): void {
    const { code } = response;
    if (code === "4.02" && this.#first === undefined) this.finish({ type: "unsupported" });
    else if (code === "4.08" && this.#first !== undefined) {
      this.fail(
        new ProtocolError("COAP_REPRESENTATION_CHANGED", { peer: this.means.channel.peer, operation: "download" }),
      );
    } else this.finish({ type: "answered", response });
  }

  #take(
    blocks: BlockCollection,
    { number, sizeBytes, more }: CoapBlock,
    totalBytes: number,
    payload: Uint8Array,
  ): void {
    const isNew = !blocks.has(number);
    const isLast = number === blocks.blockCount - 1;
    const fits = sizeBytes === blocks.sizeBytes && totalBytes === blocks.bytes.length && more !== isLast;
    if (!fits || !blocks.take(number, payload)) {
      const detail = "a block is not what the others make it";
      this.fail(
        new ProtocolError("COAP_RESPONSE_UNUSABLE", { peer: this.means.channel.peer, operation: "download", detail }),
      );
      return;
    }
    if (!isNew) return;
    this.countProgress();
    this.means.call.onProgress?.({ direction: "down", transferredBytes: blocks.receivedBytes, totalBytes });
    const first = this.#first;
    if (blocks.isWhole && first !== undefined) {
      const options = first.options.filter((option) => !carriers.has(option.number));
      this.finish({ type: "answered", response: { code: first.code, options, payload: blocks.bytes } });
      return;
    }
    if (blocks.missing(this.#setEnd, 1).length === 0) {
      this.#askFor([{ number: this.#setEnd, more: true, sizeBytes }]);
      this.#setEnd += this.means.parameters.maxPayloads;
    }
    this.wait(this.means.parameters.nonReceiveTimeoutMilliseconds);
  }

  #askFor(wanted: readonly CoapBlock[]): void {
    this.beginSet();
    this.ask(this.#asking(wanted), "non-confirmable");
    this.wait(this.means.parameters.nonReceiveTimeoutMilliseconds);
  }

  #asking(wanted: readonly CoapBlock[]): CoapRequest {
    const { code, options, payload } = this.means.request;
    const own = wanted.map((block) => writeOption("qBlock2", blockUint(block)));
    return { code, options: [...options, ...own].sort((one, other) => one.number - other.number), payload };
  }
}

function isSame(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

const { qBlock2, size2 } = coapOptions;
const carriers: ReadonlySet<number> = new Set([qBlock2.number, size2.number]);
