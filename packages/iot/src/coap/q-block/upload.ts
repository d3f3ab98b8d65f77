import { isCodedError } from "@fairlead/core";
import type { CoapResponse } from "../exchange.ts";
import { blockUint, contentFormats, readBlock, readOption, writeOption } from "../protocol/index.ts";
import { readMissingBlocks } from "../protocol/q-block/index.ts";
import { Transfer, type TransferMeans } from "./transfer.ts";

/**
 * Sends a request whose body's blocks are not waited for one by one. The first is confirmable, so that a server that does
 * not know Q-Block says so, or that nobody is there.
 *
 * @see RFC 9177 section 4.3
 */
export class Upload extends Transfer {
  readonly #requestTag: Uint8Array;
  readonly #blockCount: number;
  /** Blocks that were sent at least once. */
  #sent = 0;
  /** Blocks of which the server has said that it has them, all before included. */
  #confirmed = 0;
  #resends = 0;

  constructor(means: TransferMeans, requestTag: Uint8Array) {
    super(means);
    this.#requestTag = requestTag;
    this.#blockCount = Math.ceil(means.request.payload.length / means.sizeBytes);
  }

  protected start(): void {
    this.#sendSet();
  }

  protected hear(response: CoapResponse): void {
    const { code, payload } = response;
    if (code === "4.02" && this.#confirmed === 0) {
      this.finish({ type: "unsupported" });
      return;
    }
    if (code === "2.31") {
      const block = readBlock(readOption(response, "qBlock1") ?? -1);
      if (block === undefined || block.number < this.#confirmed || block.number >= this.#sent) return;
      this.#confirmed = block.number + 1;
      this.countProgress();
      this.#tell(this.#confirmed * this.means.sizeBytes);
      if (this.#confirmed === this.#sent && this.#sent < this.#blockCount) this.#sendSet();
      return;
    }
    const isList = readOption(response, "contentFormat") === contentFormats["application/missing-blocks+cbor-seq"];
    const missing = code === "4.08" && isList ? readMissingBlocks(payload) : undefined;
    if (missing !== undefined && this.#resends < this.#blockCount * this.means.parameters.nonMaxRetransmit) {
      this.#resend(missing);
      return;
    }
    if (code.startsWith("2.")) this.#tell(this.means.request.payload.length);
    this.finish({ type: "answered", response });
  }

  protected late(): void {
    if (this.#sent < this.#blockCount) this.#sendSet();
    else if (this.countVain()) this.#resend([this.#blockCount - 1]);
  }

  protected override fail(error: unknown): void {
    const isReset = isCodedError(error) && error.code === "COAP_RESET" && this.#confirmed === 0;
    if (isReset && !this.isOver) this.finish({ type: "unsupported" });
    else super.fail(error);
  }

  #sendSet(): void {
    this.beginSet();
    const end = Math.min(this.#sent + this.means.parameters.maxPayloads, this.#blockCount);
    for (; this.#sent < end; this.#sent += 1) this.#send(this.#sent);
    this.#waitForMore();
  }

  #resend(numbers: readonly number[]): void {
    const known = numbers.filter((number) => number < this.#sent).slice(0, this.means.parameters.maxPayloads);
    this.#resends += known.length;
    for (const number of known) this.#send(number);
    this.#waitForMore();
  }

  #send(number: number): void {
    const { request, sizeBytes } = this.means;
    const { code, options, payload } = request;
    const more = number < this.#blockCount - 1;
    const own = [
      writeOption("qBlock1", blockUint({ number, more, sizeBytes })),
      writeOption("size1", payload.length),
      writeOption("requestTag", this.#requestTag),
    ];
    const part = payload.subarray(number * sizeBytes, (number + 1) * sizeBytes);
    const sorted = [...options, ...own].sort((one, other) => one.number - other.number);
    this.ask({ code, options: sorted, payload: part }, number === 0 ? "confirmable" : "non-confirmable");
  }

  #waitForMore(): void {
    const { parameters, random } = this.means;
    const { nonTimeoutMilliseconds, nonReceiveTimeoutMilliseconds } = parameters;
    const isAllSent = this.#sent === this.#blockCount;
    // Behind the last block the server has its own time to say what is missing.
    this.wait(isAllSent ? 1.5 * nonReceiveTimeoutMilliseconds : nonTimeoutMilliseconds * (1 + random() / 2));
  }

  #tell(transferredBytes: number): void {
    const totalBytes = this.means.request.payload.length;
    this.means.call.onProgress?.({ direction: "up", transferredBytes, totalBytes });
  }
}
