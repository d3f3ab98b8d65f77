import { PolicyError, TransportError } from "@fairlead/core";
import { formatPeer } from "@fairlead/transport";
import type { CoapChannel } from "../channel.ts";
import type { CoapDestination } from "../protocol/index.ts";

/** Opens a channel. Its signal fires when nobody waits for it any more. */
export type OpenCoapChannel = (destination: CoapDestination, signal: AbortSignal) => Promise<CoapChannel>;

/** How many channels are kept, and how long. */
export interface ChannelPoolLimits {
  /** Channels at most, those being opened among them; the one idle for longest makes room. */
  readonly channels: number;
  /** How long a channel is kept that nobody uses. */
  readonly idleMilliseconds: number;
}

/** A channel in use. */
export interface ChannelLease {
  readonly channel: CoapChannel;
  /** Tells that it is used no more; a second call does nothing. */
  release(): void;
}

/** Channels by where they lead. One is opened for all who ask at once, and replaced when it is broken. */
export class ChannelPool implements AsyncDisposable {
  /** Those idle for longest first. */
  readonly #entries = new Map<string, Entry>();
  readonly #open: OpenCoapChannel;
  readonly #limits: ChannelPoolLimits;
  #isClosed = false;

  constructor(open: OpenCoapChannel, limits: ChannelPoolLimits) {
    this.#open = open;
    this.#limits = limits;
  }

  /** @throws what opening throws; PolicyError CONNECTION_LIMIT when all channels are in use; or the signal's reason. */
  async lease(destination: CoapDestination, signal?: AbortSignal): Promise<ChannelLease> {
    signal?.throwIfAborted();
    const { scheme, host, port } = destination;
    const peer = formatPeer(host, port);
    if (this.#isClosed) throw new TransportError("STREAM_CLOSED", { peer, operation: "request" });
    const key = `${scheme}://${peer}`;
    const entry = this.#entries.get(key) ?? this.#begin(key, peer, destination);
    entry.users += 1;
    clearTimeout(entry.idleTimer);
    let isReleased = false;
    const release = (): void => {
      if (isReleased) return;
      isReleased = true;
      this.#leave(key, entry);
    };
    try {
      return { channel: await waitFor(entry.opening, signal), release };
    } catch (error) {
      release();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    await Promise.all(entries.map(end));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #begin(key: string, peer: string, destination: CoapDestination): Entry {
    this.#makeRoom(peer);
    const aborting = new AbortController();
    const opening = this.#open(destination, aborting.signal);
    const entry: Entry = { opening, aborting, isOpen: false, users: 0, idleTimer: undefined };
    this.#entries.set(key, entry);
    opening.then(
      (channel) => {
        entry.isOpen = true;
        channel.once("close", () => this.#forget(key, entry));
        if (channel.closed) this.#forget(key, entry);
      },
      () => this.#forget(key, entry),
    );
    return entry;
  }

  #makeRoom(peer: string): void {
    if (this.#entries.size < this.#limits.channels) return;
    for (const [key, entry] of this.#entries) {
      if (entry.users > 0) continue;
      this.#forget(key, entry);
      void end(entry);
      return;
    }
    throw new PolicyError("CONNECTION_LIMIT", { peer, operation: "connect" });
  }

  #leave(key: string, entry: Entry): void {
    entry.users -= 1;
    if (entry.users > 0 || this.#entries.get(key) !== entry) return;
    if (!entry.isOpen) {
      this.#forget(key, entry);
      void end(entry);
      return;
    }
    // The last in the order is the one idle for shortest.
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    entry.idleTimer = setTimeout(() => {
      this.#forget(key, entry);
      void end(entry);
    }, this.#limits.idleMilliseconds);
    entry.idleTimer.unref();
  }

  #forget(key: string, entry: Entry): void {
    clearTimeout(entry.idleTimer);
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
  }
}

interface Entry {
  readonly opening: Promise<CoapChannel>;
  readonly aborting: AbortController;
  isOpen: boolean;
  users: number;
  idleTimer: NodeJS.Timeout | undefined;
}

async function end({ opening, aborting, idleTimer }: Entry): Promise<void> {
  clearTimeout(idleTimer);
  aborting.abort(new TransportError("STREAM_CLOSED", { operation: "connect" }));
  await opening.then(
    (channel) => channel.close(),
    () => undefined,
  );
}

async function waitFor<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (signal === undefined) return promise;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => {
    reject(signal.reason);
  };
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
