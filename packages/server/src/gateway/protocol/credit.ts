import { frameFault } from "./frame-fault.ts";
import { CREDIT_LIMIT } from "./frames.ts";

/** Octets of one content that may still be sent. */
export class SendCredit {
  #octets: number;

  constructor(windowBytes: number) {
    this.#octets = windowBytes;
  }

  get octets(): number {
    return this.#octets;
  }

  spend(octets: number): void {
    this.#octets -= octets;
  }

  /** @throws ProtocolError GATEWAY_FRAME_INVALID when it comes to more than there may be. */
  grant(octets: number): void {
    this.#octets += octets;
    if (this.#octets > CREDIT_LIMIT) throw frameFault("more credit than there may be");
  }
}

/** Octets of one content that the other end may still send, and those to grant again. */
export class ReceiveCredit {
  readonly #windowBytes: number;
  #open: number;
  #used = 0;

  constructor(windowBytes: number) {
    this.#windowBytes = windowBytes;
    this.#open = windowBytes;
  }

  /** @throws ProtocolError GATEWAY_FRAME_INVALID when more came than was granted. */
  arrive(octets: number): void {
    this.#open -= octets;
    if (this.#open < 0) throw frameFault("content beyond its credit");
  }

  /** Somebody took so many. Returns what to grant now: nothing before it is a good part of the window. */
  use(octets: number): number {
    this.#used += octets;
    if (this.#used < this.#windowBytes / 2) return 0;
    const grant = this.#used;
    this.#used = 0;
    this.#open += grant;
    return grant;
  }
}
