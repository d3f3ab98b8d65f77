import type { IsoTpLayout } from "./addressing.ts";
import { flowControlFrame, type FlowControl, type IsoTpPdu } from "./pdu.ts";

/** What a frame has led to. */
export type ReceivingEvent =
  | { readonly type: "message"; readonly bytes: Uint8Array }
  /** Send this now. */
  | { readonly type: "answer"; readonly frame: Uint8Array }
  /** A message that had begun is lost. */
  | { readonly type: "lost"; readonly reason: ReceivingFailure };

/** N_WRONG_SN, N_TIMEOUT_Cr, N_UNEXP_PDU and N_BUFFER_OVFLW of ISO 15765-2:2016 section 8.3.7, and a frame that is too short. */
export type ReceivingFailure =
  | "wrong sequence number"
  | "sender stopped"
  | "another message began"
  | "too long"
  | "short frame";

/** What a receiver asks for, and bears. */
export interface ReceivingLimits {
  /** Bytes of the longest message. */
  readonly messageBytes: number;
  /** Frames until it wants to be asked again; 0 is all of them. */
  readonly blockSize: number;
  readonly separationMilliseconds: number;
  /** How long the next frame may take (N_Cr). */
  readonly frameMilliseconds: number;
  /** How often a sender that has to wait is told so: less than it waits for an answer. */
  readonly waitMilliseconds: number;
}

/**
 * Puts messages together. Times are the caller's, in milliseconds of a clock that only goes forward.
 *
 * @see ISO 15765-2:2016 section 9.3
 */
export class Receiving {
  readonly #layout: IsoTpLayout;
  readonly #limits: ReceivingLimits;
  #message: Message | undefined;
  #isHeld = false;
  #due: number | undefined;

  constructor(layout: IsoTpLayout, limits: ReceivingLimits) {
    this.#layout = layout;
    this.#limits = limits;
  }

  /** When {@link expire} is to be called; `undefined` while nothing is waited for. */
  get due(): number | undefined {
    return this.#due;
  }

  /** A frame has come. */
  receive(pdu: Exclude<IsoTpPdu, FlowControl>, now: number): readonly ReceivingEvent[] {
    switch (pdu.type) {
      case "single":
        return [...this.#abandon("another message began"), { type: "message", bytes: new Uint8Array(pdu.data) }];
      case "first":
        return [...this.#abandon("another message began"), ...this.#begin(pdu, now)];
      case "consecutive":
        return this.#continue(pdu, now);
    }
  }

  /** The time of {@link due} has come. */
  expire(now: number): readonly ReceivingEvent[] {
    if (this.#due === undefined || now < this.#due) return [];
    if (this.#message?.isWaiting !== true) return this.#abandon("sender stopped");
    this.#due = now + this.#limits.waitMilliseconds;
    return [this.#answer("wait")];
  }

  /** Has senders wait before their next block, or lets them go on. A message of one frame comes all the same. */
  hold(isHeld: boolean, now: number): readonly ReceivingEvent[] {
    this.#isHeld = isHeld;
    return !isHeld && this.#message?.isWaiting === true ? this.#ask(this.#message, now) : [];
  }

  #begin(
    { totalBytes, data, frameBytes }: Extract<IsoTpPdu, { type: "first" }>,
    now: number,
  ): readonly ReceivingEvent[] {
    if (totalBytes > this.#limits.messageBytes) return [this.#answer("overflow"), { type: "lost", reason: "too long" }];
    this.#message = new Message(totalBytes, frameBytes, data);
    return this.#ask(this.#message, now);
  }

  #continue(
    { sequenceNumber, data }: Extract<IsoTpPdu, { type: "consecutive" }>,
    now: number,
  ): readonly ReceivingEvent[] {
    const message = this.#message;
    if (message === undefined || message.isWaiting) return [];
    if (sequenceNumber !== message.nextNumber) return this.#abandon("wrong sequence number");
    // The frame that ends the message may be shorter than the others. Section 9.6.4.2
    const wanted = Math.min(
      message.missingBytes,
      message.frameBytes - 1 - (this.#layout.addressByte === undefined ? 0 : 1),
    );
    if (data.length < wanted) return this.#abandon("short frame");
    message.take(data.subarray(0, wanted));
    if (message.missingBytes === 0) {
      this.#message = undefined;
      this.#due = undefined;
      return [{ type: "message", bytes: message.bytes }];
    }
    if (message.blockFrames === this.#limits.blockSize && this.#limits.blockSize > 0) return this.#ask(message, now);
    this.#due = now + this.#limits.frameMilliseconds;
    return [];
  }

  /** Asks for the next block, or for patience. */
  #ask(message: Message, now: number): readonly ReceivingEvent[] {
    message.blockFrames = 0;
    message.isWaiting = this.#isHeld;
    this.#due = now + (this.#isHeld ? this.#limits.waitMilliseconds : this.#limits.frameMilliseconds);
    return [this.#answer(this.#isHeld ? "wait" : "continue")];
  }

  #abandon(reason: ReceivingFailure): readonly ReceivingEvent[] {
    if (this.#message === undefined) return [];
    this.#message = undefined;
    this.#due = undefined;
    return [{ type: "lost", reason }];
  }

  #answer(status: "continue" | "wait" | "overflow"): ReceivingEvent {
    return { type: "answer", frame: flowControlFrame(status, this.#limits, this.#layout) };
  }
}

/** What has come of a message. Memory is taken as it comes: its announced length costs its sender nothing. */
class Message {
  readonly frameBytes: number;
  nextNumber = 1;
  blockFrames = 0;
  isWaiting = false;
  readonly #totalBytes: number;
  #bytes: Uint8Array;
  #received = 0;

  constructor(totalBytes: number, frameBytes: number, first: Uint8Array) {
    this.#totalBytes = totalBytes;
    this.frameBytes = frameBytes;
    this.#bytes = new Uint8Array(Math.min(totalBytes, 4_096));
    this.#add(first.subarray(0, totalBytes));
  }

  get missingBytes(): number {
    return this.#totalBytes - this.#received;
  }

  /** To be asked when nothing is missing. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#received);
  }

  take(data: Uint8Array): void {
    this.#add(data);
    this.nextNumber = (this.nextNumber + 1) % 16;
    this.blockFrames += 1;
  }

  #add(data: Uint8Array): void {
    const needed = this.#received + data.length;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.min(this.#totalBytes, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, this.#received));
      this.#bytes = larger;
    }
    this.#bytes.set(data, this.#received);
    this.#received = needed;
  }
}
