import type { Sender } from "rhea";

/** What one queue keeps, and whom it may give it to. */
interface Queue {
  readonly messages: Buffer[];
  readonly senders: Set<Sender>;
}

const queueLimit = 100;
/** Bytes of all messages that are kept. */
const storeLimitBytes = 16 * 1024 * 1024;
/** What a message costs besides its bytes. */
const bytesOfRecord = 200;
/** The format of what was encoded already. AMQP 1.0 section 3.2.16. */
const messageFormat = 0;

/** Queues in memory, made when they are first named. */
export class Queues {
  readonly #queues = new Map<string, Queue>();
  #storedBytes = 0;

  /** Keeps an encoded message until somebody takes it; `false` where there is no room. */
  put(address: string, message: Buffer): boolean {
    const sizeBytes = message.length + bytesOfRecord;
    if (this.#storedBytes + sizeBytes > storeLimitBytes) return false;
    const queue = this.#queue(address);
    if (queue === undefined) return false;
    this.#storedBytes += sizeBytes;
    queue.messages.push(message);
    this.#give(queue);
    return true;
  }

  /** Gives what there is, now and later, to a link; `false` where there are too many queues. */
  join(address: string, sender: Sender): boolean {
    const queue = this.#queue(address);
    queue?.senders.add(sender);
    return queue !== undefined;
  }

  /** A link can be given more. */
  ready(sender: Sender): void {
    for (const queue of this.#queues.values()) if (queue.senders.has(sender)) this.#give(queue);
  }

  /** Links are gone, and with them those queues that nobody needs. */
  leave(isGone: (sender: Sender) => boolean): void {
    for (const [address, { senders, messages }] of this.#queues) {
      for (const sender of senders) if (isGone(sender)) senders.delete(sender);
      if (senders.size === 0 && messages.length === 0) this.#queues.delete(address);
    }
  }

  #queue(address: string): Queue | undefined {
    const found = this.#queues.get(address);
    if (found !== undefined || this.#queues.size >= queueLimit) return found;
    const made = { messages: [], senders: new Set<Sender>() };
    this.#queues.set(address, made);
    return made;
  }

  #give({ messages, senders }: Queue): void {
    for (const sender of senders) {
      while (messages.length > 0 && sender.sendable()) {
        const message = messages.shift();
        if (message === undefined) break;
        this.#storedBytes -= message.length + bytesOfRecord;
        sender.send(message, undefined, messageFormat);
      }
    }
  }
}
