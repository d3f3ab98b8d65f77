import type { CoapAnswer, CoapContext, CoapHandler, CoapRequest, CoapResponse } from "../exchange.ts";
import { peerKey } from "../blocks/peer-key.ts";
import { readOption } from "../protocol/index.ts";

/** Who may observe a resource. Who may not gets an answer as if it had not asked to. */
export interface ObservableOptions {
  /** 10,000 by default. */
  readonly maxObservers?: number | undefined;
  /** 32 by default. */
  readonly maxObserversPerPeer?: number | undefined;
}

/** A resource that tells its observers when it changes. */
export interface CoapObservable {
  /** Answers requests for it; their method and path are looked at before. */
  readonly handler: CoapHandler;
  readonly observers: number;
  /** Has each observer told the state that is read then: of several changes while the last is delivered, the latest. */
  changed(): void;
  /** Tells the observers that it is no more, by 4.04, and takes no others. */
  close(): void;
}

/**
 * Makes a resource that can be observed.
 *
 * @param read the state as this request asks for it; called for each observer and change. A failure ends that observation.
 *
 * @see RFC 7641 section 4
 */
export function observable(
  read: (request: CoapRequest, context: CoapContext) => CoapResponse | Promise<CoapResponse>,
  { maxObservers = 10_000, maxObserversPerPeer = 32 }: ObservableOptions = {},
): CoapObservable {
  const source = new Observers();
  return {
    handler: async (request, context) => {
      if (source.isClosed) return gone;
      const { version } = source;
      const isWelcome =
        readOption(request, "observe") === 0 &&
        source.size < maxObservers &&
        source.sizeOf(peerKey(context)) < maxObserversPerPeer;
      const updates = isWelcome ? source.add(() => read(request, context), version, context) : undefined;
      try {
        const response: CoapAnswer = await read(request, context);
        if (updates !== undefined && response.code.startsWith("2.")) return { ...response, updates };
        updates?.leave();
        return response;
      } catch (error) {
        updates?.leave();
        throw error;
      }
    },
    get observers() {
      return source.size;
    },
    changed: () => source.change(),
    close: () => source.close(),
  };
}

class Observers {
  version = 0;
  isClosed = false;
  readonly #all = new Set<Observer>();
  readonly #perPeer = new Map<string, number>();

  get size(): number {
    return this.#all.size;
  }

  sizeOf(peer: string): number {
    return this.#perPeer.get(peer) ?? 0;
  }

  add(read: () => CoapResponse | Promise<CoapResponse>, version: number, context: CoapContext): Observer {
    const peer = peerKey(context);
    const observer = new Observer(this, read, version, peer);
    this.#all.add(observer);
    this.#perPeer.set(peer, this.sizeOf(peer) + 1);
    return observer;
  }

  remove(observer: Observer): void {
    if (!this.#all.delete(observer)) return;
    const left = this.sizeOf(observer.peer) - 1;
    if (left > 0) this.#perPeer.set(observer.peer, left);
    else this.#perPeer.delete(observer.peer);
  }

  change(): void {
    this.version += 1;
    for (const observer of this.#all) observer.wake();
  }

  close(): void {
    this.isClosed = true;
    this.change();
  }
}

/** One observer: what it has seen, and whether it waits. */
class Observer implements AsyncIterableIterator<CoapResponse, undefined> {
  readonly peer: string;
  readonly #source: Observers;
  readonly #read: () => CoapResponse | Promise<CoapResponse>;
  #seen: number;
  #hasLeft = false;
  #wake: (() => void) | undefined;

  constructor(source: Observers, read: () => CoapResponse | Promise<CoapResponse>, seen: number, peer: string) {
    this.#source = source;
    this.#read = read;
    this.#seen = seen;
    this.peer = peer;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<CoapResponse, undefined>> {
    while (!this.#hasLeft && this.#seen === this.#source.version) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#hasLeft) return { done: true, value: undefined };
    this.#seen = this.#source.version;
    const value = this.#source.isClosed ? gone : await this.#readOrFail();
    if (!value.code.startsWith("2.")) this.leave();
    return { done: false, value };
  }

  return(): Promise<IteratorResult<CoapResponse, undefined>> {
    this.leave();
    return Promise.resolve({ done: true, value: undefined });
  }

  wake(): void {
    this.#wake?.();
    this.#wake = undefined;
  }

  leave(): void {
    this.#hasLeft = true;
    this.#source.remove(this);
    this.wake();
  }

  async #readOrFail(): Promise<CoapResponse> {
    try {
      return await this.#read();
    } catch {
      return failed;
    }
  }
}

const nothing = new Uint8Array(0);
const gone: CoapResponse = { code: "4.04", options: [], payload: nothing };
const failed: CoapResponse = { code: "5.00", options: [], payload: nothing };
