import { randomInt } from "node:crypto";
import type { Timers } from "../timers.ts";

/** Somebody who speaks CoAP with a service. */
export interface CoapPeer {
  /** Where it is: unique among those of one service. */
  readonly name: string;
  readonly send: (bytes: Uint8Array) => void;
}

/** What comes of a message that wants to be acknowledged. */
export type Confirmation = "acknowledged" | "reset" | "given-up";

/** RFC 7252 section 4.8. */
const firstWaitMilliseconds = 2000;
const retransmissionLimit = 4;

/** Repeats what was sent until it is acknowledged, and gives up. RFC 7252 section 4.2. */
export class Confirmations {
  readonly #timers: Timers;
  readonly #waiting = new Map<string, { readonly cancel: () => void; readonly then: (how: Confirmation) => void }>();
  #messageId = randomInt(65_536);

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** A message ID that was not used for long. */
  nextMessageId(): number {
    this.#messageId = (this.#messageId + 1) % 65_536;
    return this.#messageId;
  }

  /** Sends bytes with this message ID, and again while nothing comes back. */
  send(
    peer: CoapPeer,
    messageId: number,
    bytes: Uint8Array,
    then: (how: Confirmation) => void = () => undefined,
  ): void {
    const key = `${peer.name} ${messageId}`;
    const attempt = (count: number): void => {
      peer.send(bytes);
      const cancel = this.#timers.after(firstWaitMilliseconds * 2 ** count, () => {
        if (count < retransmissionLimit) attempt(count + 1);
        else this.settle(peer, messageId, "given-up");
      });
      this.#waiting.set(key, { cancel, then });
    };
    attempt(0);
  }

  /** Something came for a message that was sent. */
  settle(peer: CoapPeer, messageId: number, how: Confirmation): void {
    const key = `${peer.name} ${messageId}`;
    const waiting = this.#waiting.get(key);
    if (waiting === undefined) return;
    this.#waiting.delete(key);
    waiting.cancel();
    waiting.then(how);
  }
}
