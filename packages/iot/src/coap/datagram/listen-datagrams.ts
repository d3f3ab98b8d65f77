import { type Clock, systemClock } from "@fairlead/tls/datagram";
import { type DatagramAddress, type DatagramEndpoint, type DatagramPath, formatPeer } from "@fairlead/transport";
import type { CoapChannel } from "../channel.ts";
import {
  completeTransmission,
  decideStranger,
  defaultDeliveryLimits,
  MemoryBudget,
  transmissionTimes,
} from "../protocol/delivery/index.ts";
import { DatagramChannel, type DatagramChannelOptions } from "./datagram-channel.ts";
import { randomSource } from "./random-source.ts";

/** How an endpoint is listened to. */
export interface ListenDatagramsOptions extends Omit<DatagramChannelOptions, "scheme" | "security" | "budget"> {
  /**
   * Peers of which something is kept; 10,000 by default. One more takes the place of an idle one, or of one that does not
   * acknowledge its answers, or is not heard.
   */
  readonly peerLimit?: number | undefined;
  /** Bytes for remembering messages of all peers together; 64 MiB by default. */
  readonly rememberedBytesLimit?: number | undefined;
  /**
   * Endpoints that have joined groups, such as `224.0.1.187`. What comes by them is sent to a group, and answered by the
   * endpoint itself: a port that serves as both cannot tell the two apart. They are owned like the endpoint.
   */
  readonly groups?: readonly DatagramEndpoint[] | undefined;
  /** How long a peer that has nothing under way is kept; EXCHANGE_LIFETIME by default, and less forgets too early. */
  readonly idleMilliseconds?: number | undefined;
}

/** An endpoint that is listened to. */
export interface CoapListener extends AsyncDisposable {
  /** Its own address. */
  readonly address: DatagramAddress;
  /** How many peers there are of which something is kept. */
  readonly peerCount: number;
  /** Closes the channels and the endpoint; a second call does nothing. */
  close(): Promise<void>;
}

/**
 * Makes a channel for each stranger that asks for something. It owns the endpoint from now on.
 *
 * A channel ends when its peer was idle for long, or has to give way; one with requests, observations or answers under way
 * is not idle.
 *
 * @param onChannel is told of each before its first request
 *
 * @example
 * await using listener = listenDatagrams(await openUdp({ port: 5683 }), (channel) => serveChannel(channel, handler));
 */
export function listenDatagrams(
  endpoint: DatagramEndpoint,
  onChannel: (channel: CoapChannel) => void,
  options: ListenDatagramsOptions = {},
): CoapListener {
  return new DatagramListener(endpoint, onChannel, options);
}

class DatagramListener implements CoapListener {
  readonly #endpoint: DatagramEndpoint;
  readonly #onChannel: (channel: CoapChannel) => void;
  readonly #options: DatagramChannelOptions;
  readonly #clock: Clock;
  readonly #peerLimit: number;
  readonly #longestToken: number;
  readonly #idleMilliseconds: number;
  /** By their addresses, those that have been there longest first. */
  readonly #peers = new Map<string, Peer>();
  readonly #groups: readonly DatagramEndpoint[];
  #cancelSweep: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  constructor(
    endpoint: DatagramEndpoint,
    onChannel: (channel: CoapChannel) => void,
    { peerLimit = 10_000, rememberedBytesLimit = 67_108_864, ...options }: ListenDatagramsOptions,
  ) {
    const { idleMilliseconds, groups = [], ...rest } = options;
    const transmission = completeTransmission(options.transmission);
    this.#endpoint = endpoint;
    this.#onChannel = onChannel;
    this.#peerLimit = peerLimit;
    this.#longestToken = options.limits?.tokenBytes ?? defaultDeliveryLimits.tokenBytes;
    this.#idleMilliseconds = idleMilliseconds ?? transmissionTimes(transmission).exchangeLifetimeMilliseconds;
    this.#clock = options.clock ?? systemClock;
    this.#options = {
      ...rest,
      clock: this.#clock,
      random: options.random ?? randomSource(),
      transmission,
      budget: new MemoryBudget(rememberedBytesLimit),
    };
    this.#groups = groups;
    endpoint.on("message", (bytes, from) => this.#hear(bytes, from));
    for (const group of groups) group.on("message", (bytes, from) => this.#hearFromGroup(bytes, from));
    endpoint.once("close", () => void this.close());
  }

  get address(): DatagramAddress {
    return this.#endpoint.address;
  }

  get peerCount(): number {
    return this.#peers.size;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #hear(bytes: Buffer, from: DatagramAddress): void {
    if (this.#closing !== undefined) return;
    const decision = decideStranger(bytes, this.#longestToken);
    switch (decision.type) {
      case "admit":
        this.#admit(from)?.path.emit("message", bytes);
        return;
      case "reject":
        this.#endpoint.send(decision.reset, from);
        return;
      case "ignore":
    }
  }

  #hearFromGroup(bytes: Buffer, from: DatagramAddress): void {
    if (this.#closing !== undefined || decideStranger(bytes, this.#longestToken).type !== "admit") return;
    const peer = this.#peers.get(formatPeer(from.host, from.port)) ?? this.#admit(from);
    peer?.channel.receive(bytes, true);
  }

  #admit(from: DatagramAddress): Peer | undefined {
    if (this.#peers.size >= this.#peerLimit && !this.#makeRoom()) return undefined;
    const path = this.#endpoint.path(from);
    const channel = new DatagramChannel(path, this.#options);
    const peer: Peer = { path, channel, lookedAt: channel.heardAt };
    this.#peers.set(path.peer, peer);
    channel.once("close", () => this.#peers.delete(path.peer));
    this.#cancelSweep ??= this.#clock.schedule(this.#idleMilliseconds / 4, () => this.#sweep());
    this.#onChannel(channel);
    return peer;
  }

  /**
   * Forgets a peer that is idle, and was not heard since it was last looked at; or else one that acknowledges nothing, as
   * forged addresses do. Looks at few, so that a flood costs little.
   */
  #makeRoom(): boolean {
    let looks = 16;
    let silent: DatagramChannel | undefined;
    for (const peer of this.#peers.values()) {
      const { path, channel } = peer;
      if (channel.heardAt <= peer.lookedAt) {
        if (channel.isIdle) {
          void channel.close();
          return true;
        }
        if (channel.isAnswered) silent ??= channel;
      }
      peer.lookedAt = channel.heardAt;
      // To the end of the line.
      this.#peers.delete(path.peer);
      this.#peers.set(path.peer, peer);
      looks -= 1;
      if (looks === 0) break;
    }
    void silent?.close();
    return silent !== undefined;
  }

  #sweep(): void {
    this.#cancelSweep = undefined;
    const before = this.#clock.now() - this.#idleMilliseconds;
    for (const { channel } of this.#peers.values()) {
      if (channel.isIdle && channel.heardAt <= before) void channel.close();
    }
    if (this.#peers.size === 0 || this.#closing !== undefined) return;
    this.#cancelSweep = this.#clock.schedule(this.#idleMilliseconds / 4, () => this.#sweep());
  }

  async #close(): Promise<void> {
    this.#cancelSweep?.();
    for (const { channel } of this.#peers.values()) await channel.close();
    await Promise.all([this.#endpoint, ...this.#groups].map((endpoint) => endpoint.close()));
  }
}

/** Somebody of whom something is kept. */
interface Peer {
  readonly path: DatagramPath;
  readonly channel: DatagramChannel;
  /** When it was last heard, when room was last made. */
  lookedAt: number;
}
