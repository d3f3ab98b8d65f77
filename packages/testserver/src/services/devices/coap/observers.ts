import { type CoapMessage, writeCoapMessage } from "@fairlead/iot/coap/protocol";
import type { CoapPeer, Confirmations } from "./confirmations.ts";

/** Somebody who is told of what becomes of a resource. */
interface Observer {
  readonly peer: CoapPeer;
  readonly token: Uint8Array;
  /** Makes the next notification, all but how it is delivered. */
  readonly describe: (sequence: number) => Pick<CoapMessage, "code" | "options" | "payload">;
  /** Of the notification that was sent last. */
  lastId: number;
  /** Of the notification that was to be acknowledged, and is not. */
  awaitedId: number | undefined;
  sent: number;
}

/** How many there are at once; the oldest gives way. */
const observerLimit = 64;
/** Every so many notifications one wants to be acknowledged; whoever does not answer is told nothing more. */
const confirmedEvery = 4;
const intervalMilliseconds = 1000;

/** Tells observers of each second. RFC 7641. */
export class Observers {
  readonly #confirmations: Confirmations;
  readonly #observers = new Map<string, Observer>();
  #timer: NodeJS.Timeout | undefined;
  #sequence = 1;

  constructor(confirmations: Confirmations) {
    this.#confirmations = confirmations;
  }

  /** Adds one, or puts it in the place of that with the same token; tells the number of its first notification. */
  add(peer: CoapPeer, token: Uint8Array, describe: Observer["describe"]): number {
    const key = keyOf(peer, token);
    this.#observers.delete(key);
    const [oldest] = this.#observers.keys();
    if (this.#observers.size >= observerLimit && oldest !== undefined) this.#observers.delete(oldest);
    // The token is a view of a datagram that is gone soon.
    this.#observers.set(key, { peer, token: token.slice(), describe, lastId: -1, awaitedId: undefined, sent: 0 });
    this.#timer ??= setInterval(this.notify, intervalMilliseconds);
    return this.#sequence;
  }

  remove(peer: CoapPeer, token: Uint8Array): void {
    this.#observers.delete(keyOf(peer, token));
    this.#stopIfIdle();
  }

  /** An acknowledgement came: it is there still. */
  acknowledge(peer: CoapPeer, messageId: number): void {
    for (const observer of this.#observers.values()) {
      if (observer.peer.name === peer.name && observer.awaitedId === messageId) observer.awaitedId = undefined;
    }
  }

  /** A reset came: whoever sent it does not know why it is told. RFC 7641 section 3.6. */
  reset(peer: CoapPeer, messageId: number): void {
    for (const [key, observer] of this.#observers) {
      const { lastId, awaitedId } = observer;
      const isMeant = observer.peer.name === peer.name && (lastId === messageId || awaitedId === messageId);
      if (isMeant) this.#observers.delete(key);
    }
    this.#stopIfIdle();
  }

  /** Removes all of a peer that is gone. */
  forget(peerName: string): void {
    for (const [key, observer] of this.#observers) if (observer.peer.name === peerName) this.#observers.delete(key);
    this.#stopIfIdle();
  }

  /** Tells all. */
  readonly notify = (): void => {
    this.#sequence = (this.#sequence + 1) % 2 ** 24;
    for (const [key, observer] of this.#observers) {
      observer.sent += 1;
      const confirmed = observer.sent % confirmedEvery === 0;
      if (confirmed && observer.awaitedId !== undefined) this.#observers.delete(key);
      else this.#tell(observer, confirmed);
    }
    this.#stopIfIdle();
  };

  close(): void {
    this.#observers.clear();
    this.#stopIfIdle();
  }

  #tell(observer: Observer, confirmed: boolean): void {
    const { peer, token } = observer;
    const messageId = this.#confirmations.nextMessageId();
    observer.lastId = messageId;
    // Not repeated: the next notification says more than this one again would (RFC 7641 section 4.5.2).
    if (confirmed) observer.awaitedId = messageId;
    const type = confirmed ? "confirmable" : "non-confirmable";
    peer.send(writeCoapMessage({ type, messageId, token, ...observer.describe(this.#sequence) }));
  }

  #stopIfIdle(): void {
    if (this.#observers.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

function keyOf(peer: CoapPeer, token: Uint8Array): string {
  return `${peer.name} ${Buffer.from(token).toString("hex")}`;
}
