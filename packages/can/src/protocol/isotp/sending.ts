import { addressBytes, type IsoTpLayout } from "./addressing.ts";
import { consecutiveFrame, firstFrame, largestSingle, singleFrame, type FlowControl } from "./pdu.ts";

/** What is to be done for a message that is being sent. */
export type SendingStep =
  /** Send this, and ask again when the bus has it. */
  | { readonly type: "send"; readonly frame: Uint8Array }
  /** Ask again then, and when an answer came. */
  | { readonly type: "wait"; readonly untilMilliseconds: number }
  | { readonly type: "sent" }
  | { readonly type: "failed"; readonly reason: SendingFailure };

/** Names of ISO 15765-2:2016 section 8.3.7: N_TIMEOUT_Bs, N_BUFFER_OVFLW, N_WFT_OVRN, N_INVALID_FS. */
export type SendingFailure = "no answer" | "receiver overflow" | "too many waits" | "invalid answer";

/** How long is waited for an answer (N_Bs), and how often a receiver may ask for more time (N_WFTmax). */
export interface SendingLimits {
  readonly answerMilliseconds: number;
  readonly waits: number;
}

/**
 * One message on its way. Times are the caller's, in milliseconds of a clock that only goes forward.
 *
 * @see ISO 15765-2:2016 section 9.3
 */
export class Sending {
  readonly #layout: IsoTpLayout;
  readonly #limits: SendingLimits;
  #rest: Uint8Array;
  #state: "begins" | "awaits answer" | "sends" | SendingFailure | "sent" = "begins";
  #sequenceNumber = 1;
  /** Until the next answer; 0 is without end. */
  #blockLeft = 0;
  #separationMilliseconds = 0;
  #waits = 0;
  /** When what is waited for is due; `undefined` from a frame on until the bus has it. */
  #due: number | undefined;

  constructor(message: Uint8Array, layout: IsoTpLayout, limits: SendingLimits) {
    this.#rest = message;
    this.#layout = layout;
    this.#limits = limits;
  }

  /** What to do now. */
  step(now: number): SendingStep {
    switch (this.#state) {
      case "begins":
        return this.#begin();
      case "awaits answer":
        this.#due ??= now + this.#limits.answerMilliseconds;
        if (now < this.#due) return { type: "wait", untilMilliseconds: this.#due };
        return this.#fail("no answer");
      case "sends":
        this.#due ??= now + this.#separationMilliseconds;
        return now < this.#due ? { type: "wait", untilMilliseconds: this.#due } : this.#continue();
      case "sent":
        return { type: "sent" };
      case "no answer":
      case "receiver overflow":
      case "too many waits":
      case "invalid answer":
        return { type: "failed", reason: this.#state };
    }
  }

  /** The receiver has answered; an answer that nothing waits for is passed over. */
  answer({ status, blockSize, separationMilliseconds }: FlowControl, now: number): void {
    if (this.#state !== "awaits answer") return;
    switch (status) {
      case "continue":
        this.#state = "sends";
        this.#blockLeft = blockSize;
        this.#separationMilliseconds = separationMilliseconds;
        this.#waits = 0;
        this.#due = now;
        break;
      case "wait":
        this.#waits += 1;
        this.#due = now + this.#limits.answerMilliseconds;
        if (this.#waits > this.#limits.waits) this.#fail("too many waits");
        break;
      case "overflow":
        this.#fail("receiver overflow");
        break;
      case "invalid":
        this.#fail("invalid answer");
        break;
    }
  }

  #begin(): SendingStep {
    if (this.#rest.length <= largestSingle(this.#layout.frameBytes, addressBytes(this.#layout))) {
      this.#state = "sent";
      return { type: "send", frame: singleFrame(this.#rest, this.#layout) };
    }
    const { frame, taken } = firstFrame(this.#rest, this.#layout);
    this.#rest = this.#rest.subarray(taken);
    this.#state = "awaits answer";
    return { type: "send", frame };
  }

  #continue(): SendingStep {
    const { frame, taken } = consecutiveFrame(this.#rest, this.#sequenceNumber, this.#layout);
    this.#rest = this.#rest.subarray(taken);
    this.#sequenceNumber = (this.#sequenceNumber + 1) % 16;
    this.#due = undefined;
    const endsBlock = this.#blockLeft === 1;
    if (this.#blockLeft > 0) this.#blockLeft -= 1;
    if (this.#rest.length === 0) this.#state = "sent";
    else if (endsBlock) this.#state = "awaits answer";
    return { type: "send", frame };
  }

  #fail(reason: SendingFailure): SendingStep {
    this.#state = reason;
    return { type: "failed", reason };
  }
}
