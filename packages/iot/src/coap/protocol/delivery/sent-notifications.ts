import type { ReceivedRequest } from "./received-request.ts";

/** How many of a peer's resets to notifications are understood. */
const notificationLimit = 64;

/** Whose notifications were sent last without wanting an acknowledgement: they may be reset all the same. RFC 7641 section 3.6. */
export class SentNotifications<Request> {
  readonly #byMessageId = new Map<number, ReceivedRequest<Request>>();

  add(messageId: number, received: ReceivedRequest<Request>): void {
    this.#byMessageId.set(messageId, received);
    if (this.#byMessageId.size <= notificationLimit) return;
    const [oldest] = this.#byMessageId.keys();
    if (oldest !== undefined) this.#byMessageId.delete(oldest);
  }

  find(messageId: number): ReceivedRequest<Request> | undefined {
    return this.#byMessageId.get(messageId);
  }
}
